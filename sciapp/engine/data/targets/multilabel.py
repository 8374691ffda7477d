"""Several targets that are each 0 or 1, some of which may not be measured in every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.base import (
    ArrayTargets,
    Bools,
    ClassCounts,
    Floats,
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
from sciapp.engine.data.targets.words import TaskWords, column_of, cross_entropy_words, worst_of
from sciapp.engine.data.values.cells import ColumnContent, is_binary, is_code, yes_or_no
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import PROBABILITY_PREFIX, TARGET_PREFIX, DatasetCard, TargetSummary
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.dataset.tasks import TaskFacts
from sciapp.records.plan.optimization import Optimization

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

    def strata(self, targets: StagedTargets, usable: Bools) -> Ints:
        """The rarest target that is 1 in each row, -1 where none is."""
        positive = targets.values[usable] == 1
        order = np.argsort(positive.sum(axis=0), kind="stable")
        ranked = positive[:, order]
        return np.where(ranked.any(axis=1), order[ranked.argmax(axis=1)], -1)

    def summaries(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> tuple[TargetSummary, ...]:
        counts = self.class_counts(names, targets, usable)
        return tuple(class_summary(target.name, target.classes, target.counts) for target in counts)

    def class_counts(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> list[ClassCounts]:
        return [
            ClassCounts(name, CLASSES, np.array([(column == 0).sum(), (column == 1).sum()]), target)
            for target, (name, column) in enumerate(zip(names, targets.values[usable].T, strict=True))
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


# Words for it in reports and model cards.


class MultilabelWords(TaskWords):
    """Words for targets that are each 0 or 1."""

    together = msg(
        "Scores without a target’s name are means over the targets; one of which the rows have no 0 or no 1 "
        "is left out of them."
    )
    curve_words = msg("one curve a target")

    def name(self, card: DatasetCard) -> str:
        return msg("multi-label classification")

    def loss(self, how: Optimization) -> str:
        return msg(
            "the binary {loss} of each target where it was measured",
            loss=cross_entropy_words(how),
        )

    def result(self, loss: str, config: Mapping[str, Any]) -> str:
        return "probabilities = model(**batch).logits.sigmoid()  # columns as in model.config.id2label"

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """The distance by which the probability of each row's worst target is on the wrong side."""
        pairs = [
            (column_of(test, TARGET_PREFIX + name), column_of(test, PROBABILITY_PREFIX + name))
            for name in card.target_names
        ]
        return worst_of(np.column_stack([np.abs(true - predicted) - 0.5 for true, predicted in pairs]))

    def prediction(self, test: pa.Table, card: DatasetCard, row: int, target: str) -> tuple[Any, str]:
        return test.column(PROBABILITY_PREFIX + target)[row].as_py(), ""


KIND = MultilabelKind(MultilabelWords())
