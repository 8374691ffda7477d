"""Detection of the signs before decimals and between thousands in a column of numbers: by all of its cells."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from sciapp.engine.data.values.cells import BLANKS
from sciapp.records.dataset.number_format import DecimalSign
from sciapp.records.formatting import with_hyphen

Sign = Literal[".", ","]
SIGNS: tuple[Sign, Sign] = (".", ",")
OTHER: dict[str, Sign] = {".": ",", ",": "."}

_NUMBER = re.compile(r"[+-]?([\d.,]*\d[\d.,]*)([eE][+-]?\d+)?")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3}")  # lakhs: 1,23,456
_BLANK = re.compile(rf"(?<=\d)[{BLANKS}](?=\d{{3}}(?!\d))")
_SHOWN, _FEW = 10, 3
_ENOUGH = 10  # other cells, to conclude anything from their size
_THOUSANDS_FROM, _HUNDREDS = 4, 3  # digits before decimals


@dataclass
class SignCounter:
    """Counts, bit by bit, how the numbers of a column are written.

    decimal: cells that leave no doubt of the sign before decimals (12,5). grouped: cells that leave none of the sign
    between thousands (1.250,5 and 1.250.000). open: cells that may be read either way (1.237). plain: whole numbers
    without any sign. hundreds, thousands: numbers from 100 to 999, and larger ones that are written without a sign
    between thousands. heads: how many digits stand before the sign of `open` cells. odd: digits and signs that are no
    number either way (1,2,3).
    """

    decimal: Counter[str] = field(default_factory=Counter)
    grouped: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    plain: int = 0
    hundreds: int = 0
    thousands: int = 0
    heads: set[int] = field(default_factory=set)
    odd: int = 0
    rows: list[int] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    clear: dict[str, str] = field(default_factory=dict)
    wholes: list[str] = field(default_factory=list)

    def add(self, rows: Iterable[int], cells: Iterable[str]) -> None:
        for row, cell in zip(rows, cells, strict=True):
            if cell.isdecimal():
                self._add_whole(cell)
            elif cell and ("." in cell or "," in cell):
                self._add_signed(row, cell)

    def _add_whole(self, digits: str) -> None:
        self.plain += 1
        if len(self.wholes) < _FEW and digits not in self.wholes:
            self.wholes.append(digits)
        self.hundreds += len(digits) == _HUNDREDS
        self.thousands += len(digits) >= _THOUSANDS_FROM

    def _add_signed(self, row: int, cell: str) -> None:
        plain = _BLANK.sub("", with_hyphen(cell.strip()))
        parted = len(plain) < len(cell.strip())  # by blanks or apostrophes
        match = _NUMBER.fullmatch(plain)
        if match is None:
            return
        text = match[1]
        signs = [sign for sign in SIGNS if sign in text]
        if not signs:
            if not parted:
                self._add_whole(text)
            return
        last = max(signs, key=text.rfind)
        head = text.rpartition(last)[0]
        if len(signs) == 2:
            whole = _GROUPS.fullmatch(head)
            if whole is None or last in head:
                self.odd += 1
            else:
                self.grouped[OTHER[last]] += 1
                self.clear.setdefault(last, cell.strip())
        elif last in head:
            if _GROUPS.fullmatch(text):
                self.grouped[last] += 1
                self.clear.setdefault(OTHER[last], cell.strip())
            else:
                self.odd += 1
        elif not match[2] and _GROUPS.fullmatch(text):
            self._add_open(row, cell.strip(), last, len(head))
        else:
            self.decimal[last] += 1
            self.hundreds += len(head) == _HUNDREDS and head[0] != "0"
            self.thousands += len(head) >= _THOUSANDS_FROM and not parted
            self.clear.setdefault(last, cell.strip())

    def _add_open(self, row: int, cell: str, sign: str, digits: int) -> None:
        self.open[sign] += 1
        self.heads.add(digits)
        if len(self.rows) < _SHOWN:
            self.rows.append(row)
            self.examples.append(cell)

    @property
    def looks_grouped(self) -> bool:
        """True if whole numbers up to 999 without a sign stand beside larger ones with one, and never without."""
        return self.hundreds > 0 and self.thousands == 0

    def votes(self, sign: str) -> int:
        """Cells that speak for this sign before decimals in the whole file."""
        sure = self.decimal[sign] + self.grouped[OTHER[sign]]
        if self.odd or sure:
            return 0 if self.odd else sure
        return self.open["."] if sign == "." and not self.decimal and not self.looks_grouped else 0

    def example(self, sign: str) -> str:
        """A cell with this sign before decimals."""
        return self.clear.get(sign, "")

    @property
    def unambiguous(self) -> tuple[str, ...]:
        """Cells that can be read in one way only."""
        return (*self.clear.values(), *self.wholes)

    def sign_before_decimals(self) -> Sign | None:
        """The one that the column's own cells leave no doubt of; None where they do, or contradict each other."""
        votes = {sign: self.decimal[sign] + self.grouped[OTHER[sign]] for sign in SIGNS}
        sure = [sign for sign in SIGNS if votes[sign]]
        if len(sure) == 1 and not self.odd:
            return sure[0]
        return None


