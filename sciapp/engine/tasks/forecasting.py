"""Forecasting: the next values of a series, learnt as multiples of its usual step from its last value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import torch

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import ArrayValues, RowValues, Targets
from sciapp.engine.data.targets.forecasting import ForecastTargets, band_and_step, band_values, forecast_targets
from sciapp.engine.data.values.safe_float import tamed
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.statistics import bootstrap
from sciapp.engine.statistics.intervals import difference_interval, samples_for, scores_of
from sciapp.engine.tasks.base import TASK_KEY, Floats, Labels, Task
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData, LabelledFeatures
from sciapp.engine.tasks.baselines.row_baselines import affordable_rows, learnt_values
from sciapp.engine.tasks.baselines.sklearn_models import Linear
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.regression import Regression
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization
from sciapp.records.run.evaluation import Confusion, Curve, Scores

SCORES = ("mase", "mae", "rmse")
_WINDOW = 16  # last values of each band that the ridge regression reads
_SEASONAL = 0.5  # autocorrelation from which on a period is taken for one


class Forecasting(Regression):
    """As a regression of the multiples; a target of a band that never moved in the input is not learnt."""

    task: ClassVar[TaskName] = "forecasting"
    labels_phrase = msg("the next values of series")
    main_score = "mase"
    greater_is_better = False
    saved: Mapping[str, str] = {TASK_KEY: task}

    @classmethod
    def for_training(
        cls, card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None
    ) -> Task:
        delta = how.huber_delta if how.loss == "huber" else None
        return cls(card.target_names, forecast_targets(train_targets).relative, row_weights, huber_delta=delta)

    @classmethod
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        return ForecastEvaluator(card, seed)

    @classmethod
    def trivial_baseline(cls, data: BaselineData) -> Baseline:
        return Baseline(msg("Last value"), _steady(data))

    @classmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        """Of ridge regression and the rules the one that misses least on a third of the training rows."""
        data = replace(data, train=affordable_rows(data.train, data.seed))
        order = np.random.default_rng(data.seed).permutation(len(data.train))
        held = max(1, len(order) // 3)
        trial = replace(data, train=data.train.of(order[held:]), test=data.train.of(order[:held]))
        best = min(_candidates(trial, progress.part(0, 2)), key=lambda one: _missed(one, trial.test.targets))
        return next(one for one in _candidates(data, progress.part(1, 2)) if one.name == best.name)

    @classmethod
    def further_baselines(cls, data: BaselineData) -> tuple[Baseline, ...]:
        return _candidates(replace(data, train=affordable_rows(data.train, data.seed)), SILENT)

    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        return torch.tensor(self._standard(forecast_targets(targets).relative), dtype=torch.float32)

    def training_labels(self, rows: Rows, tokens: Tokens | None = None) -> Labels:
        return self.labels(rows.targets)

    def scores(self, predictions: RowValues, targets: Targets) -> Mapping[str, float]:
        whole = _errors(predictions, targets)
        return _scores(whole, np.ones((1, len(whole.steps))))[0]


# Scores: of all targets, of each band, and of each step of each band.


@dataclass(frozen=True)
class _Errors:
    """steps: in units of each series' usual step, own: in those of the target; (rows, targets), NaN for unknown."""

    steps: Floats
    own: Floats

    def of(self, targets: Sequence[int]) -> "_Errors":
        return _Errors(self.steps[:, targets], self.own[:, targets])


def _errors(predictions: RowValues, targets: Targets) -> _Errors:
    truth = forecast_targets(targets)
    relative = np.nan_to_num(np.asarray(predictions, dtype=np.float64))
    own = np.where(truth.scale > 0, (relative - truth.relative) * truth.scale, truth.last - truth.values)
    return _Errors(np.where(truth.scale > 0, relative - truth.relative, np.nan), own)


def _scores(errors: _Errors, counts: Floats) -> list[dict[str, float]]:
    """The scores of each set of redrawn rows; counts (sets, rows)."""
    parts = _score_arrays(errors, counts)
    return [{name: float(values[index]) for name, values in parts.items()} for index in range(len(counts))]


def _score_arrays(errors: _Errors, counts: Floats) -> dict[str, Floats]:
    """mase, mae, rmse (sets,); NaN where nothing was measured."""
    small, size = tamed(np.nan_to_num(errors.own))

    def mean(values: Floats, there: Floats) -> Floats:
        total, number = counts @ np.where(there, values, 0.0).sum(axis=1), counts @ there.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(total / number)

    stepped, measured = ~np.isnan(errors.steps), ~np.isnan(errors.own)
    mase = mean(np.abs(np.nan_to_num(errors.steps)), stepped)
    mae, rmse = mean(np.abs(small), measured), np.sqrt(mean(small**2, measured))
    return {"mase": mase, "mae": mae * size, "rmse": rmse * size}


