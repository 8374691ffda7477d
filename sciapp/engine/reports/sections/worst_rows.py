"""The test rows that were predicted worst: where to look first, in the data as much as in the model."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from sciapp.engine.data.dataset.row_names import row_names
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.input_columns import inputs_of
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.domains.row_input import display_text
from sciapp.engine.reports.figures.base import inline
from sciapp.engine.reports.names import one_line
from sciapp.i18n import joined
from sciapp.records.dataset.card import LINE, TARGET_PREFIX, DatasetCard, DatasetFolder
from sciapp.records.formatting import cell_text, with_minus

_MOST = 10
_LONGEST = 300  # signs of an input
_LONGEST_SHOWN = 40  # of a class, or of the labels of units


@dataclass(frozen=True)
class WorstRow:
    """One row for the page; svg None where there is nothing to draw. name: what the dataset calls it, or empty."""

    line: int
    input: str
    svg: str | None
    target: str
    measured: str
    predicted: str
    name: str = ""


def worst_rows(test: pa.Table, card: DatasetCard, folder: DatasetFolder | None = None) -> list[WorstRow]:
    """The rows furthest off, in units of each target's spread; for classes the surest wrong ones; for labels of units
    the rows with the smallest share right.

    test: rows of `predictions.parquet`. folder: of the dataset, whose columns name its rows.
    """
    off, target = target_kind(card.task).words.errors(test, card)
    order = [index for index in np.argsort(-off, kind="stable")[:_MOST].tolist() if off[index] > 0]
    worst = [_row(test, card, index, card.target_names[target[index]]) for index in order]
    named = row_names(test.take(order), card, folder) if folder is not None and order else {}
    cells = next((column.to_pylist() for column in named.values()), [""] * len(worst))
    return [
        replace(row, name=one_line(str(cell or ""), _LONGEST_SHOWN)) for row, cell in zip(worst, cells, strict=True)
    ]


def _row(test: pa.Table, card: DatasetCard, row: int, target: str) -> WorstRow:
    value = inputs_of(test.slice(row, 1))[0]
    svg = domain_of(card).depict(value)
    predicted, remark = target_kind(card.task).words.prediction(test, card, row, target)
    return WorstRow(
        line=test.column(LINE)[row].as_py(),
        input=one_line(display_text(value), _LONGEST),
        svg=inline(svg) if svg else None,
        target=target,
        measured=_cell(test.column(TARGET_PREFIX + target)[row].as_py()),
        predicted=joined([_cell(predicted), remark]),
    )


def _cell(value: Any) -> str:
    return with_minus(cell_text(value)) if isinstance(value, float) else one_line(str(value), _LONGEST_SHOWN)
