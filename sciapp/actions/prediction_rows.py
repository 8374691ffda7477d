"""Rows of predictions with the names that the dataset has for them, those that are furthest off first."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sciapp.actions.tables import (
    ACCURACY_PREFIX,
    ERROR_PREFIX,
    PREDICTION_PREFIX,
    RIGHT_PREFIX,
    Column,
    MemorySource,
    columns_of,
    lines_of,
)
from sciapp.engine.data.dataset.row_names import row_names
from sciapp.records.dataset.card import COLUMN_PREFIX, INPUT, LINE, TARGET_PREFIX, DatasetCard, DatasetFolder
from sciapp.records.formatting import error_decimals


@dataclass(frozen=True)
class PointDetails:
    """A row as a plot shows it under the pointer. input: to be drawn; name: what the dataset calls it, or empty."""

    line: int
    input: str
    name: str


def with_names(source: MemorySource, card: DatasetCard, folder: DatasetFolder) -> MemorySource:
    """The same rows with the columns of the dataset that name them, behind the line; none where they cannot be read."""
    names = row_names(source.table, card, folder)
    if not names:
        return source
    at = source.table.column_names.index(LINE) + 1
    table, columns = source.table, list(source.columns)
    for key, cells in reversed(names.items()):
        table = table.add_column(at, key, cells)
        columns.insert(at, _titled(key))
    return MemorySource(table, tuple(columns))


def worst_first(source: MemorySource) -> MemorySource:
    """The rows in the order of their miss, the largest first; wrong classes before right ones.

    The line comes last, and predictions have the decimals that their typical miss allows, and one more.
    """
    order = np.argsort(-miss_of(source), kind="stable")
    keys = sorted(source.table.column_names, key=lambda key: key == LINE)
    known = {column.key: column for column in source.columns}
    table = source.table.select(keys).take(pa.array(order))
    for name in (key.removeprefix(ERROR_PREFIX) for key in keys if key.startswith(ERROR_PREFIX)):
        errors = np.asarray(table[ERROR_PREFIX + name].to_numpy(), dtype=np.float64)
        typical = float(np.sqrt(np.nanmean(errors**2))) if np.isfinite(errors).any() else 0.0
        for key in (ERROR_PREFIX + name, PREDICTION_PREFIX + name):
            cells = pc.round(table[key], ndigits=error_decimals(typical) + 1) if typical else table[key]
            table = table.set_column(table.column_names.index(key), key, cells)
    return MemorySource(table, tuple(known[key] for key in keys))


def miss_of(source: MemorySource) -> npt.NDArray[np.float64]:
    """The miss of each row (rows,): of several targets the largest in units of its typical one; wrong is 1, right 0."""
    misses = []
    for column in source.columns:
        if column.key.startswith(ERROR_PREFIX):
            cells = np.nan_to_num(source.table[column.key].to_numpy().astype(np.float64), nan=0.0)
            misses.append(cells / (float(np.sqrt((cells**2).mean())) or 1.0))
        elif column.key.startswith(ACCURACY_PREFIX):
            misses.append(1 - np.nan_to_num(source.table[column.key].to_numpy().astype(np.float64), nan=1.0))
        elif column.key.startswith(RIGHT_PREFIX):
            name = column.key.removeprefix(RIGHT_PREFIX)
            right = pc.equal(source.table[TARGET_PREFIX + name], source.table[PREDICTION_PREFIX + name])
            misses.append((~np.asarray(right.fill_null(True))).astype(np.float64))
    return np.max(misses, axis=0) if misses else np.zeros(source.row_count)


def far_off(source: MemorySource) -> npt.NDArray[np.int64]:
    """Lines of the rows that are off by more than twice the typical miss, or whose class is wrong."""
    errors = [column.key for column in source.columns if column.key.startswith(ERROR_PREFIX)]
    least = 2.0 if errors else 0.5
    return np.asarray(lines_of(source)[miss_of(source) > least], dtype=np.int64)


def points_of(source: MemorySource) -> dict[int, PointDetails]:
    """Line → the row, for what a plot shows of it."""
    keys = source.table.column_names
    inputs = source.table[INPUT].to_pylist() if INPUT in keys else [""] * source.row_count
    named = [key for key in keys if key.startswith(COLUMN_PREFIX)][:1]
    names = source.table[named[0]].to_pylist() if named else [""] * source.row_count
    rows = zip(lines_of(source).tolist(), inputs, names, strict=True)
    return {line: PointDetails(line, str(cell or ""), str(name or "")) for line, cell, name in rows}


def _titled(key: str) -> Column:
    return columns_of(pa.schema([(key, pa.string())]))[0]


def lines_of_cell(source: MemorySource, measured: str, predicted: str) -> npt.NDArray[np.int64]:
    """Lines of the rows of one cell of a confusion matrix: of a measured class that were predicted as another."""
    keys = [column.key for column in source.columns if column.key.startswith(RIGHT_PREFIX)]
    if not keys:
        return np.empty(0, dtype=np.int64)
    name = keys[0].removeprefix(RIGHT_PREFIX)
    sides = ((TARGET_PREFIX + name, measured), (PREDICTION_PREFIX + name, predicted))
    matches = [
        np.asarray(pc.equal(pc.cast(source.table[key], pa.string()), text).fill_null(False)) for key, text in sides
    ]
    return np.asarray(lines_of(source)[matches[0] & matches[1]], dtype=np.int64)
