"""Numbers such as 1e300 or 1e-170, brought to a size at which their squares and differences can be counted with."""

import math
import sys

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_HUGE, _TINY = 1e150, 1e-140  # the squares of what is beyond are infinite, or nothing


def tamed(values: Floats) -> tuple[Floats, float]:
    """(values / scale, scale); the scale is 1 unless the square of the largest cannot be held. NaN stays."""
    known = values[~np.isnan(values)]
    largest = float(np.abs(known).max()) if known.size else 0.0
    if _TINY < largest < _HUGE or not largest or not math.isfinite(largest):
        return values, 1.0
    scale = power_of_two(largest)
    return values / scale, scale


def grown(value: float, scale: float) -> float:
    """A number that was counted out of tamed ones, as it is; at most the largest that there is."""
    return max(-sys.float_info.max, min(sys.float_info.max, value * scale))


def power_of_two(size: float) -> float:
    """The largest that is not above `size`, a positive number: dividing by it loses no digit."""
    return math.ldexp(1.0, math.frexp(size)[1] - 1)


def most_bins(values: Floats, wanted: int) -> int:
    """As many bins as wanted, or as there are numbers of 64 bits between the smallest value and the largest."""
    low, high = float(values.min()), float(values.max())
    steps = (high / 2 - low / 2) / float(np.spacing(max(abs(low), abs(high))))  # halves: their difference is finite
    return wanted if low == high else max(1, min(wanted, int(steps)))


def mean_and_spread(values: Floats, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """The mean and the standard deviation of each column of values (rows, columns), NaN left out; both (columns,).

    weights (rows,): how much each row counts, None: all the same. Whatever the unit, the spread is 0 only where all
    values that count are the same. A column without any is (NaN, 0).
    """
    moments = [_of_column(column, weights) for column in values.T]
    return np.array([mean for mean, _ in moments]), np.array([spread for _, spread in moments])


def _of_column(column: Floats, weights: Floats | None) -> tuple[float, float]:
    counts = ~np.isnan(column) if weights is None else ~np.isnan(column) & (weights > 0)
    known, of_known = column[counts], None if weights is None else weights[counts] / weights.max()
    if not len(known):
        return math.nan, 0.0
    # From a value in the middle, in the size of the differences: neither an offset nor a unit costs a digit.
    small, outer = tamed(known)
    middle = float(np.median(small))
    near, inner = tamed(small - middle)
    if not near.any():
        return float(known[0]), 0.0
    mean = float(np.average(near, weights=of_known))
    spread = math.sqrt(float(np.average((near - mean) ** 2, weights=of_known)))
    return grown(middle + mean * inner, outer), grown(spread * inner, outer)
