"""Simple rules of forecasting: the last value, the mean step, a curve through the last values, the last period (Hyndman
& Athanasopoulos 2021, Forecasting: Principles and Practice, section 5.2).

Rules read the past of rows and say what follows, both as multiples of each series' usual step from its last value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from sciapp.engine.data.targets.base import Floats, Ints
from sciapp.engine.data.targets.forecast_values import PastReader, band_and_step
from sciapp.engine.domains.row_input import RowInput
from sciapp.i18n import msg

_LONGEST = 256  # last values of a band that are read
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


LINE = Curve(1, 2)
