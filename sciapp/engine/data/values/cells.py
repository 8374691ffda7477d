"""The meaning of cells of a target column: numbers, classes or gaps."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from sciapp.engine.data.values.cell_units import factor, number_and_unit, with_plain_power
from sciapp.engine.data.values.censored_cells import bound_and_number
from sciapp.engine.data.values.number_notations import PARENTHESES, RANGES, written
from sciapp.i18n import msg
from sciapp.records.dataset.number_format import PLAIN_NUMBERS, NumberFormat
from sciapp.records.formatting import MINUS_SIGNS, with_hyphen

SPREADSHEET_ERRORS = {
    "#div/0!": msg("the spreadsheet divided by zero"),
    "#n/a": msg("the spreadsheet found no value"),
    "#name?": msg("the spreadsheet did not know a name in the formula"),
    "#null!": msg("the spreadsheet found no common cells"),
    "#num!": msg("the spreadsheet could not calculate the number"),
    "#ref!": msg("the formula’s cells are gone"),
    "#value!": msg("the formula had a wrong kind of value"),
    "#formula!": msg("the formula’s result was not saved"),
}
"""What spreadsheets leave in a cell instead of a value; the last is how workbooks are read here."""

PLAIN_GAPS = frozenset({"", "\\n", "na", "n/a", "nan", "null", "none", *SPREADSHEET_ERRORS})
"""Words that programs write for a gap, in lower case; databases write `\\N`."""

DASHES = frozenset({"-", "--", "---", *MINUS_SIGNS})
"""Cells of a dash alone."""

_TYPED_GAPS = frozenset(
    "n.a.|n.a|nd|n.d.|n.d|n/d|n.b.|n.t.|n.t|n/t|n.m.|n.m|u.d.|not run|not assayed|"
    "not determined|not tested|not measured|not available|not done|missing|tbd|tba|"
    "t.b.d.|k.a.|n.v.|?|??|???|.|..|...|…|<na>|<nan>|<null>|#na|#error!|#n/v|#wert!".split("|")
)

MISSING = PLAIN_GAPS | DASHES | _TYPED_GAPS
"""Cells, in lower case, that say that nothing was measured: the one list of such words."""

MAY_BE_UNDETECTED = frozenset({"nd", "n.d.", "n.d", "n/d"})
"""Gaps that say “not determined” to some people and “not detected” to others."""

MOST_CLASSES = 1000

_NUMBERS_BEGIN = frozenset("+-.0123456789iI∞")
_PADDED = re.compile(r"0\d+")
_MOST_WORDS = 20  # different ones, of which hardly two are alike, may be classes
_FEW_NUMBERS = 10  # whole numbers with no more different values than this are taken for class labels
_DASH = re.compile(f"[-{MINUS_SIGNS}]{{1,3}}")
_MARKS = re.compile(rf"[+±/\-{MINUS_SIGNS}]+")  # “+”, “++”, “+/-”: beside these a dash is an answer
BLANKS = " \u00a0\u2009\u202f'’"
_LAKHS = re.compile(r"[+-]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?")  # 1,23,456.7 as it is written in India
_GROUPED = {  # numbers whose thousands stand apart, by the sign before decimals
    decimal: re.compile(
        rf"[+-]?[1-9]\d{{0,2}}(?:([{other}{BLANKS}])\d{{3}})(?:\1\d{{3}})*(?:\{decimal}\d*)?(?:[eE][+-]?\d+)?"
    )
    for decimal, other in ((".", ","), (",", "."))
}


def number(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, None for a gap. Raises ValueError for anything else, infinities too.

    decimal: “.”, “,” or, where both stand before decimals, “.,”. The other sign, blanks and apostrophes may stand
    between groups of three digits.
    """
    if decimal == "." and "_" not in cell:  # nearly every cell of nearly every table
        try:
            value = float(cell)
        except ValueError:
            pass
        else:
            if math.isfinite(value):
                return value
    text = cell.strip()
    if text.lower() in MISSING:
        return None
    if "_" in text:  # Python reads 1_000, people who measure do not write it
        raise ValueError(text)
    value = float(plain_number(text, decimal))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def read_number(cell: str, format: NumberFormat) -> float | None:
    """The number in a cell of a column that is written so, None for a gap. Raises ValueError as `number` does, and for
    a unit that cannot be converted.
    """
    if not format.notations:
        return _read_plain(cell, format)
    try:
        return _read_plain(cell, format)
    except ValueError:
        return _read_notation(cell, format)


