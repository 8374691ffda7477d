"""Inputs of rows as columns of our own files: one column for each input of a row, `input` and `input2`."""

from collections.abc import Sequence

import pyarrow as pa

from sciapp.engine.domains.row_input import RowInput, parts_of, row_input
from sciapp.records.dataset.card import INPUT, INPUT2, DatasetCard

INPUT_COLUMNS = (INPUT, INPUT2)


def input_names(card: DatasetCard) -> list[str]:
    """The columns of `table.parquet` that hold a dataset's inputs."""
    return list(INPUT_COLUMNS[: len(card.roles.inputs)])


def names_in(columns: Sequence[str]) -> list[str]:
    """Those of a file's columns that hold inputs."""
    return [name for name in INPUT_COLUMNS if name in columns]


def inputs_of(table: pa.Table | pa.RecordBatch) -> list[RowInput]:
    """The inputs of a table's rows, none of them null."""
    columns = [table.column(name).to_pylist() for name in names_in(table.schema.names)]
    return list(columns[0]) if len(columns) == 1 else [row_input(parts) for parts in zip(*columns, strict=True)]


def input_columns(values: Sequence[RowInput | None], inputs: int) -> dict[str, pa.Array]:
    """The columns that hold these inputs, null for None. inputs: how many a row has, or would have."""
    none = (None,) * inputs
    rows = [none if value is None else parts_of(value) for value in values]
    return {
        name: pa.array([row[index] for row in rows], pa.string()) for index, name in enumerate(INPUT_COLUMNS[:inputs])
    }


def single_inputs(values: Sequence[RowInput]) -> list[str]:
    """Each input of each row by itself."""
    return [part for value in values for part in parts_of(value)]
