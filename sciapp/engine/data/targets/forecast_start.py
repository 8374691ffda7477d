"""The rule that a forecast begins with: of the simple rules the one that misses least on rows it was not fitted to.

A head that begins at its forecast, and learns what it misses, is no worse than the rule where validation keeps the best
step of a training.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sciapp.engine.data.targets.base import Floats, Ints
from sciapp.engine.data.targets.forecast_autoregression import Ridge, SelfRegression
from sciapp.engine.data.targets.forecast_rules import LINE, Curve, Drift, LastValue, Past, Rule, Seasonal
from sciapp.engine.data.targets.forecast_values import ForecastTargets, PastReader, band_and_step
from sciapp.engine.domains.row_input import RowInput

RULES: Sequence[Rule] = (
    LastValue(),
    Drift(),
    LINE,
    *(Curve(degree, points) for degree, points in ((1, 4), (1, 8), (2, 3), (2, 6), (3, 4))),
    Seasonal(),
    *(SelfRegression(lags, penalty) for lags, penalty in ((1, 0.1), (2, 0.1), (2, 0.01), (3, 0.01))),
    *(Ridge(shared, penalty) for shared in (False, True) for penalty in (1e-6, 1e-3, 0.1)),
)
"""The simplest come first."""
SHARED = Ridge(True, 0.1)
_FOLDS, _MOST_SCORED = 4, 5000  # rows: enough to choose by
_CHUNK = 2000  # rows that are read at a time


def rule_of(value: Mapping[str, Any]) -> Rule:
    """The rule that `to_json` wrote. Raises KeyError, TypeError, ValueError for another value."""
    kinds = {rule.kind: type(rule) for rule in RULES}
    parameters = {name: part for name, part in value.items() if name != "kind"}
    if "weight" in parameters:
        parameters["weight"] = np.array(parameters["weight"], dtype=np.float64)
    rule: Rule = kinds[value["kind"]](**parameters)
    return rule


@dataclass(frozen=True)
class FittedRule:
    """A rule with all that it needs to forecast canonical inputs."""

    reader: PastReader
    rule: Rule

    @property
    def name(self) -> str:
        return self.rule.name

    def predict(self, inputs: Sequence[RowInput]) -> Floats:
        """(rows, targets), as multiples of each series' usual step from its last value."""
        parts = [np.zeros((0, len(self.reader.targets)))]
        for first in range(0, len(inputs), _CHUNK):
            chunk = inputs[first : first + _CHUNK]
            parts.append(_of_targets(self.rule, Past.of(self.reader, chunk, *self.reader.anchors(chunk)), self.reader))
        return np.concatenate(parts)

    def to_json(self) -> dict[str, Any]:
        reader = {"domain": self.reader.domain, "targets": list(self.reader.targets), "least": dict(self.reader.least)}
        return {"reader": reader, "rule": self.rule.to_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "FittedRule":
        """Raises KeyError, TypeError, ValueError for what `to_json` did not write."""
        reader = value["reader"]
        least = {str(band): float(step) for band, step in reader["least"].items()}
        names = tuple(str(name) for name in reader["targets"])
        return cls(PastReader(str(reader["domain"]), names, least), rule_of(value["rule"]))


@dataclass(frozen=True)
class ForecastRows:
    """Rows to fit rules to, or to try them on. future (rows, bands, horizon): NaN where not measured. weights (rows,):
    how much each counts, None: all the same."""

    past: Past
    future: Floats
    weights: Floats | None

    @classmethod
    def of(
        cls, reader: PastReader, inputs: Sequence[RowInput], targets: ForecastTargets, weights: Floats | None
    ) -> "ForecastRows":
        bands, steps = _positions(reader)
        future = np.full((len(inputs), len(reader.bands), int(max(steps)) + 1), np.nan)
        future[:, bands, steps] = targets.relative
        return cls(Past.of(reader, inputs, targets.last, targets.scale), future, weights)

    def __len__(self) -> int:
        return len(self.future)

    def __getitem__(self, rows: Ints) -> "ForecastRows":
        return ForecastRows(self.past[rows], self.future[rows], None if self.weights is None else self.weights[rows])

    def fit(self, rule: Rule) -> Rule:
        return rule.fitted(self.past, self.future, self.weights)

    def forecast(self, rule: Rule, reader: PastReader) -> Floats:
        """Forecasts of a fitted rule (rows, targets)."""
        return _of_targets(rule, self.past, reader)

    def missed(self, rule: Rule) -> Floats:
        """Absolute errors of a fitted rule (rows, bands, horizon), NaN where nothing was measured."""
        return np.abs(rule.forecast(self.past, self.future.shape[2]) - self.future)


@dataclass(frozen=True)
class Ranking:
    """Rules with their mean absolute errors on rows that they were not fitted to, in usual steps; the best first."""

    rules: tuple[Rule, ...]
    errors: tuple[float, ...]

    @classmethod
    def of(cls, train: ForecastRows, validation: ForecastRows | None = None, seed: int = 0) -> "Ranking":
        """By all validation rows, and by training rows that were left out in turn: validation alone may be few rows."""
        scored = _spread(len(train), _MOST_SCORED, seed)
        # Neighbouring rows are windows of one series, and stay together.
        folds = [fold for fold in np.array_split(scored, _FOLDS) if len(fold)]
        rules = [rule for rule in RULES if rule.family != SHARED.family or train.future.shape[1] > 1]  # else no other
        errors = []
        for rule in rules:
            parts = [train[fold].missed(_without(train, fold, rule, scored)) for fold in folds]
            if validation is not None and len(validation):
                parts.append(validation.missed(train.fit(rule)))
            every = np.concatenate([part.ravel() for part in parts])
            errors.append(float(np.nanmean(every)) if (~np.isnan(every)).any() else np.inf)
        order = np.argsort(np.round(errors, 9), kind="stable").tolist()
        return cls(tuple(rules[index] for index in order), tuple(errors[index] for index in order))


def _without(train: ForecastRows, fold: Ints, rule: Rule, scored: Ints) -> Rule:
    """The rule as the other rows have it."""
    if not rule.learns:
        return rule
    others = np.setdiff1d(scored, fold)
    return train[others if len(others) else fold].fit(rule)


def _spread(rows: int, most: int, seed: int) -> Ints:
    """All rows, or so many of them drawn at random, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _positions(reader: PastReader) -> tuple[list[int], list[int]]:
    """The band and the step, from 0, of each target."""
    pairs = [band_and_step(name) for name in reader.targets]
    return [reader.bands.index(band) for band, _ in pairs], [step - 1 for _, step in pairs]


def _of_targets(rule: Rule, past: Past, reader: PastReader) -> Floats:
    bands, steps = _positions(reader)
    return rule.forecast(past, int(max(steps)) + 1)[:, bands, steps]
