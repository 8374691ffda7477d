"""Depth of each weight in a network: the embeddings, the layers of the encoder, the head."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from sciapp.engine.models.architectures.feature_fusion import encoder_of


@dataclass(frozen=True)
class LayerDepths:
    """of: parameter name → 0 for the embeddings, 1 for the lowest layer, …, `top` for the head."""

    of: Mapping[str, int]
    top: int


def depths_of(model: nn.Module) -> LayerDepths:
    """Depths of a classifier or a joined model.

    What stands between the embeddings and the first layer counts as embeddings, what closes the encoder (its last norm)
    as the last layer, a pooler as head: it reads for the head only. ALBERT's shared layer is one.
    """
    encoder: Any = encoder_of(model)
    inside = {id(parameter) for parameter in encoder.parameters()}
    layers = _stack(encoder)
    layer_of = {id(p): number for number, layer in enumerate(layers, 1) for p in layer.parameters()}
    top, below, depths = len(layers) + 1, 0, {}
    for name, parameter in model.named_parameters():
        if id(parameter) not in inside or "pooler" in name:
            depths[name] = top
            continue
        below = layer_of.get(id(parameter), below)
        depths[name] = below
    return LayerDepths(depths, top)


def _stack(encoder: nn.Module) -> list[nn.Module]:
    """The encoder's layers, lowest first: the list of modules that holds most of its weights."""
    lists = [module for module in encoder.modules() if isinstance(module, nn.ModuleList) and len(module)]
    largest = max(lists, key=_size, default=None)
    return [] if largest is None else list(largest)


def _size(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
