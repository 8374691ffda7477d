"""Inputs in files of ours: one column, or two where a row has a second input; in memory a pair is one value."""

from collections.abc import Sequence

import pyarrow as pa

from sciapp.engine.domains.pair import halves, is_pair, paired
from sciapp.records.dataset.card import INPUT, INPUT2, DatasetCard


def input_names(card: DatasetCard) -> list[str]:
    """The columns of `table.parquet` that hold a dataset's inputs."""
    return [INPUT, INPUT2] if card.roles.second_input is not None else [INPUT]


def inputs_of(table: pa.Table | pa.RecordBatch) -> list[str]:
    """The inputs of a table's rows."""
    first = table.column(INPUT).to_pylist()
    if INPUT2 not in table.schema.names:
        return list(first)
    return [paired(one, other) for one, other in zip(first, table.column(INPUT2).to_pylist(), strict=True)]


def input_columns(values: Sequence[str], *, pairs: bool) -> dict[str, pa.Array]:
    """The columns that hold these inputs. pairs: they are pairs, or would be."""
    if not pairs:
        return {INPUT: pa.array(list(values), pa.string())}
    both = [halves(value) for value in values]
    return {
        INPUT: pa.array([first for first, _ in both], pa.string()),
        INPUT2: pa.array([second for _, second in both], pa.string()),
    }


def singly(values: Sequence[str]) -> list[str]:
    """The values, and both of every pair."""
    return [part for value in values for part in (halves(value) if is_pair(value) else (value,))]
