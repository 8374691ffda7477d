"""Imported tables, one split at a time, as the stories need them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.covariates import read_covariates
from sciapp.errors import BadInput
from sciapp.records.dataset import INPUT, LINE, SPLIT, TARGET_PREFIX, DatasetCard, DatasetFolder


@dataclass(frozen=True)
class Rows:
    """The rows of one split, in the order of the source file.

    line: int64 (rows,), the source line. inputs: canonical strings. targets: regression float64 (rows, targets) in the
    target's own units, NaN where not measured; classification int64 (rows,), positions in `card.class_names`.
    covariates: (rows, columns) float64, NaN for gaps; None where the plan names none.
    """

    line: npt.NDArray[np.int64]
    inputs: list[str]
    targets: npt.NDArray[np.float64] | npt.NDArray[np.int64]
    covariates: npt.NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.inputs)


def read_split(folder: DatasetFolder, card: DatasetCard, split: str, covariates: Sequence[str] = ()) -> Rows:
    """The rows whose split is `split` (train, validation or test), with these columns as covariates.

    Raises BadInput for a damaged table, UnknownColumn.
    """
    names = [TARGET_PREFIX + name for name in card.target_names]
    try:
        table = pq.read_table(folder.table_file, columns=[LINE, INPUT, *names], filters=[(SPLIT, "=", split)])
    except (OSError, pa.ArrowException) as error:
        raise BadInput(
            f"The table of dataset “{card.id}” cannot be read.",
            hint="Import the source file again.",
            context=f"{folder.table_file}: {error}",
        ) from error
    if card.task == "classification":
        targets = _class_ids(table.column(names[0]), card.class_names)
    else:
        targets = np.column_stack([_numbers(table.column(name)) for name in names])
    beside = read_covariates(folder, card, split, covariates) if covariates else None
    return Rows(table.column(LINE).to_numpy(), table.column(INPUT).to_pylist(), targets, beside)


def _class_ids(column: pa.ChunkedArray, classes: tuple[str, ...]) -> npt.NDArray[np.int64]:
    position = {name: id for id, name in enumerate(classes)}
    return np.array([position[name] for name in column.to_pylist()], dtype=np.int64)


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
