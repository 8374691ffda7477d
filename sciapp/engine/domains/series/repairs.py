"""Repairs of series: codes for gaps, times that stand out of order, several measurements of one band at one time."""

import json
from collections.abc import Mapping

import numpy as np

from sciapp.engine.domains.base import Policy, Repair, as_it_is, set_aside
from sciapp.engine.domains.fill_values import filled_in
from sciapp.engine.domains.series.values import Series
from sciapp.i18n import msg


def has_fill_values(text: str) -> bool:
    """True if a canonical series has numbers that are written for a gap, such as −999, far from its other values."""
    return bool(_filled(Series.parse(text)).any())


def with_gaps(text: str) -> str:
    """The series with gaps instead of such numbers. Raises Rejected where too little is left."""
    series = Series.parse(text)
    return series.with_values(np.where(_filled(series), np.nan, series.values)).text


def _filled(series: Series) -> np.ndarray:
    """True for each measurement that is a fill value in its band (n,)."""
    filled = np.zeros(len(series), dtype=bool)
    for index in range(len(series.bands)):
        own = series.band == index
        filled[own] = filled_in(series.values[own])
    return filled


def is_out_of_order(text: str) -> bool:
    """True if the times of a band fall from one measurement to the next, as the cell has them."""
    if not text.lstrip().startswith("{") or '"t":[' not in text:
        return False
    try:
        record = json.loads(text)
        times = np.array(record["t"], dtype=np.float64)
        bands = np.array(record.get("b") or [""] * len(times))
        return any(bool((np.diff(times[bands == band]) < 0).any()) for band in np.unique(bands))
    except (ValueError, TypeError, KeyError, IndexError):
        return False  # whatever is wrong with it, `Series.parse` says


def has_repeats(text: str) -> bool:
    """True if a canonical series has several measurements of one band at one time."""
    series = Series.parse(text)
    return len(_groups(series)[0]) < len(series)


def averaged(text: str) -> str:
    """One measurement for each time and band: the mean of those that are known, with the error of a mean."""
    series = Series.parse(text)
    firsts, group = _groups(series)
    values = np.where(series.known, series.values, 0.0)
    counts = np.bincount(group, series.known)
    means = np.divide(np.bincount(group, values), counts, out=np.full(len(firsts), np.nan), where=counts > 0)
    errors = None
    if series.errors is not None:
        squares = np.where(series.known, series.errors**2, 0.0)  # a gap has a part neither in the mean nor in its error
        roots = np.sqrt(np.bincount(group, squares))
        errors = np.divide(roots, counts, out=np.full(len(firsts), np.nan), where=counts > 0)
    bands = [series.bands[index] for index in series.band[firsts]]
    return Series.of(series.times[firsts], means, bands=bands, errors=errors, axis=series.axis).text


def first_ones(text: str) -> str:
    """The first measurement of each time and band."""
    series = Series.parse(text)
    firsts, _ = _groups(series)
    return series.taken(firsts).text


def _groups(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """(index of the first measurement of each time and band, the number of its group for each measurement)."""
    keys = np.stack([series.times, series.band.astype(np.float64)], axis=1)
    _, firsts, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return firsts, group.reshape(-1)


REPAIRS: Mapping[str, Repair[str]] = {
    "fill_values": Repair(
        title=msg("Codes for “not measured” within series"),
        consequence=msg(
            "Numbers such as −999 or 9999, far from all others of a series, would be learnt as measurements."
        ),
        detects=has_fill_values,
        policies={
            "gap": Policy(msg("They are gaps: nothing was measured"), with_gaps),
            "keep": Policy(msg("Keep them: they are numbers"), as_it_is),
            "set_aside": set_aside(msg("it has codes for “not measured”")),
        },
        proposed="gap",
        canonical=True,
    ),
    "unordered_times": Repair(
        title=msg("Times out of order"),
        consequence=msg("Measurements are put in the order of their times; were the times typed wrongly?"),
        detects=is_out_of_order,
        policies={
            "sort": Policy(msg("Put them in order"), as_it_is),  # which the canonical form does
            "set_aside": set_aside(msg("its times are out of order")),
        },
        proposed="sort",
    ),
    "repeated_times": Repair(
        title=msg("Several measurements at one time"),
        consequence=msg("A band has more than one value at the same time: points written twice count twice."),
        detects=has_repeats,
        policies={
            "keep": Policy(msg("Keep all of them"), as_it_is),
            "mean": Policy(msg("Take their mean"), averaged),
            "first": Policy(msg("Take the first"), first_ones),
            "set_aside": set_aside(msg("it has several measurements of one band at one time")),
        },
        proposed="mean",
        canonical=True,
    ),
}
