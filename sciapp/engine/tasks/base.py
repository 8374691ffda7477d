"""What is learned: how targets become labels, what is made small, and what the outputs mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from torch import Tensor

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Predictions:
    """What a model says of some rows.

    values: regression (rows, targets) in the targets' own units; classification (rows, classes), probabilities.
    """

    values: Floats


class Goal(Protocol):
    """What a training is judged by."""

    @property
    def main_score(self) -> str:
        """The score that selects the best model on validation."""

    @property
    def greater_is_better(self) -> bool: ...


class Task(Goal, Protocol):
    """One kind of learning from labels; a new one is one file."""

    @property
    def problem_type(self) -> str:
        """Hugging Face's word for it, kept in the saved config."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the logits: targets or classes."""

    def labels(self, targets: npt.NDArray[np.float64] | npt.NDArray[np.int64]) -> Tensor:
        """Labels for `loss`: (rows, targets) float or (rows,) int64; missing ones stay NaN."""

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """The loss summed over all labels that are there; logits (rows, outputs)."""

    def count(self, labels: Tensor) -> int:
        """How many labels are there, to turn the sum into a mean."""

    def decode(self, logits: Floats) -> Predictions:
        """What logits (rows, outputs) mean, in the targets' own units or as probabilities."""

    def scores(
        self, predictions: Predictions, targets: npt.NDArray[np.float64] | npt.NDArray[np.int64]
    ) -> Mapping[str, float]:
        """The scores that are followed on validation while training."""
