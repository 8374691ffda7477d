"""Similarity of compositions: the share of atoms that two have in common, and clusters by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import MOST_ALIKE, Clustering, NearestNeighbours, SimilarReferences, nearest_of
from sciapp.engine.domains.material.elements import elements
from sciapp.engine.domains.material.formula import fractions
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg

_REPORT_EVERY = 200  # compositions
_EXACT_UP_TO = 10_000
_ROUNDING = 1e-6

Floats = npt.NDArray[np.float32]


class SharedAtoms:
    """The sum over elements of the smaller of the two fractions: 1 less half the city-block distance of the fractions.

    1 is the same composition, 0 no element in common. alike: a fifth of the atoms is exchanged. near: a twentieth.
    """

    called = msg("share of atoms that two compositions have in common")
    symbol = msg("shared atoms")
    alike = 0.8
    near = 0.95

    def nearest(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        return nearest_of(self.alike_to(queries, references, progress=progress))

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        known = _Compositions.of(references)
        results = []
        for index, shared in enumerate(known.shared_with(queries), start=1):
            indices = np.flatnonzero(shared)
            if len(indices) > MOST_ALIKE:
                indices = indices[np.argpartition(-shared[indices], MOST_ALIKE)[:MOST_ALIKE]]
            results.append(SimilarReferences(indices, np.minimum(shared[indices], 1).astype(np.float64)))
            if index % _REPORT_EVERY == 0:
                progress.report(index, len(queries))
        return results

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        """After Butina (1999, J. Chem. Inf. Comput. Sci. 39:747): the composition with most neighbours takes them all.

        Beyond `_EXACT_UP_TO` neighbours are counted among a sample of that size.
        """
        known, total = _Compositions.of(values), 2 * len(values)
        sample = np.unique(np.linspace(0, len(values) - 1, min(len(values), _EXACT_UP_TO)).astype(np.int64))
        counts = np.zeros(len(values), dtype=np.int64)
        for index, shared in enumerate(known.part(sample).shared_with(values)):
            counts[index] = np.count_nonzero(shared >= threshold - _ROUNDING)
            if index % _REPORT_EVERY == 0:
                progress.report(index, total)
        labels = np.full(len(values), -1, dtype=np.int64)
        for index, centre in enumerate(np.argsort(-counts, kind="stable").tolist()):
            if labels[centre] < 0:
                shared = next(known.shared_with([values[centre]]))
                labels[(shared >= threshold - _ROUNDING) & (labels < 0)] = centre
                labels[centre] = centre
            if index % _REPORT_EVERY == 0:
                progress.report(len(values) + index, total)
        if len(sample) < len(values):
            how = msg(
                "Clusters: Butina on compositions, at least {threshold:g} of the atoms shared with the centre; "
                "neighbours counted among {sample:,} of {rows:,}.",
                threshold=threshold,
                sample=len(sample),
                rows=len(values),
            )
        else:
            how = msg(
                "Clusters: Butina on compositions, at least {threshold:g} of the atoms shared with the centre.",
                threshold=threshold,
            )
        return Clustering(labels, how)


@dataclass(frozen=True)
class _Compositions:
    """columns (elements, compositions): the fraction of each element, an element behind the other in memory."""

    columns: Floats

    @classmethod
    def of(cls, values: Sequence[str]) -> "_Compositions":
        numbers = {element: index for index, element in enumerate(elements())}
        columns = np.zeros((len(numbers), len(values)), dtype=np.float32)
        for row, value in enumerate(values):
            for element, fraction in fractions(value).items():
                columns[numbers[element], row] = fraction
        return cls(columns)

    def part(self, rows: npt.NDArray[np.int64]) -> "_Compositions":
        return _Compositions(np.ascontiguousarray(self.columns[:, rows]))

    def shared_with(self, queries: Sequence[str]) -> Iterator[Floats]:
        """Of each query the atoms shared with every composition (compositions,); only its elements are looked at."""
        numbers = {element: index for index, element in enumerate(elements())}
        for query in queries:
            shared = np.zeros(self.columns.shape[1], dtype=np.float32)
            for element, fraction in fractions(query).items():
                shared += np.minimum(self.columns[numbers[element]], np.float32(fraction))
            yield shared
