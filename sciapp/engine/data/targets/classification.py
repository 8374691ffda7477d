"""One target whose rows are each of one of two or more classes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.base import (
    ArrayTargets,
    ArrayValues,
    Bools,
    CellBatch,
    ClassCounts,
    Columns,
    Floats,
    Ints,
    RowValues,
    TargetColumns,
    TargetKind,
    TargetReader,
    Targets,
    matrix_of,
    number_columns,
)
from sciapp.engine.data.targets.staged import StagedTargets
from sciapp.engine.data.targets.summaries import class_summary
from sciapp.engine.data.targets.words import TaskWords, column_of, cross_entropy_words
from sciapp.engine.data.values.cells import MOST_CLASSES, ColumnContent, class_reader, is_dash, is_gap, natural
from sciapp.engine.data.values.identifiers import hold_lists
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.split_names import TRAIN
from sciapp.engine.domains.row_input import RowInput
from sciapp.errors import BadInput
from sciapp.i18n import msg, plural
from sciapp.records.dataset.card import PREDICTION_PREFIX, PROBABILITY_PREFIX, TARGET_PREFIX, DatasetCard, TargetSummary
from sciapp.records.dataset.tasks import TaskFacts, TaskName
from sciapp.records.formatting import percent_text
from sciapp.records.plan.optimization import Optimization

_FEW_ROWS = 10
_NAMED = 5


class TooManyClasses(BadInput):
    """Nearly every value of a target is different: names or numbers of the rows rather than classes."""


@dataclass(frozen=True)
class ClassTargets(ArrayTargets):
    """values: int64 (rows,), positions in the card's class names."""


