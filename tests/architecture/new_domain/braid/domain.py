"""Braids as words: a, b, c cross two strands one way, A, B, C the other (Artin 1947, Ann. Math. 48:101)."""

from collections.abc import Mapping, Sequence

import numpy as np

from sciapp.engine.domains.base import (
    Clustering,
    NearestNeighbours,
    Rejected,
    Similarity,
    SimilarReferences,
    Splitter,
    nearest_of,
)
from sciapp.engine.domains.inputs import Inputs, LetterVocabulary, TokenInputs
from sciapp.engine.domains.usual import UsualDomain
from sciapp.engine.runtime.progress import SILENT, Progress


class SameLetters:
    """The share of common letters of two words."""

    called = "share of common letters"
    symbol = "letters"
    alike = 0.9
    near = 1.0

    def nearest(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        return nearest_of(self.alike_to(queries, references))

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        every = np.arange(len(references))
        shares = [np.array([len({*a} & {*b}) / len({*a} | {*b}) for b in references]) for a in queries]
        return [SimilarReferences(every, similarities) for similarities in shares]

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        return Clustering(np.arange(len(values)), "each braid alone")


class Braid(UsualDomain):
    """Canonical form: letters without blanks."""

    name = "braid"
    unit = "crossings"
    inputs: Inputs = TokenInputs(network="braid_net", longest=64, vocabulary=LetterVocabulary("abcABC"))
    example = "abAB"
    descriptors_called = "counts of crossings"
    column_names = ("braid", "word")
    label_separator = ""
    likeness: Similarity = SameLetters()
    splits: Mapping[str, Splitter] = {"length": lambda value: str(len(value))}

    def clean(self, value: str) -> str:
        bare = "".join(value.split())
        if not bare:
            raise Rejected("the cell is empty")
        if not {*bare} <= {*"abcABC"}:
            raise Rejected("there is a letter that is no crossing")
        return bare

    def units(self, value: str) -> list[str]:
        return list(value)

    def descriptors(self, value: str) -> Mapping[str, float]:
        return {letter: float(value.count(letter)) for letter in "abcABC"}


DOMAIN = Braid()
