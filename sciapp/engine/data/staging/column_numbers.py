"""The number formats of the columns of a staged table, in two passes over its rows."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from sciapp.engine.data.staging.staged_rows import RowNotes, StagedBatch, usable_rows
from sciapp.engine.data.values.number_formats import ColumnNumbers, ColumnReader, Repairs
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.records.dataset.number_format import DecimalSign

_ENOUGH_ROWS = 20_000  # of a column that nobody reads yet


def look_at_numbers(
    staged: Path,
    notes: RowNotes,
    used: Sequence[int],
    carried: Sequence[int],
    usual: DecimalSign,
    repairs: Repairs,
    *,
    typed: bool = True,
    progress: Progress = SILENT,
) -> dict[int, ColumnNumbers]:
    """The reading of columns by their places; of `carried` those of numbers. Raises Cancelled.

    used: places of columns that are read whole; of the others the first rows say enough. usual: the sign before
    decimals in the file. typed: whether its numbers are text.
    """
    columns = {index: ColumnReader() for index in dict.fromkeys((*used, *carried))}
    brief, rows = set(carried) - set(used), len(notes.line)
    for batch, usable in usable_rows(staged, notes):
        _feed(batch, usable, columns, brief, ColumnReader.first_look)
        for index in [one for one in brief if one in columns and columns[one].holds_words]:
            del columns[index]
        progress.report(batch.end, 2 * rows)
    for column in columns.values():
        column.decide(usual, repairs, typed=typed)
    for batch, usable in usable_rows(staged, notes):
        _feed(batch, usable, columns, brief, ColumnReader.second_look)
        progress.report(rows + batch.end, 2 * rows)
    return {index: column.result(repairs) for index, column in columns.items()}


def _feed(
    batch: StagedBatch,
    usable: list[int],
    columns: Mapping[int, ColumnReader],
    brief: set[int],
    look: Callable[[ColumnReader, Sequence[int], Sequence[str]], None],
) -> None:
    """The usable rows of a batch, shown to each column that is not done yet."""
    rows = (np.asarray(usable, dtype=np.int64) + batch.begin).tolist()
    for index, column in columns.items():
        if index not in brief or batch.begin < _ENOUGH_ROWS:
            look(column, rows, batch.cells(index).take(pa.array(usable, pa.int64())).to_pylist())
