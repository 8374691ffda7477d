"""Imported tables, one split at a time, as the stories need them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.targets.base import Targets, column_numbers
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.damaged_files import UNREADABLE, damaged_table
from sciapp.engine.data.values.input_columns import input_names, inputs_of
from sciapp.engine.domains.row_input import RowInput
from sciapp.errors import BadInput, UnknownColumn
from sciapp.i18n import msg
from sciapp.records.dataset.card import (
    COLUMN_PREFIX,
    LINE,
    LOWER_PREFIX,
    MASK,
    SPLIT,
    SPLITS,
    TARGET_PREFIX,
    UPPER_PREFIX,
    WEIGHT,
    DatasetCard,
    DatasetFolder,
)
from sciapp.records.regular import regular


@dataclass(frozen=True)
class Rows:
    """The rows of one split, in the order of the source file.

    line: int64 (rows,), the source line. inputs: canonical.
    targets: as the kind of the card's task has them.
    covariates: (rows, columns) float64, NaN for gaps; None where the plan names none. weights: (rows,) float64, how
    much each counts in training; None: all the same. lower, upper: bounds of what was not
    measured in a regression, like its targets, NaN for none; both None where there are no bounds.
    """

    line: npt.NDArray[np.int64]
    inputs: list[RowInput]
    targets: Targets
    covariates: npt.NDArray[np.float64] | None = None
    weights: npt.NDArray[np.float64] | None = None
    lower: npt.NDArray[np.float64] | None = None
    upper: npt.NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    def of(self, rows: npt.NDArray[np.int64]) -> "Rows":
        """These rows, in this order."""
        return Rows(
            self.line[rows],
            [self.inputs[row] for row in rows.tolist()],
            self.targets[rows],
            None if self.covariates is None else self.covariates[rows],
            None if self.weights is None else self.weights[rows],
            None if self.lower is None else self.lower[rows],
            None if self.upper is None else self.upper[rows],
        )

    def followed_by(self, other: "Rows") -> "Rows":
        """These rows, then those of `other`, of the same dataset with the same columns."""
        return Rows(
            np.concatenate([self.line, other.line]),
            [*self.inputs, *other.inputs],
            self.targets.followed_by(other.targets),
            _stacked(self.covariates, other.covariates),
            _stacked(self.weights, other.weights),
            _stacked(self.lower, other.lower),
            _stacked(self.upper, other.upper),
        )


def _stacked(
    first: npt.NDArray[np.float64] | None, second: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.float64] | None:
    return None if first is None or second is None else np.concatenate([first, second])


def read_split(folder: DatasetFolder, card: DatasetCard, split: str, covariates: Sequence[str] = ()) -> Rows:
    """The rows whose split is `split` (train, validation or test), with these columns as covariates.

    Raises BadInput for a damaged table, UnknownColumn.
    """
    names = [TARGET_PREFIX + name for name in card.target_names] + [MASK] * (card.roles.mask is not None)
    names += [WEIGHT] * (card.roles.weight is not None)
    names += [prefix + one.name for one in card.targets if one.bounds for prefix in (LOWER_PREFIX, UPPER_PREFIX)]
    table = _columns(folder, [LINE, *input_names(card), *names], split)
    covariate_values = read_covariates(folder, card, split, covariates) if covariates else None
    weights = column_numbers(table.column(WEIGHT)) if card.roles.weight is not None else None
    return Rows(
        table.column(LINE).to_numpy(),
        inputs_of(table),
        target_kind(card.task).load(table, card),
        covariate_values,
        weights,
        *_bounds(table, card),
    )


def read_inputs(folder: DatasetFolder, *splits: str) -> list[RowInput]:
    """The inputs of these splits, one behind the other. Raises BadInput for a damaged table."""
    names = input_names(folder.card())
    return [value for split in splits for value in inputs_of(_columns(folder, names, split))]


def _columns(folder: DatasetFolder, names: list[str], split: str) -> pa.Table:
    try:
        return pq.read_table(regular(folder.table_file), columns=names, filters=[(SPLIT, "=", split)])
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error


def _bounds(table: pa.Table, card: DatasetCard) -> tuple[npt.NDArray[np.float64] | None, ...]:
    """Lower and upper ones (rows, targets), NaN for none."""
    if not any(one.bounds for one in card.targets):
        return None, None
    none = np.full(len(table), np.nan)
    return tuple(
        np.column_stack(
            [column_numbers(table.column(prefix + one.name)) if one.bounds else none for one in card.targets]
        )
        for prefix in (LOWER_PREFIX, UPPER_PREFIX)
    )


def by_split(column: pa.ChunkedArray) -> dict[str, npt.NDArray[np.bool_]]:
    """Row masks (rows,) by split; a byte a row, where names as objects would take a hundred."""
    return {name: pc.equal(column, name).to_numpy(zero_copy_only=False).astype(bool) for name in SPLITS}


# Numeric columns of the table that a model reads beside its input: temperature, pH, dose.


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
    parts = [
        _covariate_numbers(table.column(column), name, lines, card) for column, name in zip(columns, names, strict=True)
    ]
    return np.column_stack(parts) if parts else np.empty((len(lines), 0))


def _covariate_numbers(column: pa.ChunkedArray, name: str, lines: list[int], card: DatasetCard) -> Floats:
    values = np.full(len(lines), np.nan)
    format = card.number_format(name)
    for index, (line, cell) in enumerate(zip(lines, column.to_pylist(), strict=True)):
        try:
            number = read_number(cell or "", format)
        except ValueError:
            raise BadInput(
                msg(
                    "“{cell}” in line {line:,} is no number, so “{name}” cannot be a covariate.",
                    cell=cell,
                    line=line,
                    name=name,
                ),
                hint=msg("Choose a column of numbers, or correct the file and import it again."),
                context=card.source.file_name,
            ) from None
        values[index] = np.nan if number is None else number
    return values
