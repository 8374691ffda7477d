"""Numbers of every size made fit for a network: centred, scaled, outliers held in; learnt from training rows alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_OUTER = 0.5  # per cent at either end that are drawn in before mean and spread are taken (winsorised)
_LARGEST = 1e9  # some descriptors explode (Ipc: 1e40)
_FURTHEST = 6.0  # standard deviations; a new row may lie further out than any training row


@dataclass(frozen=True)
class Scaling:
    """names: the columns that are read. low, high, centre, scale: (2 * names,), of the values and of their signed logs.

    Both are given to the network: a logarithm for what spans decades (surface, counts of fragments), the plain number
    for what adds up.
    """

    names: tuple[str, ...]
    low: Floats
    high: Floats
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, names: Sequence[str], values: Floats) -> "Scaling":
        """From values (training rows, names) with NaN for gaps; a column that never changes gets the scale 0."""
        both = _both(values)
        if not names:
            return cls((), *(np.empty(0) for _ in range(4)))
        with np.errstate(invalid="ignore"):
            measured = np.where(np.isnan(both).all(axis=0), 0.0, both)
            low, high = np.nanpercentile(measured, [_OUTER, 100 - _OUTER], axis=0)
            # What is rare (a fragment in one molecule of a thousand) keeps its range: drawn in it would be nothing.
            flat = low == high
            low = np.where(flat, np.nanmin(measured, axis=0), low)
            high = np.where(flat, np.nanmax(measured, axis=0), high)
            held = np.clip(measured, low, high)
            centre, spread = np.nanmean(held, axis=0), np.nanstd(held, axis=0)
        return cls(tuple(names), low, high, centre, np.where(spread > 1e-9, spread, 0.0))

    @property
    def width(self) -> int:
        """How many numbers a row becomes."""
        return len(self.centre)

    def apply(self, values: Floats) -> npt.NDArray[np.float32]:
        """Values (rows, names) as (rows, width), most between -3 and 3; a gap is the training rows' mean."""
        held = np.clip(_both(values), self.low, self.high)
        known = self.scale > 0
        scaled = np.where(known, (held - self.centre) / np.where(known, self.scale, 1.0), 0.0)
        return np.asarray(np.clip(np.nan_to_num(scaled), -_FURTHEST, _FURTHEST), dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        numbers = {name: getattr(self, name).tolist() for name in ("low", "high", "centre", "scale")}
        return {"names": list(self.names), **numbers}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Scaling":
        """Raises KeyError, TypeError, ValueError for what `to_json` did not write."""
        numbers = [np.array(value[name], dtype=np.float64) for name in ("low", "high", "centre", "scale")]
        names = tuple(str(name) for name in value["names"])
        if any(part.shape != (2 * len(names),) for part in numbers):
            raise ValueError("the scaling does not fit its names")
        if not all(np.isfinite(part).all() for part in numbers):
            raise ValueError("there are gaps in the scaling")
        return cls(names, *numbers)


def _both(values: Floats) -> Floats:
    """(rows, names) to (rows, 2 * names): the values, and sign * log(1 + |value|)."""
    finite = np.clip(np.where(np.isfinite(values), values, np.nan), -_LARGEST, _LARGEST)
    return np.concatenate([finite, np.sign(finite) * np.log1p(np.abs(finite))], axis=1)
