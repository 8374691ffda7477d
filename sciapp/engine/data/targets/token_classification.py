"""A label for each unit of a row: residue, base or word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.base import (
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
)
from sciapp.engine.data.targets.staged import StagedTargets, StagedTokenLabels, staged_labels
from sciapp.engine.data.targets.summaries import class_summary
from sciapp.engine.data.targets.words import TaskWords, column_of, cross_entropy_words
from sciapp.engine.data.values.cells import natural
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.split_names import TRAIN
from sciapp.engine.data.values.token_labels import MOST_LABELS, NO_LABEL, labels_in, mask_in, spans, starts_of
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import (
    ACCURACY_PREFIX,
    MASK,
    PREDICTION_PREFIX,
    TARGET_PREFIX,
    DatasetCard,
    TargetSummary,
)
from sciapp.records.dataset.tasks import TaskFacts, TaskName
from sciapp.records.formatting import percent_text
from sciapp.records.plan.optimization import Optimization

SEPARATOR_KEY = "sciapp_label_separator"
"""Key of a saved model's config.json: what stands between two labels of a row."""
WRONG_MASK = -1  # in `detail`, where the number of labels stands otherwise
_NAMED = 5


@dataclass(frozen=True)
class TokenLabels(Targets):
    """codes: int64 (units,), positions in the dataset's class names, NO_LABEL for none. starts: int64 (rows + 1,),
    where each row begins, and the end of the last. counts: bool (units,), whether a label is learnt and judged.
    """

    codes: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> "TokenLabels":
        """Every unit with a label counts."""
        arrays = [np.asarray(row, dtype=np.int64) for row in rows]
        codes = np.concatenate([np.empty(0, dtype=np.int64), *arrays])
        return cls(codes, starts_of([len(row) for row in arrays]), codes != NO_LABEL)

    @classmethod
    def read(
        cls, strings: Sequence[str], masks: Sequence[str] | None, classes: Sequence[str], separator: str
    ) -> "TokenLabels":
        """Labels and masks as `table.parquet` has them."""
        position = {name: code for code, name in enumerate(classes)}
        labels = cls.of([position.get(name, NO_LABEL) for name in labels_in(text, separator)] for text in strings)
        if masks is None:
            return labels
        counted = np.frombuffer("".join(masks).encode("ascii"), dtype=np.uint8) == ord("1")
        return cls(labels.codes, labels.starts, labels.counts & counted)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, rows: npt.NDArray[np.int64]) -> "TokenLabels":
        """These rows, in this order."""
        lengths = self.lengths[rows]
        starts = starts_of(lengths)
        indices = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return TokenLabels(self.codes[indices], starts, self.counts[indices])

    def followed_by(self, other: "TokenLabels") -> "TokenLabels":
        """These rows, then those of `other`."""
        starts = np.concatenate([self.starts, self.starts[-1] + other.starts[1:]])
        codes, counts = np.concatenate([self.codes, other.codes]), np.concatenate([self.counts, other.counts])
        return TokenLabels(codes, starts, counts)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Units of each row (rows,)."""
        return np.diff(self.starts)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The row that each unit belongs to (units,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def spelt(self, classes: Sequence[str], separator: str) -> list[str]:
        """A string for each row; “?” for a unit without a label."""
        names = [*classes, "?"]  # NO_LABEL is the last
        words = [names[code] for code in self.codes.tolist()]
        return [separator.join(words[first:last]) for first, last in pairwise(self.starts.tolist())]


def token_labels(targets: object) -> TokenLabels:
    """Targets, or predictions, of a token classification, as the labels that they are."""
    assert isinstance(targets, TokenLabels), "every unit has a label"
    return targets


def label_separator(card: DatasetCard) -> str:
    """The sign between two labels of a row, nothing or a blank."""
    return domain_named(card.domain).label_separator or ""


class TokenLabelKind(TargetKind):
    """A label of each unit."""

    facts = TaskFacts(
        "tagging",
        msg("A label for each residue, base or word"),
        msg("The target is read as one label for each residue, base or word of the input."),
        ("cross_entropy", "focal"),
        order=40,
        has_classes=True,
        per_unit=True,
    )
    phrase = msg("labels of single units")
    value_word = "label"
    arrow_type = pa.string()

    def reader(self, columns: TargetColumns) -> TargetReader:
        return _TokenLabelReader(columns.rows, _separator(columns))

    def strata(self, targets: StagedTargets, usable: Bools) -> Ints:
        raise BadInput(
            msg("Rows with a label for every unit cannot be divided by them."), hint=msg("Choose the random split.")
        )

    def summaries(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> tuple[TargetSummary, ...]:
        (counts,) = self.class_counts(names, targets, usable)
        return (class_summary(names[0], counts.classes, counts.counts),)

    def class_counts(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> list[ClassCounts]:
        return [ClassCounts("", targets.classes, staged_labels(targets).table[usable].sum(axis=0), None)]

    def remarks(
        self, names: Sequence[str], targets: StagedTargets, usable: Bools, split: npt.NDArray[np.int8]
    ) -> tuple[str, ...]:
        trained = staged_labels(targets).table[usable][split == TRAIN].sum(axis=0)
        absent = [name for name, count in zip(targets.classes, trained, strict=True) if count == 0]
        return tuple(
            msg("No training row has the label “{name}”: it cannot be learnt.", name=name) for name in absent[:_NAMED]
        )

    def load(self, table: pa.Table, card: DatasetCard) -> TokenLabels:
        masks = table.column(MASK).to_pylist() if card.roles.mask is not None else None
        strings = table.column(TARGET_PREFIX + card.target_names[0]).to_pylist()
        return TokenLabels.read(strings, masks, card.class_names, label_separator(card))

    def histogram(self, targets: Targets, target: int, summary: TargetSummary) -> Ints:
        labels = token_labels(targets)
        return np.bincount(labels.codes[labels.counts], minlength=len(summary.classes))

    def labels_by_class(self, table: pa.Table, card: DatasetCard, target: int) -> npt.NDArray[Any]:
        labels = self.load(table, card)
        return np.array(card.class_names, dtype=object)[labels.codes[labels.counts]]

    def absent_classes(self, targets: Targets, card: DatasetCard) -> list[str]:
        labels = token_labels(targets)
        present = set(labels.codes[labels.counts].tolist())
        return [name for code, name in enumerate(card.class_names) if code not in present]

    def true_columns(self, targets: Targets, card: DatasetCard) -> Columns:
        return {TARGET_PREFIX + card.target_names[0]: _strings(token_labels(targets), card)}

    def predicted_columns(self, values: RowValues, inputs: Sequence[RowInput], card: DatasetCard) -> Columns:
        return {PREDICTION_PREFIX + card.target_names[0]: _strings(token_labels(values), card)}

    def read_values(self, table: pa.Table, card: DatasetCard) -> TokenLabels:
        strings = table[PREDICTION_PREFIX + card.target_names[0]].to_pylist()
        return TokenLabels.read(strings, None, card.class_names, label_separator(card))

    def judged_columns(self, targets: Targets, values: RowValues, card: DatasetCard) -> Columns:
        """The share of each row's units that is right, and the mask where there is one."""
        labels = token_labels(targets)
        shares = pa.array(_accuracies(labels, token_labels(values)), from_pandas=True)
        columns = {ACCURACY_PREFIX + card.target_names[0]: shares}
        if card.roles.mask is not None:
            signs = TokenLabels(labels.counts.astype(np.int64), labels.starts, labels.counts)
            columns[MASK] = pa.array(signs.spelt("01", ""), pa.string())
        return columns


