"""Quotation marks that are opened by mistake: the rows up to the next mark would become one cell."""

import csv
from collections.abc import Sequence

from sciapp.engine.data.formats.base import Record
from sciapp.engine.data.formats.text.dialect import ESCAPED, marks_in, reader_of
from sciapp.i18n import msg
from sciapp.records.formatting import is_typed_number

_MARKS = " \"'"
_FIT = 0.8  # of the lines
_FEWEST, _MANY = 3, 6  # lines of a cell whose marks are in order


def swallowed_rows(lines: Sequence[str], begins: int, width: int, delimiter: str, quote: str) -> list[Record]:
    """The rows that one “row” of several lines holds, those with a stray mark with the problem; none for a cell whose
    text has line ends. width: of the header."""
    rows = [_alone(line, delimiter, quote) for line in lines]
    plain = [row if row is not None else _cut(line, delimiter, "") for row, line in zip(rows, lines, strict=True)]
    fitting = [row for row in plain if len(row) == width]
    if width < 2 or len(plain[0]) != width or rows[0] is not None or len(fitting) < _FIT * len(plain):
        return []
    if _alone("".join(lines), delimiter, quote) is not None and not _like_rows(fitting, len(plain)):
        return []  # the marks are in order, and the lines may be a text with its commas
    stray = [begins + i for i, row in enumerate(rows) if row is None or marks_in(lines[i], quote) % 2]
    return [
        Record(begins + index, cells, lines[index].rstrip("\r\n"), _problem(begins + index, stray))
        for index, cells in enumerate(plain)
        if lines[index].strip()
    ]


def escape_unread(text: str, width: int, delimiter: str) -> str:
    """Problem of a row in which a backslash escapes quotation marks, in a file that doubles them otherwise;
    empty for all other rows."""
    if ESCAPED not in text or _alone(text, delimiter, ESCAPED[-1]) is not None:
        return ""
    cells = _alone(text, delimiter, ESCAPED)
    if cells is None or len(cells) != width:
        return ""
    return msg("a backslash stands before a quotation mark that belongs to the text; --quote backslash reads such rows")


def _problem(line: int, stray: Sequence[int]) -> str:
    if line not in stray:
        return ""
    other = next((number for number in stray if number > line), 0) if line == stray[0] else stray[0]
    if not other or other == line:
        return msg("a quotation mark has no partner in the row")
    if other > line:
        return msg("a quotation mark has no partner in the row; the next one is on line {line:,}", line=other)
    return msg("a quotation mark has no partner in the row; one was opened on line {line:,}", line=other)


def _alone(text: str, delimiter: str, quote: str) -> list[str] | None:
    """The cells of a row; None where its marks are not in order."""
    try:
        rows = list(reader_of(iter(text.splitlines(keepends=True)), delimiter, quote, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None if rows else []


def _cut(line: str, delimiter: str, quote: str) -> list[str]:
    return next(reader_of(iter([line]), delimiter, quote), [])


def _like_rows(rows: Sequence[Sequence[str]], lines: int) -> bool:
    """True if lines between marks that are in order are rows all the same: every one fits, and they have a column of
    numbers, or they are many."""
    if len(rows) < lines or lines < _FEWEST:
        return False
    return lines >= _MANY or any(
        all(is_typed_number(cell.strip(_MARKS)) for cell in column) for column in zip(*rows, strict=True)
    )
