"""Rewritings of series for which labels stay true: noise, shifts, scales, and measurements that are left out.

Each takes (canonical text, seed, strength 0..1) and gives a canonical text. As for near-infrared spectra in Bjerrum,
Glahder & Skov (2017, arXiv:1710.01927), and for sensors in Um et al. (2017, ICMI).
"""

from collections.abc import Callable

import numpy as np

from sciapp.engine.domains.base import Augmentation
from sciapp.engine.domains.series.values import LEAST, Floats, Series
from sciapp.i18n import msg

_NOISE = 0.05  # of a band's spread, at strength 1
_OFFSET = 0.10
_SCALE = 0.10
_SLOPE = 0.10  # of a band's spread, from one end to the other
_DROPPED = 0.30  # of the measurements
_SHIFTED = 0.05  # of the duration
_DIGITS = 6

Rng = np.random.Generator


def _rewritten(text: str, seed: int, change: Callable[[Series, Rng], Floats]) -> str:
    """The series with other values, as many digits as are measured at all."""
    series = Series.parse(text)
    values = change(series, np.random.default_rng(seed))
    rounded = [float(f"{value:.{_DIGITS}g}") for value in values]
    return series.with_values(rounded).text


def _spreads(series: Series) -> Floats:
    """The spread of the band of each measurement (n,)."""
    spreads = np.array([np.nanstd(channel.values) for channel in series])
    return np.asarray(spreads[series.band], dtype=np.float64)


def noisy(text: str, seed: int, strength: float) -> str:
    """Normal noise: as large as the errors where they are known, else a share of the band's spread."""

    def change(series: Series, rng: Rng) -> Floats:
        sizes = _NOISE * _spreads(series)
        if series.errors is not None:
            sizes = np.where(np.isnan(series.errors), sizes, series.errors)
        return series.values + strength * sizes * rng.standard_normal(len(series))

    return _rewritten(text, seed, change)


def tilted(text: str, seed: int, strength: float) -> str:
    """Another baseline and slope, and a factor near 1, for each band: what scatter and drift do to a spectrum."""

    def change(series: Series, rng: Rng) -> Floats:
        count = len(series.bands)
        offset, slope, factor = (rng.uniform(-1, 1, count)[series.band] for _ in range(3))
        share = (series.times - series.times.min()) / (np.ptp(series.times) or 1.0) - 0.5
        spreads = strength * _spreads(series)
        drift: Floats = spreads * (_OFFSET * offset + _SLOPE * slope * share)
        return drift + series.values * (1 + strength * _SCALE * factor)

    return _rewritten(text, seed, change)


def scaled(text: str, seed: int, strength: float) -> str:
    """All values times one factor near 1."""
    return _rewritten(text, seed, lambda series, rng: series.values * (1 + strength * _SCALE * rng.uniform(-1, 1)))


def shifted(text: str, seed: int, strength: float) -> str:
    """All values a little earlier or later; those that are pushed out at one end are gone, the other end stays."""

    def change(series: Series, rng: Rng) -> Floats:
        shift = strength * _SHIFTED * float(np.ptp(series.times)) * rng.uniform(-1, 1)
        values = series.values.copy()
        for index in range(len(series.bands)):
            own = (series.band == index) & series.known
            if own.sum() >= LEAST:
                values[own] = np.interp(series.times[own] + shift, series.times[own], series.values[own])
        return values

    return _rewritten(text, seed, change)


def thinned(text: str, seed: int, strength: float) -> str:
    """Some measurements are left out: gaps on an even grid, no measurements elsewhere."""
    series, rng = Series.parse(text), np.random.default_rng(seed)
    out = (rng.random(len(series)) < strength * _DROPPED * rng.random()) & series.known
    if (series.known & ~out).sum() < LEAST:
        return text
    if series.grid is not None:
        return _rewritten(text, seed, lambda same, _: np.where(out, np.nan, same.values))
    return series.taken(~out).text


AUGMENTATIONS = {
    "noise": Augmentation(
        title=msg("Noise"),
        help=msg(
            "Each value is a little higher or lower, by its error where that is known. Not where the label is how "
            "noisy a series is."
        ),
        source="Um et al. 2017, ICMI",
        rewrite=noisy,
    ),
    "baseline": Augmentation(
        title=msg("Baseline and scatter"),
        help=msg(
            "Another offset, slope and factor for each band, as scatter and drift make them in spectra. Not where the "
            "absolute value decides."
        ),
        source="Bjerrum et al. 2017, arXiv:1710.01927",
        rewrite=tilted,
    ),
    "scale": Augmentation(
        title=msg("Scale"),
        help=msg("All values are multiplied by one factor near 1. Not where the size of the values decides."),
        source="Um et al. 2017, ICMI",
        rewrite=scaled,
    ),
    "shift": Augmentation(
        title=msg("Shift along the axis"),
        help=msg(
            "The whole curve is moved a little to earlier or later times. Not for spectra, whose bands do not move, "
            "nor for forecasts, whose next values would no longer follow."
        ),
        source="Um et al. 2017, ICMI",
        rewrite=shifted,
    ),
    "dropout": Augmentation(
        title=msg("Dropped measurements"),
        help=msg(
            "Some measurements are left out, as clouds and dead sensors do. Suits series with gaps; not for "
            "forecasts, which begin at the last one."
        ),
        source="Boone 2019, AJ 158:257",
        rewrite=thinned,
    ),
}
