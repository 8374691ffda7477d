"""The optimiser and the course of its learning rate."""

import math
from collections.abc import Callable

import torch
from torch import nn

from sciapp.records.plan import Optimization


def build_optimizer(model: nn.Module, settings: Optimization) -> torch.optim.Optimizer:
    """AdamW (Loshchilov & Hutter 2019) or SGD with momentum 0.9; biases and norms are not decayed.

    A model may ask for slower parts by `rate_share(parameter name)`, a share of the learning rate.
    """
    share: Callable[[str], float] = getattr(model, "rate_share", lambda name: 1.0)
    groups: dict[tuple[bool, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            groups.setdefault((parameter.ndim >= 2, share(name)), []).append(parameter)
    settled = [
        {"params": parameters, "weight_decay": settings.weight_decay * decayed, "rate_share": share}
        for (decayed, share), parameters in sorted(groups.items(), key=lambda item: item[0], reverse=True)
    ]
    if settings.optimizer == "sgd":
        return torch.optim.SGD(settled, lr=settings.learning_rate, momentum=0.9)
    return torch.optim.AdamW(settled, lr=settings.learning_rate, fused=True)


def learning_rate(step: int, total_steps: int, settings: Optimization) -> float:
    """The rate of optimiser step `step` (from 0): linear warm-up, then linear or cosine fall to zero.

    A closed form of the step alone, so that a resumed run needs no scheduler state.
    """
    warmup = math.ceil(settings.warmup_ratio * total_steps)
    if step < warmup:
        return settings.learning_rate * (step + 1) / (warmup + 1)
    share = (step - warmup) / max(1, total_steps - warmup)
    if settings.lr_scheduler_type == "cosine":
        return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
    return settings.learning_rate * max(0.0, 1 - share)


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("rate_share", 1.0)
