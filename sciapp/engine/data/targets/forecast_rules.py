"""Simple rules of forecasting: a curve through the last values, the last period, autoregression (Hyndman &
Athanasopoulos 2021, Forecasting: Principles and Practice, chapters 5 and 9).

Rules read the past of rows and say what follows, both as multiples of each series' usual step from its last value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from sciapp.engine.data.targets.base import Floats, Ints
from sciapp.engine.data.targets.forecast_values import PastReader, band_and_step
from sciapp.engine.domains.row_input import RowInput
from sciapp.i18n import msg

_LONGEST = 256  # last values of a band that are read
_LAST = 16  # of them that a ridge regression reads
_SEASONAL = 0.5  # autocorrelation from which on a period is taken for one


@dataclass(frozen=True)
class Past:
    """values (rows, bands, length): known values, the newest last, in usual steps from it; NaN before the first.
    scale (rows, bands): the usual steps in the values' own units, 0 where a band has none."""

    values: Floats
    scale: Floats

    @classmethod
    def of(cls, reader: PastReader, inputs: Sequence[RowInput], last: Floats, scale: Floats) -> "Past":
        """last, scale (rows, targets): as of `ForecastTargets`."""
        first = [[band_and_step(name)[0] for name in reader.targets].index(band) for band in reader.bands]
        known = [[reader.band(value, band)[1][-_LONGEST:] for band in reader.bands] for value in inputs]
        length = max((len(values) for row in known for values in row), default=1)
        values = np.full((len(inputs), len(first), max(1, length)), np.nan)
        for row, bands in enumerate(known):
            for band, of_band in enumerate(bands):
                step = scale[row, first[band]]
                if len(of_band) and step > 0:
                    values[row, band, -len(of_band) :] = (of_band - last[row, first[band]]) / step
        return cls(values, scale[:, first])

    def __getitem__(self, rows: Ints) -> "Past":
        return Past(self.values[rows], self.scale[rows])

    @cached_property
    def counts(self) -> Ints:
        """Known values (rows, bands)."""
        return np.asarray((~np.isnan(self.values)).sum(axis=2), dtype=np.int64)

    @cached_property
    def steps(self) -> Floats:
        """Differences of neighbours (rows, bands, length - 1), NaN before the first."""
        return np.diff(self.values, axis=2)

    def bounded(self, forecast: Floats) -> Floats:
        """Forecasts (rows, bands, horizon) that go no further than the past reached, and its largest step each time."""
        with np.errstate(invalid="ignore"):
            reach = np.nan_to_num(np.fmax.reduce(np.abs(self.values), axis=2))
            step = np.nan_to_num(np.fmax.reduce(np.abs(self.steps), axis=2)) if self.steps.shape[2] else reach
        most = reach[:, :, None] + step[:, :, None] * np.arange(1, forecast.shape[2] + 1)
        return np.clip(np.nan_to_num(forecast), -most, most)


class Rule(Protocol):
    """A rule of forecasting. kind: its name on disk."""

    kind: ClassVar[str]

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str:
        """The same for rules that differ in a parameter only, of which a comparison shows the best."""

    @property
    def learns(self) -> bool:
        """True if it is fitted to training rows."""

    def fitted(self, past: Past, future: Floats, weights: Floats | None) -> Self:
        """The rule by what followed in training rows (rows, bands, horizon), NaN where not measured; weights (rows,):
        how much each counts, None: all the same."""

    def forecast(self, past: Past, horizon: int) -> Floats:
        """The next steps (rows, bands, horizon)."""

    def to_json(self) -> dict[str, Any]:
        """The rule as JSON, for `rule_of`."""


@dataclass(frozen=True)
class Unlearnt:
    """A rule that is the same whatever the training rows are."""

    learns: ClassVar[bool] = False
    kind: ClassVar[str]

    @property
    def family(self) -> str:
        return self.kind

    def fitted(self, past: Past, future: Floats, weights: Floats | None) -> Self:
        return self


@dataclass(frozen=True)
class LastValue(Unlearnt):
    kind: ClassVar[str] = "last"

    @property
    def name(self) -> str:
        return msg("Last value")

    def forecast(self, past: Past, horizon: int) -> Floats:
        return np.zeros((*past.counts.shape, horizon))

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind}


@dataclass(frozen=True)
class Drift(Unlearnt):
    """The mean step of the past goes on."""

    kind: ClassVar[str] = "drift"

    @property
    def name(self) -> str:
        return msg("Drift")

    def forecast(self, past: Past, horizon: int) -> Floats:
        first = np.take_along_axis(past.values, _first(past)[:, :, None], axis=2)[:, :, 0]
        step = np.nan_to_num(-first) / np.maximum(1, past.counts - 1)
        return np.asarray(step[:, :, None] * np.arange(1, horizon + 1))

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind}


