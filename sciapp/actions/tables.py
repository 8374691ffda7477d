"""Rows of a dataset or of predictions, a page at a time, for tables of any length. Arrow only: no torch, no pandas."""

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.predictions import PROBLEM
from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import from_line, msg
from sciapp.records.dataset.card import (
    COLUMN_PREFIX,
    INPUT,
    INPUT2,
    LINE,
    MASK,
    SPLIT,
    TARGET_PREFIX,
    TIME_PREFIX,
    WEIGHT,
)
from sciapp.records.regular import regular

PREDICTION_PREFIX, PROBABILITY_PREFIX, ERROR_PREFIX, RIGHT_PREFIX = "prediction:", "probability:", "error:", "right:"
ACCURACY_PREFIX = "accuracy:"
_RIGHT, _WRONG = msg("right"), msg("wrong")
PAGE_ROWS = 16_384  # as many as a row group of table.parquet has


@dataclass(frozen=True)
class Column:
    """`key` is the name in the file, `title` what people read, `role` what the column is for.

    terms: whether its cells are words of ours, such as “train”, which are put into the language where they are shown.
    """

    key: str
    title: str
    role: str
    numeric: bool
    terms: bool = False


class Page:
    """Some consecutive rows in memory."""

    def __init__(self, table: pa.Table) -> None:
        self._cells = [c.chunk(0) if c.num_chunks == 1 else c.combine_chunks() for c in table.columns]

    def cell(self, row: int, column: int) -> Any:
        """int, float, str or None; `row` counts from the page's first."""
        return self._cells[column][row].as_py()


class MessagePage(Page):
    """A page of which one column holds messages, as `to_line` wrote them; a damaged one gives way to its sentence."""

    def __init__(self, table: pa.Table, messages: pa.Array, column: int) -> None:
        super().__init__(table)
        self._messages, self._column = messages, column

    def cell(self, row: int, column: int) -> Any:
        if column == self._column:
            with suppress(ValueError):
                return from_line(self._messages[row].as_py())
        return super().cell(row, column)


class TableSource(Protocol):
    """The source of a table model's rows; `at_hand`: reading a page takes no noticeable time."""

    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def row_count(self) -> int: ...
    @property
    def at_hand(self) -> bool: ...

    def locate(self, row: int) -> tuple[int, int]:
        """(page, row within the page)."""

    def read(self, page: int) -> Page:
        """One page; may be called on any thread. Raises BadInput when the file is gone or damaged."""

    def page_count(self) -> int: ...

    def table_of(self, page: int) -> pa.Table: ...


class ParquetSource:
    """A parquet file that stays on disk; a page is a row group. The file is opened anew for each page."""

    at_hand = False

    def __init__(self, path: Path) -> None:
        """Reads the footer only. Raises BadInput."""
        self._path = path
        try:
            with pq.ParquetFile(regular(path)) as file:
                metadata, schema = file.metadata, file.schema_arrow
        except UNREADABLE as error:
            raise _unreadable(path, error) from error
        sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        self._begins = [0, *np.cumsum(sizes).tolist()]
        self._schema = schema
        self.columns = columns_of(schema)

    @property
    def row_count(self) -> int:
        return int(self._begins[-1])

    def locate(self, row: int) -> tuple[int, int]:
        page = bisect_right(self._begins, row) - 1
        return page, row - self._begins[page]

    def page_count(self) -> int:
        return len(self._begins) - 1

    def read(self, page: int) -> Page:
        return Page(self.table_of(page))

    def table_of(self, page: int) -> pa.Table:
        try:
            with pq.ParquetFile(regular(self._path), memory_map=True) as file:
                if not self._is_the_same(file, page):
                    raise BadInput(
                        msg("The table {path} has changed since it was opened.", path=self._path.name),
                        hint=msg("Choose the dataset again."),
                    )
                # One thread: the two cores are wanted by the window and by a run.
                return file.read_row_group(page, use_threads=False)
        except UNREADABLE as error:
            raise _unreadable(self._path, error) from error

    def _is_the_same(self, file: pq.ParquetFile, page: int) -> bool:
        """True if a page of the file is still what its footer said."""
        if file.num_row_groups != self.page_count() or file.schema_arrow.names != self._schema.names:
            return False
        return bool(file.metadata.row_group(page).num_rows == self._begins[page + 1] - self._begins[page])


