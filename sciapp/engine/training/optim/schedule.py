"""The course of the learning rate: closed forms of the step alone, so that a resumed run needs no scheduler state.

Only `reduce_lr_on_plateau` looks at how training goes; what it has lowered so far is part of a checkpoint's
`TrainerState`.
"""

import math
from collections.abc import Callable, Mapping

from sciapp.engine.training.state import TrainerState
from sciapp.records.plan.plan import Optimization

# Smith & Topin (2019, arXiv:1708.07120) with the shares of torch's OneCycleLR: from 1/25 of the rate up over 30 % of
# the steps, then down to 1/250,000 of it, both along a cosine. Momentum stays as it is.
_ONE_CYCLE_RISE, _ONE_CYCLE_START, _ONE_CYCLE_END = 0.3, 1 / 25, 1 / 250_000


def learning_rate(step: int, total_steps: int, settings: Optimization) -> float:
    """The rate of optimiser step `step` (from 0); what a plateau has lowered aside."""
    if settings.lr_scheduler_type == "one_cycle":
        return settings.learning_rate * _one_cycle(step, total_steps)
    warmup = math.ceil(settings.warmup_ratio * total_steps)
    if step < warmup:
        return settings.learning_rate * (step + 1) / (warmup + 1)
    share = min(1.0, (step - warmup) / max(1, total_steps - warmup))
    return settings.learning_rate * _AFTER_WARMUP[settings.lr_scheduler_type](share)


def notice_plateau(position: TrainerState, settings: Optimization, *, better: bool) -> bool:
    """After a look at the validation rows: whether the rate is lowered now. As torch's ReduceLROnPlateau, but with
    `plateau_patience` the number of validations after which it falls."""
    if settings.lr_scheduler_type != "reduce_lr_on_plateau":
        return False
    position.validations_on_plateau = 0 if better else position.validations_on_plateau + 1
    if position.validations_on_plateau < settings.plateau_patience:
        return False
    position.validations_on_plateau = 0
    position.rate_factor *= settings.plateau_factor
    return True


def _one_cycle(step: int, total_steps: int) -> float:
    peak = _ONE_CYCLE_RISE * total_steps - 1
    if step <= peak:
        return _cosine(step / max(1e-9, peak), _ONE_CYCLE_START, 1.0)
    return _cosine((step - peak) / max(1.0, total_steps - 1 - peak), 1.0, _ONE_CYCLE_END)


def _cosine(share: float, begin: float, end: float) -> float:
    return end + (begin - end) * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


_AFTER_WARMUP: Mapping[str, Callable[[float], float]] = {
    "linear": lambda share: 1 - share,
    "cosine": lambda share: _cosine(share, 1.0, 0.0),
    "constant_with_warmup": lambda share: 1.0,
    "reduce_lr_on_plateau": lambda share: 1.0,
}
