"""Numbers that people and programs write where nothing was measured: −999, 9999, 1e30 and their kin."""

import re

import numpy as np
import numpy.typing as npt

_NINES = frozenset(sign * (10.0**digits - 1) for digits in range(2, 10) for sign in (1, -1))
FILL_VALUES = _NINES | {
    -1.0, -9.0, -32768.0, 32767.0, 65535.0, -2147483648.0, 2147483647.0, 9.969209968386869e36, 1e20, -1e20,
    1e30, -1e30, 1e34, -1e34, 3.4028234663852886e38, -3.4028234663852886e38, -99.9,
    -888.0, 888.0, -8888.0, 8888.0, -777.0, 777.0, -7777.0, 7777.0,
}  # fmt: skip
_WITH_DECIMALS = re.compile(r"(99\.99|9{3,}\.9+)")  # 99.99, 999.9: nines before and behind the point
_LEAST = 10.0  # codes below this are numbers like others
_ALONE_BELOW, _ALONE_ABOVE = -999.0, 9999.0  # one of these counts where it stands alone; the base peak of a mass
# spectrum is 999
_SPANS, _FAR_SPANS = 0.5, 10.0  # of the range of all others, that several or a single one lie away from them


def is_fill_value(value: float) -> bool:
    """True for a number that is known to be written for a gap."""
    return value in FILL_VALUES or is_nines(value)


def is_nines(value: float) -> bool:
    """True for −99, 9999, 99.99, 999.9 and the like."""
    return value in _NINES or _WITH_DECIMALS.fullmatch(f"{abs(value):.10g}") is not None


def filled_in(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """True for each of the values (n,) of a measured curve that is a fill value: known as one, and far from the others.

    Of a curve whose every value is the same fill value all are. NaN is none.
    """
    filled = np.zeros(len(values), dtype=np.bool_)
    left = np.unique(values[np.isfinite(values)]).tolist()
    while left:
        ends = ((left[0], left[1:]), (left[-1], left[:-1]))
        code = next((end for end, others in ends if _is_code(end, others, values)), None)
        if code is None:
            break
        left.remove(code)
        filled |= values == code
    return filled


def _is_code(value: float, others: list[float], values: npt.NDArray[np.float64]) -> bool:
    if abs(value) < _LEAST or not is_fill_value(value):
        return False
    return _stands_for_nothing(value, int((values == value).sum()), others)


def _stands_for_nothing(value: float, count: int, others: list[float]) -> bool:
    """others: the different values but those that were found to be codes, sorted."""
    if count < 2 and _ALONE_BELOW < value < _ALONE_ABOVE:
        return False
    if not others:
        return not _ALONE_BELOW < value < _ALONE_ABOVE
    low, high = others[0], others[-1]
    if value < 0 <= low:
        return True
    distance = low - value if value < low else value - high
    return distance > (_SPANS if count > 1 else _FAR_SPANS) * (high - low)
