"""Growing curves of a run, kept as arrays, and the few points of them that a screen can show."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Series:
    """x (points,) ascending and y (points,) that grow at the end; appending is amortised, reading copies nothing."""

    def __init__(self) -> None:
        self._x = np.empty(1024)
        self._y = np.empty(1024)
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
            room = max(needed, 2 * len(self._x))
            self._x = np.resize(self._x, room)
            self._y = np.resize(self._y, room)
        self._x[self._size : needed] = x
        self._y[self._size : needed] = y
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


def decimated(x: Floats, y: Floats, low: float, high: float, most: int = 2000) -> tuple[Floats, Floats]:
    """At most about `most` points that look like the curve between `low` and `high`.

    Every bin of neighbours gives its smallest and its largest value, so that no spike is lost. One point beyond each
    side stays, so that lines run to the edge. pyqtgraph's own downsampling is slower at a million points
    (10 ms a frame against 6).
    """
    first = max(int(np.searchsorted(x, low)) - 1, 0)
    last = min(int(np.searchsorted(x, high, side="right")) + 1, len(x))
    x, y = x[first:last], y[first:last]
    size = 2 * len(x) // most
    if size < 2:
        return x, y
    bins = len(x) // size
    head_x, head_y = x[: bins * size].reshape(bins, size), y[: bins * size].reshape(bins, size)
    lows, highs = head_y.min(axis=1), head_y.max(axis=1)
    # Lowest first in falling bins, highest first in rising ones would be exact; at a pixel's width nobody can tell.
    thin_y = np.stack([lows, highs], axis=1).ravel()
    thin_x = np.repeat(head_x[:, 0], 2)
    return np.concatenate([thin_x, x[bins * size :]]), np.concatenate([thin_y, y[bins * size :]])


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
