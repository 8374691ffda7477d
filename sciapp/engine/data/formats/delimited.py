"""Text tables: CSV, TSV and their kin, with any usual delimiter, quote and encoding, with a header or without.

A row's line number is the physical line on which it begins, the file's first being 1. Blank lines are no rows.
"""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from sciapp.engine.data.formats.delimiters import cut_as_said, delimiter_of, reader_of, word_for
from sciapp.engine.data.formats.headers import decimal_of, header_of
from sciapp.engine.data.formats.look import Look, open_text, undecodable
from sciapp.engine.data.formats.mixed_delimiters import told_where_mixed
from sciapp.engine.data.formats.packing import UNREADABLE, unreadable
from sciapp.engine.data.formats.record import Record, Records
from sciapp.engine.data.table_format import Finding, TableFormat
from sciapp.errors import BadInput, ReadOtherwise
from sciapp.records.reading import AUTO, DELIMITERS, QUOTES, Reading

_SAMPLE_ROWS = 200


class Delimited:
    """What every text is taken for that is nothing else."""

    name = "table"
    title = "text table"

    def fits(self, look: Look) -> str:
        return "it is text, and no other format was recognised" if look.encoding is not None else ""

    def settled(self, look: Look, reading: Reading) -> TableFormat:
        first, last = _span(reading)
        lines = look.lines[first - 1 : last or None]
        if not any(line.strip() for line in lines):
            raise BadInput(f"There is nothing in these lines of “{look.path.name}”.", hint="Choose other lines.")
        if reading.delimiter == AUTO:
            delimiter, quote = delimiter_of(lines, look.suffix)
            if reading.quote != AUTO:
                quote = Finding("quote", QUOTES[reading.quote], "as said")
        else:
            said = None if reading.quote == AUTO else QUOTES[reading.quote]
            delimiter, quote = cut_as_said(lines, DELIMITERS[reading.delimiter], said)
        rows = _first_rows(lines, delimiter.value, quote.value)
        if reading.delimiter == AUTO:
            delimiter = told_where_mixed(look.path.name, rows, delimiter)
        decimal = decimal_of(rows, delimiter.value) if reading.decimal == AUTO else _said("decimal", reading.decimal)
        header = header_of(rows, decimal.value) if reading.header == AUTO else _said("header", reading.header)
        return TableFormat(
            encoding=look.encoding.value if look.encoding else "utf-8",
            delimiter=delimiter.value,
            quote=quote.value,
            header=header.value == "yes",
            decimal=decimal.value,
            kind=self.name,
            sheet=look.member,
            sheets=look.members if len(look.members) > 1 else (),
            first=first,
            last=last,
        ).because(*look.findings, *(_in_words(found) for found in (delimiter, quote)), header, decimal)

    def records(self, path: Path, format: TableFormat) -> Records:
        """Raises BadInput for text in another encoding, a quote that is never closed, or a cell over 10 million
        characters."""
        begins = format.first
        try:
            with open_text(path, format.encoding, format.sheet) as file:
                ended: list[bool] = []
                lines: list[str] = []
                reader = reader_of(_told(file, format, lines, ended), format.delimiter, format.quote)
                named = format.header
                for cells in reader:
                    if ended:  # csv asked for one more line than there is: it was inside quotes
                        raise _never_closed(path, begins)
                    if cells and not (len(cells) == 1 and cells[0].isspace()):
                        if not named:
                            yield Record(0, [f"column {place}" for place in range(1, len(cells) + 1)])
                            named = True
                        yield Record(begins, cells, "".join(lines).rstrip("\r\n"))
                    lines.clear()
                    begins = format.first + reader.line_num
        except UnicodeDecodeError as error:
            raise undecodable(path, format.encoding, format.sheet) from error
        except UnicodeError as error:  # UTF-16 that ends in the middle or has no mark
            raise undecodable(path, format.encoding, format.sheet) from error
        except csv.Error as error:
            raise _never_closed(path, begins) from error
        except UNREADABLE as error:
            raise unreadable(path, error) from error


def _first_rows(lines: list[str], delimiter: str, quote: str) -> list[list[str]]:
    try:
        rows = reader_of(iter(lines), delimiter, quote)
        return list(islice((row for row in rows if any(cell.strip() for cell in row)), _SAMPLE_ROWS)) or [[""]]
    except csv.Error:
        return [[""]]


def _told(file: IO[str], format: TableFormat, seen: list[str], ended: list[bool]) -> Iterator[str]:
    """The lines of the table, each kept in `seen` too; `ended` is filled when there are no more."""
    lines: Iterator[str] = iter(file)
    if format.first > 1 or format.last:
        lines = islice(file, format.first - 1, format.last or None)
    for place, line in enumerate(lines):
        told = line if place else line.removeprefix("\ufeff")
        seen.append(told)
        yield told
    ended.append(True)


def _span(reading: Reading) -> tuple[int, int]:
    """(first line, last line or 0)."""
    if reading.lines == AUTO:
        return 1, 0
    first, _, last = reading.lines.partition("-")
    return max(int(first), 1), int(last or 0)


def _said(what: str, value: str) -> Finding:
    return Finding(what, value, "as said")


def _in_words(found: Finding) -> Finding:
    return found._replace(value=word_for(found.value) or "none")


def _never_closed(path: Path, line: int) -> BadInput:
    return ReadOtherwise(
        f"A quotation mark is opened on line {line} of “{path.name}” and never closed.",
        {"quote": "none"},
        hint="Close it, or double it if it belongs to the text; or read the file without quotes (--quote none). "
        "Is this the last line? Then the file is cut off: copy it again.",
        context=f"{path}: line {line}",
    )


FORMAT = Delimited()
