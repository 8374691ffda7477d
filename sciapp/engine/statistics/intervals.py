"""Bootstrap intervals (Efron & Tibshirani 1993, ch. 13, percentile method): how far chance alone may move a score.

Redrawing rows that are all right, or all wrong, gives the same score again and again, which is no proof that the next
row will be right as well. There a share has Wilson's interval (1927, J. Am. Stat. Assoc. 22:209), which keeps its
promise with few rows too (Brown, Cai & DasGupta 2001, Stat. Sci. 16:101): 9 of 9 is 70 to 100 %. A mean over classes
has the mean of the bounds of its classes, an area under a curve that of a share of the rarer side's rows.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.statistics import bootstrap
from sciapp.engine.statistics.bootstrap import SAMPLES, percentiles
from sciapp.engine.statistics.metrics import (
    CLASSIFICATION_SCORES,
    REGRESSION_SCORES,
    SMALLER_IS_BETTER,
    classification_scores,
    regression_scores,
)
from sciapp.records.run.evaluation import Score, Scores

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LARGE = 20_000  # rows; beyond, intervals are so narrow that fewer samples do
_FEWEST = 200
_FEWEST_ROWS = 5  # with fewer numbers nothing can be said of how far they spread
_Z2 = 1.959963984540054**2  # of the normal distribution: 95 % within


def regression_report(
    truth: Floats, predicted: Floats, names: tuple[str, ...], *, predictor: str, scale: Floats, seed: int = 0
) -> Scores:
    """Scores of each target and over all of them, with 95 % intervals.

    truth, predicted: (rows, targets), truth with NaN where not measured. scale: (targets,), the spread of the training
    rows; the scores over several targets are of values in units of it, for one target they are in its own units.
    """
    parts = {"": _measured(truth, predicted, range(len(names)), scale)}
    units = {"": float(scale[0]) if len(names) == 1 else 1.0}
    if len(names) > 1:
        parts |= {name: _measured(truth, predicted, [index], scale) for index, name in enumerate(names)}
        units |= {name: float(scale[index]) for index, name in enumerate(names)}
    drawn: dict[str, list[Mapping[str, Floats]]] = {name: [] for name in parts}
    for counts in bootstrap.draws(len(truth), samples_for(len(truth)), seed, len(names)):
        # Whole rows are drawn: the targets of one molecule come and go together.
        for name, (true, guesses, row) in parts.items():
            if len(true):
                drawn[name].append(bootstrap.regression(true, guesses, counts[:, row]))
    scores: list[Score] = []
    for name, (true, guesses, _) in parts.items():
        values = _in_units(regression_scores(true, guesses), units[name]) if len(true) else {}
        enough = len(true) >= _FEWEST_ROWS
        blocks = [_in_units(part, units[name]) for part in drawn[name]] if enough else []
        scores += scores_of(values, blocks, REGRESSION_SCORES, name)
    return Scores(predictor=predictor, rows=len(truth), scores=tuple(scores))


def classification_report(truth: Ints, probabilities: Floats, *, predictor: str, seed: int = 0) -> Scores:
    """Scores of truth (rows,) and probabilities (rows, classes) with 95 % intervals."""
    rows = len(truth)
    values = classification_scores(truth, probabilities) if rows else {}
    drawn = [bootstrap.classification(truth, probabilities, c) for c in bootstrap.draws(rows, samples_for(rows), seed)]
    scores = scores_of(values, drawn, CLASSIFICATION_SCORES, cases=class_cases(truth, probabilities.shape[1]))
    return Scores(predictor=predictor, rows=rows, scores=tuple(scores))


def class_cases(truth: Ints, classes: int) -> dict[str, list[int]]:
    """On how many rows the parts of each score rest: all of them, or those of each class that occurs."""
    each = [count for count in np.bincount(truth, minlength=classes).tolist() if count]
    rarer = [min(count, len(truth) - count) for count in each]
    return {**dict.fromkeys(CLASSIFICATION_SCORES, each), "accuracy": [len(truth)], "roc_auc": rarer}


def paired_difference(
    score: Callable[[npt.NDArray[np.int64]], tuple[float, float]],
    rows: int,
    seed: int = 0,
    cases: Sequence[int] | None = None,
) -> tuple[float, float]:
    """The 95 % interval of (first - second) of two predictors' score on the same redrawn rows; NaN where undefined.

    score: both scores of the rows at these positions. cases: as in `scores_of`, of a score between 0 and 1.
    """
    rng = np.random.default_rng(seed)
    pairs = (score(rng.integers(0, rows, rows)) for _ in range(samples_for(rows)))
    return difference_interval(np.array([first - second for first, second in pairs]), cases)


def difference_interval(drawn: Floats, cases: Sequence[int] | None) -> tuple[float, float]:
    """The interval of a difference that was seen on redrawn rows (sets,); NaN where there is none.

    Where it was always the same, it is as wide as what so few rows may hide. cases None: the score has no bounds.
    """
    low, high = percentiles(drawn)
    if low is None or high is None or (low == high and not cases):
        return float("nan"), float("nan")
    margin = wilson_margin(cases) if cases and low == high else 0.0
    return max(-1.0, low - margin) if margin else low, min(1.0, high + margin) if margin else high


def wilson_margin(cases: Sequence[int]) -> float:
    """The largest plausible share of an event not seen once in so many cases (Wilson); the mean over several."""
    return float(np.mean([_Z2 / (count + _Z2) for count in cases]))


def difference_of(
    main: Callable[[Any, Any], float],
    targets: npt.NDArray[Any],
    ours: Floats,
    theirs: Floats,
    seed: int,
    cases: Sequence[int] | None = None,
) -> tuple[float, float]:
    """`paired_difference` of main(targets, values) for two predictors of the same rows."""
    return paired_difference(
        lambda rows: (main(targets[rows], ours[rows]), main(targets[rows], theirs[rows])), len(targets), seed, cases
    )


def samples_for(rows: int) -> int:
    """The number of bootstrap samples for so many rows."""
    if not rows:
        return 0
    return SAMPLES if rows <= _LARGE else max(_FEWEST, SAMPLES * _LARGE // rows)


def _measured(
    truth: Floats, predicted: Floats, targets: Sequence[int] | range, scale: Floats
) -> tuple[Floats, Floats, Ints]:
    """Truth and prediction where measured, in units of `scale`, target after target, and the row of each."""
    rows = [np.flatnonzero(~np.isnan(truth[:, index])) for index in targets]
    pairs = list(zip(targets, rows, strict=True))
    return (
        np.concatenate([truth[row, index] / scale[index] for index, row in pairs]),
        np.concatenate([predicted[row, index] / scale[index] for index, row in pairs]),
        np.concatenate(rows),
    )


def _in_units(scores: Mapping[str, Any], unit: float) -> dict[str, Any]:
    """Errors that were counted in units of the target's spread, in its own."""
    return {name: score * unit if name in SMALLER_IS_BETTER else score for name, score in scores.items()}