@dataclass(frozen=True)
class ForecastEvaluator:
    """Mean absolute scaled error (Hyndman & Koehler 2006, Int. J. Forecasting 22:679), MAE and RMSE. Rows are redrawn
    whole: the errors of one forecast are not independent."""

    card: DatasetCard
    seed: int
    main_score = "mase"
    greater_is_better = False

    def report(self, predictor: str, targets: Targets, values: RowValues) -> Scores:
        whole = _errors(values, targets)
        scores = []
        for name, columns in self._parts():
            errors = whole.of(columns)
            drawn = [_score_arrays(errors, counts) for counts in self._draws(len(targets))]
            known = _scores(errors, np.ones((1, len(targets))))[0] if len(targets) else {}
            names = SCORES if name or self._one_band else SCORES[:1]  # bands may be in different units
            scores += scores_of(known, drawn, names, name)
        return Scores(predictor=predictor, rows=len(targets), scores=tuple(scores))

    def main(self, targets: Targets, values: RowValues) -> float:
        if not len(targets):
            return float("nan")
        return _scores(_errors(values, targets), np.ones((1, len(targets))))[0][self.main_score]

    def difference(self, targets: Targets, ours: RowValues, theirs: RowValues) -> tuple[float, float]:
        first, second = _errors(ours, targets), _errors(theirs, targets)
        drawn = [np.empty(0)]
        for counts in self._draws(len(targets)):
            drawn.append(_score_arrays(first, counts)["mase"] - _score_arrays(second, counts)["mase"])
        return difference_interval(np.concatenate(drawn), None)

    def confusion(self, targets: Targets, values: RowValues) -> Confusion | None:
        return None

    def roc(self, targets: Targets, values: RowValues) -> tuple[Curve, ...]:
        return ()

    @property
    def _one_band(self) -> bool:
        return len({band_and_step(name)[0] for name in self.card.target_names}) == 1

    def _parts(self) -> Iterator[tuple[str, list[int]]]:
        names = self.card.target_names
        yield "", list(range(len(names)))
        bands = dict.fromkeys(band_and_step(name)[0] for name in names)
        for band in bands if len(bands) > 1 else ():
            yield band, [index for index, name in enumerate(names) if band_and_step(name)[0] == band]
        if len(names) > 1:
            yield from ((name, [index]) for index, name in enumerate(names))

    def _draws(self, rows: int) -> Iterator[Floats]:
        return bootstrap.draws(rows, samples_for(rows), self.seed, len(self.card.target_names))


# Baselines, as multiples of the usual step from the last value.


def _candidates(data: BaselineData, progress: Progress) -> tuple[Baseline, ...]:
    """Ridge regression on the last values, as multiples of the usual step from the last of them; drift, a straight line
    through the last two values, and the last period (Hyndman & Athanasopoulos 2021, Forecasting: Principles and
    Practice, section 5.2)."""
    names = _bands(data)
    features = tuple(_window(rows.inputs, names) for rows in (data.train, data.test))
    learnt = LabelledFeatures(features[0], forecast_targets(data.train.targets).relative, data.train.weights)
    values = learnt_values(Linear(classifies=False, seed=data.seed), learnt, features[1], 0, progress)
    return (
        Baseline(msg("Ridge regression on the last {values} values", values=_WINDOW), ArrayValues(values)),
        Baseline(msg("Drift"), _by_series(data, _drift)),
        Baseline(msg("Line through the last two values"), _by_series(data, _line)),
        Baseline(msg("Seasonal naive"), _by_series(data, _last_period)),
    )


def _missed(baseline: Baseline, targets: Targets) -> float:
    """The MASE; infinite where nothing can be judged."""
    whole = _errors(baseline.values, targets)
    score = _scores(whole, np.ones((1, len(whole.steps))))[0]["mase"]
    return float("inf") if np.isnan(score) else score


def _steady(data: BaselineData) -> RowValues:
    return ArrayValues(np.zeros(np.asarray(data.test.targets).shape))


def _bands(data: BaselineData) -> list[str]:
    return list(dict.fromkeys(band_and_step(name)[0] for name in data.target_names))


def _window(inputs: Sequence[RowInput], bands: Sequence[str]) -> Floats:
    """The last values of each band (rows, bands * window), in usual steps from the last one; 0 before its begin."""
    features = np.zeros((len(inputs), len(bands), _WINDOW))
    for row, text in enumerate(inputs):
        for index, band in enumerate(bands):
            values = band_values(text, band)[1]
            step = float(np.abs(np.diff(values)).mean()) if len(values) > 1 else 0.0
            if step > 0:
                end = values[-_WINDOW - 1 : -1] - values[-1]
                features[row, index, _WINDOW - len(end) :] = end / step
    return features.reshape(len(inputs), -1)


def _by_series(data: BaselineData, method: Any) -> RowValues:
    """method(values (n,), step): the change from the last value after so many steps."""
    targets: ForecastTargets = forecast_targets(data.test.targets)
    relative = np.zeros(targets.values.shape)
    for row, text in enumerate(data.test.inputs):
        for column, (band, step) in enumerate(map(band_and_step, data.target_names)):
            values = band_values(text, band)[1]
            if len(values) > 1 and targets.scale[row, column] > 0:
                relative[row, column] = method(values, step) / targets.scale[row, column]
    return ArrayValues(relative)


def _drift(values: Floats, step: int) -> float:
    return float(step * (values[-1] - values[0]) / (len(values) - 1))


def _line(values: Floats, step: int) -> float:
    return float(step * (values[-1] - values[-2]))


def _last_period(values: Floats, step: int) -> float:
    """The value one period before; of a series without a period the last value. The period is the lag of the highest
    autocorrelation behind the first dip."""
    period = _period(values)
    return float(values[len(values) - period + (step - 1) % period] - values[-1]) if period else 0.0


def _period(values: Floats) -> int:
    """0 for none."""
    centred, lags = values - values.mean(), len(values) // 2
    size = float((centred**2).sum())
    if lags < 3 or size <= 0:
        return 0
    correlation = np.array([float((centred[:-lag] * centred[lag:]).sum()) / size for lag in range(1, lags + 1)])
    dips = np.flatnonzero(correlation < 0)
    if not len(dips):
        return 0
    best = int(dips[0] + correlation[dips[0] :].argmax())
    return best + 1 if correlation[best] > _SEASONAL else 0


TASK = Forecasting
