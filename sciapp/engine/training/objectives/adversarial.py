"""Adversarial training: rows are also learnt from with their word embeddings pushed where the loss grows fastest.

One step is FGM (Miyato, Dai & Goodfellow 2017, arXiv:1605.07725), several with a projection are PGD (Madry et al. 2018,
arXiv:1706.06083).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from sciapp.engine.models.architectures.feature_fusion import encoder_of
from sciapp.engine.training.objectives.base import Inputs, PlainLoss

_OVERSHOOT = 2.5  # Madry et al.: steps are long enough to reach the ball's edge from anywhere in it
_TINY = 1e-12


class Perturbation:
    """The addition to the word embeddings (rows, length, width) of the next reading; zeros at first."""

    def __init__(self) -> None:
        self.added: Tensor | None = None
        self.embedded: Tensor | None = None  # what it is added to

    def add(self, module: Any, arguments: Any, embedded: Tensor) -> Tensor:
        """A forward hook of the embedding layer."""
        if self.added is None:
            self.added = torch.zeros_like(embedded, requires_grad=True)
        self.embedded = embedded.detach()
        return embedded + self.added


@dataclass(frozen=True)
class Adversarial:
    """Half of the loss is that of the rows as they are, half that of the disturbed ones.

    epsilon: length of a row's disturbance as a share of the length of its embeddings.
    """

    plain: PlainLoss
    epsilon: float
    steps: int

    def loss(self, model: Any, inputs: Inputs, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        with disturbed_embeddings(model) as disturbance:
            clean = self.plain.loss(model, inputs, labels, weights)
            assert disturbance.added is not None and disturbance.embedded is not None, "every encoder embeds its tokens"
            real = inputs["attention_mask"][:, :, None]
            most = self.epsilon * _lengths(disturbance.embedded * real)
            slope = torch.autograd.grad(clean, disturbance.added, retain_graph=True)[0]
            stride = most if self.steps == 1 else most * _OVERSHOOT / self.steps
            added = _within(stride * _direction(slope * real), most)
            for _ in range(self.steps - 1):
                disturbance.added = added.requires_grad_()
                slope = torch.autograd.grad(self.plain.loss(model, inputs, labels, weights), added)[0]
                added = _within(added.detach() + stride * _direction(slope * real), most)
            disturbance.added = added.detach()
            return 0.5 * (clean + self.plain.loss(model, inputs, labels, weights))


@contextmanager
def disturbed_embeddings(model: Any) -> Iterator[Perturbation]:
    disturbance = Perturbation()
    handle = encoder_of(model).get_input_embeddings().register_forward_hook(disturbance.add)
    try:
        yield disturbance
    finally:
        handle.remove()


def _direction(slope: Tensor) -> Tensor:
    """Each row's slope with length 1; zeros where it is none, or no number (a loss scale that was too large)."""
    known = torch.nan_to_num(slope.float(), posinf=0.0, neginf=0.0)
    return known / _lengths(known).clamp(min=_TINY)


def _within(added: Tensor, most: Tensor) -> Tensor:
    """Rows that are longer than `most` shortened to it."""
    return added * (most / _lengths(added).clamp(min=_TINY)).clamp(max=1.0)


def _lengths(values: Tensor) -> Tensor:
    """(rows, 1, 1) of (rows, length, width)."""
    return values.float().square().sum(dim=(1, 2), keepdim=True).sqrt()
