"""Statistics of each column of a dataset: how full it is, its numbers, its commonest values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.damaged_files import UNREADABLE, damaged_table
from sciapp.engine.data.values.numeric_columns import numeric_columns
from sciapp.i18n import msg
from sciapp.records.dataset.card import (
    COLUMN_PREFIX,
    INPUT,
    INPUT2,
    LINE,
    MASK,
    SPLIT,
    SPLITS,
    TARGET_PREFIX,
    WEIGHT,
    DatasetCard,
    DatasetFolder,
    TargetSummary,
)
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.formatting import cell_text
from sciapp.records.regular import regular

_MOST_COMMON = 3

_ROLES = {
    LINE: msg("line of the file"),
    INPUT: msg("input"),
    INPUT2: msg("second input"),
    SPLIT: msg("split"),
    MASK: msg("mask"),
    WEIGHT: msg("weight"),
}


@dataclass(frozen=True)
class ColumnStatistics:
    """One column. Numbers are None for a column of words. commonest: values with their counts, most first."""

    name: str
    role: str
    filled: int
    empty: int
    distinct: int
    minimum: float | None = None
    mean: float | None = None
    median: float | None = None
    maximum: float | None = None
    standard_deviation: float | None = None
    commonest: tuple[tuple[str, int], ...] = ()


def column_statistics(card: DatasetCard, folder: DatasetFolder) -> Iterator[ColumnStatistics]:
    """Column by column, so that only one is in memory. Raises BadInput for a damaged table.

    Carried columns of numbers are read as it was decided at import.
    """
    numbers = {COLUMN_PREFIX + name for name in numeric_columns(folder.table_file, card)}
    try:
        with pq.ParquetFile(regular(folder.table_file)) as file:
            for key in file.schema_arrow.names:
                column = file.read(columns=[key], use_threads=False).column(0)
                if key in numbers:
                    column = _as_numbers(column, card.number_format(key.removeprefix(COLUMN_PREFIX)))
                yield _summed_up(key, column)
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error


def _summed_up(key: str, column: pa.ChunkedArray) -> ColumnStatistics:
    if pa.types.is_string(column.type):
        column = pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column)
    filled = column.drop_null()
    counts = pc.value_counts(filled)
    name, role = _named(key)
    about = ColumnStatistics(name, role, len(filled), column.null_count, len(counts))
    if not len(filled):
        return about
    common = _commonest(counts) if len(counts) < len(filled) else ()
    about = replace(about, commonest=common)
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        return about
    ends = pc.min_max(filled)
    return replace(
        about,
        minimum=float(ends["min"].as_py()),
        mean=float(pc.mean(filled).as_py()),
        median=float(pc.quantile(filled, 0.5)[0].as_py()),
        maximum=float(ends["max"].as_py()),
        standard_deviation=float(pc.stddev(filled, ddof=1).as_py()) if len(filled) > 1 else None,
    )


def _commonest(counts: pa.StructArray) -> tuple[tuple[str, int], ...]:
    order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])[:_MOST_COMMON]
    values, often = counts.field("values").take(order).to_pylist(), counts.field("counts").take(order).to_pylist()
    return tuple(
        (cell_text(value) if isinstance(value, float) else str(value), count)
        for value, count in zip(values, often, strict=True)
    )


def _as_numbers(column: pa.ChunkedArray, format: NumberFormat) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([read_number(cell or "", format) for cell in column.to_pylist()], pa.float64())])


def _named(key: str) -> tuple[str, str]:
    """The name that people know, and what the column is for."""
    for prefix, role in ((TARGET_PREFIX, msg("target")), (COLUMN_PREFIX, msg("carried along"))):
        if key.startswith(prefix):
            return key.removeprefix(prefix), role
    return key, _ROLES.get(key, "")


# How a target is spread in each split: the bars of its histogram, split by split.


@dataclass(frozen=True)
class SplitHistogram:
    """counts[split]: rows (token classification: units) in each bin or class of the target's summary on the card."""

    target: TargetSummary
    counts: dict[str, tuple[int, ...]]


def spreads(card: DatasetCard, folder: DatasetFolder) -> tuple[SplitHistogram, ...]:
    """One for each target, in the card's order. Raises BadInput for a damaged table."""
    kind = target_kind(card.task)
    counts: list[dict[str, tuple[int, ...]]] = [{} for _ in card.targets]
    for split in SPLITS:
        targets = read_split(folder, card, split).targets
        for index, summary in enumerate(card.targets):
            counts[index][split] = tuple(kind.histogram(targets, index, summary).tolist())
    return tuple(SplitHistogram(summary, histograms) for summary, histograms in zip(card.targets, counts, strict=True))
