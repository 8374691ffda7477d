"""Points of many objects, collected in the order of a file and given back object by object, in bounded memory."""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import TracebackType
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

_CHUNK = 500_000  # points that are held in memory, some 20 MB

Points = npt.NDArray[np.void]
"""Points (n,) of one object in the order of the file, a structured array: time, band (a number), values (n, k), error.
"""


class NewPoints(NamedTuple):
    """times, bands (numbers), errors: (n,); values: (n, k)."""

    times: npt.NDArray[np.float64]
    bands: npt.NDArray[np.int32]
    values: npt.NDArray[np.float64]
    errors: npt.NDArray[np.float64]

    def taken(self, rows: Sequence[int]) -> "NewPoints":
        """Some of the points."""
        return NewPoints(self.times[rows], self.bands[rows], self.values[rows], self.errors[rows])


class PointStore:
    """Chunks sorted by object, all but the last in a temporary file; used as a context manager.

    An external merge sort (Knuth, The Art of Computer Programming 3, section 5.4) whose keys are numbered already.
    """

    def __init__(self, values: int) -> None:
        """values: numbers that are measured at each point."""
        self._type = np.dtype(
            {
                "names": ["object", "time", "band", "values", "error"],
                "formats": [np.int64, np.float64, np.int32, (np.float64, (values,)), np.float64],
            }
        )
        self._waiting: list[Points] = []
        self._held = 0
        self._file: IO[bytes] | None = None
        self._sizes: list[int] = []
        self._counts: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def add(self, objects: npt.NDArray[np.int64], points: NewPoints) -> None:
        """The next points. objects (n,): numbers of the objects that they belong to, counted from 0."""
        rows = np.zeros(len(objects), dtype=self._type)
        rows["object"], rows["time"], rows["band"] = objects, points.times, points.bands
        rows["values"], rows["error"] = points.values, points.errors
        self._waiting.append(rows)
        self._held += len(rows)
        counts = np.bincount(objects, minlength=len(self._counts))
        counts[: len(self._counts)] += self._counts
        self._counts = counts
        if self._held >= _CHUNK:
            self._spill()

    def objects(self) -> Iterator[Points]:
        """The points of each object, in the order of their numbers."""
        chunks = [*self._spilt(), self._sorted()]
        first, total, last = 0, 0, len(self._counts)
        for number, count in enumerate(self._counts.tolist(), start=1):
            total += count
            if total >= _CHUNK or number == last:
                yield from _parted(chunks, first, number)
                first, total = number, 0

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="sciapp-points-")  # noqa: SIM115  closed by `__exit__`
        self._file.write(self._sorted().tobytes())
        self._sizes.append(self._held)
        self._waiting, self._held = [], 0

    def _sorted(self) -> Points:
        points = np.concatenate([np.zeros(0, dtype=self._type), *self._waiting])
        return points[np.argsort(points["object"], kind="stable")]

    def _spilt(self) -> list[Points]:
        """The chunks in the file, which the system reads where they are looked at."""
        if self._file is None:
            return []
        self._file.flush()
        begins = np.cumsum([0, *self._sizes[:-1]]) * self._type.itemsize
        return [
            np.memmap(self._file, dtype=self._type, mode="r", offset=int(begin), shape=(size,))
            for begin, size in zip(begins, self._sizes, strict=True)
        ]

    def __enter__(self) -> "PointStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def _parted(chunks: list[Points], first: int, end: int) -> Iterator[Points]:
    """The points of the objects from `first` to before `end`, one object after the other."""
    parts = []
    for chunk in chunks:
        low, high = np.searchsorted(chunk["object"], (first, end))
        parts.append(np.asarray(chunk[low:high]))
    points = np.concatenate(parts)
    points = points[np.argsort(points["object"], kind="stable")]
    borders = np.searchsorted(points["object"], np.arange(first, end + 1))
    for low, high in pairwise(borders.tolist()):
        yield points[low:high]
