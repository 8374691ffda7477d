"""The optimiser and the course of its learning rate."""

import math

import torch
from torch import nn

from sciapp.records.plan import Optimization


def build_optimizer(model: nn.Module, settings: Optimization) -> torch.optim.Optimizer:
    """AdamW (Loshchilov & Hutter 2019) or SGD with momentum 0.9; biases and norms are not decayed."""
    decayed: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for parameter in model.parameters():
        if parameter.requires_grad:
            (decayed if parameter.ndim >= 2 else plain).append(parameter)
    groups = [{"params": decayed, "weight_decay": settings.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    if settings.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=settings.learning_rate, momentum=0.9)
    return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)


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
        group["lr"] = rate