class MemorySource:
    """A table that is in memory already: sorted, searched or small."""

    at_hand = True

    def __init__(self, table: pa.Table, columns: tuple[Column, ...] | None = None) -> None:
        self.table = table
        self.columns = columns or columns_of(table.schema)

    @property
    def row_count(self) -> int:
        return int(self.table.num_rows)

    def locate(self, row: int) -> tuple[int, int]:
        return divmod(row, PAGE_ROWS)

    def page_count(self) -> int:
        return -(-self.row_count // PAGE_ROWS)

    def read(self, page: int) -> Page:
        return Page(self.table_of(page))

    def table_of(self, page: int) -> pa.Table:
        return self.table.slice(page * PAGE_ROWS, PAGE_ROWS)

    def in_order(self, rows: pa.Array) -> "MemorySource":
        """The same rows in another order."""
        return MemorySource(self.table.take(rows), self.columns)


class MessageSource(MemorySource):
    """A table of which one column holds English sentences, each with the message that it was made from."""

    def __init__(self, table: pa.Table, columns: tuple[Column, ...], messages: pa.Array, *, column: int) -> None:
        """messages (rows,): as `to_line` wrote them."""
        super().__init__(table, columns)
        self._messages, self._column = messages, column

    def read(self, page: int) -> Page:
        """Messages in place of the sentences; they are put into words where they are shown."""
        messages = self._messages.slice(page * PAGE_ROWS, PAGE_ROWS)
        return MessagePage(self.table_of(page), messages, self._column)

    def in_order(self, rows: pa.Array) -> "MessageSource":
        return MessageSource(self.table.take(rows), self.columns, self._messages.take(rows), column=self._column)


def open_table(path: Path) -> ParquetSource:
    """The used rows of a dataset. Raises BadInput."""
    return ParquetSource(path)


def open_predictions(path: Path, split: str = "test") -> MemorySource:
    """Predictions of one split, each beside its absolute error or whether it is right.

    A file of new rows has one split of its own; it comes whole. Raises BadInput.
    """
    try:
        table = pq.read_table(regular(path), memory_map=True, use_threads=False)
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    if SPLIT in table.column_names:
        in_split = pc.equal(table[SPLIT], split)
        if pc.any(in_split).as_py():
            table = table.filter(in_split)
        table = table.drop_columns([SPLIT])
    judged = _judged(table)
    return MemorySource(judged, _shortly(columns_of(judged.schema)))


def sorted_source(source: TableSource, column: int, descending: bool, progress: Progress = SILENT) -> MemorySource:
    """All rows in the order of a column, gaps last. The copy is in memory: the file's own order stays on disk."""
    whole = source if isinstance(source, MemorySource) else MemorySource(_whole(source, progress), source.columns)
    # Gaps come last by themselves; to say so with `null_placement` is deprecated since Arrow 25.
    order = pc.sort_indices(
        _as_numbers(whole.table[column]), sort_keys=[("", "descending" if descending else "ascending")]
    )
    return whole.in_order(order)


def _as_numbers(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column that was carried along as text, as the numbers that it holds; any other as it is."""
    if not pa.types.is_string(cells.type) and not pa.types.is_large_string(cells.type):
        return cells
    trimmed = pc.utf8_trim_whitespace(cells)
    try:
        return pc.cast(pc.if_else(pc.equal(trimmed, ""), None, trimmed), pa.float64())
    except pa.ArrowInvalid:
        return cells


@dataclass(frozen=True)
class Parity:
    """Measured and predicted values, gaps left out, and the line of the file of each; all arrays (points,)."""

    target: str
    measured: npt.NDArray[np.float64]
    predicted: npt.NDArray[np.float64]
    lines: npt.NDArray[np.int64]


def parity_of(source: MemorySource, target: str) -> Parity:
    """The points of a parity plot; none where the table has no numbers of that target."""
    names = source.table.column_names
    measured, predicted = TARGET_PREFIX + target, PREDICTION_PREFIX + target
    if measured not in names or predicted not in names:
        return Parity(target, np.empty(0), np.empty(0), np.empty(0, dtype=np.int64))
    x = source.table[measured].to_numpy().astype(np.float64)
    y = source.table[predicted].to_numpy().astype(np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    return Parity(target, x[known], y[known], lines_of(source)[known])


def lines_of(source: MemorySource) -> npt.NDArray[np.int64]:
    """The line of the file that each row (rows,) came from; their numbers where the table does not say."""
    if LINE not in source.table.column_names:
        return np.arange(source.row_count, dtype=np.int64)
    return np.asarray(source.table[LINE].to_numpy(), dtype=np.int64)


def columns_of(schema: pa.Schema) -> tuple[Column, ...]:
    """Columns as people read them."""
    return tuple(_column(field.name, field.type) for field in schema)


def _shortly(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns with short titles: where one target is predicted, its name need not stand above every column."""
    if sum(column.key.startswith(PREDICTION_PREFIX) for column in columns) != 1:
        return columns
    short = {
        TARGET_PREFIX: msg("measured"),
        PREDICTION_PREFIX: msg("predicted"),
        ERROR_PREFIX: msg("off by"),
        ACCURACY_PREFIX: msg("share right"),
    }
    named = [(column, short.get(f"{column.key.partition(':')[0]}:")) for column in columns]
    return tuple(
        replace(c, title=title, role=msg("{title}; {role}", title=c.title, role=c.role)) if title else c
        for c, title in named
    )


def _column(key: str, kind: pa.DataType) -> Column:
    numeric = bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
    prefix, _, name = key.partition(":")
    titles = {
        TARGET_PREFIX: (name, msg("target")),
        COLUMN_PREFIX: (name, msg("other column of the file")),
        PREDICTION_PREFIX: (msg("predicted {name}", name=name), msg("prediction")),
        TIME_PREFIX: (msg("time of {step}", step=name), msg("when the values of this step are expected")),
        PROBABILITY_PREFIX: (f"P({name})", msg("probability of this class, or of this target being 1")),
        ERROR_PREFIX: (msg("{name} off by", name=name), msg("absolute error: how far the prediction is off")),
        ACCURACY_PREFIX: (
            msg("share right of {name}", name=name),
            msg("how many of the row’s labels that count are right"),
        ),
        RIGHT_PREFIX: (msg("right or wrong"), msg("whether the predicted class is the measured one")),
    }
    own = {
        LINE: (msg("line"), msg("line of the source file")),
        INPUT: (msg("input"), msg("input, as the model reads it")),
        INPUT2: (msg("second input"), msg("second input, as the model reads it")),
        SPLIT: (msg("split"), msg("split")),
        MASK: (msg("mask"), msg("1 where the label of a unit counts")),
        WEIGHT: (msg("weight"), msg("how much the row counts in training")),
        PROBLEM: (msg("problem"), msg("why a row has no prediction")),
    }
    title, role = titles.get(f"{prefix}:", own.get(key, (key, "")))
    if key.startswith(COLUMN_PREFIX) and name == SPLIT:
        title = msg("{name} (of the file)", name=name)
    return Column(key, title, role, numeric, terms=key == SPLIT or f"{prefix}:" == RIGHT_PREFIX)


def _judged(table: pa.Table) -> pa.Table:
    """Adds, behind each prediction, its absolute error (numbers) or whether it is right (classes)."""
    columns: dict[str, Any] = {}
    for key in table.column_names:
        columns[key] = table[key]
        name = key.removeprefix(PREDICTION_PREFIX)
        if name == key or TARGET_PREFIX + name not in table.column_names:
            continue
        if ACCURACY_PREFIX + name in table.column_names:
            continue  # a label for every unit: hardly a row is right as a whole
        truth, predicted = table[TARGET_PREFIX + name], table[key]
        if pa.types.is_floating(predicted.type):
            columns[ERROR_PREFIX + name] = pc.abs(pc.subtract(predicted, truth))
        else:
            columns[RIGHT_PREFIX + name] = pc.if_else(pc.equal(predicted, truth), str(_RIGHT), str(_WRONG))
    return pa.table(columns)


def _whole(source: TableSource, progress: Progress) -> pa.Table:
    parts: Sequence[pa.Table] = []
    reading = progress.stage(msg("Reading"))
    for page in range(source.page_count()):
        reading.report(page, source.page_count())
        parts = [*parts, source.table_of(page)]
    if parts:
        return pa.concat_tables(parts)
    fields = [(c.key, pa.float64() if c.numeric else pa.string()) for c in source.columns]
    return pa.schema(fields).empty_table()


def _unreadable(path: Path, error: Exception) -> BadInput:
    missing = isinstance(error, FileNotFoundError)
    return BadInput(
        msg("The rows in “{name}” are gone.", name=path.name)
        if missing
        else msg("The rows in “{name}” cannot be read: the file is damaged.", name=path.name),
        hint=msg("Import the table again.") if path.name == "table.parquet" else msg("Run it again."),
        context=f"{path}: {error}",
    )
