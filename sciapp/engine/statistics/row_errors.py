"""Errors of test rows: by measured value or class, and of two models on the same rows. NumPy alone.

The paired comparison redraws rows (Efron & Tibshirani 1993, ch. 13, percentile method), the same for both models, so
that what makes a row hard for both of them cancels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
import numpy.typing as npt

from sciapp.engine.statistics.bootstrap import SAMPLES, draws, percentiles
from sciapp.records.run.evaluation import PairedDifference

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_GROUPS = 4
_FEWEST = 5  # rows of a group: of fewer, a typical miss says little
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class ErrorGroup:
    """Test rows whose measured value lies from `low` to below `high` (None: no bound), or is of the class `name`.

    value: root mean squared error (numbers) or share right (classes), with its 95 % interval.
    """

    rows: int
    value: float
    low_value: float | None
    high_value: float | None
    low: float | None = None
    high: float | None = None
    name: str = ""


def errors_by_value(measured: Floats, predicted: Floats) -> tuple[ErrorGroup, ...]:
    """RMSE within groups of measured values, from low to high; measured, predicted (rows,) without gaps.

    Bounds are round numbers, and a group has five rows at least. Fewer than two groups say nothing: none.
    """
    edges = _round_edges(measured)
    index = np.searchsorted(edges, measured, side="right")
    edges, index = _merged(edges, index)
    if not len(edges):
        return ()
    bounds = [None, *edges.tolist(), None]
    groups = []
    for group in range(len(edges) + 1):
        squares = (predicted - measured)[index == group] ** 2
        low, high = _interval(squares, root=True)
        groups.append(
            ErrorGroup(
                rows=len(squares),
                value=float(np.sqrt(squares.mean())),
                low_value=low,
                high_value=high,
                low=bounds[group],
                high=bounds[group + 1],
            )
        )
    return tuple(groups)


def hits_by_class(measured: Sequence[str], predicted: Sequence[str]) -> tuple[ErrorGroup, ...]:
    """Share of each measured class that was predicted right, least first; names (rows,). One class: none."""
    truth, chosen = np.asarray(measured, dtype=object), np.asarray(predicted, dtype=object)
    names = sorted(set(truth.tolist()))
    groups = []
    for name in names:
        right = (chosen[truth == name] == name).astype(np.float64)
        low, high = _interval(right, root=False)
        groups.append(ErrorGroup(len(right), float(right.mean()), low, high, name=str(name)))
    return tuple(sorted(groups, key=lambda group: group.value)) if len(groups) > 1 else ()


def difference_of_errors(
    first: Floats, second: Floats, *, root: bool, seed: int = 0, of_pairs: int = 1
) -> PairedDifference | None:
    """Mean of `first` minus mean of `second` (rows,) each, or of their roots, on the same redrawn rows.

    first, second: squared errors (root: RMSE), absolute errors or hits, row by row. of_pairs: comparisons for which the
    interval holds at once (Bonferroni): the best of k on the same rows is compared with k − 1 (Hsu 1984, Ann. Statist.
    12:1136). None: too few rows.
    """
    if len(first) < _FEWEST:
        return None
    both = np.stack([first, second])
    parts = []
    for counts in draws(len(first), SAMPLES, seed):
        means = counts @ both.T / len(first)
        scores = np.sqrt(means) if root else means
        parts.append(scores[:, 0] - scores[:, 1])
    low, high = percentiles(np.concatenate(parts), of_pairs=of_pairs)
    whole = np.sqrt(both.mean(axis=1)) if root else both.mean(axis=1)
    if low is None or high is None:
        return None
    return PairedDifference(difference=float(whole[0] - whole[1]), low=low, high=high)


def difference_of_f1(
    truth: Ints, first: Ints, second: Ints, *, classes: int, seed: int = 0, of_pairs: int = 1
) -> PairedDifference | None:
    """Macro F1 of `first` minus that of `second`, classes (rows,) each; see `difference_of_errors`."""
    if len(truth) < _FEWEST:
        return None
    every = np.ones((1, len(truth)))
    whole = _macro_f1(truth, first, classes, every) - _macro_f1(truth, second, classes, every)
    drawn = [
        _macro_f1(truth, first, classes, counts) - _macro_f1(truth, second, classes, counts)
        for counts in draws(len(truth), SAMPLES, seed, classes)
    ]
    low, high = percentiles(np.concatenate(drawn), of_pairs=of_pairs)
    if low is None or high is None:
        return None
    return PairedDifference(difference=float(whole[0]), low=low, high=high)


def _macro_f1(truth: Ints, chosen: Ints, classes: int, counts: Floats) -> Floats:
    """Macro F1 (sets,) over the classes that occur; counts (sets, rows) of how often each row was drawn."""
    codes = np.arange(classes)
    true, claimed = (np.equal.outer(labels, codes).astype(np.float64) for labels in (truth, chosen))
    right, total = counts @ (true * claimed), counts @ (true + claimed)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = np.where(total > 0, 2 * right / total, 0.0)
    return np.asarray(f1.sum(axis=1) / (total > 0).sum(axis=1))


def _interval(values: Floats, *, root: bool) -> tuple[float | None, float | None]:
    """95 % interval of the mean of `values` (rows,), or of its root; None of too few rows or of no spread."""
    if len(values) < _FEWEST:
        return None, None
    means = np.concatenate([counts @ values / len(values) for counts in draws(len(values), SAMPLES, 0)])
    low, high = percentiles(np.sqrt(means) if root else means)
    return (None, None) if low == high else (low, high)


def _round_edges(values: Floats) -> Floats:
    """Round inner bounds that divide the bulk of `values` into about four."""
    if len(values) < 2 * _FEWEST:
        return np.empty(0)
    first, last = np.percentile(values, [5, 95])
    if not last > first:
        return np.empty(0)
    raw = (last - first) / _GROUPS
    unit = 10.0 ** floor(log10(raw))
    step = next(step * unit for step in _STEPS if step * unit >= raw * (1 - 1e-9))
    return np.arange(ceil(first / step), floor(last / step) + 1) * step


def _merged(edges: Floats, index: Ints) -> tuple[Floats, Ints]:
    """Bounds and groups (rows,) after every group of too few rows was joined to its smaller neighbour."""
    while len(edges):
        counts = np.bincount(index, minlength=len(edges) + 1)
        small = int(counts.argmin())
        if counts[small] >= _FEWEST:
            break
        left = counts[small - 1] if small else np.inf
        right = counts[small + 1] if small < len(edges) else np.inf
        gone = small - 1 if left <= right else small
        edges = np.delete(edges, gone)
        index = np.where(index > gone, index - 1, index)
    return edges, index
