"""Token classification: each residue, base or word has one of two or more labels."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from sklearn.metrics import accuracy_score, f1_score
from torch import Tensor

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import Targets
from sciapp.engine.data.targets.token_classification import TokenLabels, label_separator, token_labels
from sciapp.engine.data.values.token_labels import NO_LABEL
from sciapp.engine.domains.row_input import RowInput, only_part
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.inputs.tokenization.chunks import tokenize_units
from sciapp.engine.inputs.tokenization.tokens import NO_UNIT, TokenRows, Tokens, UnitPositions
from sciapp.engine.tasks.base import Floats, Labels, Predictions, RegisteredTask, Task
from sciapp.engine.tasks.losses import ClassLoss, class_loss
from sciapp.engine.tasks.sample_weights import weighed
from sciapp.engine.tasks.saved_keys import SEPARATOR_KEY, TASK_KEY
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization

IGNORED = -100


class TokenClassification(RegisteredTask):
    """Cross-entropy of each unit whose label counts; labels are the saved id2label."""

    task: ClassVar[TaskName] = "tagging"
    labels_phrase = msg("labels of single units")
    problem_type = "single_label_classification"
    main_score = "unit_accuracy"
    greater_is_better = True
    per_unit = True
    predicts_numbers = False

    def __init__(self, labels: tuple[str, ...], separator: str, *, loss: ClassLoss | None = None) -> None:
        """separator: what stands between two labels of a cell, nothing or a space. loss: with a weight for each label,
        or none."""
        self.outputs = labels
        self.separator = separator
        self._loss = loss or ClassLoss()

    @classmethod
    def for_training(
        cls, card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None
    ) -> Task:
        labels, classes = token_labels(train_targets), card.class_names
        counted = labels.counts & (labels.codes >= 0)
        weights = None if row_weights is None else np.repeat(row_weights, labels.lengths)[counted]
        loss = class_loss(how, lambda: np.bincount(labels.codes[counted], weights, minlength=len(classes)))
        return cls(classes, label_separator(card), loss=loss)

    @classmethod
    def saved_as(cls, outputs: tuple[str, ...], config: Any) -> Task:
        return cls(outputs, str(getattr(config, SEPARATOR_KEY, "")))

    @property
    def saved(self) -> Mapping[str, Any]:
        return {TASK_KEY: self.task, SEPARATOR_KEY: self.separator}

    def tokenized(
        self, tokenizer: Any, inputs: Sequence[RowInput], max_length: int, check: Callable[[int], None]
    ) -> Tokens:
        """Long rows come in overlapping pieces: every unit gets its answer."""
        return tokenize_units(tokenizer, list(map(only_part, inputs)), self.separator, max_length, check)

    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        """A label for each token, IGNORED where it speaks for no unit or for one that does not count."""
        truth, positions = token_labels(targets), _unit_positions(tokens)
        codes = np.append(np.where(truth.counts, truth.codes, IGNORED), IGNORED)  # NO_UNIT takes the last
        return TokenRows(codes[positions.unit].astype(np.int32), _rows(tokens).starts)

    def training_labels(self, rows: Rows, tokens: Tokens | None = None) -> Labels:
        return self.labels(rows.targets, tokens)

    def batch_labels(self, labels: Labels, batch: Batch | None = None) -> Tensor:
        assert isinstance(labels, TokenRows)
        if batch is None:
            return torch.from_numpy(labels.numbers.astype(np.int64))
        return torch.from_numpy(labels.padded(batch.rows, batch.length, IGNORED)[0])

    def loss(self, logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        flat = logits.float().reshape(-1, len(self.outputs))
        each = self._loss.of_one(flat, labels.reshape(-1), IGNORED)
        return weighed(each.reshape(labels.shape), weights)

    def count(self, labels: Tensor) -> int:
        return int((labels != IGNORED).sum())

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> Predictions:
        """The most probable label; units that begin within a token share its label."""
        positions = _unit_positions(tokens)
        codes = np.full(int(positions.starts[-1]), NO_LABEL, dtype=np.int64)
        speaking = positions.unit != NO_UNIT
        codes[positions.unit[speaking]] = logits[speaking].argmax(axis=1)
        before = np.maximum.accumulate(np.where(codes == NO_LABEL, -1, np.arange(len(codes))))
        begins = np.repeat(positions.starts[:-1], np.diff(positions.starts))
        codes = np.where(before >= begins, codes[before], NO_LABEL)
        return Predictions(TokenLabels(codes, positions.starts, codes != NO_LABEL))

    def scores(self, predictions: Predictions, targets: Targets) -> Mapping[str, float]:
        labels, predicted = token_labels(targets), token_labels(predictions.values)
        truth, chosen = labels.codes[labels.counts], predicted.codes[labels.counts]
        if not len(truth):
            return {"unit_accuracy": float("nan"), "macro_f1": float("nan")}
        return {
            "unit_accuracy": float(accuracy_score(truth, chosen)),
            "macro_f1": float(f1_score(truth, chosen, average="macro", zero_division=0)),
        }


def _unit_positions(tokens: Tokens | None) -> UnitPositions:
    assert tokens is not None, "labels of units need the tokens of the rows"
    assert tokens.units is not None, "labels of units need tokens that know their units"
    return tokens.units


def _rows(tokens: Tokens | None) -> TokenRows:
    assert tokens is not None, "labels of units need the tokens of the rows"
    return tokens.rows
