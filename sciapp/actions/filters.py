"""Rows that meet a condition, found page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from sciapp.actions.tables import Column, MemorySource, TableSource
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.formatting import typed_number

Operator = Literal["contains", "equals", "below", "above", "empty", "filled"]

WORDS: Mapping[Operator, str] = {
    "contains": msg("contains"),
    "equals": msg("is"),
    "below": msg("is below"),
    "above": msg("is above"),
    "empty": msg("is empty"),
    "filled": msg("is filled"),
}


@dataclass(frozen=True)
class Condition:
    """A condition on rows. column: a Column's key; empty: some cell of the row does (`contains` only).

    Text is compared letter case included: c and C are different atoms in SMILES.
    """

    column: str = ""
    operator: Operator = "contains"
    value: str = ""

    @property
    def says_nothing(self) -> bool:
        """True if every row meets it."""
        return not self.value.strip() and self.operator not in {"empty", "filled"}


def operators_for(column: Column | None) -> tuple[Operator, ...]:
    """The operators for a column; None: for any column."""
    if column is None:
        return ("contains",)
    compared: tuple[Operator, ...] = ("equals", "below", "above") if column.numeric else ("contains", "equals")
    return (*compared, "empty", "filled")


def filtered_source(source: TableSource, condition: Condition, progress: Progress = SILENT) -> MemorySource:
    """The rows that meet the condition, in their order. Raises BadInput where a number is due and none is given."""
    searching, parts = progress.stage(msg("Searching")), list[pa.Table]()
    for page in range(source.page_count()):
        searching.report(page, source.page_count())
        table = source.table_of(page)
        parts.append(table.filter(_meets(table, condition)))
    whole = pa.concat_tables(parts) if parts else pa.table({column.key: [] for column in source.columns})
    return MemorySource(whole, source.columns)


def _meets(table: pa.Table, condition: Condition) -> pa.ChunkedArray:
    if condition.column:
        return _cell_meets(table.column(condition.column), condition)
    mask = pa.chunked_array([pa.repeat(False, len(table))])
    for cells in table.columns:
        if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
            mask = pc.or_(mask, _cell_meets(cells, condition))
    return mask


def _cell_meets(cells: pa.ChunkedArray, condition: Condition) -> pa.ChunkedArray:
    numeric = pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type)
    match condition.operator:
        case "contains":
            return pc.fill_null(pc.match_substring(cells.cast(pa.string()), condition.value), False)
        case "equals":
            value = _number(condition.value) if numeric else condition.value
            return pc.fill_null(pc.equal(cells, value), False)
        case "below":
            return pc.fill_null(pc.less(cells, _number(condition.value)), False)
        case "above":
            return pc.fill_null(pc.greater(cells, _number(condition.value)), False)
        case _:
            empty = pc.is_null(cells, nan_is_null=True)
            if not numeric:
                empty = pc.or_(empty, pc.equal(pc.fill_null(pc.utf8_trim_whitespace(cells), ""), ""))
            return empty if condition.operator == "empty" else pc.invert(empty)


def _number(text: str) -> float:
    try:
        return typed_number(text)
    except ValueError:
        raise BadInput(msg("“{text}” is not a number.", text=text), hint=msg("For example 3.5.")) from None
