"""When rows came about: the cells of a time column, dates or plain numbers, as numbers that can be put in order."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sciapp.engine.data.labels import MISSING, read_number
from sciapp.engine.data.number_formats import CODES, numbers_of
from sciapp.records.number_format import PLAIN_NUMBERS, DecimalSign, NumberFormat

_WRITTEN = ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%B %d, %Y", "%b %d, %Y", "%B %Y", "%b %Y")
_PARTS = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
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


def reader_for(cells: Sequence[str], decimal: DecimalSign = ".") -> MomentReader:
    """How to read a column: as numbers where most of its cells are, else as dates.

    Dates with the year behind have the day first unless a cell says otherwise (03/25/2021) or all of them have
    slashes and could be either, as Americans write.
    """
    format = numbers_of(cells, decimal, {CODES: "keep"}).format
    numbers = filled = 0
    day_behind = day_before = slashes = False
    for cell in cells:
        text = cell.strip()
        if text.lower() in MISSING:
            continue
        filled += 1
        try:
            numbers += read_number(text, format) is not None
        except ValueError:
            if parts := _PARTS.fullmatch(text):
                day_before = day_before or int(parts[1]) > 12
                day_behind = day_behind or int(parts[3]) > 12
                slashes = slashes or parts[2] == "/"
    month_first = not day_before and (day_behind or slashes)
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
            hour, minute, second = (int(part or 0) for part in parts.groups()[4:])
            return datetime(int(parts[4]), int(month), int(day), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return None


def _in_words(text: str) -> datetime | None:
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
