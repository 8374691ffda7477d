"""The interface of a member: a simple model that answers beside the transformer.

A member learns one output at a time (a target's numbers, the probability of 1, or of each class) from features that are
fixed before training. What it learnt is plain arrays, so that a saved model is never a pickle.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sciapp.engine.tasks.baselines.base import Outcome

Floats = npt.NDArray[np.float64]
Arrays: TypeAlias = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class MemberFeatures:
    """Features of some rows, each None where the domain has none.

    numbers: (rows, columns) scaled descriptors and covariates; the first half of the columns are the values, the other
    their signed logarithms. counts: (rows, terms) of letters, words or fragments.
    """

    rows: int
    numbers: npt.NDArray[np.float32] | None
    counts: sparse.csr_matrix | None

    @property
    def has_counts(self) -> bool:
        """True if there is a term to learn from."""
        return self.counts is not None and self.counts.shape[1] > 0

    def of(self, rows: npt.NDArray[np.int64]) -> "MemberFeatures":
        """These rows, in this order."""
        numbers = None if self.numbers is None else self.numbers[rows]
        return MemberFeatures(len(rows), numbers, None if self.counts is None else self.counts[rows])


@dataclass(frozen=True)
class MemberTask:
    """A fit. outcome: of the output; classes: their number, 1 unless the outcome is “class”. seed: of all that is
    drawn. weights: (rows,), how much each row counts, of the mean 1; None: all the same. targets: how many are learnt
    one by one."""

    outcome: Outcome
    classes: int
    seed: int
    weights: Floats | None = None
    targets: int = 1

    @property
    def classifies(self) -> bool:
        return self.outcome != "number"


class FittedMember(ABC):
    """A member fitted to one output."""

    @abstractmethod
    def predict(self, features: MemberFeatures) -> Floats:
        """(rows, classes): numbers in units of the spread, or probabilities."""

    @abstractmethod
    def arrays(self) -> Arrays:
        """All there is to save."""

    @classmethod
    @abstractmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Raises KeyError, ValueError for what `arrays` did not write."""


class Member(ABC):
    """A kind of simple model; a new one is a file here and a line in `registry`.

    growth: the time of a fit grows with this power of the rows.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    fitted: ClassVar[type[FittedMember]]
    growth: ClassVar[float] = 1.0

    @abstractmethod
    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        """True if it can learn such an output from such features in minutes."""

    def most_rows(self, task: MemberTask) -> float:
        """Rows that it learns from at most."""
        return math.inf

    @abstractmethod
    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedMember:
        """Learn from labels (rows,): standardised numbers, 0 and 1, or numbers of classes; none is missing."""


def drawn_rows(features: MemberFeatures, most: int, seed: int) -> npt.NDArray[np.int64]:
    """Indices of at most so many rows, drawn by chance, in order."""
    if features.rows <= most:
        return np.arange(features.rows)
    return np.sort(np.random.default_rng(seed).choice(features.rows, most, replace=False))


@dataclass(frozen=True)
class Constant(FittedMember):
    """The answer where there is nothing to learn from. value: (classes,)."""

    value: Floats

    @classmethod
    def of(cls, labels: Floats, task: MemberTask) -> "Constant":
        if task.outcome == "class":
            counts = np.bincount(labels.astype(np.int64), minlength=task.classes).astype(np.float64)
            return cls(counts / counts.sum() if counts.sum() else np.full(task.classes, 1 / task.classes))
        usual = 0.0 if task.outcome == "number" else 0.5
        return cls(np.array([labels.mean() if len(labels) else usual]))

    def predict(self, features: MemberFeatures) -> Floats:
        return np.tile(self.value, (features.rows, 1))

    def arrays(self) -> Arrays:
        return {"constant": self.value}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "Constant":
        return cls(arrays["constant"])