def _first(past: Past) -> Ints:
    """The index of the first known value (rows, bands)."""
    return np.asarray(np.clip(past.values.shape[2] - past.counts, 0, past.values.shape[2] - 1), dtype=np.int64)


@dataclass(frozen=True)
class Curve(Unlearnt):
    """A polynomial by least squares through the last values, which a shorter past has fewer of."""

    degree: int
    points: int
    kind: ClassVar[str] = "curve"

    @property
    def name(self) -> str:
        if (self.degree, self.points) == (1, 2):
            return msg("Line through the last two values")
        words = {1: msg("Line"), 2: msg("Parabola"), 3: msg("Cubic")}
        return msg("{curve} through the last {points} values", curve=words[self.degree], points=self.points)

    def forecast(self, past: Past, horizon: int) -> Floats:
        forecast = np.zeros((*past.counts.shape, horizon))
        held = np.minimum(past.counts, self.points)
        for points in np.unique(held[held > 1]).tolist():
            degree = min(self.degree, points - 1)
            through = np.linalg.pinv(np.vander(np.arange(1.0 - points, 1.0), degree + 1))
            ahead = np.vander(np.arange(1.0, horizon + 1.0), degree + 1) @ through
            rows = held == points
            forecast[rows] = past.values[rows][:, -points:] @ ahead.T
        return past.bounded(forecast)

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "degree": self.degree, "points": self.points}


@dataclass(frozen=True)
class Seasonal(Unlearnt):
    """The values one period before; of a series without a period the last value. The period is the lag of the highest
    autocorrelation behind the first dip."""

    kind: ClassVar[str] = "seasonal"

    @property
    def name(self) -> str:
        return msg("Seasonal naive")

    def forecast(self, past: Past, horizon: int) -> Floats:
        forecast = np.zeros((*past.counts.shape, horizon))
        for row, band in np.ndindex(*past.counts.shape):
            values = past.values[row, band]
            values = values[~np.isnan(values)]
            if period := _period(values):
                forecast[row, band] = np.resize(values[-period:], horizon)
        return forecast

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind}


def _period(values: Floats) -> int:
    """0 for none."""
    lags = len(values) // 2
    if lags < 3:
        return 0
    centred = values - values.mean()
    size = float((centred**2).sum())
    if size <= 0:
        return 0
    correlation = np.array([float((centred[:-lag] * centred[lag:]).sum()) / size for lag in range(1, lags + 1)])
    dips = np.flatnonzero(correlation < 0)
    if not len(dips):
        return 0
    best = int(dips[0] + correlation[dips[0] :].argmax())
    return best + 1 if correlation[best] > _SEASONAL else 0


@dataclass(frozen=True)
class SelfRegression(Unlearnt):
    """Autoregression of the differences of a row's own past, one for all its bands: each next step from the `lags`
    before it. penalty: of coefficients other than a straight line's, as a share of the squares of the steps."""

    lags: int
    penalty: float
    kind: ClassVar[str] = "self-regression"

    @property
    def name(self) -> str:
        return msg("Autoregression of each series by its last {lags} steps", lags=self.lags)

    def forecast(self, past: Past, horizon: int) -> Floats:
        steps = past.steps * past.scale[:, :, None]  # all bands in the same units
        size = np.sqrt(np.nan_to_num(steps**2).sum(axis=(1, 2)) / np.maximum(1, (~np.isnan(steps)).sum(axis=(1, 2))))
        steps = steps / np.where(size > 0, size, 1.0)[:, None, None]
        coefficients = self._coefficients(steps)
        before = np.nan_to_num(steps[:, :, -self.lags :])
        before = np.pad(before, ((0, 0), (0, 0), (max(0, self.lags - before.shape[2]), 0)))
        ahead = []
        for _ in range(horizon):
            ahead.append(np.einsum("rk,rbk->rb", coefficients, before[:, :, ::-1]))
            ahead[-1] = np.clip(ahead[-1], -1e6, 1e6)  # one that explodes
            before = np.concatenate([before[:, :, 1:], ahead[-1][:, :, None]], axis=2)
        scale = np.where(past.scale > 0, past.scale, np.inf)
        return past.bounded(np.cumsum(np.stack(ahead, axis=2), axis=2) * size[:, None, None] / scale[:, :, None])

    def _coefficients(self, steps: Floats) -> Floats:
        """(rows, lags), of the latest step first; those of a straight line where the past is too short to say more."""
        rows, _, length = steps.shape
        line = np.eye(self.lags)[0]
        if length <= self.lags:
            return np.tile(line, (rows, 1))
        columns = [steps[:, :, self.lags - lag : length - lag] for lag in range(1, self.lags + 1)]
        before = np.stack(columns, axis=3).reshape(rows, -1, self.lags)
        after = steps[:, :, self.lags :].reshape(rows, -1)
        there = ~(np.isnan(before).any(axis=2) | np.isnan(after))
        before, after = np.where(there[:, :, None], before, 0.0), np.where(there, after, 0.0)
        squares = np.einsum("rtk,rtl->rkl", before, before)
        missed = np.einsum("rtk,rt->rk", before, after - before @ line)
        size = np.trace(squares, axis1=1, axis2=2) / self.lags
        held = squares + (self.penalty * size + 1e-12)[:, None, None] * np.eye(self.lags)
        return np.asarray(line + np.linalg.solve(held, missed[:, :, None])[:, :, 0])

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "lags": self.lags, "penalty": self.penalty}