class _TokenLabelReader(TargetReader):
    """A number for each row's labels, the labels' names, and their counts.

    Rows whose labels or mask do not match the units are rejected.
    """

    def __init__(self, rows: int, separator: str) -> None:
        super().__init__(rows)
        self._values = np.full(rows, np.nan)
        self._table = np.zeros((rows, 8), dtype=np.int32)
        self._seen: dict[str, int] = {}
        self._separator = separator

    def add(self, batch: CellBatch) -> None:
        inputs, cells, masks = batch.inputs(), batch.targets(0), batch.masks()
        for index in batch.usable:
            row, units = batch.begin + index, len(spans(inputs[index], self._separator))
            mask = None if masks is None else mask_in(masks[index], units) or ""
            self.why[row], self.detail[row] = self._read(row, cells[index], mask, units)

    def _read(self, row: int, cell: str, mask: str | None, units: int) -> tuple[RejectionReason, int]:
        labels = labels_in(cell, self._separator)
        if not labels:
            return RejectionReason.MISSING, 0
        if len(labels) != units:
            return RejectionReason.UNIT_LABELS, len(labels)
        if mask is not None and len(mask) != units:
            return RejectionReason.UNIT_LABELS, WRONG_MASK
        counted = labels if mask is None else [name for name, sign in zip(labels, mask, strict=True) if sign == "1"]
        if not counted:
            return RejectionReason.MISSING, 0
        self._count(row, counted)
        # 48 bits: exact in a float, and two rows of different labels hardly ever share them.
        digest = blake2b(f"{self._separator.join(labels)}\0{mask}".encode(), digest_size=6).digest()
        self._values[row] = int.from_bytes(digest, "big")
        return RejectionReason.KEPT, 0

    def _count(self, row: int, names: list[str]) -> None:
        codes = [self._seen.setdefault(name, len(self._seen)) for name in names]
        if len(self._seen) > MOST_LABELS:
            raise BadInput(
                msg("There are more than {most} different labels of single units.", most=MOST_LABELS),
                hint=msg("Choose another target, or another task."),
            )
        while len(self._seen) > self._table.shape[1]:
            self._table = np.concatenate([self._table, np.zeros_like(self._table)], axis=1)
        self._table[row] = np.bincount(codes, minlength=self._table.shape[1])

    def finish(self, task: TaskName, reason: str, usable: Bools) -> StagedTargets:
        order = sorted(self._seen, key=natural)
        table = self._table[:, [self._seen[name] for name in order]]
        return StagedTokenLabels(
            task, reason, self._values[:, None], tuple(order), table=table, separator=self._separator
        )


