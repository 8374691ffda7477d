"""Rows as people have them, whatever the format: text tables, sequences, molecules, workbooks, packed or not.

Everything streams; memory does not grow with the file. A row's line number is the physical line on which it begins,
the file's first being 1 (the number of the row where a file has no lines).
"""

import random
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sciapp.engine.data.formats.base import Record
from sciapp.engine.data.formats.header_names import fitted, misfit, named_columns
from sciapp.engine.data.formats.registry import FORMAT_NAMES, settle
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.engine.data.formats.text.dialect import word_for
from sciapp.engine.data.readers.derived_columns import derived_records, with_derived
from sciapp.engine.data.readers.gathering import GatheringProgress, Glance
from sciapp.errors import BadInput, SciAppError
from sciapp.i18n import msg, plural
from sciapp.records.read_options import AUTO, QUOTES, Reading

__all__ = [
    "Cells",
    "Preview",
    "Record",
    "TableFormat",
    "columns_of",
    "misfit",
    "named_columns",
    "preview",
    "read_records",
    "read_rows",
    "sniff",
]


_MOST_LETTERS = 4_000_000  # of a preview
_ROWS_READ, _CELLS_READ, _LETTERS_READ = 20_000, 200_000, 5_000_000  # that a sample is drawn from: about half a second
_CELLS_SAMPLED = 100_000


class Cells(dict[str, str]):
    """A row by column name. `problem` says what is wrong with a row that does not fit the header, else it is empty."""

    problem: str = ""


@dataclass(frozen=True)
class Preview:
    """The first rows of a table; every row has as many cells as there are columns.

    later: rows from the rest of the file, in its order: all of them where there are not too many, else a sample.
    whole: whether the file was read to its end. misfits: a sentence on rows that do not fit the header, which are none
    of these; empty where there are none. gathered: the same on series that rows were gathered to. lines: of the file,
    on which the first rows begin.
    """

    columns: list[str]
    rows: list[list[str]]
    format: TableFormat
    later: list[list[str]] = field(default_factory=list)
    whole: bool = True
    misfits: str = ""
    gathered: str = ""
    lines: tuple[int, ...] = ()

    @property
    def sample(self) -> list[list[str]]:
        """Rows that roles and task are proposed from: a table may be sorted, and its first rows be all of one kind."""
        return [*self.rows, *self.later]

    @property
    def complete(self) -> bool:
        """True if the sample surely holds every row that can be read."""
        return self.whole and len(self.sample) < _CELLS_SAMPLED // max(1, len(self.columns))

    def cells(self) -> dict[str, list[str]]:
        """The sampled cells of each column, by name."""
        rows = self.sample
        if not rows:
            return {name: [] for name in self.columns}
        return {name: list(cells) for name, cells in zip(self.columns, zip(*rows, strict=True), strict=True)}


def sniff(path: Path | str, reading: Reading | None = None) -> TableFormat:
    """Format of a file, with the reasons. Raises BadInput for one that is missing, empty, damaged or no table."""
    options = reading or Reading()
    return with_derived(Path(path), settle(Path(path), options), options)


def preview(path: Path | str, rows: int = 200, reading: Reading | None = None) -> Preview:
    """The first `rows` rows, fewer where they are very long, and a sample of the others.

    Raises BadInput when the file is no table. Damage further down is left to the import, which names the line.
    """
    format = sniff(path, reading)
    glance = Glance() if format.series.wanted else None
    with closing(derived_records(Path(path), format, glance)) as records:
        columns = named_columns(next(records).cells)
        width = len(columns)
        first: list[list[str]] = []
        lines: list[int] = []
        letters = 0
        fitting = _Fitting(records, columns, format.cell_delimiter)
        sound = iter(fitting)
        for record in islice(sound, rows):
            first.append(record.cells)
            lines.append(record.line)
            letters += sum(map(len, record.cells))
            if letters > _MOST_LETTERS:  # whole genomes; the first of them says enough
                gathered = _gathered(glance, format)
                return Preview(columns, first, format, whole=False, gathered=gathered, lines=tuple(lines))
        later, whole = _sampled(sound, width, len(first))
    if not first and fitting.misfits:
        raise _none_fits(Path(path), fitting)
    if not first and fitting.problem:
        raise _none_read(Path(path), fitting)
    whole = whole and not fitting.given_up and not (glance and glance.cut)
    misfits, gathered = fitting.sentence(), _gathered(glance, format)
    return Preview(columns, first, format, later, whole, misfits, gathered, tuple(lines))


def _gathered(glance: Glance | None, format: TableFormat) -> str:
    """A sentence on the series that were gathered; empty where rows are rows."""
    if glance is None or not glance.series:
        return ""
    return glance.sentence(format)


