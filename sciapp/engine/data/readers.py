"""Tables as people have them: CSV and TSV, packed with gzip or not, with or without a byte order mark, any line ends,
quoted newlines.

Everything streams; memory does not grow with the file. A row's line number is the physical line on which it begins,
the header's being 1. Blank lines are no rows.
"""

import csv
import io
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from sciapp.engine.data.table_format import UNREADABLE, TableFormat, not_utf8, open_bytes, sniff, unreadable
from sciapp.errors import BadInput

__all__ = ["Cells", "Preview", "Record", "TableFormat", "columns_of", "preview", "read_records", "read_rows", "sniff"]

LONGEST_CELL = 10_000_000


class Record(NamedTuple):
    """One row as it stands in the file; `cells` may be shorter or longer than the header.

    text: the row's own text, without the line end; empty where a file has none (a workbook).
    """

    line: int
    cells: list[str]
    text: str = ""


class Cells(dict[str, str]):
    """A row by column name. `problem` says what is wrong with a row that does not fit the header, else it is empty."""

    problem: str = ""


@dataclass(frozen=True)
class Preview:
    """The first rows of a table; every row has as many cells as there are columns."""

    columns: list[str]
    rows: list[list[str]]
    format: TableFormat


def preview(path: Path | str, rows: int = 200) -> Preview:
    """The first `rows` rows. Raises BadInput when the file is no table."""
    format = sniff(path)
    with closing(read_records(path, format)) as records:
        columns = named_columns(next(records).cells)
        width = len(columns)
        first = [_fitted(record.cells, width) for record in islice(records, rows)]
    return Preview(columns, first, format)


def columns_of(path: Path | str, format: TableFormat | None = None) -> list[str]:
    """The names in the header."""
    with closing(read_records(path, format)) as records:
        return named_columns(next(records).cells)


def read_rows(path: Path | str, format: TableFormat | None = None) -> Generator[tuple[int, Cells], None, None]:
    """Every row with its line number, by column name. A row of another width than the header says so in `problem`;
    its missing cells are empty. Raises BadInput, with the line, when the file stops being a table."""
    records = read_records(path, format)
    columns = named_columns(next(records).cells)
    for line, cells, _ in records:
        row = Cells(zip(columns, _fitted(cells, len(columns)), strict=True))
        row.problem = misfit(cells, columns)
        yield line, row


def read_records(path: Path | str, format: TableFormat | None = None) -> Generator[Record, None, None]:
    """The header as the first record, then every row. The names in the header are as they are in the file.

    Raises BadInput for text that is not UTF-8, a quote that is never closed, or a cell over 10 million characters.
    """
    path = Path(path)
    found = format or sniff(path)
    csv.field_size_limit(LONGEST_CELL)
    begins = 1
    try:
        with io.TextIOWrapper(open_bytes(path), encoding="utf-8-sig", newline="") as file:
            ended: list[bool] = []
            lines: list[str] = []
            reader = csv.reader(_told(file, lines, ended), delimiter=found.delimiter)
            for cells in reader:
                if ended:  # csv asked for one more line than there is: it was inside quotes
                    raise _never_closed(path, begins)
                if cells:
                    yield Record(begins, cells, "".join(lines).rstrip("\r\n"))
                lines.clear()
                begins = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise not_utf8(path) from error
    except csv.Error as error:
        raise _never_closed(path, begins) from error
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def named_columns(header: list[str]) -> list[str]:
    """Header names, stripped; an empty one becomes “column 3”, a repeated one “name (2)”."""
    names: list[str] = []
    taken = {name.strip() for name in header}
    for position, cell in enumerate(header, start=1):
        plain = cell.strip() or f"column {position}"
        name, count = plain, 1
        while name in names or (name != cell.strip() and name in taken):
            count += 1
            name = f"{plain} ({count})"
        names.append(name)
    return names


def misfit(cells: list[str], columns: list[str]) -> str:
    """What is wrong with a row that is wider or narrower than the header; empty when it fits."""
    if len(cells) == len(columns):
        return ""
    have = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    return f"the row has {have}, the header has {len(columns)}"


def _told(file: IO[str], lines: list[str], ended: list[bool]) -> Iterator[str]:
    """The file's lines, each kept in `lines` too; `ended` is filled when there are no more."""
    for line in file:
        lines.append(line)
        yield line
    ended.append(True)


def _never_closed(path: Path, line: int) -> BadInput:
    return BadInput(
        f"A quotation mark is opened on line {line} of “{path.name}” and never closed.",
        hint="Close it, or double it if it belongs to the text, and import again.",
        context=f"{path}: line {line}",
    )


def _fitted(cells: list[str], width: int) -> list[str]:
    return cells if len(cells) == width else (cells + [""] * width)[:width]
