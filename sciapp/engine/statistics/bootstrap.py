"""The scores of `metrics` on a thousand redrawn sets of rows at once.

A redrawn set is a row of whole numbers: how often it holds each row. So what costs time is done once for all sets
(sorting, classes), and the rest is sums.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SAMPLES = 1000
_CELLS = 2_000_000  # numbers of one block of draws: 16 MB a table, a handful of tables at a time


def draws(rows: int, samples: int, seed: int, columns: int = 1) -> Iterator[Floats]:
    """Blocks (sets, rows) of how often each row was drawn, `samples` sets in all; the same for the same seed.

    columns: how many numbers a row stands for, so that blocks stay small in memory.
    """
    rng = np.random.default_rng(seed)
    size = max(1, _CELLS // max(1, rows * columns))
    for first in range(0, samples, size):
        yield np.stack([drawn_counts(rng, rows) for _ in range(min(size, samples - first))])


def drawn_counts(rng: np.random.Generator, rows: int) -> Floats:
    """Counts (rows,) of each row in a sample of `rows` rows drawn with replacement."""
    return np.bincount(rng.integers(0, rows, rows), minlength=rows).astype(np.float64)


def regression(truth: Floats, predicted: Floats, counts: Floats) -> Mapping[str, Floats]:
    """`metrics.regression_scores` of each set, as (sets,); truth, predicted (rows,), counts (sets, rows)."""
    error, total = predicted - truth, counts.sum(axis=1)
    centred = truth - truth.mean()  # sums of squares far from zero would cancel
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        squares = counts @ error**2
        spread = counts @ centred**2 - (counts @ centred) ** 2 / total
        # All of a set's rows may be copies of one row: what is left then is rounding, no spread.
        spread[spread <= 1e-12 * (counts @ centred**2)] = np.nan
        return {
            "rmse": np.sqrt(squares / total),
            "mae": (counts @ np.abs(error)) / total,
            "r2": 1 - squares / spread,
            "spearman": _correlation(_ranks(truth, counts), _ranks(predicted, counts), counts),
        }


def classification(truth: Ints, probabilities: Floats, counts: Floats) -> Mapping[str, Floats]:
    """`metrics.classification_scores` of each set, as (sets,); counts (sets, rows)."""
    classes = probabilities.shape[1]
    chosen = probabilities.argmax(axis=1)
    right = _sums_by(truth, counts * (truth == chosen), classes)
    true, claimed = _sums_by(truth, counts, classes), _sums_by(chosen, counts, classes)
    occurs = (true + claimed) > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(claimed > 0, right / claimed, 0.0)
        recall = np.where(true > 0, right / true, 0.0)
        f1 = np.where(occurs, 2 * right / (true + claimed), 0.0)
        kinds = occurs.sum(axis=1)
        return {
            "accuracy": right.sum(axis=1) / counts.sum(axis=1),
            "macro_f1": f1.sum(axis=1) / kinds,
            "precision": precision.sum(axis=1) / kinds,
            "recall": recall.sum(axis=1) / kinds,
            "roc_auc": _areas(truth, probabilities, counts),
        }


def yes_or_no(positive: npt.NDArray[np.bool_], score: Floats, counts: Floats) -> Mapping[str, Floats]:
    """ROC-AUC, average precision and balanced accuracy (above and below 0.5) of each set, as (sets,).

    positive, score (rows,), counts (sets, rows). NaN where a set has no positive or no negative row.
    """
    if not len(score):
        nothing = np.full(len(counts), np.nan)
        return dict.fromkeys(("roc_auc", "average_precision", "balanced_accuracy"), nothing)
    predicted = score > 0.5
    wins, losses = counts @ positive, counts @ ~positive
    with np.errstate(invalid="ignore", divide="ignore"):
        sensitivity, spared = (counts @ (positive & predicted)) / wins, (counts @ ~(positive | predicted)) / losses
    both = (wins > 0) & (losses > 0)
    return {
        "roc_auc": _area(positive, score, counts),
        "average_precision": np.where(both, _average_precision(positive, score, counts), np.nan),
        "balanced_accuracy": np.where(both, (sensitivity + spared) / 2, np.nan),
    }


def _average_precision(positive: npt.NDArray[np.bool_], score: Floats, counts: Floats) -> Floats:
    """Precision at each threshold weighted by the recall that it adds; equal scores are one threshold."""
    order, starts, _ = _ties(-score)
    ordered = counts[:, order]
    wins = np.add.reduceat(ordered * positive[order], starts, axis=1)
    retrieved = np.cumsum(np.add.reduceat(ordered, starts, axis=1), axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(retrieved > 0, np.cumsum(wins, axis=1) / retrieved, 0.0)
        return np.asarray((precision * wins).sum(axis=1) / wins.sum(axis=1))


def units(tables: Floats, counts: Floats) -> Mapping[str, Floats]:
    """Accuracy and macro F1 over units of each set of rows, as (sets,).

    tables (rows, 3, classes) as `of_units.unit_tables` makes them. Macro F1 is over the classes that occur
    in the truth or the predictions.
    """
    classes = tables.shape[2]
    summed = (counts @ tables.reshape(len(tables), -1)).reshape(-1, 3, classes)
    right, true, claimed = summed[:, 0], summed[:, 1], summed[:, 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = np.where(true + claimed > 0, 2 * right / (true + claimed), 0.0)
        return {
            "unit_accuracy": right.sum(axis=1) / true.sum(axis=1),
            "macro_f1": f1.sum(axis=1) / ((true + claimed) > 0).sum(axis=1),
        }


def _areas(truth: Ints, probabilities: Floats, counts: Floats) -> Floats:
    classes = probabilities.shape[1]
    if len(np.unique(truth)) < classes:  # it has no area at all
        return np.full(len(counts), np.nan)
    scored = [1] if classes == 2 else range(classes)
    total = np.zeros(len(counts))
    for index in scored:
        total += _area(truth == index, probabilities[:, index], counts)
    return total / len(scored)


def _area(positive: npt.NDArray[np.bool_], score: Floats, counts: Floats) -> Floats:
    """Of all pairs of a positive and a negative row, the share where the positive one scores higher; ties: half."""
    order, starts, _ = _ties(score)
    ordered = counts[:, order]
    wins = np.add.reduceat(ordered * positive[order], starts, axis=1)
    losses = np.add.reduceat(ordered, starts, axis=1) - wins
    below = np.cumsum(losses, axis=1) - losses
    pairs = wins.sum(axis=1) * losses.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, (wins * (below + losses / 2)).sum(axis=1) / pairs, np.nan)


def _ranks(values: Floats, counts: Floats) -> Floats:
    """The mean rank (sets, rows) that each row's copies have in each set."""
    order, starts, group = _ties(values)
    together = np.add.reduceat(counts[:, order], starts, axis=1)
    middle = np.cumsum(together, axis=1) - together / 2 + 0.5
    return middle[:, group]


