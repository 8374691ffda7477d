"""Scores of predictions, and how sure a difference between two predictors of the same rows is."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

Floats = npt.NDArray[np.float64]
_DRAWS = 400


def score(name: str, truth: Floats, predicted: Floats) -> float:
    """truth: (rows, targets), classes as numbers in one column; NaN: not measured. predicted: numbers (rows, targets),
    or probabilities (rows, classes); of 0/1 labels in several columns the probability of 1. NaN if undefined."""
    return float(_SCORES[name](truth, predicted))


def difference(name: str, truth: Floats, first: Floats, second: Floats, seed: int = 0) -> tuple[float, float]:
    """How much better the first is than the second, and the standard error of it by a paired bootstrap over rows."""
    sign = -1.0 if name == "rmse" else 1.0
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(_DRAWS):
        rows = rng.integers(0, len(truth), len(truth))
        draws.append(score(name, truth[rows], first[rows]) - score(name, truth[rows], second[rows]))
    measured = score(name, truth, first) - score(name, truth, second)
    return sign * measured, float(np.nanstd(draws, ddof=1))


def _rmse(truth: Floats, predicted: Floats) -> float:
    return float(np.sqrt(np.nanmean((truth - predicted) ** 2)))


def _spearman(truth: Floats, predicted: Floats) -> float:
    known = ~np.isnan(truth[:, 0])
    return float(spearmanr(truth[known, 0], predicted[known, 0]).statistic)


def _labels(truth: Floats) -> npt.NDArray[np.int64]:
    return truth[:, 0].astype(np.int64)


def _area(truth: Floats, predicted: Floats) -> float:
    if truth.shape[1] > 1:  # 0/1 labels in several columns
        return float(np.nanmean([_one_area(truth[:, i], predicted[:, i]) for i in range(truth.shape[1])]))
    return _one_area(truth[:, 0], predicted[:, -1])


def _one_area(truth: Floats, predicted: Floats) -> float:
    known = ~np.isnan(truth)
    return float(roc_auc_score(truth[known], predicted[known])) if len(np.unique(truth[known])) == 2 else float("nan")


_SCORES: dict[str, Callable[[Floats, Floats], float]] = {
    "rmse": _rmse,
    "spearman": _spearman,
    "roc_auc": _area,
    "accuracy": lambda truth, predicted: float((_labels(truth) == predicted.argmax(axis=1)).mean()),
    "macro_f1": lambda truth, predicted: float(
        f1_score(_labels(truth), predicted.argmax(axis=1), average="macro", zero_division=0)
    ),
    "mcc": lambda truth, predicted: float(matthews_corrcoef(_labels(truth), predicted.argmax(axis=1))),
}