@dataclass(frozen=True)
class Ridge:
    """Ridge regression on the last differences, learnt from the training rows. shared: one for all bands, each read by
    itself; else a band is predicted from all of them. penalty: as a share of the mean square of a difference.
    weight (bands, differences, horizon): before it is fitted nothing."""

    shared: bool
    penalty: float
    weight: Floats | None = None
    learns: ClassVar[bool] = True
    kind: ClassVar[str] = "ridge"

    @property
    def name(self) -> str:
        if self.shared:
            return msg("Ridge regression on the last {values} values, the same for all bands", values=_LAST)
        return msg("Ridge regression on the last {values} values", values=_LAST)

    @property
    def family(self) -> str:
        return f"{self.kind}, shared" if self.shared else self.kind

    def fitted(self, past: Past, future: Floats, weights: Floats | None) -> "Ridge":
        rows, bands, horizon = future.shape
        features = self._features(past)
        counts = np.ones(rows) if weights is None else weights
        if self.shared:
            together = future.transpose(1, 0, 2).reshape(-1, horizon)  # band by band, as the features
            coefficients = self._solved(np.tile(counts, bands), np.concatenate(features), together)
            return replace(self, weight=np.tile(coefficients, (bands, 1, 1)))
        solved = [self._solved(counts, features[band], future[:, band]) for band in range(bands)]
        return replace(self, weight=np.stack(solved))

    def _solved(self, counts: Floats, features: Floats, future: Floats) -> Floats:
        """(differences, horizon)."""
        columns = []
        for target in future.T:
            used = ~np.isnan(target) & (counts > 0)
            x, heavy = features[used], features[used] * counts[used, None]
            squares = heavy.T @ x
            size = float(np.trace(squares)) / max(1, len(squares))
            held = squares + (self.penalty * size + 1e-12) * np.eye(len(squares))
            columns.append(np.linalg.solve(held, heavy.T @ target[used]))
        return np.stack(columns, axis=1)

    def forecast(self, past: Past, horizon: int) -> Floats:
        assert self.weight is not None, "fitted before it is asked"
        features = self._features(past)
        ahead = [of_band @ weight for of_band, weight in zip(features, self.weight, strict=True)]
        return past.bounded(np.stack(ahead, axis=1))

    def _features(self, past: Past) -> list[Floats]:
        """Of each band (rows, differences); 0 before the begin of a series."""
        steps = np.nan_to_num(past.steps[:, :, -(_LAST - 1) :])
        steps = np.pad(steps, ((0, 0), (0, 0), (_LAST - 1 - steps.shape[2], 0)))
        rows, bands, _ = steps.shape
        return [steps[:, band] for band in range(bands)] if self.shared else [steps.reshape(rows, -1)] * bands

    def to_json(self) -> dict[str, Any]:
        assert self.weight is not None, "fitted before it is saved"
        return {"kind": self.kind, "shared": self.shared, "penalty": self.penalty, "weight": self.weight.tolist()}


LINE = Curve(1, 2)
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


def rule_of(value: Mapping[str, Any]) -> Rule:
    """The rule that `to_json` wrote. Raises KeyError, TypeError, ValueError for another value."""
    kinds = {rule.kind: type(rule) for rule in RULES}
    parameters = {name: part for name, part in value.items() if name != "kind"}
    if "weight" in parameters:
        parameters["weight"] = np.array(parameters["weight"], dtype=np.float64)
    rule: Rule = kinds[value["kind"]](**parameters)
    return rule