def _read_notation(cell: str, format: NumberFormat) -> float:
    """The value of “7.9 ± 0.6”, the middle of “199–201”, −9.08 for “(9.08)”: those that the column is read with."""
    notation = written(cell)
    if notation is None or notation.notation not in format.notations:
        raise ValueError(cell)
    values = [value for part in notation.parts if (value := _read_plain(part, format)) is not None]
    if not values or values != sorted(values) or len(values) < len(notation.parts):  # 10-3 M is no range
        raise ValueError(cell)
    return -values[0] if notation.notation == PARENTHESES else sum(values) / len(values)


def _read_plain(cell: str, format: NumberFormat) -> float | None:
    if not format.unit:
        value = number(cell, format.decimal)
    else:
        text, unit = number_and_unit(cell)
        value = number(text, format.decimal)
        if unit:
            if unit != format.unit and not format.convert:
                raise ValueError(cell)
            value = None if value is None else value * factor(unit, format.unit)
        elif value is not None and not format.bare:
            raise ValueError(cell)
    return None if value in format.codes else value


def read_censored(cell: str, format: NumberFormat) -> tuple[str, float] | None:
    """The kind of bound in a cell such as “>10” (see `censored_cells`) and its number; None for any other cell."""
    sign, rest = bound_and_number(cell)
    try:
        value = read_number(rest, format) if sign else None
    except ValueError:
        return None
    return None if value is None else (sign, value)


def plain_number(text: str, decimal: str) -> str:
    """A number as Python reads it: a hyphen for every minus sign, a point before decimals, no sign of thousands."""
    text = with_hyphen(with_plain_power(text))
    if _LAKHS.fullmatch(text):
        return text.replace(",", "")
    for sign in decimal:
        if grouped := _GROUPED[sign].fullmatch(text):
            if len(decimal) > 1 and grouped[1] in decimal and text.count(grouped[1]) == 1 and sign not in text:
                continue  # either sign is one before decimals
            text = text.replace(grouped[1], "")
            return text.replace(sign, ".")
    return text.replace(",", ".") if "," in decimal else text


def is_gap(cell: str) -> bool:
    """True if a cell is empty or says that there is nothing: NA, NaN, None, n.d., “?”, a dash."""
    return cell.strip().lower() in MISSING


def is_code(cell: str, format: NumberFormat) -> bool:
    """True if a cell holds a number that stands for a gap in its column."""
    try:
        return bool(format.codes) and number(cell, format.decimal) in format.codes
    except ValueError:
        return False


def is_dash(cell: str) -> bool:
    """True if a cell holds a dash alone: a gap, or the opposite of “+”."""
    return _DASH.fullmatch(cell.strip()) is not None


def is_infinite(cell: str, decimal: str = ".") -> bool:
    """True if a cell holds an infinity, or a number beyond all that a computer counts with: inf, -Infinity, 1e400."""
    text = with_hyphen(cell.strip())
    if text[:1] not in _NUMBERS_BEGIN or "_" in text:
        return False
    try:
        return math.isinf(float(plain_number(text, decimal).replace("∞", "inf")))
    except ValueError:
        return False


@dataclass(frozen=True)
class ColumnContent:
    """Content of a column. `different` stops growing just above MOST_CLASSES; infinities, which count among the
    numbers, are not in it. unit: what stands behind its numbers. marks: its words are “+” and the like, so a dash is
    an answer and no gap. padded: whole number → the spelling with zeros before it that is its name (0101). codes: all
    cells are whole numbers of as many digits, some with zeros before them, which no quantity has. censored: cells
    such as “>10” or “BLQ”, ranges: such as “199–201”; neither is among the numbers.
    """

    filled: int
    numbers: int
    whole: bool
    different: frozenset[str]
    infinite: int = 0
    marks: bool = False
    unit: str = ""
    padded: Mapping[str, str] = field(default_factory=dict)
    codes: bool = False
    censored: int = 0
    ranges: int = 0

    @property
    def numeric(self) -> bool:
        """Every filled cell is a number."""
        return 0 < self.filled == self.numbers

    @property
    def class_like(self) -> bool:
        """Words, a few different whole numbers, or codes such as 0101."""
        return not self.mostly_numbers or self.codes or (self.whole and len(self.different) <= _FEW_NUMBERS)

    @property
    def mostly_numbers(self) -> bool:
        """Numbers and bounds but for some cells that are set aside (“n.d.”)."""
        known = self.numbers + self.censored
        if not self.filled or known + self.ranges < 0.8 * self.filled:
            return False
        return (self.numbers > 0 and known >= self.ranges) or self.too_many_for_classes

    @property
    def too_many_for_classes(self) -> bool:
        """Hardly two rows have the same cell."""
        return len(self.different) > _MOST_WORDS and 2 * len(self.different) > self.filled


