"""Named numbers about a series: summary statistics of each band, its period, and the spectrum with its derivatives.

Spectra are corrected for scatter (standard normal variate: Barnes et al. 1989, Appl. Spectrosc. 43:772) and derived
(Savitzky & Golay 1964, Anal. Chem. 36:1627) on their own axis, then read at fixed shares of it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.signal import savgol_filter

from sciapp.engine.domains.series.periods import NAMES as PERIOD_NAMES
from sciapp.engine.domains.series.periods import period_features
from sciapp.engine.domains.series.values import Channel, Floats, Series

POSITIONS = 64
"""Shares of the axis at which a spectrum is read."""
_SLOTS = ("ugrizy", "xyz")  # bands that people name by single letters, in the order that they mean
_MOST_BANDS = 6
_FEWEST_POINTS = 7  # of a spectrum that is derived
_MOST_AXES, _FEWEST_STEPS = 3, 4  # of a track
_STATISTICS = (
    "mean", "spread", "lowest", "highest", "median", "amplitude", "skewness", "kurtosis", "slope", "time of highest",
    "time of lowest", "time above half", "roughness", "autocorrelation", "outside", "scatter in errors",
    "signal to noise", "points",
)  # fmt: skip
_MOTION = (
    "motion mean speed", "motion spread of speed", "motion highest speed", "motion straightness", "motion mean cosine",
    "motion net speed", "motion diffusion exponent",
)  # fmt: skip
SHAPES = ("value", "first derivative", "second derivative")

Named = dict[str, float]


def described(series: Series) -> Named:
    """All descriptors in a fixed order, NaN where they are not defined."""
    channels = list(series)
    known = series.known
    numbers: Named = {
        "points": float(known.sum()),
        "bands": float(len(series.bands)),
        "duration": float(np.ptp(series.times[known])),
        "gaps": float(1 - known.mean()),
    }
    slots = _slotted(series.bands, channels)
    for slot in range(_MOST_BANDS):
        numbers |= {f"band {slot + 1} {name}": number for name, number in _statistics(slots.get(slot)).items()}
    numbers |= _differences(slots)
    numbers |= dict(zip(_MOTION, _motion(series), strict=True))
    numbers |= period_features(channels) if series.grid is None else dict.fromkeys(PERIOD_NAMES, np.nan)
    return numbers | shape(series)


def shape(series: Series) -> Named:
    """The values of a single band on an even grid, and their derivatives; NaN of anything else."""
    single = len(series.bands) == 1 and series.grid is not None and len(series) >= _FEWEST_POINTS
    curves = corrected(series.values) if single else [np.full(POSITIONS, np.nan)] * len(SHAPES)
    return {
        f"{name} {index + 1}": float(number)
        for name, curve in zip(SHAPES, curves, strict=True)
        for index, number in enumerate(curve)
    }


def corrected(values: Floats, positions: int = POSITIONS) -> list[Floats]:
    """The values (points,), and the first and second derivative of them without scatter, each (positions,)."""
    whole = _without_gaps(values)
    spread = float(whole.std())
    normal = (whole - whole.mean()) / spread if spread > 0 else whole - whole.mean()
    window = min(15, max(5, len(whole) // 10 | 1))
    derivatives = [savgol_filter(normal, window, 2, deriv=order) * len(whole) ** order for order in (1, 2)]
    at = np.linspace(0, len(whole) - 1, positions)
    return [np.interp(at, np.arange(len(whole)), curve) for curve in (whole, *derivatives)]


def _without_gaps(values: Floats) -> Floats:
    known = ~np.isnan(values)
    return values if known.all() else np.interp(np.arange(len(values)), np.flatnonzero(known), values[known])


def _slotted(bands: Sequence[str], channels: Sequence[Channel]) -> dict[int, Channel]:
    """A number for each band, the same in all series where the names are known ones: r is r where g is lacking."""
    for letters in _SLOTS:
        if all(len(name) == 1 and name.lower() in letters for name in bands):
            return {letters.index(name.lower()): channel for name, channel in zip(bands, channels, strict=True)}
    return dict(enumerate(channels[:_MOST_BANDS]))


def _motion(series: Series) -> tuple[float, ...]:
    """Of a track, whose bands are coordinates at the same times: speeds, straightness (net by whole way), mean cosine
    of turning angles, and the exponent by which the mean squared displacement grows (1: diffusion, 2: straight on;
    Qian, Sheetz & Elson 1991, Biophys. J. 60:910). NaN of anything else."""
    nothing = (float("nan"),) * len(_MOTION)
    if series.shared_times is None or not 2 <= len(series.bands) <= _MOST_AXES:
        return nothing
    positions = np.stack([channel.values for channel in series], axis=1)
    known = ~np.isnan(positions).any(axis=1)
    times, positions = series.shared_times[known], positions[known]
    if len(times) < _FEWEST_STEPS or np.ptp(times) <= 0:
        return nothing
    steps, waits = np.diff(positions, axis=0), np.diff(times)
    ways = np.linalg.norm(steps, axis=1)
    speeds, net = ways / waits, float(np.linalg.norm(positions[-1] - positions[0]))
    both = ways[1:] * ways[:-1]
    turning = (steps[1:] * steps[:-1]).sum(axis=1)[both > 0] / both[both > 0]
    lags = np.unique(np.clip([1, len(times) // 4, len(times) // 2], 1, None))
    spread = [float((np.linalg.norm(positions[lag:] - positions[:-lag], axis=1) ** 2).mean()) for lag in lags]
    grows = len(lags) > 1 and min(spread) > 0
    exponent = float(np.polyfit(np.log(lags), np.log(spread), 1)[0]) if grows else float("nan")
    return (
        float(speeds.mean()), float(speeds.std()), float(speeds.max()), net / max(float(ways.sum()), 1e-300),
        float(turning.mean()) if len(turning) else float("nan"), net / float(np.ptp(times)), exponent,
    )  # fmt: skip


def _statistics(channel: Channel | None) -> Named:
    known = np.zeros(0, dtype=bool) if channel is None else ~np.isnan(channel.values)
    if channel is None or known.sum() < 2:
        return dict.fromkeys(_STATISTICS, float("nan"))
    times, values = channel.times[known], channel.values[known]
    mean, spread = float(values.mean()), float(values.std())
    normal = (values - mean) / spread if spread > 0 else np.zeros(len(values))
    moments = (times - times[0]) / (float(np.ptp(times)) or 1.0)
    low, high = np.percentile(values, [5, 95])
    above = times[values >= (values.max() + np.median(values)) / 2]
    steps = np.diff(normal)
    errors = None if channel.errors is None else channel.errors[known]
    return dict(
        zip(
            _STATISTICS,
            (
                mean, spread, float(values.min()), float(values.max()), float(np.median(values)), float(high - low),
                float((normal**3).mean()), float((normal**4).mean()),
                float(np.polyfit(moments, values, 1)[0]) if np.ptp(moments) > 0 else 0.0,
                float(times[values.argmax()] - times[0]), float(times[values.argmin()] - times[0]),
                float(np.ptp(above)), float((steps**2).mean()), float((normal[1:] * normal[:-1]).mean()),
                float((np.abs(normal) > 1).mean()), *_against_errors(values, errors), float(len(values)),
            ),
            strict=True,
        )
    )  # fmt: skip


def _against_errors(values: Floats, errors: Floats | None) -> tuple[float, float]:
    """Logarithm of chi squared a point against a constant, and the highest value in units of its error."""
    known = None if errors is None else np.isfinite(errors) & (errors > 0)
    if errors is None or known is None or known.sum() < 2:
        return float("nan"), float("nan")
    values, weights = values[known], errors[known] ** -2.0
    mean = (weights @ values) / weights.sum()
    return float(np.log10(1e-3 + (weights * (values - mean) ** 2).mean())), float((values * np.sqrt(weights)).max())


def _differences(slots: Mapping[int, Channel]) -> Named:
    """Mean differences and time lags between neighbouring bands: colours."""
    numbers: Named = {}
    for first in range(_MOST_BANDS - 1):
        one, two = _statistics(slots.get(first)), _statistics(slots.get(first + 1))
        for name in ("mean", "highest", "time of highest"):
            numbers[f"bands {first + 1} and {first + 2} {name}"] = one[name] - two[name]
    return numbers
