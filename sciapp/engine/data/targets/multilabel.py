"""Several targets that are each 0 or 1, some of which may not be measured in every row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.base import (
    PROBABILITY_PREFIX,
    ArrayTargets,
    Bools,
    ClassCounts,
    Ints,
    MatrixKind,
    TargetColumns,
    TargetReader,
    Targets,
    column_numbers,
)
from sciapp.engine.data.targets.staged import CellReader, StagedTargets
from sciapp.engine.data.targets.summaries import class_summary
from sciapp.engine.data.targets.value_reader import ValueReader
from sciapp.engine.data.values.cells import ColumnContent, is_binary, is_code, yes_or_no
from sciapp.engine.data.values.rejection_reason import RejectionReason
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import TARGET_PREFIX, DatasetCard, TargetSummary
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.dataset.tasks import TaskFacts

CLASSES = ("0", "1")


@dataclass(frozen=True)
class MultilabelTargets(ArrayTargets):
    """values: float64 (rows, targets), 0 or 1, NaN where not measured."""


class MultilabelKind(MatrixKind):
    """0 or 1 (no or yes) for each target."""

    facts = TaskFacts(
        "multilabel",
        msg("Several yes-or-no targets"),
        msg("Every target is read as 0 or 1 (no or yes); an empty cell means not measured."),
        ("binary_cross_entropy", "focal"),
        order=20,
        several_targets=True,
    )
    phrase = msg("a set of yes-or-no targets")
    odd_cell = msg("not 0 or 1")
    odd_reason = RejectionReason.NOT_BINARY
    gap_advice = msg("A dash means no only in a column whose other marks are “+”.")
    targets_type = MultilabelTargets
    prediction_prefix = PROBABILITY_PREFIX

    def reader(self, columns: TargetColumns) -> TargetReader:
        for name, content in zip(columns.names, columns.contents, strict=True):
            _check_binary(name, content)
        readers = [_binary_reader(*column) for column in zip(columns.contents, columns.formats, strict=True)]
        return ValueReader(columns.rows, readers, self.odd_reason)

    def strata(self, targets: StagedTargets, kept: Bools) -> Ints:
        """The rarest target that is 1 in each row, -1 where none is."""
        positive = targets.values[kept] == 1
        order = np.argsort(positive.sum(axis=0), kind="stable")
        ranked = positive[:, order]
        return np.where(ranked.any(axis=1), order[ranked.argmax(axis=1)], -1)

    def summaries(self, names: Sequence[str], targets: StagedTargets, kept: Bools) -> tuple[TargetSummary, ...]:
        counts = self.class_counts(names, targets, kept)
        return tuple(class_summary(target.name, target.classes, target.counts) for target in counts)

    def class_counts(self, names: Sequence[str], targets: StagedTargets, kept: Bools) -> list[ClassCounts]:
        return [
            ClassCounts(name, CLASSES, np.array([(column == 0).sum(), (column == 1).sum()]), target)
            for target, (name, column) in enumerate(zip(names, targets.values[kept].T, strict=True))
        ]

    def histogram(self, targets: Targets, target: int, summary: TargetSummary) -> Ints:
        values = np.asarray(targets, dtype=np.float64)[:, target]
        return np.histogram(values[~np.isnan(values)], np.array([-0.5, 0.5, 1.5]))[0].astype(np.int64)

    def labels_by_class(self, table: pa.Table, card: DatasetCard, target: int) -> npt.NDArray[Any]:
        values = column_numbers(table.column(TARGET_PREFIX + card.target_names[target]))
        return np.where(values == 1, "1", np.where(values == 0, "0", ""))

    def constant_targets(self, targets: Targets, card: DatasetCard) -> list[str]:
        values = np.asarray(targets, dtype=np.float64)
        return [
            name
            for column, name in zip(values.T, card.target_names, strict=True)
            if len(np.unique(column[~np.isnan(column)])) < 2
        ]


def _binary_reader(content: ColumnContent, format: NumberFormat) -> CellReader:
    def read(cell: str) -> float | None:
        answer = None if is_code(cell, format) else yes_or_no(cell, format.decimal, marks=content.marks)
        return None if answer is None else float(answer)

    return read


def _check_binary(name: str, content: ColumnContent) -> None:
    odd = sum(not is_binary(frozenset({word})) for word in content.different)
    if odd > len(content.different) - odd:
        raise BadInput(
            msg("“{name}” holds other values than 0 and 1 (no and yes).", name=name),
            hint=msg("Leave it out, or choose another task."),
            context=", ".join(sorted(content.different)[:8]),
        )


KIND = MultilabelKind()
