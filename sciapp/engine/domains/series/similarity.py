"""Similarity of series: how near their standardised curves lie."""

from collections.abc import Iterator, Sequence

import numpy as np

from sciapp.engine.domains.base import MOST_ALIKE, Clustering, NearestNeighbours, SimilarReferences, nearest_of
from sciapp.engine.domains.series.values import Floats, Series
from sciapp.engine.domains.sparse_sets import UnionFind
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg

_POINTS = 48  # of the curve of each band
_BLOCK = 256  # queries at once
_SMALLEST = 0.05  # similarities below are nothing in common


class CurveSimilarity:
    """1 / (1 + d²), d: root mean square distance of two curves read at 48 shares of their axis, and of their slopes.

    Each point is in units of its spread over the series at hand; so two that have nothing to do with each other lie at
    a distance of about 1.4, and replicates below 0.2.
    """

    called = msg("closeness of the standardised curves")
    symbol = msg("closeness")
    alike = 0.95
    near = 0.99

    def nearest(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        return nearest_of(self.alike_to(queries, references, progress=progress))

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        curves = _curves([*references, *queries])
        results: list[SimilarReferences] = []
        for block in _blocks(curves[len(references) :], curves[: len(references)]):
            for row in block:
                common = np.flatnonzero(row > _SMALLEST)
                best = common[np.argsort(-row[common], kind="stable")[:MOST_ALIKE]]
                results.append(SimilarReferences(best, row[best], len(common) > MOST_ALIKE))
            progress.report(len(results), len(queries))
        return results

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        """Chains: no two series that are alike are parted."""
        curves, groups, begin = _curves(values), UnionFind(len(values)), 0
        for block in _blocks(curves, curves):
            for row, other in zip(*np.nonzero(block >= threshold), strict=True):
                groups.join(begin + int(row), int(other))
            begin += len(block)
            progress.report(begin, len(values))
        return Clustering(
            groups.labels(),
            msg("Clusters: chains of series at least {threshold:g} alike (closeness).", threshold=threshold),
        )


def _blocks(queries: Floats, references: Floats) -> Iterator[Floats]:
    """Similarities (queries of a block, references)."""
    squares = (references**2).sum(axis=1)
    for first in range(0, len(queries), _BLOCK):
        part = queries[first : first + _BLOCK]
        distances = (part**2).sum(axis=1)[:, None] + squares - 2 * part @ references.T
        yield 1 / (1 + np.maximum(distances, 0.0) / queries.shape[1])


def _curves(values: Sequence[str]) -> Floats:
    """Standardised points and slopes of each series (values, points of all bands)."""
    parsed = [Series.parse(value) for value in values]
    bands = sorted({band for series in parsed for band in series.bands})
    curves = np.array([[_curve(series, band) for band in bands] for series in parsed])
    both = np.concatenate([curves, np.diff(curves, axis=2)], axis=2).reshape(len(parsed), -1)
    with np.errstate(invalid="ignore"):
        known = ~np.isnan(both)
        mean = np.where(known, both, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        centred = np.where(known, both - mean, 0.0)
    spread = np.sqrt((centred**2).mean(axis=0))
    return np.asarray(centred / np.where(spread > 0, spread, 1.0), dtype=np.float64)


def _curve(series: Series, band: str) -> Floats:
    """The values of a band at even shares of the series' axis (points,); NaN without the band."""
    if band not in series.bands:
        return np.full(_POINTS, np.nan)
    channel = series.channel(band)
    known = ~np.isnan(channel.values)
    if not known.any():
        return np.full(_POINTS, np.nan)
    at = np.linspace(series.times[0], series.times[-1], _POINTS)
    return np.asarray(np.interp(at, channel.times[known], channel.values[known]), dtype=np.float64)
