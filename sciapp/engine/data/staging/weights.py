"""The weight column of a staged table: how much each row counts while a model is trained."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.staging.roles import ColumnRoles
from sciapp.engine.data.staging.staged_rows import RowNotes, usable_rows
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.number_format import NumberFormat

Floats = npt.NDArray[np.float64]


def read_weights(
    staged: Path, chosen: ColumnRoles, notes: RowNotes, format: NumberFormat, *, progress: Progress = SILENT
) -> Floats:
    """The weights (rows,), NaN where there is none.

    Rows whose cell is no number of 0 or more are marked in `notes`. Raises Cancelled.
    """
    assert chosen.weight_index is not None, "somebody chose a column"
    weights = np.full(len(notes.line), np.nan)
    for batch, usable in usable_rows(staged, notes):
        cells = batch.cells(chosen.weight_index).to_pylist()
        for index in usable:
            weight = _weight(cells[index] or "", format)
            if weight is None:
                notes.why[batch.begin + index] = RejectionReason.NO_WEIGHT
            else:
                weights[batch.begin + index] = weight
        progress.report(batch.end, len(notes.line))
    return weights


def must_count(weights: Floats | None, rows: npt.NDArray[np.bool_], column: str | None, what: str) -> None:
    """Raise BadInput where all of `rows` have the weight 0. what: “usable” or “training”."""
    if weights is not None and rows.any() and not weights[rows].any():
        raise BadInput(
            msg(
                "All {what} rows have the weight 0 in “{column}”: there is nothing to learn.", what=what, column=column
            ),
            hint=msg("Leave the weight out, or choose another column."),
        )


def effective_rows(weights: Floats) -> float:
    """Effective number of rows: Kish (1965, Survey Sampling), (sum of w)² / sum of w²."""
    scaled = weights / weights.max() if weights.any() else weights  # squares of huge weights would overflow
    return float(scaled.sum() ** 2 / (scaled**2).sum()) if scaled.any() else 0.0


def _weight(cell: str, format: NumberFormat) -> float | None:
    try:
        weight = read_number(cell, format)
    except ValueError:
        return None
    return weight if weight is not None and np.isfinite(weight) and weight >= 0 else None
