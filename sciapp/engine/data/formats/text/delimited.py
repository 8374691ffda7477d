"""Text tables: CSV, TSV and their kin, with any usual delimiter, quote and encoding, with a header or without.

A row's line number is the physical line on which it begins, the file's first being 1. Blank lines are no rows.
"""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sciapp.engine.data.formats.archives import UNREADABLE, unreadable
from sciapp.engine.data.formats.base import HEADER_AGAIN, Record, Records
from sciapp.engine.data.formats.detection import FileHead, open_text, undecodable
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.dialect import reader_of, word_for
from sciapp.engine.data.formats.text.stray_quotes import escape_unread, swallowed_rows
from sciapp.engine.data.formats.text.table_lines import TableLines
from sciapp.engine.data.formats.text.table_parts import parts_of
from sciapp.errors import BadInput, ReadOtherwise
from sciapp.i18n import msg
from sciapp.records.read_options import AUTO, Reading


class Delimited:
    """Delimited text; every text is taken for it that is nothing else."""

    name = "table"
    title = msg("text table")

    def fits(self, look: FileHead) -> str:
        return msg("it is text, and no other format was recognised") if look.encoding is not None else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        first, last = _span(reading)
        lines = look.lines[first - 1 : last or None]
        if not any(line.strip() for line in lines):
            raise BadInput(
                msg("There is nothing in these lines of “{path}”.", path=look.path.name),
                hint=msg("Choose other lines."),
            )
        parts = parts_of(look.path.name, lines, look.suffix, reading)
        return TableFormat(
            encoding=look.encoding.value if look.encoding else "utf-8",
            delimiter=parts.delimiter.value,
            quote=parts.quote.value,
            header=parts.header.value == "yes",
            decimal="," if parts.decimal.value == "," else ".",
            kind=self.name,
            sheet=look.member,
            sheets=look.members if len(look.members) > 1 else (),
            first=first - 1 + parts.begin,
            last=last,
            names=parts.names,
            comment=parts.top.sign,
            units_line=first - 1 + parts.units_line if parts.units_line else 0,
            passed_over=parts.findings(),
        ).because(
            *look.findings,
            *(_in_words(evidence) for evidence in (parts.delimiter, parts.quote)),
            parts.header,
            parts.decimal,
            *(evidence for evidence in parts.findings() if evidence.what != "header"),
        )

    def records(self, path: Path, format: TableFormat) -> Records:
        """A row with a stray quotation mark, and the header once more, say so in `problem`. Raises BadInput for text
        in another encoding, a quote that is never closed, or a cell over 10 million characters."""
        numbered = TableLines(
            begins=format.first,
            comment=format.comment,
            width=len(format.names) if format.names else 0,
            cut=(format.delimiter, format.quote),
            units_line=format.units_line,
        )
        try:
            with open_text(path, format.encoding, format.sheet) as file:
                lines = numbered.of(islice(file, format.first - 1, format.last or None))
                yield from _rows(reader_of(lines, format.delimiter, format.quote), numbered, path, format)
        except UnicodeError as error:  # UTF-16 that ends in the middle or has no mark, too
            raise undecodable(path, format.encoding, format.sheet) from error
        except csv.Error as error:
            raise _never_closed(path, numbered.begins) from error
        except UNREADABLE as error:
            raise unreadable(path, error) from error


def _rows(reader: Iterator[list[str]], numbered: TableLines, path: Path, format: TableFormat) -> Records:
    header: list[str] = []
    doubled = format.quote == '"'
    for cells in reader:
        if numbered.ended:  # csv asked for one more line than there is: it was inside quotes
            raise _never_closed(path, numbered.begins)
        if cells and not (len(cells) == 1 and cells[0].isspace()):
            if not header:
                header = cells if format.header else [f"column {index}" for index in range(1, len(cells) + 1)]
                numbered.width = len(format.names or header)
                if format.header:
                    yield Record(numbered.begins, list(format.names) or cells, numbered.text)
                    numbered.taken()
                    continue
                yield Record(0, header)
            if len(numbered.row) > 1 and (
                swallowed := swallowed_rows(
                    numbered.row, numbered.begins, numbered.width, format.delimiter, format.quote
                )
            ):
                yield from swallowed
            else:
                text = numbered.text
                problem = HEADER_AGAIN if format.header and cells == header and len(cells) > 1 else ""
                if doubled and not problem:
                    problem = escape_unread(text, numbered.width, format.delimiter)
                yield Record(numbered.begins, cells, text, problem)
        numbered.taken()


def _span(reading: Reading) -> tuple[int, int]:
    """(first line, last line or 0)."""
    if reading.lines == AUTO:
        return 1, 0
    first, _, last = reading.lines.partition("-")
    return max(int(first), 1), int(last or 0)


def _in_words(evidence: FormatEvidence) -> FormatEvidence:
    return evidence._replace(value=word_for(evidence.value) or "none")


def _never_closed(path: Path, line: int) -> BadInput:
    return ReadOtherwise(
        msg("A quotation mark is opened on line {line} of “{file}” and never closed.", line=line, file=path.name),
        {"quote": "none"},
        hint=msg(
            "Close it, or double it if it belongs to the text; or read the file without quotes "
            "(--quote none). Is this the last line? Then the file is cut off: copy it again."
        ),
        context=msg("{path}: line {line}", path=path, line=line),
    )


FORMAT = Delimited()