class ClassKind(TargetKind):
    """A class of each row."""

    facts = TaskFacts(
        "classification",
        msg("Classification"),
        msg("The target is read as a class."),
        ("cross_entropy", "binary_cross_entropy", "focal"),
        order=10,
        has_classes=True,
    )
    phrase = msg("a classification")
    value_word = "class"
    arrow_type = pa.string()

    def reader(self, columns: TargetColumns) -> TargetReader:
        content = columns.contents[0]
        _check_classes(columns.names[0], content)
        read = class_reader(content, columns.formats[0], gap_words=columns.gap_words)
        return _ClassReader(columns.rows, read, marks=content.marks)

    def strata(self, targets: StagedTargets, usable: Bools) -> Ints:
        """The class."""
        return targets.values[usable][:, 0].astype(np.int64)

    def summaries(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> tuple[TargetSummary, ...]:
        counts = self.class_counts(names, targets, usable)
        return tuple(class_summary(target.name, target.classes, target.counts) for target in counts)

    def class_counts(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> list[ClassCounts]:
        counts = np.bincount(targets.values[usable, 0].astype(np.int64), minlength=len(targets.classes))
        return [ClassCounts(names[0], targets.classes, counts, 0)]

    def remarks(
        self, names: Sequence[str], targets: StagedTargets, usable: Bools, split: npt.NDArray[np.int8]
    ) -> tuple[str, ...]:
        classes, codes = targets.classes, targets.values[usable, 0].astype(np.int64)
        counts = np.bincount(codes, minlength=len(classes))
        trained = np.bincount(codes[split == TRAIN], minlength=len(classes))
        absent = [name for name, count in zip(classes, trained, strict=True) if count == 0]
        rare = [name for name, count in zip(classes, counts, strict=True) if count < _FEW_ROWS]
        remarks = []
        if absent:
            remarks.append(msg("No training row has {listed}: it cannot be learnt.", listed=_listed(absent)))
        if rare:
            remarks.append(
                msg(
                    "Fewer than {few_rows} rows have {listed}; scores of such a class mean little.",
                    few_rows=_FEW_ROWS,
                    listed=_listed(rare),
                )
            )
        return tuple(remarks)

    def load(self, table: pa.Table, card: DatasetCard) -> Targets:
        code = {name: id for id, name in enumerate(card.class_names)}
        names = table.column(TARGET_PREFIX + card.target_names[0]).to_pylist()
        return ClassTargets(np.array([code[name] for name in names], dtype=np.int64))

    def histogram(self, targets: Targets, target: int, summary: TargetSummary) -> Ints:
        return np.bincount(np.asarray(targets, dtype=np.int64), minlength=len(summary.classes))

    def labels_by_class(self, table: pa.Table, card: DatasetCard, target: int) -> npt.NDArray[Any]:
        labels: npt.NDArray[Any] = table.column(TARGET_PREFIX + card.target_names[target]).to_numpy(
            zero_copy_only=False
        )
        return labels

    def absent_classes(self, targets: Targets, card: DatasetCard) -> list[str]:
        present = set(np.asarray(targets, dtype=np.int64).tolist())
        return [name for code, name in enumerate(card.class_names) if code not in present]

    def true_columns(self, targets: Targets, card: DatasetCard) -> Columns:
        names = [card.class_names[code] for code in np.asarray(targets, dtype=np.int64).tolist()]
        return {TARGET_PREFIX + card.target_names[0]: pa.array(names, pa.string())}

    def predicted_columns(self, values: RowValues, inputs: Sequence[RowInput], card: DatasetCard) -> Columns:
        chosen = [card.class_names[code] for code in np.asarray(values).argmax(axis=1).tolist()]
        predicted = {PREDICTION_PREFIX + card.target_names[0]: pa.array(chosen, pa.string())}
        return predicted | number_columns(PROBABILITY_PREFIX, card.class_names, values)

    def read_values(self, table: pa.Table, card: DatasetCard) -> RowValues:
        return ArrayValues(matrix_of(table, PROBABILITY_PREFIX, card.class_names))


class _ClassReader(TargetReader):
    """marks: a dash is an answer and no gap."""

    def __init__(self, rows: int, read: Callable[[str], str | None], *, marks: bool) -> None:
        super().__init__(rows)
        self._read, self._marks = read, marks
        self._codes = np.full(rows, np.nan)
        self._seen: dict[str, int] = {}
        self._gap_words: list[int] = []

    def add(self, batch: CellBatch) -> None:
        cells = batch.targets(0)
        for index in batch.usable:
            row, cell = batch.begin + index, cells[index]
            try:
                label = self._read(cell)
            except ValueError:  # only an infinity among numbers
                self.why[row] = RejectionReason.INFINITE
                continue
            if is_gap(cell) and cell.strip() and not (self._marks and is_dash(cell)):
                self._gap_words.append(row)
            if label is None:
                self.why[row] = RejectionReason.MISSING
            else:
                self._codes[row] = self._seen.setdefault(label, len(self._seen))

    def finish(self, task: TaskName, reason: str, usable: Bools) -> StagedTargets:
        classes = tuple(sorted(self._seen, key=natural))
        rank = np.array([classes.index(label) for label in self._seen], dtype=np.float64)
        known = ~np.isnan(self._codes)
        self._codes[known] = rank[self._codes[known].astype(np.int64)]
        return StagedTargets(task, reason, self._codes[:, None], classes, gap_words=self._gap_words)


def _check_classes(name: str, content: ColumnContent) -> None:
    count = len(content.different)
    if hold_lists(sorted(content.different)):
        raise BadInput(
            msg("“{name}” holds lists of values; a target has one number or one class in each row.", name=name),
            hint=msg("Choose another target, or make a column of each value."),
            context=min(content.different),
        )
    if count > MOST_CLASSES or content.too_many_for_classes:
        listed = msg("more than {most_classes:,}", most_classes=MOST_CLASSES) if count > MOST_CLASSES else str(count)
        raise TooManyClasses(
            msg(
                "“{name}” has {shown} different values in {filled:,} rows; these are no classes.",
                name=name,
                shown=listed,
                filled=content.filled,
            ),
            hint=msg("Choose another target, or regression if they are numbers."),
        )


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(f"“{name}”" for name in names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return plural("the class {names}", "the classes {names}", len(names), names=listed)


# Words for it in reports and model cards.


class ClassificationWords(TaskWords):
    """Words for classes of rows."""

    def name(self, card: DatasetCard) -> str:
        return msg("classification")

    def loss(self, how: Optimization) -> str:
        if how.loss == "binary_cross_entropy":
            return msg("the binary cross-entropy of each class")
        return msg("the {loss}", loss=cross_entropy_words(how))

    def result(self, loss: str, config: Mapping[str, Any]) -> str:
        if "binary" in loss:
            return "scores = model(**batch).logits.sigmoid()  # one class against the rest; divide by the row's sum"
        return "probabilities = model(**batch).logits.softmax(-1)  # columns as in model.config.id2label"

    def curves(self, card: DatasetCard, drawn: int) -> str:
        classes = len(card.class_names)
        if classes > 2 and drawn < classes:
            return msg(
                "{curves}, {drawn} of {classes:,} classes (the most frequent)",
                curves=self.curve_words,
                drawn=drawn,
                classes=classes,
            )
        return self.curve_words

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """The surest wrong ones are the worst."""
        name = card.target_names[0]
        true = test.column(TARGET_PREFIX + name).to_numpy(zero_copy_only=False)
        predicted = test.column(PREDICTION_PREFIX + name).to_numpy(zero_copy_only=False)
        sure = np.column_stack([column_of(test, PROBABILITY_PREFIX + label) for label in card.class_names]).max(axis=1)
        return np.where(true == predicted, -1.0, sure), np.zeros(len(sure), dtype=np.int64)

    def prediction(self, test: pa.Table, card: DatasetCard, row: int, target: str) -> tuple[Any, str]:
        sure = max(test.column(PROBABILITY_PREFIX + label)[row].as_py() for label in card.class_names)
        return test.column(PREDICTION_PREFIX + target)[row].as_py(), msg("({sure} sure)", sure=percent_text(sure))


KIND = ClassKind(ClassificationWords())
