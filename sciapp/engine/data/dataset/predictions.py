"""`predictions.parquet`: what was predicted, row by row, beside what was measured.

line                 int64   line of the source file
input                string  canonical input (for a prediction of new rows: as it was given)
input2               string  with a second input only: the same of it
split                string  validation, test; or new
target:NAME          double, class name, or a string with a label for each unit; null where not measured (absent for new
                     rows)
prediction:NAME      double in the target's units, class name, or a label for each unit (“?”: none was said); null where
                     the row could not be used; not for targets that are 0 or 1
probability:NAME     double, of a class or, for targets that are 0 or 1, of 1
accuracy:NAME        double, labels of units only: the share of a row's units that count whose label is right
mask                 string, labels of units with a mask only: 1 where a label counts
problem              string, new rows only: why a row could not be used, else null
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import Columns, RowValues
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.input_columns import input_columns
from sciapp.records.atomic import explaining_out_of_space, new_binary_file
from sciapp.records.dataset.card import LINE, SPLIT, DatasetCard

PROBLEM = "problem"


def judged_table(split: str, rows: Rows, values: RowValues, card: DatasetCard) -> pa.Table:
    """Rows with a known target; values as the task decodes them."""
    kind = target_kind(card.task)
    columns: Columns = {LINE: pa.array(rows.line), **input_columns(rows.inputs, len(card.roles.inputs))}
    columns[SPLIT] = pa.array([split] * len(rows), pa.string())
    columns |= kind.true_columns(rows.targets, card) | kind.predicted_columns(values, rows.inputs, card)
    return pa.table(columns | kind.judged_columns(rows.targets, values, card))


def spread_out(columns: Columns, positions: Sequence[int], rows: int) -> Columns:
    """Columns of some rows as columns of all; null for the others. positions: where each row belongs."""
    of_row: list[int | None] = [None] * rows
    for number, index in enumerate(positions):
        of_row[index] = number
    indices = pa.array(of_row, pa.int64())
    return {name: column.take(indices) for name, column in columns.items()}


def write_table(table: pa.Table, path: Path) -> None:
    """Temp file, then rename."""
    with explaining_out_of_space(path), new_binary_file(path) as file:
        pq.write_table(table, file, compression="zstd")