class ContentCounter:
    """Looks through a column bit by bit."""

    def __init__(self, format: NumberFormat = PLAIN_NUMBERS, *, gap_words: bool = True) -> None:
        """gap_words: whether words such as “NaN” are gaps; otherwise they are words like others."""
        self._format, self._gap_words = format, gap_words
        self._filled = self._numbers = self._infinite = self._dashes = self._censored = self._ranges = 0
        self._whole = True
        self._different: set[str] = set()
        self._different_dashes: set[str] = set()
        self._digits: dict[str, Counter[str]] = {}

    def add(self, cells: Iterable[str]) -> None:
        for cell in cells:
            try:
                value = read_number(cell, self._format)
            except ValueError:
                if is_infinite(cell, self._format.decimal):
                    self._filled, self._numbers, self._infinite = (
                        self._filled + 1,
                        self._numbers + 1,
                        self._infinite + 1,
                    )
                    continue
                spelling = cell.strip()
                self._add_unread(cell)
                self._numbers += bool(self._format.unit and number_and_unit(cell)[1])  # in another unit
            else:
                if value is None and (self._gap_words or not cell.strip()):
                    self._pass_over(cell)
                    continue
                if value is None:
                    spelling = cell.strip()
                else:
                    self._numbers += 1
                    self._whole = self._whole and value.is_integer()
                    spelling = _plain(value) if value.is_integer() else cell.strip()
                    if spelling in self._different or len(self._different) <= MOST_CLASSES:
                        self._digits.setdefault(spelling, Counter())[cell.strip()] += 1
            self._filled += 1
            if len(self._different) <= MOST_CLASSES:
                self._different.add(spelling)

    def _add_unread(self, cell: str) -> None:
        notation = written(cell)
        if notation is not None and notation.notation == RANGES:
            self._ranges += 1
        else:
            self._censored += notation is not None or read_censored(cell, self._format) is not None

    def _pass_over(self, cell: str) -> None:
        if cell and is_dash(cell):
            self._dashes += 1
            self._different_dashes.add(cell.strip())

    def content(self) -> ColumnContent:
        marks = any("+" in word for word in self._different) and all(map(_MARKS.fullmatch, self._different))
        filled, different = self._filled, self._different
        if marks and self._dashes:
            filled, different = filled + self._dashes, different | self._different_dashes
        infinite, unit = self._infinite, self._format.unit
        if self._whole and self._widths_differ():
            spelt = frozenset(word for words in self._digits.values() for word in words)
            return ColumnContent(filled, self._numbers, False, spelt, infinite, unit=unit, codes=True)
        padded, codes = self._padded() if self._whole else ({}, False)
        named = frozenset(padded.get(word, word) for word in different)
        return ColumnContent(
            filled,
            self._numbers,
            self._whole,
            named,
            infinite,
            marks,
            unit,
            padded,
            codes,
            self._censored,
            self._ranges,
        )

    def _widths_differ(self) -> bool:
        """True if 07 and 007 both stand there: names of their own, no program writes one number in two such ways."""
        words = [word for spelt in self._digits.values() for word in spelt]
        return (
            self._filled == self._numbers
            and all(map(str.isdecimal, words))
            and any(sum(map(bool, map(_PADDED.fullmatch, spelt))) > 1 for spelt in self._digits.values())
        )

    def _padded(self) -> tuple[dict[str, str], bool]:
        """Whole numbers that most cells write with zeros before them, and whether all cells are such codes."""
        padded = {}
        for plain, spelt in self._digits.items():
            usual = min(spelt, key=lambda word: (-spelt[word], len(word), word))
            if _PADDED.fullmatch(usual):
                padded[plain] = usual
        lengths = {len(word) for spelt in self._digits.values() for word in spelt if word.isdecimal()}
        plain_digits = all(word.isdecimal() for spelt in self._digits.values() for word in spelt)
        return padded, bool(padded) and plain_digits and len(lengths) == 1 and self._filled == self._numbers


