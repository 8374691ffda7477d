"""Estimate of a training's memory before it is started. No torch here: the model list shows it too."""

from sciapp.engine.hub.parameter_count import all_weights, trained_weights
from sciapp.records.model.info import ModelFacts
from sciapp.records.plan.optimization import Averaging, Optimization
from sciapp.records.plan.plan import Batching
from sciapp.records.plan.tuning import Tuning

MOMENT_BYTES = {"adamw": 8, "adamw_8bit": 2, "sgd": 4, "adafactor": 0, "lion": 4}
"""What an optimiser keeps for a weight: two means, one, or next to none (Adafactor: of rows and columns)."""

_GRADIENT_BYTES, _MEAN_BYTES = 4, 4
_BASE_BYTES = {"full": 4.0, "int8": 1.0, "nf4": 0.6}
# Kept for the way back, per token and layer: so many bytes for each number of the width, and for each pair of head and
# position. Korthikanti et al. 2022 (arXiv:2205.05198, eq. 1) count 34 and 5 in half precision; in fp32, with the erf of
# GELU written out as ESM does and the allocator's slack, runs of the starters took 106 to 160 and about 13.
_BYTES_A_WIDTH, _BYTES_A_HEAD = 130, 12
_PROGRAM = 600  # MB: Python, torch, transformers and some thousand rows


def training_memory(
    facts: ModelFacts,
    batching: Batching,
    tuning: Tuning | None = None,
    optimization: Optimization | None = None,
    averaging: Averaging | None = None,
) -> int | None:
    """MB that a run on the processor takes at its peak, for full batches of the longest rows; None: not known.

    program + 4 · weights + (4 + moments + 4 with averaging) · weights that learn
    + tokens · layers · (130 · width + 12 · heads · length), less with gradient checkpointing. Right within a
    factor of two. Where the head alone learns, nothing is kept of the encoder's layers for the way back but the one
    that is at work. None: all of the network learns, by AdamW, without averaging.
    """
    tuning = tuning or Tuning()
    weights, learning = all_weights(facts, tuning), trained_weights(facts, tuning)
    if weights is None or learning is None or facts.layers is None or facts.width is None:
        return None
    length = min(batching.max_length, facts.context or batching.max_length)
    heads = facts.heads or max(1, facts.width // 64)
    layers = 1 if tuning.tuning_method == "head" else facts.layers
    rows = max(batching.tokens_per_batch, length) / length
    activations = saved_activations(layers, facts.width, heads, rows, length, recompute=batching.gradient_checkpointing)
    held = _BASE_BYTES[tuning.base_weights] * weights + _bytes_to_learn(optimization, averaging) * learning
    return _PROGRAM + round((held + activations) / 1e6)


def _bytes_to_learn(optimization: Optimization | None, averaging: Averaging | None) -> int:
    """Beside a weight that learns: its gradient, what the optimiser keeps, its average."""
    mean = _MEAN_BYTES if (averaging or Averaging()).weight_averaging != "none" else 0
    return _GRADIENT_BYTES + MOMENT_BYTES[(optimization or Optimization()).optimizer] + mean


def saved_activations(layers: int, width: int, heads: int, rows: float, length: int, *, recompute: bool) -> float:
    """Bytes that a forward pass over (rows, length) tokens keeps for the way back.

    recompute: gradient checkpointing, which keeps each layer's input and, while it goes back, all of one layer.
    """
    a_layer = _BYTES_A_WIDTH * width + _BYTES_A_HEAD * heads * length
    return rows * length * (layers * 4 * width + a_layer if recompute else layers * a_layer)
