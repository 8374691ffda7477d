"""Similarity of two values of a domain: clusters are made by it, and leaks are measured with it."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

MOST_ALIKE = 1_000

Steps: TypeAlias = tuple[int, int]
"""(done, in all), yielded often by work that may last."""


@dataclass(frozen=True)
class Nearest:
    """For each query its most alike reference; both arrays (queries,).

    similarity: 0 to 1. place: the reference's position. at_least: not all references were compared, so that a more
    alike one may have been missed.
    """

    similarity: npt.NDArray[np.float64]
    place: npt.NDArray[np.int64]
    at_least: bool = False


@dataclass(frozen=True)
class Alike:
    """The references that one query was compared with and found to have something in common with.

    places (found,): their positions; similarities (found,): 0 to 1. at_least: as of `Nearest`.
    """

    places: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float64]
    at_least: bool = False


def nearest_of(found: Iterable[Alike]) -> Nearest:
    """Of each query the most alike; similarity 0 and place 0 where nothing was found."""
    best, place, at_least = [], [], False
    for one in found:
        top = int(one.similarities.argmax()) if len(one.places) else 0
        best.append(float(one.similarities[top]) if len(one.places) else 0.0)
        place.append(int(one.places[top]) if len(one.places) else 0)
        at_least |= one.at_least
    return Nearest(np.array(best), np.array(place, dtype=np.int64), at_least)


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

    def alike_to(self, queries: Sequence[str], references: Sequence[str]) -> Generator[Steps, None, list[Alike]]:
        """For every query the references that have something in common with it, at most `MOST_ALIKE` of them."""

    def nearest(self, queries: Sequence[str], references: Sequence[str]) -> Generator[Steps, None, Nearest]:
        """The most alike reference of every query; there is at least one reference. Raises nothing."""

    def clusters(self, values: Sequence[str], threshold: float) -> Generator[Steps, None, Clustering]:
        """Groups of values that are at least `threshold` alike; values are all different and sorted.

        Memory grows with the number of values, never with its square.
        """
