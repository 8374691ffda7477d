"""The number format of each column: decided once, by the column's cells, for everything that reads it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sciapp.engine.data.values import cell_units
from sciapp.engine.data.values.cells import MISSING, ColumnContent, ContentCounter, read_number
from sciapp.engine.data.values.missing_codes import ExtremeCounter, MissingCode
from sciapp.engine.data.values.number_notations import ERRORS, PARENTHESES, RANGES, Notation, number_part, written
from sciapp.engine.data.values.number_signs import NOTHING_OPEN, DetectedSigns, SignCounter, detect_signs
from sciapp.records.dataset.number_format import DecimalSign, NumberFormat

THOUSANDS, CODES, UNITS = "thousands", "missing_codes", "cell_units"
"""Kinds of finding whose repairs say how numbers are read."""

READ_NOTATIONS: Mapping[Notation, tuple[str, str]] = {
    ERRORS: ("value", "value"),
    RANGES: ("middle", "set_aside"),
    PARENTHESES: ("negative", "set_aside"),
}
"""Notation → (policy that reads its cells as numbers, the usual policy)."""

_MOSTLY = 0.5  # of the filled cells that name a unit
_SAME_UNIT = 0.8  # of the filled cells, for a unit that nobody knows
_MANY = 10  # different numbers beside such a unit: fewer may be classes
_SHOWN = 10

Repairs = Mapping[str, str]


@dataclass(frozen=True)
class DetectedUnits:
    """unit: the commonest. counts: cells of each unit. bare: cells with a number alone. rows: some rows of others."""

    unit: str
    counts: Mapping[str, int]
    bare: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class ColumnNumbers:
    """Number format of one column, and the findings that a person should know.

    open: how many cells may be read either way; rows and examples are some of them, and beside are some of the others.
    grouped_likely: whether whole numbers up to 999 stand beside larger ones with a sign. notations: rows of cells such
    as “7.9 ± 0.6”, whether they are read or not.
    """

    format: NumberFormat
    signs: DetectedSigns = NOTHING_OPEN
    open: int = 0
    rows: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()
    unambiguous: tuple[str, ...] = ()
    grouped_likely: bool = False
    codes: tuple[MissingCode, ...] = ()
    units: DetectedUnits | None = None
    notations: Mapping[Notation, tuple[int, ...]] = field(default_factory=dict)


@dataclass
class _UnitCounter:
    """Counts the units behind numbers, bit by bit."""

    filled: int = 0
    bare: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[str, list[int]] = field(default_factory=dict)
    different: set[str] = field(default_factory=set)

    def add(self, rows: Iterable[int], cells: Iterable[str]) -> None:
        for row, cell in zip(rows, cells, strict=True):
            if cell[-1:].isdecimal():
                self.filled, self.bare = self.filled + 1, self.bare + 1
                continue
            if not cell or cell.strip().lower() in MISSING:
                continue
            self.filled += 1
            number, unit = cell_units.number_and_unit(cell)
            if unit:
                self.counts[unit] += 1
                self.rows.setdefault(unit, [])
                if len(self.rows[unit]) < _SHOWN:
                    self.rows[unit].append(row)
                if len(self.different) <= _MANY:
                    self.different.add(number)

    def detected(self) -> DetectedUnits | None:
        """None where the column is one of plain numbers, or of words."""
        known = {unit: count for unit, count in self.counts.items() if cell_units.is_known(unit)}
        if not known or sum(known.values()) < _MOSTLY * self.filled:
            unit, count = max(self.counts.items(), key=lambda item: item[1], default=("", 0))
            if count < max(1.0, _SAME_UNIT * self.filled) or len(self.different) <= _MANY:
                return None
            known = {unit: count}
        unit = max(known, key=lambda one: sum(n for other, n in known.items() if cell_units.convertible(other, one)))
        same = {one: count for one, count in known.items() if cell_units.convertible(one, unit)}
        unit = max(same, key=lambda one: same[one])
        others = [row for one, rows in self.rows.items() if one != unit for row in rows] or self.rows[unit]
        return DetectedUnits(unit, dict(self.counts), self.bare, tuple(sorted(others)[:_SHOWN]))


class ColumnReader:
    """The two looks at one column: how its numbers are written, then which of them are codes."""

    def __init__(self) -> None:
        self.signs, self.units, self.ends = SignCounter(), _UnitCounter(), ExtremeCounter()
        self.notations: dict[Notation, list[int]] = {}
        self.format = NumberFormat()
        self.detected = NOTHING_OPEN

    @property
    def holds_words(self) -> bool:
        """True if hardly any cell ends in a digit or a unit."""
        return self.units.bare + self.units.counts.total() < _MOSTLY * self.units.filled

    def first_look(self, rows: Sequence[int], cells: Sequence[str]) -> None:
        cells = [number_part(cell) for cell in cells]
        self.units.add(rows, cells)
        if not self.units.counts:
            self.signs.add(rows, cells)
        else:
            self.signs.add(rows, [cell_units.number_and_unit(cell)[0] for cell in cells])

    def decide(self, usual: DecimalSign, repairs: Repairs, *, typed: bool) -> None:
        self.detected = detect_signs(self.signs, usual, typed=typed)
        decimal = self.detected.decimal
        if self.detected.sign and (policy := repairs.get(THOUSANDS)):
            decimal = self.detected.thousands if policy == "thousands" else self.detected.decimals
        self.format = NumberFormat(decimal=decimal)
        if units := self.units.detected():
            several = len([one for one in units.counts if cell_units.convertible(one, units.unit)]) > 1
            self.format = NumberFormat(
                decimal=decimal, unit=units.unit, bare=not several, convert=repairs.get(UNITS, "convert") == "convert"
            )

    def second_look(self, rows: Sequence[int], cells: Sequence[str]) -> None:
        for row, cell in zip(rows, cells, strict=True):
            try:
                value = read_number(cell, self.format)
            except ValueError:
                if notation := written(cell):
                    self.notations.setdefault(notation.notation, []).append(row)
                continue
            if value is not None:
                self.ends.add(row, value)

    def result(self, repairs: Repairs) -> ColumnNumbers:
        codes = self.ends.codes()
        reads = tuple(
            notation
            for notation, (reading, usual) in READ_NOTATIONS.items()
            if notation in self.notations and repairs.get(notation, usual) == reading
        )
        policy = repairs.get(CODES)
        gaps = tuple(code.value for code in codes if policy == "gap" or (policy is None and code.usual))
        return ColumnNumbers(
            self.format.model_copy(update={"codes": gaps, "notations": reads}),
            self.detected,
            sum(self.signs.open.values()),
            tuple(self.signs.rows),
            tuple(self.signs.examples),
            tuple(self.signs.unambiguous),
            self.signs.looks_grouped,
            codes,
            self.units.detected(),
            {notation: tuple(rows) for notation, rows in self.notations.items()},
        )


def numbers_of(
    cells: Sequence[str], usual: DecimalSign = ".", repairs: Repairs | None = None, *, typed: bool = True
) -> ColumnNumbers:
    """Number format of a column whose cells are at hand."""
    column, rows = ColumnReader(), range(len(cells))
    column.first_look(rows, cells)
    column.decide(usual, repairs or {}, typed=typed)
    column.second_look(rows, cells)
    return column.result(repairs or {})


def content_of(cells: Iterable[str], usual: DecimalSign = ".", *, typed: bool = True) -> ColumnContent:
    """Content of a column whose cells are at hand."""
    all_ = list(cells)
    counter = ContentCounter(numbers_of(all_, usual, typed=typed).format)
    counter.add(all_)
    return counter.content()
