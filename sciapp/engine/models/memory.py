"""How much memory a training will take, before it is started. No torch here: the model list shows it too."""

from sciapp.records.model_facts import ModelFacts
from sciapp.records.plan import Batching

# Weights, gradients and AdamW's two running means, four bytes each.
_BYTES_A_PARAMETER = 16
# Kept for the way back, per token and layer: so many bytes for each number of the width, and for each pair of head and
# position. Korthikanti et al. 2022 (arXiv:2205.05198, eq. 1) count 34 and 5 in half precision; in fp32, with the erf of
# GELU written out as ESM does and the allocator's slack, runs of the starters took 106 to 160 and about 13.
_BYTES_A_WIDTH, _BYTES_A_HEAD = 130, 12
_PROGRAM = 600  # MB: Python, torch, transformers and some thousand rows


def training_memory(facts: ModelFacts, batching: Batching) -> int | None:
    """MB that a run on the processor takes at its peak, for full batches of the longest rows; None: not known.

    program + 16 · parameters + tokens · layers · (130 · width + 12 · heads · length), less with gradient checkpointing.
    Right within a factor of two.
    """
    if facts.parameters is None or facts.layers is None or facts.width is None:
        return None
    length = min(batching.max_length, facts.context or batching.max_length)
    heads = facts.heads or max(1, facts.width // 64)
    rows = max(batching.tokens_per_batch, length) / length
    kept = kept_activations(facts.layers, facts.width, heads, rows, length, recompute=batching.gradient_checkpointing)
    return _PROGRAM + round((_BYTES_A_PARAMETER * facts.parameters + kept) / 1e6)


def kept_activations(layers: int, width: int, heads: int, rows: float, length: int, *, recompute: bool) -> float:
    """Bytes that a forward pass over (rows, length) tokens keeps for the way back.

    recompute: gradient checkpointing, which keeps each layer's input and, while it goes back, all of one layer.
    """
    a_layer = _BYTES_A_WIDTH * width + _BYTES_A_HEAD * heads * length
    return rows * length * (layers * 4 * width + a_layer if recompute else layers * a_layer)