class _Fitting:
    """The records that nothing is wrong with. misfits: how many were of another width than the header; example: the
    first of them; problem: of the first that cannot be read; given_up: whether they were so many that the rest was
    not looked at."""

    def __init__(self, records: Iterator[Record], columns: list[str], delimiter: str) -> None:
        self._records, self._columns, self._delimiter = records, columns, delimiter
        self.misfits = 0
        self.example = ""
        self.problem = ""
        self.given_up = False

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            wrong = misfit(record.cells, self._columns, self._delimiter)
            if record.problem:
                self.problem = self.problem or msg("line {line:,}: {wrong}", line=record.line, wrong=record.problem)
                continue
            if not wrong:
                yield record
                continue
            self.misfits += 1
            self.example = self.example or msg("line {line:,}: {wrong}", line=record.line, wrong=wrong)
            if self.misfits >= _ROWS_READ:
                self.given_up = True
                return

    def sentence(self) -> str:
        """For people; empty where all rows fit."""
        if not self.misfits:
            return ""
        return plural(
            "{n:,} row does not fit the header and will be set aside ({example}).",
            "{n:,} rows do not fit the header and will be set aside ({example}).",
            self.misfits,
            example=self.example,
        )


def _none_fits(path: Path, fitting: _Fitting) -> BadInput:
    return BadInput(
        msg("No row of “{file}” fits its header ({example}).", file=path.name, example=fitting.example),
        hint=msg(
            "Put cells that hold the sign between cells into quotation marks, or save the table with "
            "tabs between cells. Does another sign part the cells (--delimiter), or is the first row "
            "none of names (--no-header)?"
        ),
        context=f"{path}: {fitting.example}",
    )


def _none_read(path: Path, fitting: _Fitting) -> BadInput:
    return BadInput(
        msg("No row of “{file}” can be read ({example}).", file=path.name, example=fitting.problem),
        hint=msg("Check which columns were named for what, and how the file is read; or choose another file."),
        context=f"{path}: {fitting.problem}",
    )


def _sampled(records: Iterator[Record], width: int, before: int) -> tuple[list[list[str]], bool]:
    """(rows drawn from those that follow, in their order; whether the file ended). Bounded by cells and letters, not
    by the clock: the same file always gives the same rows (reservoir sampling: Vitter 1985, ACM TOMS 11:37).
    """
    most, room = min(_ROWS_READ, _CELLS_READ // width) - before, max(0, _CELLS_SAMPLED // width - before)
    draw, sample, letters = random.Random(0), list[tuple[int, list[str]]](), 0
    try:
        for index, record in enumerate(records):
            if index >= most or letters > _LETTERS_READ:
                return [cells for _, cells in sorted(sample)], False
            cells = record.cells
            letters += sum(map(len, cells))
            if len(sample) < room:
                sample.append((index, cells))
            elif (instead := draw.randrange(index + 1)) < room:
                sample[instead] = (index, cells)
    except SciAppError:
        return [cells for _, cells in sorted(sample)], False
    return [cells for _, cells in sorted(sample)], True


def columns_of(path: Path | str, format: TableFormat | Reading | None = None) -> list[str]:
    """The names of the columns."""
    with closing(read_records(path, format)) as records:
        return named_columns(next(records).cells)


def read_rows(
    path: Path | str, format: TableFormat | Reading | None = None
) -> Generator[tuple[int, Cells], None, None]:
    """Every row with its line number, by column name. A row of another width than the header says so in `problem`;
    its missing cells are empty. Raises BadInput, with the line, when the file stops being a table."""
    settled = format if isinstance(format, TableFormat) else sniff(path, format)
    records = read_records(path, settled)
    columns = named_columns(next(records).cells)
    for record in records:
        row = Cells(zip(columns, fitted(record.cells, len(columns)), strict=True))
        row.problem = record.problem or misfit(record.cells, columns, settled.cell_delimiter)
        yield record.line, row


def read_records(
    path: Path | str, format: TableFormat | Reading | None = None, *, watched: GatheringProgress | None = None
) -> Generator[Record, None, None]:
    """The names of the columns as the first record, then every row. Names are as they are in the file. watched: of rows
    that are gathered before the first one comes out.

    Raises BadInput for text in another encoding, a quote that is never closed, or a cell over 10 million characters.
    """
    path = Path(path)
    table_format = format if isinstance(format, TableFormat) else sniff(path, format)
    records = derived_records(path, table_format, None, watched)
    return records if table_format.reshape is None else table_format.reshape(records)


# A complete reading, made from the detected format: it leaves nothing open and reads the same rows again.


def settled_reading(format: TableFormat) -> Reading:
    """For the card of a dataset."""
    text_table = format.kind == "table"
    return Reading.model_validate(
        {
            "format": format.kind if format.kind in FORMAT_NAMES else AUTO,
            "encoding": format.encoding or AUTO,
            "delimiter": word_for(format.delimiter) or "none" if text_table else AUTO,
            "quote": _QUOTES[format.quote] if text_table else AUTO,
            "header": ("yes" if format.header else "no") if format.kind in {"table", "workbook", "smi"} else AUTO,
            "decimal": format.decimal if text_table else AUTO,
            "sheet": format.sheet if format.sheet and format.kind != "folder" else AUTO,
            "lines": f"{format.first}-{format.last or ''}"
            if text_table and (format.first, format.last) != (1, 0)
            else AUTO,
            "comment": format.comment or "none" if text_table else AUTO,
            "labels": format.labels,
            "download": format.download,
            "join": format.join,
            "on": format.on,
            "together": format.together,
            "joined_as": format.joined_as,
            "series": format.series,
            "axis": format.axis,
        }
    )


_QUOTES = {sign: word for word, sign in QUOTES.items()}
