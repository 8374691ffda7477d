"""Numeric columns that an import carries along: candidates for covariates of a model."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.records.dataset.card import COLUMN_PREFIX, DatasetCard
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.regular import regular


class NumericColumns:
    """Looks through columns bit by bit; one that turns out to hold words is not looked at again."""

    def __init__(self, formats: Mapping[str, NumberFormat]) -> None:
        """formats: how each column writes its numbers."""
        self._formats = formats
        self._left = list(formats)
        self._filled: set[str] = set()

    def add(self, columns: Mapping[str, pa.Array]) -> None:
        """The next cells of every column, as they were read."""
        for name in tuple(self._left):
            numbers = _numbers(columns[name].to_pylist(), self._formats[name])
            if numbers is None:
                self._left.remove(name)
            elif numbers:
                self._filled.add(name)

    def names(self) -> tuple[str, ...]:
        """Columns of numbers and gaps, in the order of the file; not those that are all gaps."""
        return tuple(name for name in self._left if name in self._filled)


def numeric_columns(table: Path, card: DatasetCard) -> tuple[str, ...]:
    """Numeric columns of the card; for an older card, a look into the table. Nothing where that cannot be read."""
    if card.numeric_columns is not None:
        return card.numeric_columns
    try:
        return _looked_up(table, card.number_format(""), card.roles.split or "")
    except UNREADABLE:
        return ()


@lru_cache(maxsize=64)
def _looked_up(table: Path, format: NumberFormat, split: str) -> tuple[str, ...]:
    """A dataset never changes, so once is enough."""
    with pq.ParquetFile(regular(table)) as file:
        carried = [name for name in file.schema_arrow.names if name.startswith(COLUMN_PREFIX)]
        names = [name for name in carried if name != COLUMN_PREFIX + split]
        columns = NumericColumns(dict.fromkeys(names, format))
        for batch in file.iter_batches(columns=names):
            columns.add({name: batch.column(name) for name in names})
    return tuple(name.removeprefix(COLUMN_PREFIX) for name in columns.names())


def _numbers(cells: Iterable[str | None], format: NumberFormat) -> int | None:
    """Number of numbers; None as soon as a cell is something else."""
    count = 0
    try:
        for cell in cells:
            count += read_number(cell or "", format) is not None
    except ValueError:
        return None
    return count
