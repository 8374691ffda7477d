"""Bootstrap intervals (Efron & Tibshirani 1993, ch. 13, percentile method): how far chance alone may move a score."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from sciapp.engine.evaluation.metrics import (
    CLASSIFICATION_SCORES,
    REGRESSION_SCORES,
    SMALLER_IS_BETTER,
    classification_scores,
    regression_scores,
)
from sciapp.records.report import Score, Scores

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SAMPLES = 1000
_LARGE = 20_000  # rows; beyond, intervals are so narrow that fewer samples do


def regression_report(
    truth: Floats, predicted: Floats, names: tuple[str, ...], *, predictor: str, scale: Floats, seed: int = 0
) -> Scores:
    """Scores of each target and over all of them, with 95 % intervals.

    truth, predicted: (rows, targets), truth with NaN where not measured. scale: (targets,), the spread of the training
    rows; the scores over several targets are of values in units of it, for one target they are in its own units.
    """
    found: list[Score] = []
    columns = []
    for index, name in enumerate(names):
        known = ~np.isnan(truth[:, index])
        pair = truth[known, index], predicted[known, index]
        columns.append(tuple(part / scale[index] for part in pair))
        if len(names) > 1:
            found += _scored(regression_scores, *pair, REGRESSION_SCORES, seed, target=name)
    if len(names) == 1:
        known = ~np.isnan(truth[:, 0])
        overall = _scored(regression_scores, truth[known, 0], predicted[known, 0], REGRESSION_SCORES, seed)
    else:
        together = tuple(np.concatenate(part) for part in zip(*columns, strict=True))
        overall = _scored(regression_scores, together[0], together[1], REGRESSION_SCORES, seed)
    return Scores(predictor=predictor, rows=len(truth), scores=(*overall, *found))


def classification_report(truth: Ints, probabilities: Floats, *, predictor: str, seed: int = 0) -> Scores:
    """Scores of truth (rows,) and probabilities (rows, classes) with 95 % intervals."""
    scores = _scored(classification_scores, truth, probabilities, CLASSIFICATION_SCORES, seed)
    return Scores(predictor=predictor, rows=len(truth), scores=tuple(scores))


def paired_difference(
    score: Callable[[npt.NDArray[np.int64]], tuple[float, float]], rows: int, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of (first - second) of two predictors' score on the same redrawn rows."""
    draws = _draws(rows, seed)
    differences = np.array([first - second for first, second in (score(draw) for draw in draws)])
    differences = differences[np.isfinite(differences)]
    if not len(differences):
        return float("nan"), float("nan")
    low, high = np.percentile(differences, [2.5, 97.5])
    return float(low), float(high)


def samples_for(rows: int) -> int:
    """How many times the rows are redrawn."""
    return SAMPLES if rows <= _LARGE else max(100, SAMPLES * _LARGE // rows)


def _draws(rows: int, seed: int) -> list[npt.NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    return [rng.integers(0, rows, rows) for _ in range(samples_for(rows))]


def _scored(
    function: Callable[[npt.NDArray[np.generic], Floats], Mapping[str, float]] | Callable[..., Mapping[str, float]],
    truth: npt.NDArray[np.generic],
    predicted: Floats,
    names: tuple[str, ...],
    seed: int,
    target: str = "",
) -> list[Score]:
    if not len(truth):
        return [Score(name=name, value=None, greater_is_better=name not in SMALLER_IS_BETTER) for name in names]
    value = function(truth, predicted)
    drawn = [function(truth[draw], predicted[draw]) for draw in _draws(len(truth), seed)]
    return [
        Score(
            name=name,
            value=_finite(value[name]),
            greater_is_better=name not in SMALLER_IS_BETTER,
            target=target,
            **_interval(np.array([scores[name] for scores in drawn])),
        )
        for name in names
    ]


def _interval(values: Floats) -> dict[str, float | None]:
    values = values[np.isfinite(values)]
    # A score that most redrawn sets do not even have (a class with two rows) has no honest interval.
    if len(values) < 50:
        return {"low": None, "high": None}
    low, high = np.percentile(values, [2.5, 97.5])
    return {"low": float(low), "high": float(high)}


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
