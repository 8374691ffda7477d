"""Values that are measurements along time, wavelength or another axis, as tasks read them."""

from collections.abc import Iterator, Sequence
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
UNNAMED = ""
"""Name of the band of a value that has one band."""


class MeasuredBand(Protocol):
    """The measurements of one band, sorted by time. times, values: (n,), NaN for a gap."""

    @property
    def times(self) -> Floats: ...

    @property
    def values(self) -> Floats: ...


class Measured(Protocol):
    """Measurements of one band or several. times: of all of them, sorted (n,)."""

    @property
    def times(self) -> Floats: ...

    @property
    def bands(self) -> Sequence[str]: ...

    @property
    def text(self) -> str:
        """The canonical value of the domain."""

    def channel(self, name: str) -> MeasuredBand:
        """The measurements of a band."""

    def __iter__(self) -> Iterator[MeasuredBand]:
        """The measurements of each band, in the order of `bands`."""

    def between(self, first: float, last: float) -> Self:
        """The measurements from the time `first` up to `last`, both included. Raises Rejected for too few."""
