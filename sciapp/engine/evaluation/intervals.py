"""Bootstrap intervals (Efron & Tibshirani 1993, ch. 13, percentile method): how far chance alone may move a score."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.evaluation import redrawn
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
_FEWEST = 200


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
    for counts in redrawn.draws(len(truth), samples_for(len(truth)), seed, len(names)):
        # Whole rows are drawn: the targets of one molecule come and go together.
        for name, (true, said, row) in parts.items():
            if len(true):
                drawn[name].append(redrawn.regression(true, said, counts[:, row]))
    found: list[Score] = []
    for name, (true, said, _) in parts.items():
        values = _in_units(regression_scores(true, said), units[name]) if len(true) else {}
        found += scores_of(values, [_in_units(part, units[name]) for part in drawn[name]], REGRESSION_SCORES, name)
    return Scores(predictor=predictor, rows=len(truth), scores=tuple(found))


def classification_report(truth: Ints, probabilities: Floats, *, predictor: str, seed: int = 0) -> Scores:
    """Scores of truth (rows,) and probabilities (rows, classes) with 95 % intervals."""
    rows = len(truth)
    values = classification_scores(truth, probabilities) if rows else {}
    drawn = [redrawn.classification(truth, probabilities, c) for c in redrawn.draws(rows, samples_for(rows), seed)]
    return Scores(predictor=predictor, rows=rows, scores=tuple(scores_of(values, drawn, CLASSIFICATION_SCORES)))


def paired_difference(
    score: Callable[[npt.NDArray[np.int64]], tuple[float, float]], rows: int, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of (first - second) of two predictors' score on the same redrawn rows; NaN where undefined.

    score: both scores of the rows at these positions.
    """
    rng = np.random.default_rng(seed)
    pairs = (score(rng.integers(0, rows, rows)) for _ in range(samples_for(rows)))
    low, high = percentiles(np.array([first - second for first, second in pairs]))
    return (float("nan"), float("nan")) if low is None or high is None else (low, high)


def difference_of(
    main: Callable[[Any, Any], float], targets: npt.NDArray[Any], ours: Floats, theirs: Floats, seed: int
) -> tuple[float, float]:
    """`paired_difference` of main(targets, values) for two predictors of the same rows."""
    return paired_difference(
        lambda rows: (main(targets[rows], ours[rows]), main(targets[rows], theirs[rows])), len(targets), seed
    )


def samples_for(rows: int) -> int:
    """How many times the rows are redrawn."""
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
    values: Mapping[str, float], drawn: Sequence[Mapping[str, Floats]], names: tuple[str, ...], target: str = ""
) -> list[Score]:
    """Scores with intervals. drawn: blocks of the same scores (sets,) on redrawn rows."""
    scores = []
    for name in names:
        value = values.get(name, float("nan"))
        low, high = None, None
        if np.isfinite(value) and drawn:
            low, high = percentiles(np.concatenate([part[name] for part in drawn]))
        scores.append(
            Score(
                name=name,
                value=float(value) if np.isfinite(value) else None,
                low=low,
                high=high,
                greater_is_better=name not in SMALLER_IS_BETTER,
                target=target,
            )
        )
    return scores


def percentiles(values: Floats) -> tuple[float | None, float | None]:
    """The 2.5th and the 97.5th of what is finite; None where most is not."""
    known = values[np.isfinite(values)]
    # A score that most redrawn sets do not even have (a class with one row) has no honest interval.
    if not len(known) or len(known) < len(values) / 2:
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
