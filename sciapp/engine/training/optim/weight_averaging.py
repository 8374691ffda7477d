"""The mean of the weights of many steps, which often generalises better than those of any one step.

EMA: exponential moving average of all steps (Polyak & Juditsky 1992; its decay rises at first, as in TensorFlow's and
timm's, so that a short training does not remember where it began; a fitted start is worth remembering, and there it
does not). SWA: plain mean of the weights after every pass from some point of the training on (Izmailov et al. 2018,
UAI).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from sciapp.records.plan.plan import Averaging

_SHARE_OF_STEPS = 0.1  # of all steps, over which an average reaches back at most where it remembers the beginning
_SNAPSHOTS = 10  # of SWA at least, where the steps suffice: passes may be few and long


class AveragedWeights:
    """Averages the parameters that ask for a gradient when it is made; the others stay as they are anyway."""

    def __init__(
        self,
        model: nn.Module,
        settings: Averaging,
        steps_per_epoch: int,
        total_steps: int,
        *,
        begins_fitted: bool = False,
    ) -> None:
        """begins_fitted: the head was fitted before the first step."""
        self._settings, self._count = settings, 0
        self._steady = min(settings.ema_decay, 1 - 1 / max(1, _SHARE_OF_STEPS * total_steps)) if begins_fitted else None
        chosen = settings.weight_averaging != "none"
        self._parameters = {n: p for n, p in model.named_parameters() if p.requires_grad and chosen}
        self._mean: dict[str, Tensor] = {}
        self._first = round(settings.swa_start * total_steps)
        self._every = max(1, min(steps_per_epoch, (total_steps - self._first) // _SNAPSHOTS))

    @torch.no_grad()
    def after_step(self, step: int) -> None:
        """step: optimiser steps done so far."""
        method = self._settings.weight_averaging
        if method == "ema":
            self._take_in(1 - self._decay())
        elif method == "swa" and step > self._first and (step - self._first) % self._every == 0:
            self._take_in(1 / (self._count + 1))

    def _decay(self) -> float:
        """Share of the average that the next step leaves."""
        if self._steady is not None:
            return self._steady
        return min(self._settings.ema_decay, (1 + self._count) / (10 + self._count))

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The model has the averaged weights within this context, if there are any yet; its own afterwards."""
        own = {name: self._parameters[name].detach().clone() for name in self._mean}
        self._put(self._mean)
        try:
            yield
        finally:
            self._put(own)

    def state_dict(self) -> dict[str, Any]:
        """For a checkpoint: how many steps were taken in, and their mean."""
        return {"count": self._count, "mean": self._mean}

    def load_state_dict(self, state: dict[str, Any], step: int) -> None:
        """step: optimiser steps done so far. Raises KeyError for weights of another network.

        A training that goes on has more steps than the one that it goes on from, and SWA begins later in it. A mean
        from before that is forgotten: until then the weights themselves are judged, as in one long training.
        """
        if self._settings.weight_averaging == "swa" and step <= self._first:
            self.forget()
            return
        self._count = int(state["count"])
        self._mean = {name: mean.to(self._parameters[name].device).clone() for name, mean in state["mean"].items()}

    def forget(self) -> None:
        """Begin anew, for a training that begins again."""
        self._count, self._mean = 0, {}

    def _take_in(self, share: float) -> None:
        """mean += share * (weights - mean)."""
        for name, parameter in self._parameters.items():
            if name in self._mean:
                self._mean[name].lerp_(parameter.detach(), share)
            else:
                self._mean[name] = parameter.detach().clone()
        self._count += 1

    @torch.no_grad()
    def _put(self, weights: dict[str, Tensor]) -> None:
        for name, tensor in weights.items():
            self._parameters[name].copy_(tensor)