def _ties(values: Floats) -> tuple[Ints, Ints, Ints]:
    """The order of values, where each run of equal ones starts in it, and the run that each row belongs to."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    group = np.empty(len(values), dtype=np.int64)
    group[order] = np.cumsum(new) - 1
    return order, np.flatnonzero(new), group


def _correlation(a: Floats, b: Floats, counts: Floats) -> Floats:
    total = counts.sum(axis=1, keepdims=True)
    a = a - (counts * a).sum(axis=1, keepdims=True) / total
    b = b - (counts * b).sum(axis=1, keepdims=True) / total
    size = np.sqrt((counts * a * a).sum(axis=1) * (counts * b * b).sum(axis=1))
    return np.where(size > 0, (counts * a * b).sum(axis=1) / size, np.nan)


def _sums_by(label: Ints, values: Floats, classes: int) -> Floats:
    """values (sets, rows) summed by label (rows,): (sets, classes)."""
    order = np.argsort(label, kind="stable")
    present, starts = np.unique(label[order], return_index=True)
    sums = np.zeros((len(values), classes))
    sums[:, present] = np.add.reduceat(values[:, order], starts, axis=1)
    return sums


def percentiles(values: Floats, *, of_pairs: int = 1) -> tuple[float | None, float | None]:
    """The 2.5th and the 97.5th of what is finite; None where most is not. of_pairs: the tails are divided by it."""
    known = values[np.isfinite(values)]
    # A score that most redrawn sets do not even have (a class with one row) has no honest interval.
    if not len(known) or len(known) < len(values) / 2:
        return None, None
    tail = 2.5 / of_pairs
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)
