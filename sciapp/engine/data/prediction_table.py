"""`predictions.parquet`: what was predicted, row by row, beside what was measured.

line                 int64   line of the source file
input                string  canonical input (for a prediction of new rows: as it was given)
split                string  validation, test; or new
target:NAME          double or class name, null where not measured (absent for new rows)
prediction:NAME      double in the target's units, or class name; null where the row could not be used
probability:CLASS    double, classification only
problem              string, new rows only: why a row could not be used, else null
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.tables import Rows
from sciapp.records.atomic import out_of_space_said
from sciapp.records.dataset import INPUT, LINE, SPLIT, TARGET_PREFIX

PREDICTION_PREFIX, PROBABILITY_PREFIX, PROBLEM = "prediction:", "probability:", "problem"

Floats = npt.NDArray[np.float64]


def judged_table(split: str, rows: Rows, values: Floats, targets: Sequence[str], classes: Sequence[str]) -> pa.Table:
    """Rows with a known target; values (rows, targets) or probabilities (rows, classes)."""
    columns: dict[str, pa.Array] = {LINE: pa.array(rows.line), INPUT: pa.array(rows.inputs)}
    columns[SPLIT] = pa.array([split] * len(rows), pa.string())
    if classes:
        truth = np.asarray(rows.targets, dtype=np.int64)
        columns[TARGET_PREFIX + targets[0]] = pa.array([classes[index] for index in truth.tolist()], pa.string())
    else:
        for index, name in enumerate(targets):
            measured = np.asarray(rows.targets, dtype=np.float64)[:, index]
            columns[TARGET_PREFIX + name] = pa.array(measured, pa.float64(), from_pandas=True)
    return pa.table(columns | predicted_columns(values, targets, classes))


def predicted_columns(values: Floats, targets: Sequence[str], classes: Sequence[str]) -> dict[str, pa.Array]:
    """The columns of predictions; rows of NaN become null."""
    if not classes:
        return {
            PREDICTION_PREFIX + name: pa.array(values[:, index], pa.float64(), from_pandas=True)
            for index, name in enumerate(targets)
        }
    best = np.nan_to_num(values).argmax(axis=1).tolist()
    chosen = [None if np.isnan(row[0]) else classes[index] for row, index in zip(values, best, strict=True)]
    columns = {PREDICTION_PREFIX + targets[0]: pa.array(chosen, pa.string())}
    for index, name in enumerate(classes):
        columns[PROBABILITY_PREFIX + name] = pa.array(values[:, index], pa.float64(), from_pandas=True)
    return columns


def write_table(table: pa.Table, path: Path) -> None:
    """Temp file, then rename."""
    temporary = path.with_name(f".{path.name}.tmp")
    with out_of_space_said(path):
        pq.write_table(table, temporary, compression="zstd")
        temporary.replace(path)
