"""Numbers such as 1e300, brought to a size at which their squares and differences can be counted with."""

import math
import sys

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_HUGE = 1e150  # the square of anything larger overflows


def tamed(values: Floats) -> tuple[Floats, float]:
    """(values / scale, scale); the scale is 1 unless a value is so large that its square would overflow. NaN stays."""
    known = values[~np.isnan(values)]
    largest = float(np.abs(known).max()) if known.size else 0.0
    if largest < _HUGE:
        return values, 1.0
    scale = math.ldexp(1.0, math.frexp(largest)[1] - 1)  # a power of two: dividing by it loses no digit
    return values / scale, scale


def grown(value: float, scale: float) -> float:
    """A number that was counted out of tamed ones, as it is; at most the largest that there is."""
    return max(-sys.float_info.max, min(sys.float_info.max, value * scale))
