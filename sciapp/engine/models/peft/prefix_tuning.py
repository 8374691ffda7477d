"""Prefix tuning: keys and values that are learnt and stand before those of the row, in every layer.

Li & Liang 2021 (arXiv:2101.00190), without their reparametrisation, as in P-tuning v2 (Liu et al. 2022,
arXiv:2110.07602). `peft` hands a prefix over as a cache of past keys and values, which encoders do not have (ESM,
ModernBERT) or pass over without a word (BERT in transformers 5.23: no cache outside a decoder). Here they go in where
transformers lets a network's attention be replaced.

A prefix fits into no weight of the network, so it is not merged: `prefix.safetensors` lies beside the model, with one
tensor `NAME` (2, heads, virtual tokens, width of a head) for each attention module; keys first, then values.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from sciapp.errors import BadInput
from sciapp.i18n import msg

PREFIX_FILE = "prefix.safetensors"
_NAME, _PLAIN = "sciapp_prefix", "sdpa"
# In the saved config.json: plain transformers, which would give other numbers without the prefix, refuses this name.
ATTENTION_WITH_PREFIX = msg(
    "{prefix_file} beside the weights, which SciApp reads: see README.md", prefix_file=PREFIX_FILE
)
_SPREAD = 0.02  # of the first numbers: what BERT's own weights begin with


def register_attention() -> None:
    """Make the attention with a prefix known to transformers, before a network asks for it by its name."""
    AttentionInterface.register(_NAME, _attention)
    AttentionMaskInterface.register(_NAME, sdpa_mask)
    AttentionInterface.register(ATTENTION_WITH_PREFIX, sdpa_attention_forward)  # until the prefix is put in
    AttentionMaskInterface.register(ATTENTION_WITH_PREFIX, sdpa_mask)


def add_prefix(encoder: Any, tokens: int, seed: int) -> None:
    """Give every attention module of the encoder a prefix that is trained. Raises BadInput where it has no place."""
    generator = torch.Generator().manual_seed(seed)
    for name, heads, width in _attention_modules(encoder):
        first = torch.randn(2, heads, tokens, width, generator=generator) * _SPREAD
        encoder.get_submodule(name).prefix = nn.Parameter(first.to(encoder.device))
    register_attention()
    encoder.set_attn_implementation(_NAME)


def take_out(encoder: Any) -> dict[str, Tensor]:
    """The prefixes by the names of their attention modules; the network is a plain one afterwards."""
    modules = [(name, module) for name, module in encoder.named_modules() if "prefix" in module._parameters]
    prefixes = {name: module.prefix.detach().cpu().contiguous() for name, module in modules}
    for name in prefixes:
        del encoder.get_submodule(name).prefix
    if prefixes:
        encoder.set_attn_implementation(_PLAIN)
    return prefixes


def put_in(encoder: Any, prefixes: dict[str, Tensor]) -> None:
    """Let the network read what `take_out` gave."""
    for name, prefix in prefixes.items():
        encoder.get_submodule(name).prefix = nn.Parameter(prefix.to(encoder.device))
    if prefixes:
        register_attention()
        encoder.set_attn_implementation(_NAME)


def must_have_no_prefix(folder: Path) -> None:
    """Raises BadInput for a model to begin from that says nothing right without its prefix."""
    if (folder / PREFIX_FILE).is_file():
        raise BadInput(
            msg("This model was prefix tuned; another training cannot begin from it."),
            hint=msg("Begin from the model that it was trained from, or train that one by LoRA first."),
            context=str(folder),
        )


def _attention(
    module: Any, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **more: Any
) -> tuple[Tensor, None]:
    """query, key, value (rows, heads, length, width of a head); everything sees the prefix, padding too."""
    if _probed is not None:
        _probed.append((module, key.shape[1], key.shape[3]))
        return sdpa_attention_forward(module, query, key, value, attention_mask, **more)  # type: ignore[no-any-return]
    keys, values = module.prefix.to(key.dtype)
    key = torch.cat([keys.expand(len(key), -1, -1, -1), key], dim=2)
    value = torch.cat([values.expand(len(value), -1, -1, -1), value], dim=2)
    if attention_mask is not None:
        seen = True if attention_mask.dtype == torch.bool else 0.0
        attention_mask = nn.functional.pad(attention_mask, (keys.shape[1], 0), value=seen)
    return sdpa_attention_forward(module, query, key, value, attention_mask, **more)  # type: ignore[no-any-return]


_probed: list[tuple[Any, int, int]] | None = None  # while a network is asked where its attention is


def _attention_modules(encoder: Any) -> list[tuple[str, int, int]]:
    """Name, heads and width of a head of every attention module, found out by asking the network."""
    global _probed
    before, was_training = encoder.config._attn_implementation, encoder.training
    _probed = []
    register_attention()
    try:
        encoder.set_attn_implementation(_NAME)
        encoder.eval()
        with torch.no_grad():
            encoder(
                input_ids=torch.tensor([[1, 2, 3]], device=encoder.device),
                attention_mask=torch.ones(1, 3, dtype=torch.long, device=encoder.device),
            )
        names = {module: name for name, module in encoder.named_modules()}
        attention = [(names[module], heads, width) for module, heads, width in _probed]
    except (ValueError, TypeError, RuntimeError, KeyError, AttributeError):
        attention = []
    finally:
        _probed = None
        encoder.train(was_training)
    if not attention:
        encoder.set_attn_implementation(before)
        raise BadInput(
            msg(
                "Prefix tuning has no place in this model ({model_type}): its attention cannot be given "
                "keys and values of its own.",
                model_type=encoder.config.model_type,
            ),
            hint=msg("Set tuning_method to lora, or to prompt, full or head."),
        )
    return attention