def class_reader(
    content: ColumnContent, format: NumberFormat = PLAIN_NUMBERS, *, gap_words: bool = True
) -> Callable[[str], str | None]:
    """Reader of classes from the cells of a column with this content; None is a gap. The reader raises ValueError for
    an infinity among numbers.

    Where all cells are whole numbers, 1 and 1.0 are the same class; 1 and 01 are two spellings, which the doctor tells
    and merges. gap_words: whether words such as “NaN” are gaps; otherwise they name a class, which makes all cells
    words.
    """
    if not content.numeric:
        return _any_word if not gap_words else _mark if content.marks else _word
    return (
        partial(_whole, format=format, padded=content.padded) if content.whole else partial(_number_word, format=format)
    )


def natural(name: str) -> list[tuple[int, float, str]]:
    """A sorting key: numbers by value, words by letter, so “class 2” comes before “class 10”."""
    try:
        return [(0, float(name), name)]
    except ValueError:
        parts = re.split(r"(\d+)", name.casefold())
        return [(1, float(part), "") if part.isdecimal() else (2, 0.0, part) for part in parts if part] + [
            (3, 0.0, name)
        ]


def _word(cell: str) -> str | None:
    return None if is_gap(cell) else cell.strip()


def _mark(cell: str) -> str | None:
    return cell.strip() if is_dash(cell) else _word(cell)


def _any_word(cell: str) -> str | None:
    return cell.strip() or None


def _whole(cell: str, format: NumberFormat, padded: Mapping[str, str]) -> str | None:
    value = read_number(cell, format)
    if value is None:
        return None
    if (spelt := cell.strip()).isascii() and spelt.isdecimal():
        return spelt
    plain = _plain(value)
    return padded.get(plain, plain)


def _number_word(cell: str, format: NumberFormat) -> str | None:
    return None if read_number(cell, format) is None else cell.strip()


def _plain(value: float) -> str:
    return str(int(value))


# Cells that say yes or no, in the words that tables use for it.


# Words of one measurement alone (toxic, soluble) are no synonyms: “active, inactive, toxic” are three classes.
_NO = frozenset(
    "0 no false inactive negative n f neg off fail failed absent nein falsch non faux not-active non-active nonactive "
    "non-hit nonhit undetected".split()
) | {"not active", "non hit", "no hit", "not detected"}
_YES = frozenset("1 yes true active positive y t + pos on pass passed present ja wahr oui vrai hit detected sí".split())
_UNDECIDED = frozenset("inconclusive unspecified equivocal ambiguous indeterminate undetermined unknown".split())


def yes_or_no(cell: str, decimal: str = ".", *, marks: bool = False) -> bool | None:
    """True for 1, yes, true, active, positive, hit, +; False for their opposites; None for a gap.

    marks: whether the column's other cells are “+”, so that a dash means no; beside 0 and 1 or words it is a gap.
    Raises ValueError for anything else.
    """
    word = cell.strip().lower()
    if word in _YES:
        return True
    if word in _NO or (marks and is_dash(word)):
        return False
    value = number(word, decimal)
    if value is None:
        return None
    if value not in (0.0, 1.0):
        raise ValueError(cell)
    return value == 1.0


def is_binary(words: frozenset[str]) -> bool:
    """True if a column with these different filled cells holds nothing but yes and no, and what was not decided."""
    decided = frozenset(word for word in words if not is_undecided(word))
    try:
        return bool(decided) and all(yes_or_no(word, marks=True) is not None for word in decided)
    except ValueError:
        return False


def is_undecided(word: str) -> bool:
    """True if a cell says that a test had no clear outcome: neither yes nor no, and told where either is learnt."""
    return word.strip().lower() in _UNDECIDED
