"""How alike two values of a domain are: what clusters are made by, and what a leak is measured with."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Steps: TypeAlias = tuple[int, int]
"""(done, in all), yielded often by work that may last."""


@dataclass(frozen=True)
class Nearest:
    """For each query its most alike reference; both arrays (queries,).

    similarity: 0 to 1. place: the reference's position.
    """

    similarity: npt.NDArray[np.float64]
    place: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Clustering:
    """labels (values,): the cluster of each value, any whole numbers. how: a sentence on what they were made with."""

    labels: npt.NDArray[np.int64]
    how: str


class Likeness(Protocol):
    """A measure between 0 (nothing in common) and 1 (the same) on canonical values."""

    @property
    def called(self) -> str:
        """What is measured, in the middle of a sentence: “Tanimoto similarity of ECFP4 fingerprints”."""

    @property
    def symbol(self) -> str:
        """The same in a word or two, for an axis: “Tanimoto”, “identity”."""

    @property
    def alike(self) -> float:
        """From here on two values are too alike to be parted: the usual threshold of clusters."""

    @property
    def near(self) -> float:
        """From here on two values are nearly the same."""

    def nearest(self, queries: Sequence[str], references: Sequence[str]) -> Generator[Steps, None, Nearest]:
        """The most alike reference of every query; there is at least one reference. Raises nothing."""

    def clusters(self, values: Sequence[str], threshold: float) -> Generator[Steps, None, Clustering]:
        """Groups of values that are at least `threshold` alike; values are all different and sorted.

        Memory grows with the number of values, never with its square.
        """