@dataclass(frozen=True)
class DetectedSigns:
    """The sign before decimals, and what was not sure of it.

    sign: the one that may be either, empty for none. thousands: the decimal sign where it stands between thousands,
    decimals: where it stands before decimals. likely: the one of these that is proposed. weighty: whether much speaks
    for the other reading too. mixed: clear cells of both signs.
    """

    decimal: DecimalSign
    sign: str = ""
    thousands: DecimalSign = "."
    decimals: DecimalSign = "."
    weighty: bool = False
    mixed: bool = False


NOTHING_OPEN = DetectedSigns(".")
"""Points before decimals, and no doubt of it."""


def detect_signs(counted: SignCounter, usual: DecimalSign, *, typed: bool = True) -> DetectedSigns:
    """Number signs of a column. usual: the sign before decimals in its file. typed: whether people or programs
    wrote the numbers as text; where a file holds true numbers a point is never one between thousands.
    """
    if counted.odd or not (counted.decimal or counted.grouped or counted.open):
        return DetectedSigns(usual)
    own = counted.sign_before_decimals()
    clear = [sign for sign in SIGNS if counted.decimal[sign]]
    decimal: DecimalSign = own or usual
    mixed = len(clear) == 2
    if mixed:
        grouped = [sign for sign in SIGNS if counted.grouped[sign]]
        decimal = OTHER[grouped[0]] if len(grouped) == 1 else ".,"
    open_ = [sign for sign in SIGNS if counted.open[sign] and (typed or sign == ",")]
    if not open_ or counted.grouped:
        return DetectedSigns(decimal, mixed=mixed)
    sign = open_[0] if len(open_) == 1 else OTHER[usual[0]]
    as_decimals: DecimalSign = ".," if counted.decimal[OTHER[sign]] else sign
    signs = DetectedSigns(decimal, sign, OTHER[sign], as_decimals, mixed=mixed)
    return _weighed(signs, counted, own, usual, both=len(open_) == 2)


def _weighed(
    detected: DetectedSigns, counted: SignCounter, own: Sign | None, usual: str, *, both: bool
) -> DetectedSigns:
    """With what is likely, and how much speaks for the other reading."""
    sign = detected.sign
    if detected.mixed or both:
        return DetectedSigns(
            detected.decimal, sign, detected.thousands, detected.decimals, weighty=True, mixed=detected.mixed
        )
    if own == sign:  # 12.5 beside 1.237
        return DetectedSigns(detected.decimal)
    if own is not None:  # 12,5 beside 1.237
        small = not (counted.hundreds or counted.thousands)  # between 10 and 1000 there would be nothing
        surely = sum(counted.decimal.values()) + counted.plain >= _ENOUGH
        decimal = detected.decimals if small and surely else detected.thousands
        return DetectedSigns(decimal, sign, detected.thousands, detected.decimals, weighty=True)
    if sign != usual:
        return DetectedSigns(
            detected.thousands, sign, detected.thousands, detected.decimals, weighty=not counted.looks_grouped
        )
    if counted.looks_grouped:
        return DetectedSigns(detected.decimals, sign, detected.thousands, detected.decimals, weighty=True)
    if not counted.plain and len(counted.heads) > 1:
        return DetectedSigns(detected.decimals, sign, detected.thousands, detected.decimals)
    return DetectedSigns(detected.decimal)


def sign_of(counted: SignCounter) -> DecimalSign | None:
    """The sign before decimals where the column's own cells leave no doubt of it, both where both are."""
    if counted.decimal["."] and counted.decimal[","] and not counted.grouped and not counted.odd:
        return ".,"
    return counted.sign_before_decimals()
