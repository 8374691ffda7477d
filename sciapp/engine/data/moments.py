"""Dates and times: the cells of a time column, dates or plain numbers, as numbers that can be put in order."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sciapp.engine.data.labels import MISSING, read_number
from sciapp.engine.data.number_formats import CODES, numbers_of
from sciapp.records.number_format import PLAIN_NUMBERS, DecimalSign, NumberFormat

DATES, DAY_FIRST, MONTH_FIRST, EITHER = "dates", "day_first", "month_first", "either"

_WRITTEN = ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%B %d, %Y", "%b %d, %Y", "%B %Y", "%b %Y")
# Two digits of a year stand behind strokes and dots alone: 12-03-21 may as well begin with its year.
_PARTS = re.compile(
    r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|(?<=[/.])\d{2})"
    r"(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AP]M))?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")


@dataclass(frozen=True)
class MomentReader:
    """How the cells of one column are read. month_first: 03/04/2021 is the fourth of March, not the third of April."""

    numbers: bool
    month_first: bool = False
    format: NumberFormat = PLAIN_NUMBERS

    def moment(self, cell: str) -> float:
        """The cell as a number, or the seconds since 1970 (UTC where no zone is given); NaN where it is neither."""
        text = cell.strip()
        if self.numbers:
            try:
                value = read_number(text, self.format)
            except ValueError:
                return math.nan
            return math.nan if value is None else value
        found = _date(text, self.month_first)
        return math.nan if found is None else found.timestamp()

    def shown(self, moment: float) -> str:
        """For people: the number, or the date, with the time of day where it has one."""
        if self.numbers:
            return f"{moment:.10g}"
        date = datetime.fromtimestamp(moment, UTC)
        return f"{date:%Y-%m-%d}" if moment % 86_400 == 0 else f"{date:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class DateOrder:
    """What a column of dates with the year behind shows of their order, in numbers of cells.

    day_first: such as 25/03/2021. month_first: such as 03/25/2021. either: such as 03/04/2021, which are two days.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0

    @property
    def ambiguous(self) -> bool:
        """No cell shows the order, and it makes a difference."""
        return self.either > 0 and not self.day_first and not self.month_first

    @property
    def mixed(self) -> bool:
        """Cells contradict each other."""
        return self.day_first > 0 and self.month_first > 0

    def reads_month_first(self, wanted: str) -> bool:
        """True if the month is read first. wanted: DAY_FIRST or MONTH_FIRST, which is heard where the cells do not
        say; empty: nobody said, so the day is first, or what most cells show.
        """
        if self.ambiguous or (self.mixed and wanted):
            return wanted == MONTH_FIRST
        return self.month_first > self.day_first


def date_order(cells: Iterable[str]) -> DateOrder:
    """Dots are written between days and months alone: 03.04.2021 has the day first."""
    shown = Counter(order for cell in cells if (order := order_of(cell)))
    return DateOrder(shown[DAY_FIRST], shown[MONTH_FIRST], shown[EITHER])


def order_of(cell: str) -> str:
    """DAY_FIRST, MONTH_FIRST or EITHER; empty where there is nothing to tell apart."""
    parts = _PARTS.fullmatch(cell.strip())
    if parts is None:
        return ""
    first, second = int(parts[1]), int(parts[3])
    if first > 12 or second > 12:
        return "" if first > 12 and second > 12 else DAY_FIRST if first > 12 else MONTH_FIRST
    if first == second:
        return ""
    return DAY_FIRST if parts[2] == "." else EITHER


def reader_for(cells: Sequence[str], decimal: DecimalSign = ".", order: str = "") -> MomentReader:
    """How to read a column: as numbers where most of its cells are, else as dates.

    order: DAY_FIRST or MONTH_FIRST, for dates with the year behind that could be either; see `DateOrder`.
    """
    format = numbers_of(cells, decimal, {CODES: "keep"}).format
    numbers = filled = 0
    for cell in cells:
        text = cell.strip()
        if text.lower() in MISSING:
            continue
        filled += 1
        with suppress(ValueError):
            numbers += read_number(text, format) is not None
    month_first = date_order(cells).reads_month_first(order)
    return MomentReader(numbers > 0 and numbers >= 0.8 * filled, month_first, format)


def _date(text: str, month_first: bool) -> datetime | None:
    found: datetime | None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _in_parts(text, month_first) or _in_words(text)
    if found is not None and found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    return found


def _in_parts(text: str, month_first: bool) -> datetime | None:
    try:
        if parts := _YEAR_FIRST.fullmatch(text):
            return datetime(int(parts[1]), int(parts[2]), int(parts[3] or 1), tzinfo=UTC)
        if parts := _PARTS.fullmatch(text):
            day, month = (parts[3], parts[1]) if month_first else (parts[1], parts[3])
            hour, minute, second = (int(part or 0) for part in parts.groups()[4:7])
            if parts[8]:
                hour = hour % 12 + 12 * (parts[8].upper() == "PM")
            return datetime(_year(parts[4]), int(month), int(day), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return None


def _year(digits: str) -> int:
    """Of two digits the year that POSIX takes them for: 69 is 1969, 68 is 2068."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year > 68 else 2000)


def _in_words(text: str) -> datetime | None:
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
