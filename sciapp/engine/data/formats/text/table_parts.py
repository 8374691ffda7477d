"""The parts of a text table, found by its first lines: what stands above it, its names, its units, its rows."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sciapp.engine.data.formats.base import Numbered
from sciapp.engine.data.formats.header import decimal_of, header_of, names_clearly
from sciapp.engine.data.formats.table_format import FormatEvidence
from sciapp.engine.data.formats.text.dialect import delimiter_of, named_delimiter, reader_of, with_mixed_delimiters
from sciapp.engine.data.formats.text.preamble import (
    Preamble,
    above,
    has_units,
    is_short_header,
    rows_above,
    surely_comments,
    uncommented,
    usual_width,
)
from sciapp.engine.data.formats.text.table_lines import TableLines
from sciapp.i18n import msg, plural
from sciapp.records.read_options import AUTO, DELIMITERS, QUOTES, Reading

ROW_NAMES = msg("row name")

_SAMPLE_ROWS = 200
_LONGEST_NAME, _MOST_WORDS = 60, 5


@dataclass(frozen=True)
class TableParts:
    """All places are lines, the first that was looked at being 1.

    rows: the first ones; the header is the first of them unless it is a comment. names: of the columns where the
    header does not say them as it stands. begin: the line of the header, or of the first row. units: the cells beneath
    the header, on `units_line`.
    """

    delimiter: FormatEvidence
    quote: FormatEvidence
    decimal: FormatEvidence
    header: FormatEvidence
    top: Preamble
    titles: int
    names: tuple[str, ...]
    begin: int
    units: tuple[str, ...] = ()
    units_line: int = 0

    def findings(self) -> tuple[FormatEvidence, ...]:
        """Evidence of lines passed over and names made up, for people."""
        evidence = []
        if self.top.separator:
            evidence.append(
                FormatEvidence(msg("separator"), "line 1", msg("Excel’s sep= line names the delimiter; it is no row"))
            )
        if self.top.comments:
            why = plural(
                "a line at the top begins with it; such lines are passed over",
                "{n} lines at the top begin with it; such lines are passed over",
                len(self.top.comments),
            )
            evidence.append(FormatEvidence(msg("comments"), self.top.sign, why))
        if self.titles:
            why = plural("a row above the header, passed over", "{n} rows above the header, passed over", self.titles)
            evidence.append(FormatEvidence(msg("title"), msg("above line {line}", line=self.begin), why))
        if self.units:
            listed = ", ".join(cell for cell in self.units if cell.strip())
            evidence.append(
                FormatEvidence(
                    msg("units"),
                    listed,
                    msg("line {units_line} has them beneath the names; it is no row", units_line=self.units_line),
                )
            )
        if self.header.value == "no" and self.header.why != msg("as said"):
            evidence.append(
                FormatEvidence(
                    msg("header"), "none", msg("names of the columns were made up, for {why}", why=self.header.why)
                )
            )
        if self.names and self.names[0] == ROW_NAMES:
            evidence.append(
                FormatEvidence(
                    msg("row names"), msg("first cells"), msg("the header has one name less than the rows have cells")
                )
            )
        return tuple(evidence)


def parts_of(name: str, lines: Sequence[str], suffix: str, reading: Reading) -> TableParts:
    """name: of the file. Raises BadInput for a table of two delimiters."""
    top = above(lines, reading.comment)
    delimiter, quote = _delimiter(lines[top.lines :], suffix, reading, top.separator)
    cut = (delimiter.value, quote.value)
    rows = numbered_rows(lines, top, *cut)
    width = usual_width([cells for _, cells in rows])
    decimal = _decimal(_cells(rows), delimiter.value, reading)
    commented = _commented_header(top, _cells(rows), width, cut, decimal.value, reading)
    if reading.comment == AUTO and _may_be_rows(top, width, cut, commented):
        return parts_of(name, lines, suffix, reading.model_copy(update={"comment": "none"}))
    titles = 0
    if not commented and reading.lines == AUTO and reading.header != "no":
        titles = rows_above(_cells(rows), width, decimal.value)
    rows = rows[titles:]
    cells = [list(commented), *_cells(rows)] if commented else _cells(rows)
    header = _header(cells, commented, decimal.value, reading)
    if reading.delimiter == AUTO:
        delimiter = with_mixed_delimiters(name, cells, delimiter)
    named = header.value == "yes"
    parts = TableParts(
        delimiter=delimiter,
        quote=quote,
        decimal=decimal,
        header=header,
        top=top,
        titles=titles,
        names=commented or (_completed(cells, width) if named else ()),
        begin=_last_comment(lines, top) if commented else rows[0][0],
    )
    if named and has_units(cells, decimal.value):
        return replace(parts, units=tuple(cells[1]), units_line=rows[0 if commented else 1][0])
    return parts


def numbered_rows(lines: Sequence[str], top: Preamble, delimiter: str, quote: str) -> list[Numbered]:
    """(line, cells) of the first rows with anything in them; at least one."""
    numbered = TableLines(begins=top.lines + 1, comment=top.sign)
    reader = reader_of(numbered.of(f"{line}\n" for line in lines[top.lines :]), delimiter, quote)
    rows: list[Numbered] = []
    try:
        for cells in islice(reader, 2 * _SAMPLE_ROWS):
            if any(cell.strip() for cell in cells):
                rows.append((numbered.begins, cells))
            numbered.taken()
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:  # a cell beyond all measure
        return [(top.lines + 1, [""])]
    return rows or [(top.lines + 1, [""])]


def _delimiter(
    lines: Sequence[str], suffix: str, reading: Reading, separator: str
) -> tuple[FormatEvidence, FormatEvidence]:
    quote_option = None if reading.quote == AUTO else QUOTES[reading.quote]
    if reading.delimiter != AUTO:
        return named_delimiter(lines, DELIMITERS.get(reading.delimiter, reading.delimiter), quote_option)
    if separator:
        delimiter, quote = named_delimiter(lines, separator, quote_option)
        return delimiter._replace(why=msg("the first line says so (sep=)")), quote
    delimiter, quote = delimiter_of(lines, suffix)
    return delimiter, quote if quote_option is None else FormatEvidence(msg("quote"), quote_option, msg("as said"))


def _decimal(rows: Sequence[Sequence[str]], delimiter: str, reading: Reading) -> FormatEvidence:
    return (
        decimal_of(rows, delimiter)
        if reading.decimal == AUTO
        else FormatEvidence(msg("decimal"), reading.decimal, msg("as said"))
    )


def _header(rows: Sequence[Sequence[str]], commented: Sequence[str], decimal: str, reading: Reading) -> FormatEvidence:
    if reading.header != AUTO:
        return FormatEvidence(msg("header"), reading.header, msg("as said"))
    if commented:
        return FormatEvidence(
            msg("header"), "yes", msg("the last comment names the columns: “{commented}”…", commented=commented[0])
        )
    return header_of(rows, decimal)


def _commented_header(
    top: Preamble, rows: Sequence[Sequence[str]], width: int, cut: tuple[str, str], decimal: str, reading: Reading
) -> tuple[str, ...]:
    """The names that the last comment has; none where it is a sentence, or where the first row has them."""
    if not top.comments or width < 2 or reading.header == "no":
        return ()
    names = [cell.strip() for cell in next(reader_of(iter([uncommented(top.comments[-1], top.sign)]), *cut), [])]
    plain = all(cell and len(cell) <= _LONGEST_NAME and len(cell.split()) <= _MOST_WORDS for cell in names)
    if len(names) != width or not plain or len(set(names)) < width or names[0].endswith(":"):
        return ()
    if names_clearly(rows[0], rows[1:], decimal):
        return ()
    clear = names_clearly(names, rows, decimal) or header_of(rows, decimal).value == "no"
    return tuple(names) if clear else ()


def _may_be_rows(top: Preamble, width: int, cut: tuple[str, str], header: Sequence[str]) -> bool:
    """True if the lines taken for comments may be rows whose text begins with the sign."""
    if not top.comments:
        return False
    if width < 2:
        return not surely_comments(top.comments)
    others = top.comments[: -1 if header else None]
    return not surely_comments(others) and all(len(next(reader_of(iter([line]), *cut), [])) == width for line in others)


def _completed(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """All names where the header lacks that of the first cell: row names; or of the last, which is always empty."""
    if not is_short_header(rows, width):
        return ()
    if all(not row[-1].strip() for row in rows[1:] if len(row) == width):
        return (*rows[0], "")
    whole = [row for row in rows[1:] if len(row) == width]
    if 2 * sum(map(_is_torn, whole)) > len(whole):
        return ()
    return (ROW_NAMES, *rows[0])


def _is_torn(row: Sequence[str]) -> bool:
    """True if a delimiter inside a cell cut it: a part goes on with a blank and a letter, or has half a quotation."""
    going_on = [cell[:1] == " " and cell[1:2].isalpha() for cell in row[1:]]
    halves = any(cell.count('"') % 2 or cell.endswith('\\"') for cell in row)
    return halves or (any(going_on) and not all(cell[:1] == " " for cell in row[1:]))


def _last_comment(lines: Sequence[str], top: Preamble) -> int:
    return next(index for index in range(top.lines, 0, -1) if lines[index - 1].strip())


def _cells(rows: list[Numbered]) -> list[list[str]]:
    return [cells for _, cells in rows]
