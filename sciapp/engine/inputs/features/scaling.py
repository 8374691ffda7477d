"""Numbers of every size made fit for a network: centred, scaled, outliers held in; learnt from training rows alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_OUTER = 0.5  # per cent at either end that are drawn in before mean and spread are taken (winsorised)
_SMALLEST = 5  # per cent of the magnitudes that lie below what is taken for the unit of positive numbers
_LARGEST = 1e9  # descriptors' own units; some of them explode (Ipc: 1e40)
_LARGEST_OF_UNITS = 1e300  # covariates, in units of their own column; twice as much is still a number
_FURTHEST = 6.0  # standard deviations; a new row may lie further out than any training row


@dataclass(frozen=True)
class Scaling:
    """names: the columns that are read. low, high, centre, scale: (2 * names,), of the values and of their signed logs.

    Both are given to the network: a logarithm for what spans decades (surface, counts of fragments), the plain number
    for what adds up. unit (names,): what a value is divided by before anything else; 1 for descriptors, whose units are
    fixed, and for covariates learnt from the training rows, so that mol/L and nmol/L are the same to the network.
    """

    names: tuple[str, ...]
    low: Floats
    high: Floats
    centre: Floats
    scale: Floats
    unit: Floats

    @classmethod
    def of(cls, names: Sequence[str], values: Floats, *, in_fixed_units: int = 0) -> "Scaling":
        """From values (training rows, names) with NaN for gaps; a column that never changes gets the scale 0.

        in_fixed_units: so many of the first columns are descriptors.
        """
        if not names:
            return cls((), *(np.empty(0) for _ in range(5)))
        unit = np.array([1.0 if index < in_fixed_units else _unit(column) for index, column in enumerate(values.T)])
        both = _both(values, unit, _largest(len(names), in_fixed_units))
        with np.errstate(invalid="ignore"):
            measured = np.where(np.isnan(both).all(axis=0), 0.0, both)
            low, high = np.nanpercentile(measured, [_OUTER, 100 - _OUTER], axis=0)
            # What is rare (a fragment in one molecule of a thousand) keeps its range: drawn in it would be nothing.
            flat = low == high
            low = np.where(flat, np.nanmin(measured, axis=0), low)
            high = np.where(flat, np.nanmax(measured, axis=0), high)
            # Counted as shares of the range: a unit or an offset costs no digit, and no spread is too small to be one.
            width = high - low
            shares = (np.clip(measured, low, high) - low) / np.where(width > 0, width, 1.0)
            centre, spread = np.nanmean(shares, axis=0), np.nanstd(shares, axis=0)
        return cls(tuple(names), low, high, low + centre * width, spread * width, unit)

    @property
    def width(self) -> int:
        """The number of values that a row becomes."""
        return len(self.centre)

    def apply(self, values: Floats) -> npt.NDArray[np.float32]:
        """Values (rows, names) as (rows, width), most between -3 and 3; a gap is the training rows' mean."""
        held = np.clip(_both(values, self.unit, _LARGEST_OF_UNITS), self.low, self.high)
        known = self.scale > 0
        scaled = np.where(known, (held - self.centre) / np.where(known, self.scale, 1.0), 0.0)
        return np.asarray(np.clip(np.nan_to_num(scaled), -_FURTHEST, _FURTHEST), dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        numbers = {name: getattr(self, name).tolist() for name in ("low", "high", "centre", "scale", "unit")}
        return {"names": list(self.names), **numbers}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Scaling":
        """Raises KeyError, TypeError, ValueError for what `to_json` did not write."""
        numbers = [np.array(value[name], dtype=np.float64) for name in ("low", "high", "centre", "scale")]
        names = tuple(str(name) for name in value["names"])
        # Models from before units were learnt took every number as it stood.
        unit = np.array(value.get("unit", [1.0] * len(names)), dtype=np.float64)
        if any(part.shape != (2 * len(names),) for part in numbers) or unit.shape != (len(names),):
            raise ValueError("the scaling does not fit its names")
        if not all(np.isfinite(part).all() for part in (*numbers, unit)) or not (unit > 0).all():
            raise ValueError("there are gaps in the scaling")
        low, high, centre, scale = numbers
        return cls(names, low, high, centre, scale, unit)


def _unit(column: Floats) -> float:
    """A magnitude that is small among those that are there: the logarithm then tells all decades of a dose apart.

    Of numbers with both signs it is a usual one: there a logarithm that begins near zero would tell little but the
    sign.
    """
    known = np.abs(column[np.isfinite(column) & (column != 0)])
    if not len(known):
        return 1.0
    both_signs = bool((column < 0).any() and (column > 0).any())
    return float(np.percentile(known, 50 if both_signs else _SMALLEST, method="lower"))


def _largest(names: int, in_fixed_units: int) -> Floats:
    return np.where(np.arange(names) < in_fixed_units, _LARGEST, _LARGEST_OF_UNITS)


def _both(values: Floats, unit: Floats, largest: Floats | float) -> Floats:
    """(rows, names) to (rows, 2 * names): the values in units, and sign * log(1 + |value|)."""
    with np.errstate(over="ignore"):  # held at the largest
        units = np.where(np.isfinite(values), values, np.nan) / unit
    finite = np.clip(units, -largest, largest)
    return np.concatenate([finite, np.sign(finite) * np.log1p(np.abs(finite))], axis=1)
