"""Forecasting: the next values of a series, learnt as what the best of some simple rules misses.

The rule is chosen on rows that it was not fitted to. The head begins with its forecast; the network learns its errors,
in units of their usual size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import torch

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import ArrayValues, RowValues, Targets
from sciapp.engine.data.targets.forecast_rules import LINE, LastValue, Rule
from sciapp.engine.data.targets.forecast_start import FittedRule, ForecastRows, Ranking
from sciapp.engine.data.targets.forecast_values import (
    PastReader,
    band_and_step,
    bands_of,
    forecast_targets,
    steps_of,
)
from sciapp.engine.data.targets.forecast_words import step_name
from sciapp.engine.data.values.safe_float import tamed
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.statistics import bootstrap
from sciapp.engine.statistics.intervals import difference_interval, samples_for, scores_of
from sciapp.engine.tasks.base import TASK_KEY, Floats, Labels, RuleStart, Task
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.baselines.row_baselines import affordable_rows
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.regression import Regression, Standardization
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization
from sciapp.records.run.evaluation import Confusion, Curve, Scores

SCORES = ("mase", "mae", "rmse")
_SMALLEST_ERROR = 1e-4  # of a rule, in usual steps: fp32 tells no finer ones


class Forecasting(Regression):
    """As a regression of multiples of the usual step. A head that begins with a rule learns by Huber's loss unless
    another is asked for, in units of the rule's errors: forecasts are judged by absolute errors."""

    task: ClassVar[TaskName] = "forecasting"
    labels_phrase = msg("the next values of series")
    main_score = "mase"
    greater_is_better = False
    saved: Mapping[str, str] = {TASK_KEY: task}
    _delta_with_rule: float | None = None

    @classmethod
    def for_training(
        cls, card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None
    ) -> Task:
        delta = how.huber_delta if how.loss == "huber" else None
        task = cls(card.target_names, forecast_targets(train_targets).relative, row_weights, huber_delta=delta)
        task._delta_with_rule = delta if how.loss == "mean_squared_error" else how.huber_delta
        return task

    @classmethod
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        return ForecastEvaluator(card, seed)

    @classmethod
    def trivial_baseline(cls, data: BaselineData) -> Baseline:
        return Baseline(msg("Last value"), ArrayValues(np.zeros(np.asarray(data.test.targets).shape)))

    @classmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        """The rule that misses least on training rows that it was not fitted to."""
        data = replace(data, train=affordable_rows(data.train, data.seed))
        train, test = _forecast_rows(data)
        best = Ranking.of(train, seed=data.seed).rules[0]
        progress.check()
        return Baseline(best.name, _forecast(best, train, test, data))

    @classmethod
    def further_baselines(cls, data: BaselineData) -> tuple[Baseline, ...]:
        """The best rule of each kind, and the line that everybody draws."""
        data = replace(data, train=affordable_rows(data.train, data.seed))
        train, test = _forecast_rows(data)
        rules_by_name: dict[str, Rule] = {}
        for rule in Ranking.of(train, seed=data.seed).rules:
            rules_by_name.setdefault(rule.name if rule == LINE else rule.family, rule)
        further = [rule for rule in rules_by_name.values() if rule.kind != LastValue.kind]
        return tuple(Baseline(rule.name, _forecast(rule, train, test, data)) for rule in further)

    def rule_start(
        self, card: DatasetCard, rows: Mapping[str, Rows], seed: int, saved: Mapping[str, Any] | None = None
    ) -> RuleStart | None:
        reader, train = PastReader.of_card(card), affordable_rows(rows["train"], seed)
        if saved is not None:
            rule = FittedRule.from_json(saved)
        else:
            known = ForecastRows.of(reader, train.inputs, forecast_targets(train.targets), train.weights)
            held = rows["validation"]
            tried = ForecastRows.of(reader, held.inputs, forecast_targets(held.targets), None)
            rule = FittedRule(reader, known.fit(Ranking.of(known, tried, seed).rules[0]))
        predicted = rule.predict(rows["train"].inputs)
        self._huber_delta = self._delta_with_rule
        self.standardization = _of_errors(forecast_targets(rows["train"].targets).relative - predicted)
        return RuleStart(
            rule,
            predicted,
            rule.predict(rows["validation"].inputs),
            self.standardization.mean,
            self.standardization.scale,
        )

    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        return torch.tensor(self._standard(forecast_targets(targets).relative), dtype=torch.float32)

    def training_labels(self, rows: Rows, tokens: Tokens | None = None) -> Labels:
        return self.labels(rows.targets)

    def scores(self, predictions: RowValues, targets: Targets) -> Mapping[str, float]:
        whole = _errors(predictions, targets)
        return _scores(whole, np.ones((1, len(whole.steps))))[0]


def _of_errors(errors: Floats) -> Standardization:
    """The usual size of the errors (rows, targets) of each target. A mean error is left to be learnt."""
    known = np.abs(np.where(np.isnan(errors).all(axis=0), 0.0, errors))
    size = np.nanmean(known, axis=0)
    return Standardization(np.zeros(len(size)), np.maximum(size, _SMALLEST_ERROR))


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
            own = bands_of(self.card.target_names[column] for column in columns)
            names = SCORES if len(own) == 1 else SCORES[:1]  # bands may be in different units
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

    def _parts(self) -> Iterator[tuple[str, list[int]]]:
        names = self.card.target_names
        yield "", list(range(len(names)))
        bands = bands_of(names)
        for band in bands if len(bands) > 1 else ():
            yield band, [index for index, name in enumerate(names) if band_and_step(name)[0] == band]
        for step in steps_of(names) if len(bands) > 1 else ():
            yield step_name(step), [index for index, name in enumerate(names) if band_and_step(name)[1] == step]
        if len(names) > 1:
            yield from ((name, [index]) for index, name in enumerate(names))

    def _draws(self, rows: int) -> Iterator[Floats]:
        return bootstrap.draws(rows, samples_for(rows), self.seed, len(self.card.target_names))


# Baselines: the rules.


def _forecast_rows(data: BaselineData) -> tuple[ForecastRows, ForecastRows]:
    """Training and test rows."""
    reader = _reader(data)
    train, test = (
        ForecastRows.of(reader, rows.inputs, forecast_targets(rows.targets), rows.weights)
        for rows in (data.train, data.test)
    )
    return train, test


def _reader(data: BaselineData) -> PastReader:
    """Steps are counted as the rows' own targets do."""
    return PastReader(data.domain.name, data.target_names)


def _forecast(rule: Rule, train: ForecastRows, test: ForecastRows, data: BaselineData) -> RowValues:
    return ArrayValues(test.forecast(train.fit(rule), _reader(data)))


TASK = Forecasting
