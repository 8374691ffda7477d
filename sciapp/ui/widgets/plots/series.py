"""Growing curves of a run, kept as arrays, and the few points of them that a screen can show."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BLOCK = 64  # neighbours of which the smallest and the largest value are kept: a long curve is drawn from those
_MOST = 2000  # points of a curve on the screen, about


class Series:
    """x (points,) ascending and y (points,) that grow at the end; appending is amortised, reading copies nothing."""

    def __init__(self) -> None:
        self._x = np.empty(1024)
        self._y = np.empty(1024)
        self._lows = np.empty(1024 // _BLOCK)
        self._highs = np.empty(1024 // _BLOCK)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def x(self) -> Floats:
        return self._x[: self._size]

    @property
    def y(self) -> Floats:
        return self._y[: self._size]

    def extend(self, x: Floats, y: Floats) -> None:
        """Add points at the end."""
        needed = self._size + len(x)
        if needed > len(self._x):
            room = -(-max(needed, 2 * len(self._x)) // _BLOCK) * _BLOCK
            self._x, self._y = np.resize(self._x, room), np.resize(self._y, room)
            self._lows, self._highs = (np.resize(extremes, room // _BLOCK) for extremes in (self._lows, self._highs))
        self._x[self._size : needed] = x
        self._y[self._size : needed] = y
        first_block, end_block = self._size // _BLOCK, needed // _BLOCK
        blocks = self._y[first_block * _BLOCK : end_block * _BLOCK].reshape(-1, _BLOCK)
        self._lows[first_block:end_block], self._highs[first_block:end_block] = _extremes(blocks, blocks)
        self._size = needed

    def drop_after(self, x: float) -> None:
        """Forget the points right of `x`: a resumed run goes through them again."""
        self._size = int(np.searchsorted(self.x, x, side="right"))

    def clear(self) -> None:
        self._size = 0

    def nearest(self, x: float) -> tuple[float, float] | None:
        """The point whose x is closest."""
        if not self._size:
            return None
        right = int(np.clip(np.searchsorted(self.x, x), 1, max(self._size - 1, 1)))
        candidates = [index for index in (right - 1, right) if index < self._size]
        best = min(candidates, key=lambda index: abs(self._x[index] - x))
        return float(self._x[best]), float(self._y[best])

    def between(self, low: float, high: float) -> tuple[Floats, Floats]:
        """x and y (points,) of 3,000 points at most that look like the curve between `low` and `high`.

        Every bin of neighbours gives its smallest and its largest value, so that no spike is lost; gaps (NaN) count
        only where a bin has nothing else. One point beyond each side stays, so that lines run to the edge. pyqtgraph's
        own downsampling takes 10 ms a frame at a million points.
        """
        first = max(int(np.searchsorted(self.x, low)) - 1, 0)
        last = min(int(np.searchsorted(self.x, high, side="right")) + 1, self._size)
        size = 2 * (last - first) // _MOST
        if size < 2:
            return self._x[first:last], self._y[first:last]
        if size < 2 * _BLOCK:
            ends = first + (last - first) // size * size
            starts, bins = np.arange(first, ends, size), self._y[first:ends].reshape(-1, size)
            lows, highs = _extremes(bins, bins)
        else:
            together, first_block = size // _BLOCK, first // _BLOCK
            end_block = first_block + (last // _BLOCK - first_block) // together * together
            starts, ends = np.arange(first_block, end_block, together) * _BLOCK, end_block * _BLOCK
            lows, highs = _extremes(
                *(extremes[first_block:end_block].reshape(-1, together) for extremes in (self._lows, self._highs))
            )
        if ends < last:
            rest = self._y[None, ends:last]
            starts = np.append(starts, ends)
            lows, highs = (np.append(*pair) for pair in zip((lows, highs), _extremes(rest, rest), strict=True))
        # Lowest first in falling bins, highest first in rising ones would be exact; at a pixel's width nobody can tell.
        thin_x, thin_y = np.repeat(self._x[starts], 2), np.stack([lows, highs], axis=1).ravel()
        return np.append(thin_x, self._x[last - 1]), np.append(thin_y, self._y[last - 1])


def _extremes(lows: Floats, highs: Floats) -> tuple[Floats, Floats]:
    """Smallest and largest values (bins,) of bins (bins, points), gaps left out."""
    return np.fmin.reduce(lows, axis=1), np.fmax.reduce(highs, axis=1)


def smoothed(previous: float | None, seen: int, y: Floats, least: float = 0.03) -> Floats:
    """Running mean of y (points,) that goes on from `previous` after `seen` points.

    The plain mean at first, so that the first losses do not hang over a short run; later exponential with weight
    `least`. Gaps (NaN) keep the last value.
    """
    out = np.empty_like(y)
    last = previous
    for index, value in enumerate(y.tolist()):
        if value == value and abs(value) != float("inf"):
            weight = max(least, 1 / (seen + index + 1))
            last = value if last is None else last + weight * (value - last)
        out[index] = np.nan if last is None else last
    return out
