"""Numeric columns of the table that a model reads beside its input: temperature, pH, dose."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.labels import read_number
from sciapp.engine.data.unreadable import UNREADABLE, damaged_table
from sciapp.errors import BadInput, UnknownColumn
from sciapp.records.dataset import COLUMN_PREFIX, LINE, SPLIT, DatasetCard, DatasetFolder
from sciapp.records.regular import regular

Floats = npt.NDArray[np.float64]


def read_covariates(folder: DatasetFolder, card: DatasetCard, split: str, names: Sequence[str]) -> Floats:
    """The columns `names` of one split (rows, names), NaN for gaps, in the order of `tables.read_split`.

    Raises UnknownColumn, and BadInput naming the line of a cell that holds no number.
    """
    try:
        known = pq.read_schema(regular(folder.table_file)).names
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error
    offered = [name.removeprefix(COLUMN_PREFIX) for name in known if name.startswith(COLUMN_PREFIX)]
    for name in names:
        if name not in offered:
            raise UnknownColumn(name, offered)
    columns = [COLUMN_PREFIX + name for name in names]
    once = list(dict.fromkeys(columns))
    try:
        table = pq.read_table(regular(folder.table_file), columns=[LINE, *once], filters=[(SPLIT, "=", split)])
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error
    lines = table.column(LINE).to_pylist()
    parts = [_numbers(table.column(column), name, lines, card) for column, name in zip(columns, names, strict=True)]
    return np.column_stack(parts) if parts else np.empty((len(lines), 0))


def _numbers(column: pa.ChunkedArray, name: str, lines: list[int], card: DatasetCard) -> Floats:
    values = np.full(len(lines), np.nan)
    format = card.number_format(name)
    for place, (line, cell) in enumerate(zip(lines, column.to_pylist(), strict=True)):
        try:
            found = read_number(cell or "", format)
        except ValueError:
            raise BadInput(
                f"“{cell}” in line {line:,} is no number, so “{name}” cannot be a covariate.",
                hint="Choose a column of numbers, or correct the file and import it again.",
                context=card.source.file_name,
            ) from None
        values[place] = np.nan if found is None else found
    return values
