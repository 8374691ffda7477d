"""Rows of one input whose labels are masked in other places: no contradiction where both masks count the same."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.quality.base import TableCheckup
from sciapp.engine.data.staging.same_input import SameInput
from sciapp.engine.data.staging.staged_rows import staged_batches
from sciapp.engine.data.targets.staged import staged_labels
from sciapp.engine.data.values.token_labels import MaskedLabels, labels_in, mask_in


def agreeing(case: TableCheckup, same: SameInput) -> dict[int, MaskedLabels]:
    """Position of each contradicting input whose masks allow all its rows → what they say together."""
    if case.chosen.mask_index is None or not case.facts.per_unit:
        return {}
    rows = masked_labels(case, same.rows(same.clash))
    merged = {}
    for index, group in zip(np.flatnonzero(same.clash).tolist(), same.groups(same.clash), strict=True):
        whole: MaskedLabels | None = rows[int(group[0])]
        for row in group[1:].tolist():
            whole = whole.with_those_of(rows[row]) if whole is not None else None
        if whole is not None:
            merged[index] = whole
    return merged


def masked_labels(case: TableCheckup, rows: npt.NDArray[np.int64]) -> dict[int, MaskedLabels]:
    """Labels and masks of these rows, by row."""
    separator, labels_by_row = staged_labels(case.of).separator, {}
    ordered = np.sort(rows)
    for batch in staged_batches(case.staged):
        inside = ordered[np.searchsorted(ordered, batch.begin) : np.searchsorted(ordered, batch.end)]
        indices = inside - batch.begin
        cells = (batch.cells(column_index).take(indices).to_pylist() for column_index in _label_and_mask_index(case))
        for row, cell, mask in zip(inside.tolist(), *cells, strict=True) if len(inside) else ():
            labels = tuple(labels_in(cell, separator))
            labels_by_row[row] = MaskedLabels(labels, mask_in(mask, len(labels)) or "0" * len(labels))
    return labels_by_row


def _label_and_mask_index(case: TableCheckup) -> tuple[int, int]:
    assert case.chosen.mask_index is not None
    return case.chosen.target_indices[0], case.chosen.mask_index
