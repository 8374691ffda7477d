"""Numbers that stand for “not measured”: −999 and its kin, repeated and far from all others of their column."""

import bisect
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from sciapp.engine.domains.fill_values import FILL_VALUES, is_fill_value, is_nines

_SHORT = 10.0  # codes below this are numbers like others unless all others are above zero
_SHORT_CODES = frozenset(value for value in FILL_VALUES if abs(value) < _SHORT)
_ONCE = 999.0  # nines from here on are asked about even where they stand alone: a code, or a slip of the pen
_KEPT = 8  # different values at either end
_ROWS = 10
_TWICE, _OFTEN = 2, 3
_FEW = 10  # different values that may be classes
_SPANS = 0.5  # of the range of all others: so far away a usual code must be
_FAR_SPANS = 10.0  # and any other number


@dataclass(frozen=True)
class MissingCode:
    """value: the number. count: rows that have it; rows: the first of them. usual: whether it is a number that people
    and programs are known to write for a gap; another may as well be the end of an instrument's range. near: it lies
    near the others, and is odd for being the only number below zero.
    """

    value: float
    count: int
    rows: tuple[int, ...]
    usual: bool
    near: bool = False


@dataclass
class ExtremeCounter:
    """Keeps, bit by bit, the smallest and largest different numbers of a column, with their rows."""

    counts: dict[float, int] = field(default_factory=dict)
    rows: dict[float, list[int]] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, row: int, value: float) -> None:
        known = self.counts.get(value)
        if known is not None:
            self.counts[value] = known + 1
            if len(self.rows[value]) < _ROWS:
                self.rows[value].append(row)
            return
        if len(self.low) < _KEPT or value < self.low[-1] or value > self.high[0]:
            self._take(row, value)

    def _take(self, row: int, value: float) -> None:
        bisect.insort(self.low, value)
        bisect.insort(self.high, value)
        del self.low[_KEPT:], self.high[:-_KEPT]
        self.counts[value], self.rows[value] = 1, [row]
        extremes = {*self.low, *self.high}
        for gone in [one for one in self.counts if one not in extremes]:
            del self.counts[gone], self.rows[gone]

    def codes(self) -> tuple[MissingCode, ...]:
        """The ends of the column that are codes, from the outside in."""
        left = sorted(self.counts)
        detected: list[MissingCode] = []
        while len(left) > 2:
            ends = [(left[1] - left[0], left[0], left[1:]), (left[-1] - left[-2], left[-1], left[:-1])]
            candidates = [end for end in ends if self._is_code(end[1], end[2], end[0])]
            if not candidates:
                break
            _, value, left = max(candidates)
            near = abs(value) < _SHORT and left[0] < _SHORT * abs(value)
            count = self.counts[value]
            detected.append(
                MissingCode(value, count, tuple(self.rows[value]), count > 1 and is_fill_value(value), near)
            )
        return tuple(detected)

    def _is_code(self, value: float, others: list[float], distance: float) -> bool:
        span = others[-1] - others[0]
        few = len(others) < _FEW
        if not is_fill_value(value):
            return not few and self.counts[value] >= _OFTEN and distance > _FAR_SPANS * span
        if self.counts[value] < (_OFTEN if abs(value) < _SHORT else _TWICE):
            alone = abs(value) >= _ONCE and is_nines(value) and not few
            return alone and (distance > _FAR_SPANS * span or value < 0 <= others[0])
        if abs(value) < _SHORT:  # where anything else is below zero, or zero itself, it is a number like others
            return min((one for one in others if one not in _SHORT_CODES), default=0.0) > 0 and not few
        if value <= -_SHORT and others[0] >= 0:
            return True
        return distance > (_FAR_SPANS * max(span, 1.0) if few else _SPANS * span)  # few: perhaps classes


def extremes_of(values: Iterable[float | None]) -> ExtremeCounter:
    """Of a column whose numbers are at hand, None for gaps."""
    counter = ExtremeCounter()
    for row, value in enumerate(values):
        if value is not None and math.isfinite(value):
            counter.add(row, value)
    return counter
