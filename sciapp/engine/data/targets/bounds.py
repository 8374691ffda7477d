"""Bounds that stand where a value could not be measured: “>10” is a lower bound, “<0.5” an upper one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.censored_cells import LOWER

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass
class Bounds:
    """lower, upper (rows, targets), NaN where there is none: the value lies above the one, below the other."""

    lower: Floats
    upper: Floats

    @classmethod
    def none(cls, rows: int, targets: int) -> "Bounds":
        return cls(np.full((rows, targets), np.nan), np.full((rows, targets), np.nan))

    @property
    def known(self) -> Bools:
        """(rows, targets): whether there is a bound."""
        return ~np.isnan(self.lower) | ~np.isnan(self.upper)

    def put(self, row: int, target: int, sign: str, number: float) -> None:
        (self.lower if sign == LOWER else self.upper)[row, target] = number

    def text(self, row: int, target: int) -> str:
        """“>10.0”; empty where there is none."""
        sides = ((">", self.lower[row, target]), ("<", self.upper[row, target]))
        return " ".join(f"{sign}{float(number)!r}" for sign, number in sides if not np.isnan(number))

    def remove(self, where: Bools) -> None:
        """where (rows, targets)."""
        self.lower[where] = self.upper[where] = np.nan

    def of_targets(self, stay: list[int]) -> "Bounds":
        return Bounds(self.lower[:, stay], self.upper[:, stay])

    def take_logarithms(self, target: int) -> None:
        """Decimal ones, which rise: a lower bound stays one. A bound that is not above zero says nothing any more."""
        for side in (self.lower, self.upper):
            column = side[:, target]
            good = column > 0
            side[:, target] = np.where(good, np.log10(np.where(good, column, 1.0)), np.nan)

    def agree(self, identity: npt.NDArray[np.uint64], values: Floats, usable: Bools) -> list[tuple[int, int]]:
        """Of the rows of one input all bounds become the tightest. Bounds that contradict each other or a measured
        value go. identity (rows, 2), values (rows, targets), usable (rows,).

        Returns the rows that have nothing else, each with another row of its input.
        """
        rows = np.flatnonzero(usable)
        if not len(rows):
            return []
        _, first, group = np.unique(identity[rows], axis=0, return_index=True, return_inverse=True)
        group = group.reshape(-1)
        lower = _most(np.fmax, self.lower[rows], group, len(first))
        upper = _most(np.fmin, self.upper[rows], group, len(first))
        least, most = (_most(of, values[rows], group, len(first)) for of in (np.fmin, np.fmax))
        wrong = (lower > upper) | (least < lower) | (most > upper)  # NaN compares false
        own, contradicted = self.known[rows], wrong[group]
        self.lower[rows], self.upper[rows] = (
            np.where(own & ~contradicted, side[group], np.nan) for side in (lower, upper)
        )
        bare = (own & contradicted).any(axis=1) & np.isnan(values[rows]).all(axis=1) & ~self.known[rows].any(axis=1)
        contradictions = []
        for index in np.flatnonzero(bare).tolist():
            others = np.flatnonzero(group == group[index])
            contradictions.append((int(rows[index]), int(rows[others[others != index][0]])))
        return contradictions


def _most(of: np.ufunc, values: Floats, group: npt.NDArray[np.intp], groups: int) -> Floats:
    """The largest or least of each group (groups, targets), NaN where nothing is known."""
    extremes = np.full((groups, values.shape[1]), np.nan)
    of.at(extremes, group, values)
    return extremes
