"""Choice of the weights that learn: all of them, the head alone, or layer after layer from the head down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from sciapp.engine.models.architectures.feature_fusion import encoder_of
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import Tuning


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


def check_tuning(tuning: Tuning) -> None:
    """Raise BadInput for settings that say nothing together."""
    if tuning.tuning_method == "head" and tuning.layerwise_lr_decay < 1:
        raise BadInput(
            msg("Only the head is trained, so there are no layers for layerwise_lr_decay to slow down."),
            hint=msg("Leave layerwise_lr_decay on 1, or train the whole network (tuning_method=full)."),
        )
    if tuning.tuning_method == "prompt" and tuning.layerwise_lr_decay < 1:
        raise BadInput(
            msg(
                "The virtual tokens of prompt tuning lie below all layers: layerwise_lr_decay would "
                "leave them almost no learning rate."
            ),
            hint=msg("Leave layerwise_lr_decay on 1."),
        )


class Freezing:
    """Settles for each step which parameters ask for a gradient; those that never do get no optimiser state.

    gradual: gradual unfreezing (Howard & Ruder 2018, ACL, ULMFiT, section 3.3). Which layers learn follows from the
    step alone, so a resumed run needs no state.
    """

    def __init__(self, model: nn.Module, tuning: Tuning, steps_per_epoch: int) -> None:
        self._model, self._gradual = model, tuning.tuning_method == "gradual"
        self._steps_per_layer = max(1, round(tuning.unfreeze_epochs * steps_per_epoch))
        self._open: int | None = None
        if tuning.tuning_method == "head":
            _learn_from(model, depths_of(model), depths_of(model).top)

    def before_step(self, step: int) -> None:
        """step: from 0, the one that is about to be done."""
        opened = step // self._steps_per_layer
        if self._gradual and opened != self._open:
            depths = depths_of(self._model)
            _learn_from(self._model, depths, max(0, depths.top - opened))
            self._open = opened

    def remark(self, total_steps: int) -> str:
        """A remark where training ends before all layers learn; else empty."""
        if not self._gradual:
            return ""
        lowest = depths_of(self._model).top - (total_steps - 1) // self._steps_per_layer
        if lowest <= 0:
            return ""
        layers = (
            msg("the embeddings and the lowest {lowest} layers", lowest=lowest - 1)
            if lowest > 1
            else msg("the embeddings")
        )
        return msg(
            "This training is too short to unfreeze all layers: {layers} stay as they are (see unfreeze_epochs).",
            layers=layers,
        )


def rate_shares(model: Any, tuning: Tuning) -> dict[str, float]:
    """Parameter name → its share of the learning rate.

    Layer-wise decay: Clark et al. (2020, ICLR, ELECTRA), and for the name Bao et al. (2022, ICLR, BEiT): the head
    learns at the full rate, each layer below at the share `layerwise_lr_decay` of the one above it. Models may ask for
    slower parts on their own (`rate_share`).
    """
    own = getattr(model, "rate_share", lambda name: 1.0)
    if tuning.layerwise_lr_decay == 1:
        return {name: own(name) for name, _ in model.named_parameters()}
    depths = depths_of(model)
    return {
        name: own(name) * tuning.layerwise_lr_decay ** (depths.top - depths.of[name])
        for name, _ in model.named_parameters()
    }


def _learn_from(model: nn.Module, depths: LayerDepths, lowest: int) -> None:
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(depths.of[name] >= lowest)