def _separator(columns: TargetColumns) -> str:
    """Raises BadInput where the column labels no units, or the domain has none to label."""
    name, strings, domain = columns.names[0], columns.strings, columns.domain
    if domain.label_separator is None or strings is None:
        raise BadInput(
            msg(
                "The {units} of a {domain} cannot be labelled one by one.",
                units=domain.unit,
                domain=domain.name,
            ),
            hint=msg("Tagging is for proteins, nucleotides and texts; choose classification or regression."),
        )
    if not strings.fitting:
        signs = "word" if domain.label_separator else "letter"
        raise BadInput(
            msg(
                "“{name}” does not label the {units}: no cell has as many {signs}s as the input beside it has {units}.",
                name=name,
                units=domain.unit,
                signs=signs,
            ),
            hint=msg(
                "Tagging needs one {signs} for each of the {units}; choose another target or another task.",
                signs=signs,
                units=domain.unit,
            ),
        )
    return domain.label_separator


def _strings(labels: TokenLabels, card: DatasetCard) -> pa.Array:
    return pa.array(labels.spelt(card.class_names, label_separator(card)), pa.string())


def _accuracies(truth: TokenLabels, predicted: TokenLabels) -> Floats:
    """(rows,), NaN where no unit counts."""
    right = np.bincount(truth.rows, weights=truth.counts & (truth.codes == predicted.codes), minlength=len(truth))
    with np.errstate(invalid="ignore"):
        return np.asarray(right / np.bincount(truth.rows, weights=truth.counts, minlength=len(truth)))


# Words for it in reports and model cards.


class TokenClassificationWords(TaskWords):
    """Words for labels of single units."""

    pipeline = "token-classification"
    network = "AutoModelForTokenClassification"
    pieces_note = msg(
        "Rows longer than the tokenizer’s `model_max_length` are cut by these lines; `sciapp predict` reads "
        "them in overlapping pieces instead.\n"
    )

    def name(self, card: DatasetCard) -> str:
        return msg("classification of single {unit}", unit=domain_named(card.domain).unit)

    def loss(self, how: Optimization) -> str:
        return msg("the {loss} of each label that counts", loss=cross_entropy_words(how))

    def result(self, loss: str, config: Mapping[str, Any]) -> str:
        return "labels = model(**batch).logits.argmax(-1)  # (rows, tokens), special tokens included; names in id2label"

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """Rows with the smallest share right are the worst."""
        right = np.nan_to_num(column_of(test, ACCURACY_PREFIX + card.target_names[0]), nan=1.0)
        return 1 - right, np.zeros(len(right), dtype=np.int64)

    def prediction(self, test: pa.Table, card: DatasetCard, row: int, target: str) -> tuple[Any, str]:
        right = test.column(ACCURACY_PREFIX + target)[row].as_py()
        return test.column(PREDICTION_PREFIX + target)[row].as_py(), msg("({right} right)", right=percent_text(right))


KIND = TokenLabelKind(TokenClassificationWords())