def scores_of(
    values: Mapping[str, float],
    drawn: Sequence[Mapping[str, Floats]],
    names: tuple[str, ...],
    target: str = "",
    cases: Mapping[str, Sequence[int]] | None = None,
) -> list[Score]:
    """Scores with intervals. drawn: blocks of the same scores (sets,) on redrawn rows.

    cases: score → on how many independent rows each of its parts rests, for scores between 0 and 1.
    """
    scores = []
    for name in names:
        value = values.get(name, float("nan"))
        low, high, how = None, None, "bootstrap"
        if np.isfinite(value) and drawn:
            low, high = percentiles(np.concatenate([part[name] for part in drawn]))
        if low is not None and low == high:
            low, high, how = beyond_redrawing(float(value), None if cases is None else cases.get(name))
        scores.append(
            Score(
                name=name,
                value=float(value) if np.isfinite(value) else None,
                low=low,
                high=high,
                greater_is_better=name not in SMALLER_IS_BETTER,
                target=target,
                interval=how,
            )
        )
    return scores


def beyond_redrawing(value: float, cases: Sequence[int] | None) -> tuple[float | None, float | None, str]:
    """The interval of a score that all redrawn sets agree on: none, unless it is all or nothing of a share."""
    if not cases or round(value, 12) not in {0.0, 1.0}:
        return None, None, "bootstrap"
    margin = wilson_margin(cases)
    return (1 - margin, 1.0, "wilson") if value > 0.5 else (0.0, margin, "wilson")
