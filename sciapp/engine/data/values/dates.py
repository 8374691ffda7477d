"""Dates and times: the cells of a time column, dates or plain numbers, as numbers that can be put in order."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sciapp.engine.data.values.cells import MISSING, read_number
from sciapp.engine.data.values.number_formats import CODES, numbers_of
from sciapp.records.dataset.number_format import PLAIN_NUMBERS, DecimalSign, NumberFormat

DATES, DAY_FIRST, MONTH_FIRST, EITHER = "dates", "day_first", "month_first", "either"

_PARTS = re.compile(
    r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AP]M))?)?", re.IGNORECASE
)
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_WORDS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<day>\d{{1,2}})(?:\.|er|º)?[\s/-]*(?:de\s+)?{_MONTH}[\s,/-]*(?:del?\s+)?(?P<year>\d{{4}}|\d{{2}})",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})",
        rf"{_MONTH}[\s/-]*(?:del?\s+)?(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[\s/-]+{_MONTH}(?:[\s/-]+(?P<day>\d{{1,2}}))?",
    )
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")


@dataclass(frozen=True)
class DateReader:
    """Reader of the dates of one column. month_first: 03/04/2021 is the fourth of March, not the third of April.
    year_first: of three numbers of two digits the first is the year; None: nobody knows, and 12-03-21 may be either.
    """

    numbers: bool
    month_first: bool = False
    format: NumberFormat = PLAIN_NUMBERS
    year_first: bool | None = None

    def moment(self, cell: str) -> float:
        """The cell as a number, or the seconds since 1970 (UTC where no zone is given); NaN where it is neither."""
        text = cell.strip()
        if self.numbers:
            try:
                value = read_number(text, self.format)
            except ValueError:
                return math.nan
            return math.nan if value is None else value
        date = _date(text, self.month_first, self.year_first)
        return math.nan if date is None else date.timestamp()

    def text(self, moment: float) -> str:
        """For people: the number, or the date, with the time of day where it has one."""
        if self.numbers:
            return f"{moment:.10g}"
        date = datetime.fromtimestamp(moment, UTC)
        return f"{date:%Y-%m-%d}" if moment % 86_400 == 0 else f"{date:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class DateOrder:
    """Evidence of the order of day, month and year in a column, in numbers of cells.

    day_first: such as 25/03/2021. month_first: such as 03/25/2021. either: such as 03/04/2021, which are two days.
    short: whose year has two digits; dashes: those of them with dashes. year_first: True where a cell shows that it
    stands in front, as in 98-03-04; None where none shows where it stands: behind strokes and dots it is the last.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    short: int = 0
    year_first: bool | None = None
    dashes: int = 0

    @property
    def year_sure(self) -> bool:
        """True if it is known of all dates where their year stands."""
        return not self.dashes or self.year_first is not None

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
    filled = [cell.strip() for cell in cells if cell.strip()]
    short = [parts for cell in filled if (parts := _PARTS.fullmatch(cell)) and len(parts[4]) == 2]
    front, behind = (any(_is_no_day(parts[part]) for parts in short) for part in (1, 4))
    year_first = front if front != behind else None
    counts = Counter(order for cell in filled if (order := order_of(cell, year_first=year_first)))
    return DateOrder(
        counts[DAY_FIRST],
        counts[MONTH_FIRST],
        counts[EITHER],
        sum(map(has_short_year, filled)),
        year_first,
        dashes=sum(parts[2] == "-" for parts in short),
    )


def has_short_year(cell: str) -> bool:
    """True if a date has a year of two digits."""
    text = cell.strip()
    match = _PARTS.fullmatch(text)
    if match is not None:
        return len(match[4]) == 2
    words = _WORDS[0].fullmatch(text)
    return words is not None and len(words["year"]) == 2 and month_named(words["month"]) is not None


def order_of(cell: str, *, year_first: bool | None = False) -> str:
    """DAY_FIRST, MONTH_FIRST or EITHER; empty where nothing is to be told apart. year_first: as in `DateReader`."""
    parts = _PARTS.fullmatch(cell.strip())
    if parts is None or (len(parts[4]) == 2 and (year_first or (year_first is None and parts[2] == "-"))):
        return ""
    first, second = int(parts[1]), int(parts[3])
    if first > 12 or second > 12:
        return "" if first > 12 and second > 12 else DAY_FIRST if first > 12 else MONTH_FIRST
    if first == second:
        return ""
    return DAY_FIRST if parts[2] == "." else EITHER


def reader_for(cells: Sequence[str], decimal: DecimalSign = ".", order: str = "") -> DateReader:
    """Reader of the moments of a column: as numbers where most of its cells are, else as dates.

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
    order_counts = date_order(cells)
    are_numbers = numbers > 0 and numbers >= 0.8 * filled
    return DateReader(are_numbers, order_counts.reads_month_first(order), format, order_counts.year_first)


def _is_no_day(text: str) -> bool:
    return not 1 <= int(text) <= 31


def _date(text: str, month_first: bool, year_first: bool | None) -> datetime | None:
    date: datetime | None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        date = _in_parts(text, month_first, year_first) or _in_words(text)
    if date is not None and date.tzinfo is None:
        return date.replace(tzinfo=UTC)
    return date


def _in_parts(text: str, month_first: bool, year_first: bool | None) -> datetime | None:
    try:
        if parts := _YEAR_FIRST.fullmatch(text):
            return datetime(int(parts[1]), int(parts[2]), int(parts[3] or 1), tzinfo=UTC)
        if parts := _PARTS.fullmatch(text):
            day, month, year = parts[1], parts[3], parts[4]
            if len(year) == 2 and parts[2] == "-" and year_first is None:
                return None
            if year_first and len(year) == 2:
                day, year = year, day.rjust(2, "0")
            elif month_first:
                day, month = month, day
            hour, minute, second = (int(part or 0) for part in parts.groups()[4:7])
            if parts[8]:
                hour = hour % 12 + 12 * (parts[8].upper() == "PM")
            return datetime(_year(year), int(month), int(day), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return None


def _year(digits: str) -> int:
    """Of two digits the year that POSIX takes them for: 69 is 1969, 68 is 2068."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year > 68 else 2000)


def _in_words(text: str) -> datetime | None:
    for form in _WORDS:
        match = form.fullmatch(text)
        month = month_named(match["month"]) if match is not None else None
        if match is None or month is None:
            continue
        try:
            return datetime(_year(match["year"]), month, int(match.groupdict().get("day") or 1), tzinfo=UTC)
        except ValueError:
            return None
    return None


# Months by the names that they have in the languages in which most tables are written.


_NAMES = (
    "jan january januar janner jaenner janv janvier ene enero gen gennaio januari janeiro",
    "feb february februar fev fevr fevrier febr febrero febbraio februari fevereiro",
    "mar march marz maerz mrz mars marzo maart mrt marco",
    "apr april avr avril abr abril aprile",
    "may mai mayo mag maggio mei maio",
    "jun june juni juin junio giu giugno junho",
    "jul july juli juil juillet julio lug luglio julho",
    "aug august aou aout ago agosto augustus",
    "sep sept september septembre septiembre setiembre set settembre setembro",
    "oct october okt oktober octobre octubre ott ottobre out outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember decembre dic diciembre dicembre dezembro",
)
_MONTHS = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}


def month_named(word: str) -> int | None:
    """1 for “Januar”, “janvier”, “ene.”; None where no month is called so."""
    plain = unicodedata.normalize("NFKD", word.strip(" .").casefold())
    return _MONTHS.get("".join(letter for letter in plain if not unicodedata.combining(letter)))
