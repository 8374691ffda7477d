"""Looks at whole datasets for the window: columns summed up, what changed since another version, spreads by split."""

from pathlib import Path

import pyarrow as pa

from sciapp.engine.data.column_statistics import ColumnStatistics, column_statistics
from sciapp.engine.data.difference import NEW_LINE, OLD_LINE, Dataset, Difference, difference, save_changes
from sciapp.engine.data.spread import Spread, spreads
from sciapp.records.dataset import DatasetCard, DatasetFolder
from sciapp.records.outputs import check_out
from sciapp.workers.query import Reporter
from sciapp.workers.tables import Column, MemorySource

_COLUMNS = (
    Column("name", "column", "as the file calls it", False),
    Column("role", "role", "what the dataset uses it for", False),
    Column("filled", "filled", "rows with a value", True),
    Column("empty", "empty", "rows without one", True),
    Column("distinct", "distinct", "different values", True),
    Column("minimum", "minimum", "", True),
    Column("median", "median", "", True),
    Column("mean", "mean", "", True),
    Column("standard_deviation", "standard deviation", "of the rows, not of their mean", True),
    Column("maximum", "maximum", "", True),
    Column("commonest", "commonest", "the values that come most often, each with its rows", False),
)


def columns_summed_up(card: DatasetCard, folder: DatasetFolder, reporter: Reporter) -> MemorySource:
    """One row for each column of the dataset. Raises BadInput; cancellable between columns."""
    found: list[ColumnStatistics] = []
    for one in column_statistics(card, folder):
        found.append(one)
        reporter.progress("Summing up", len(found), 0)
    cells = [
        [_commonest(one) if column.key == "commonest" else getattr(one, column.key) for one in found]
        for column in _COLUMNS
    ]
    kinds = [pa.float64() if column.numeric else pa.string() for column in _COLUMNS]
    kinds[2:5] = [pa.int64()] * 3
    arrays = [pa.array(values, kind) for values, kind in zip(cells, kinds, strict=True)]
    return MemorySource(pa.table(arrays, names=[column.key for column in _COLUMNS]), _COLUMNS)


def changes_between(before: Dataset, now: Dataset) -> tuple[Difference, MemorySource]:
    """What became of a table, with the rows for a view. Raises BadInput."""
    found = difference(before, now)
    lines = {OLD_LINE: f"line of “{before[0].source.file_name}”", NEW_LINE: f"line of “{now[0].source.file_name}”"}
    numeric = {field.name for field in found.table.schema if not pa.types.is_string(field.type)}
    columns = tuple(Column(name, name, lines.get(name, ""), name in numeric) for name in found.table.column_names)
    return found, MemorySource(found.table, columns)


def spreads_by_split(card: DatasetCard, folder: DatasetFolder) -> tuple[Spread, ...]:
    """Raises BadInput."""
    return spreads(card, folder)


def export_changes(*, table: pa.Table, folder: DatasetFolder, out: Path) -> Path:
    """The changed rows of the dataset in `folder` as CSV. Raises OutOfSpace or BadInput."""
    check_out(out, folder.project_folder)
    save_changes(table, out)
    return out


def _commonest(one: ColumnStatistics) -> str:
    return ", ".join(f"{value[:40]} ({count:,})" for value, count in one.commonest)
