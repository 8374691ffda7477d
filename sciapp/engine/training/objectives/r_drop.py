"""R-Drop (Liang et al. 2021, arXiv:2106.14448): a row is read twice under other dropout, and both must say the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sciapp.engine.tasks.base import Task
from sciapp.engine.tasks.sample_weights import weighed
from sciapp.engine.training.objectives.base import Inputs, PlainLoss


@dataclass(frozen=True)
class RDrop:
    """The mean loss of both readings, and `weight` times their disagreement."""

    plain: PlainLoss
    weight: float

    def loss(self, model: Any, inputs: Inputs, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        first, second = (self.plain.logits(model, inputs) for _ in range(2))
        task = self.plain.task
        both = 0.5 * (task.loss(first, labels, weights) + task.loss(second, labels, weights))
        return both + self.weight * disagreement(task, first, second, labels, weights)


def disagreement(task: Task, first: Tensor, second: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
    """Summed over all labels that are there: symmetric Kullback-Leibler divergence, of numbers the squared difference.

    first, second: logits (…, outputs). weights (rows,): how much each row counts.
    """
    apart = _APART[task.problem_type](first.float(), second.float())
    known = _known(labels, apart)
    return weighed(torch.where(known, apart, 0.0), weights)


def _known(labels: Tensor, apart: Tensor) -> Tensor:
    """Flags of `apart` that have a label: none is NaN, or below 0 for a unit."""
    there = ~torch.isnan(labels) if labels.is_floating_point() else labels >= 0
    if there.ndim > apart.ndim:  # a number, or bounds of it
        there = there.any(dim=-1)
    while there.ndim < apart.ndim:
        there = there.unsqueeze(-1)
    return there.expand_as(apart)


def _of_classes(first: Tensor, second: Tensor) -> Tensor:
    """(…,) of logits (…, classes)."""
    p, q = functional.log_softmax(first, dim=-1), functional.log_softmax(second, dim=-1)
    return 0.5 * ((p.exp() - q.exp()) * (p - q)).sum(dim=-1)


def _of_probabilities(first: Tensor, second: Tensor) -> Tensor:
    """(…, targets), each a yes or no of its own; for these the divergence is (p - q) times the difference of logits."""
    return 0.5 * (torch.sigmoid(first) - torch.sigmoid(second)) * (first - second)


def _of_numbers(first: Tensor, second: Tensor) -> Tensor:
    return (first - second).square()


_APART: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "single_label_classification": _of_classes,
    "multi_label_classification": _of_probabilities,
    "regression": _of_numbers,
}
