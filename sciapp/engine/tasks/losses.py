"""Losses of classes: cross-entropy, or what plans make of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from sciapp.records.plan.optimization import Optimization

_TINY = 1e-8  # below it (1 - p)^gamma has no slope that can be computed with


@dataclass(frozen=True)
class ClassLoss:
    """weights: (classes,) how much a row of each class weighs, or (targets, 2) how much a 0 and a 1 of each target do;
    None: all the same.

    focal_gamma: focal loss (Lin et al. 2017, ICCV, equation 4; the weights are their alpha): what is right already
    counts less by the factor (1 - p)^gamma; 0: it does not. label_smoothing: the share of each label that is spread
    over all classes (Szegedy et al. 2016, CVPR, section 7).
    """

    weights: Tensor | None = None
    focal_gamma: float = 0.0
    label_smoothing: float = 0.0

    def of_one(self, logits: Tensor, labels: Tensor, ignored: int = -100) -> Tensor:
        """The cost (rows,) of logits (rows, classes) where exactly one class (rows,) is right; 0 for those ignored."""
        each = functional.cross_entropy(
            logits.float(),
            labels,
            weight=None if self.weights is None else self.weights.to(logits.device),
            ignore_index=ignored,
            reduction="none",
            label_smoothing=self.label_smoothing,
        )
        if not self.focal_gamma:
            return each
        right = functional.cross_entropy(logits.float(), labels, ignore_index=ignored, reduction="none")
        return each * self._focus(right)

    def of_each(self, logits: Tensor, wanted: Tensor) -> Tensor:
        """The cost (rows, targets) of logits (rows, targets) where each target is 0 or 1; class weights are not in it
        unless there are two of each target."""
        each = functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none")
        if self.focal_gamma:
            each = each * self._focus(each)
        if self.weights is not None and self.weights.ndim == 2:
            zero, one = self.weights.to(logits.device).T
            each = each * torch.where(wanted == 1, one, zero)
        return each

    def _focus(self, cross_entropy: Tensor) -> Tensor:
        """(1 - p)^gamma of the probability p of what is right, whose cross-entropy is -log p."""
        return (-torch.expm1(-cross_entropy)).clamp(min=_TINY) ** self.focal_gamma


def class_loss(how: Optimization, class_counts: Callable[[], npt.NDArray[Any]]) -> ClassLoss:
    """The loss that a plan asks for. class_counts: as `balanced` takes them, asked for where classes are balanced."""
    return ClassLoss(
        balanced(class_counts()) if how.class_weights == "balanced" else None,
        how.focal_gamma if how.loss == "focal" else 0.0,
        how.label_smoothing_factor,
    )


# Weights that make every class count the same in the loss, however many training rows it has.


def balanced(counts: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> Tensor:
    """n / (classes * count) for each class: King & Zeng (2001, Political Analysis 9:137), scikit-learn's “balanced”.

    counts (…, classes): training rows or units of each class, or the sum of their weights. Over all of them the weights
    have the mean 1, so the loss keeps its size and the learning rate its meaning. A class without rows gets 0, it never
    asks.
    """
    present = counts > 0
    whole, classes = counts.sum(axis=-1, keepdims=True), present.sum(axis=-1, keepdims=True)
    weights = np.where(present, whole / np.where(present, classes * counts, 1), 0.0)
    return torch.tensor(weights, dtype=torch.float32)
