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
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.pairs import input_columns
from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.values.token_labels import UnitLabels
from sciapp.engine.domains.registry import domain_named
from sciapp.records.atomic import new_binary_file, out_of_space_said
from sciapp.records.dataset.card import LINE, MASK, SPLIT, TARGET_PREFIX, DatasetCard

PREDICTION_PREFIX, PROBABILITY_PREFIX, ACCURACY_PREFIX, PROBLEM = "prediction:", "probability:", "accuracy:", "problem"

Floats = npt.NDArray[np.float64]
Values: TypeAlias = Floats | UnitLabels
Columns: TypeAlias = dict[str, pa.Array]


def judged_table(split: str, rows: Rows, values: Values, card: DatasetCard) -> pa.Table:
    """Rows with a known target; values as in `tasks.base.Predictions`."""
    pairs = card.roles.second_input is not None
    columns: Columns = {LINE: pa.array(rows.line), **input_columns(rows.inputs, pairs=pairs)}
    columns[SPLIT] = pa.array([split] * len(rows), pa.string())
    columns |= _true_columns(rows, card) | predicted_columns(values, card) | _judgement_of_units(rows, values, card)
    return pa.table(columns)


def predicted_columns(values: Values, card: DatasetCard) -> Columns:
    """The columns of predictions."""
    names = card.target_names
    if isinstance(values, UnitLabels):
        return {PREDICTION_PREFIX + names[0]: _spelt(values, card)}
    if card.task == "multilabel":
        return _numbers(PROBABILITY_PREFIX, names, values)
    if card.task == "regression":
        return _numbers(PREDICTION_PREFIX, names, values)
    chosen = [card.class_names[index] for index in values.argmax(axis=1).tolist()]
    return {PREDICTION_PREFIX + names[0]: pa.array(chosen, pa.string())} | _numbers(
        PROBABILITY_PREFIX, card.class_names, values
    )


def read_values(table: pa.Table, card: DatasetCard) -> Values:
    """The predictions that `judged_table` wrote, as they were. Raises KeyError for a column that is missing."""
    names = card.target_names
    if card.task == "tagging":
        separator = domain_named(card.domain).label_separator or ""
        return UnitLabels.read(table[PREDICTION_PREFIX + names[0]].to_pylist(), None, card.class_names, separator)
    if card.task == "regression":
        return _matrix(table, PREDICTION_PREFIX, names)
    return _matrix(table, PROBABILITY_PREFIX, names if card.task == "multilabel" else card.class_names)


def _matrix(table: pa.Table, prefix: str, names: Sequence[str]) -> Floats:
    columns = [table[prefix + name].to_numpy(zero_copy_only=False) for name in names]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def spread_out(columns: Columns, places: Sequence[int], rows: int) -> Columns:
    """Columns of some rows as columns of all; null for the others. places: where each row belongs."""
    of_row: list[int | None] = [None] * rows
    for number, place in enumerate(places):
        of_row[place] = number
    wanted = pa.array(of_row, pa.int64())
    return {name: column.take(wanted) for name, column in columns.items()}


def _judgement_of_units(rows: Rows, values: Values, card: DatasetCard) -> Columns:
    """How much of each row is right, and what counts; nothing where rows have one answer."""
    labels = rows.targets
    if not isinstance(labels, UnitLabels) or not isinstance(values, UnitLabels):
        return {}
    columns = {ACCURACY_PREFIX + card.target_names[0]: pa.array(_shares_right(labels, values), from_pandas=True)}
    if card.roles.mask is not None:
        signs = UnitLabels(labels.counts.astype(np.int64), labels.starts, labels.counts)
        columns[MASK] = pa.array(signs.spelt("01", ""), pa.string())
    return columns


def _true_columns(rows: Rows, card: DatasetCard) -> Columns:
    names, targets = card.target_names, rows.targets
    if isinstance(targets, UnitLabels):
        return {TARGET_PREFIX + names[0]: _spelt(targets, card)}
    if card.task == "classification":
        truth = np.asarray(targets, dtype=np.int64)
        return {TARGET_PREFIX + names[0]: pa.array([card.class_names[index] for index in truth.tolist()], pa.string())}
    return _numbers(TARGET_PREFIX, names, targets)


def _numbers(prefix: str, names: Sequence[str], values: Any) -> Columns:
    """values (rows, names); NaN becomes null."""
    table = np.asarray(values, dtype=np.float64)
    return {prefix + name: pa.array(table[:, i], pa.float64(), from_pandas=True) for i, name in enumerate(names)}


def _spelt(labels: UnitLabels, card: DatasetCard) -> pa.Array:
    return pa.array(labels.spelt(card.class_names, domain_named(card.domain).label_separator or ""), pa.string())


def _shares_right(truth: UnitLabels, said: UnitLabels) -> Floats:
    """(rows,), NaN where no unit counts."""
    right = np.bincount(truth.rows, weights=truth.counts & (truth.codes == said.codes), minlength=len(truth))
    with np.errstate(invalid="ignore"):
        return np.asarray(right / np.bincount(truth.rows, weights=truth.counts, minlength=len(truth)))


def write_table(table: pa.Table, path: Path) -> None:
    """Temp file, then rename."""
    with out_of_space_said(path), new_binary_file(path) as file:
        pq.write_table(table, file, compression="zstd")
