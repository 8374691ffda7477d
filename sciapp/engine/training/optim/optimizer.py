"""The optimiser that a plan asks for."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import Optimization

Groups = list[dict[str, Any]]

# IA³'s factors begin at 1, where they change nothing; virtual tokens and prefixes are what layers read. Zero is no
# resting place for any of them.
_NO_MATRIX = re.compile(r"(^|\.)(ia3_l|trainable_tokens_delta)\.|(^|\.)prefix$")


def build_optimizer(
    model: nn.Module, settings: Optimization, rate_shares: Mapping[str, float] | None = None
) -> torch.optim.Optimizer:
    """The optimiser of all parameters that ask for a gradient; biases, norms and what adapters add that is no matrix
    are not decayed.

    rate_shares: parameter name → its share of the learning rate. Raises BadInput where the optimiser cannot run.
    """
    groups: dict[tuple[bool, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            share = 1.0 if rate_shares is None else rate_shares[name]
            groups.setdefault((_is_decayed(name, parameter), share), []).append(parameter)
    settled = [
        {"params": parameters, "weight_decay": settings.weight_decay * decayed, "rate_share": share}
        for (decayed, share), parameters in sorted(groups.items(), key=lambda item: item[0], reverse=True)
    ]
    return _OPTIMIZERS[settings.optimizer](settled, settings.learning_rate)


def check_optimizer(settings: Optimization) -> None:
    """Raises BadInput where the optimiser cannot run on this computer."""
    if settings.optimizer == "adamw_8bit":
        _adamw_8bit_class()


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("rate_share", 1.0)


def _is_decayed(name: str, parameter: nn.Parameter) -> bool:
    return parameter.ndim >= 2 and not _NO_MATRIX.search(name)


def _adamw(groups: Groups, rate: float) -> torch.optim.Optimizer:
    """Loshchilov & Hutter (2019, ICLR)."""
    return torch.optim.AdamW(groups, lr=rate, fused=True)


def _adamw_8bit(groups: Groups, rate: float) -> torch.optim.Optimizer:
    """AdamW whose moments take a byte each: block-wise quantisation (Dettmers et al. 2022, ICLR)."""
    optimizer: torch.optim.Optimizer = _adamw_8bit_class()(groups, lr=rate)
    return optimizer


def _adamw_8bit_class() -> Any:
    try:
        from bitsandbytes.optim import AdamW8bit
    except ImportError as error:
        raise BadInput(
            msg("8-bit AdamW needs the package bitsandbytes, which is not installed here."),
            hint=msg(
                "Install it (pip install 'sciapp[cuda]'), or choose another optimiser: adafactor needs "
                "little memory too."
            ),
            context=str(error),
        ) from error
    return AdamW8bit


def _sgd(groups: Groups, rate: float) -> torch.optim.Optimizer:
    return torch.optim.SGD(groups, lr=rate, momentum=0.9)


def _adafactor(groups: Groups, rate: float) -> torch.optim.Optimizer:
    """Shazeer & Stern (2018, ICML), with the learning rate of the plan's schedule.

    transformers' has a switch for that; torch's always multiplies the rate by the size of the weights, so that a rate
    which suits the other optimisers would hardly move anything.
    """
    from transformers.optimization import Adafactor

    optimizer: torch.optim.Optimizer = Adafactor(groups, lr=rate, relative_step=False, scale_parameter=False)
    return optimizer


def _lion(groups: Groups, rate: float) -> torch.optim.Optimizer:
    """Chen et al. (2023, NeurIPS): sign of the momentum; wants a rate three to ten times smaller than AdamW's."""
    from lion_pytorch import Lion

    optimizer: torch.optim.Optimizer = Lion(groups, lr=rate)
    return optimizer


_OPTIMIZERS: Mapping[str, Callable[[Groups, float], torch.optim.Optimizer]] = {
    "adamw": _adamw,
    "adamw_8bit": _adamw_8bit,
    "sgd": _sgd,
    "adafactor": _adafactor,
    "lion": _lion,
}
