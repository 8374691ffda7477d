"""What the cells of a target column mean: numbers, classes or gaps."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

SPREADSHEET_ERRORS = {
    "#div/0!": "the spreadsheet divided by zero",
    "#n/a": "the spreadsheet found no value",
    "#name?": "the spreadsheet did not know a name in the formula",
    "#null!": "the spreadsheet found no common cells",
    "#num!": "the spreadsheet could not calculate the number",
    "#ref!": "the formula’s cells are gone",
    "#value!": "the formula had a wrong kind of value",
    "#formula!": "the formula’s result was not saved",
}
"""What spreadsheets leave in a cell instead of a value; the last is how workbooks are read here."""

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", *SPREADSHEET_ERRORS})
MOST_CLASSES = 1000

_NUMBERS_BEGIN = frozenset("+-.0123456789iI∞")
_FEW_NUMBERS = 10  # whole numbers with no more different values than this are taken for class labels


def number(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, None for a gap. Raises ValueError for anything else, infinities too."""
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
    if decimal == ",":
        text = text.replace(",", ".")
    value = float(text.replace("−", "-"))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def is_gap(cell: str) -> bool:
    """Whether a cell is empty or says that there is nothing: NA, NaN, None, null."""
    return cell.strip().lower() in MISSING


def is_infinite(cell: str, decimal: str = ".") -> bool:
    """Whether a cell holds an infinity, or a number beyond all that a computer counts with: inf, -Infinity, 1e400."""
    text = cell.strip().replace("−", "-")
    if text[:1] not in _NUMBERS_BEGIN or "_" in text:
        return False
    try:
        return math.isinf(float(text.replace(decimal, ".").replace("∞", "inf")))
    except ValueError:
        return False


@dataclass(frozen=True)
class ColumnContent:
    """What a column holds. `different` stops growing just above MOST_CLASSES; infinities, which count among the
    numbers, are not in it.
    """

    filled: int
    numbers: int
    whole: bool
    different: frozenset[str]
    infinite: int = 0

    @property
    def numeric(self) -> bool:
        """Every filled cell is a number."""
        return 0 < self.filled == self.numbers

    @property
    def class_like(self) -> bool:
        """Words, or a few different whole numbers."""
        return not self.mostly_numbers or (self.whole and len(self.different) <= _FEW_NUMBERS)

    @property
    def mostly_numbers(self) -> bool:
        """Numbers but for some cells that are set aside (“>50”, “n.d.”)."""
        return self.numbers > 0 and self.numbers >= 0.8 * self.filled


class ContentCounter:
    """Looks through a column bit by bit."""

    def __init__(self, decimal: str = ".", *, gap_words: bool = True) -> None:
        """gap_words: whether words such as “NaN” are gaps; otherwise they are words like others."""
        self._decimal, self._gap_words = decimal, gap_words
        self._filled = self._numbers = self._infinite = 0
        self._whole = True
        self._different: set[str] = set()

    def add(self, cells: Iterable[str]) -> None:
        for cell in cells:
            try:
                value = number(cell, self._decimal)
                if value is None and (self._gap_words or not cell.strip()):
                    continue
                if value is None:
                    shown = cell.strip()
                else:
                    self._numbers += 1
                    self._whole = self._whole and value.is_integer()
                    shown = _plain(value) if value.is_integer() else cell.strip()
            except ValueError:
                if is_infinite(cell, self._decimal):
                    self._filled, self._numbers, self._infinite = (
                        self._filled + 1,
                        self._numbers + 1,
                        self._infinite + 1,
                    )
                    continue
                shown = cell.strip()
            self._filled += 1
            if len(self._different) <= MOST_CLASSES:
                self._different.add(shown)

    def content(self) -> ColumnContent:
        different = frozenset(self._different)
        return ColumnContent(self._filled, self._numbers, self._whole, different, self._infinite)


def content_of(cells: Iterable[str], decimal: str = ".") -> ColumnContent:
    """What a column holds whose cells are at hand."""
    counter = ContentCounter(decimal)
    counter.add(cells)
    return counter.content()


def class_reader(content: ColumnContent, *, gap_words: bool = True) -> Callable[[str], str | None]:
    """How to read the class from a cell of a column with this content; None is a gap. The reader raises ValueError for
    an infinity among numbers.

    Where all cells are whole numbers, 1, 1.0 and 01 are the same class. gap_words: whether words such as “NaN” are
    gaps; otherwise they name a class, which makes all cells words.
    """
    if not content.numeric:
        return _word if gap_words else _any_word
    return _whole if content.whole else _number_word


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


def _any_word(cell: str) -> str | None:
    return cell.strip() or None


def _whole(cell: str) -> str | None:
    value = number(cell)
    return None if value is None else _plain(value)


def _number_word(cell: str) -> str | None:
    return None if number(cell) is None else cell.strip()


def _plain(value: float) -> str:
    return str(int(value))
