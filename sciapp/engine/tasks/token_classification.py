"""Token classification: each residue, base or word has one of two or more labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from sklearn.metrics import accuracy_score, f1_score
from torch import Tensor

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import RowValues, Targets
from sciapp.engine.data.targets.token_classification import SEPARATOR_KEY, TokenLabels, label_separator, token_labels
from sciapp.engine.data.values.token_labels import NO_LABEL
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput, only_part
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.inputs.tokenization.chunks import tokenize_units
from sciapp.engine.inputs.tokenization.tokens import NO_UNIT, TokenRows, Tokens, UnitPositions
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.statistics import bootstrap
from sciapp.engine.statistics.intervals import difference_interval, samples_for, scores_of
from sciapp.engine.statistics.metrics import bounded_confusion
from sciapp.engine.tasks.base import TASK_KEY, Floats, Labels, RegisteredTask, Task
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.baselines.token_baselines import most_frequent, windowed
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.losses import ClassLoss, class_loss
from sciapp.engine.tasks.sample_weights import weighed
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization
from sciapp.records.run.evaluation import Confusion, Curve, Scores

IGNORED = -100


class TokenClassification(RegisteredTask):
    """Cross-entropy of each unit whose label counts; labels are the saved id2label."""

    task: ClassVar[TaskName] = "tagging"
    labels_phrase = msg("labels of single units")
    config_keys = (SEPARATOR_KEY,)
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
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        return TokenClassificationEvaluator(card, seed)

    @classmethod
    def trivial_baseline(cls, data: BaselineData) -> Baseline:
        return most_frequent(data)

    @classmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        return windowed(data, progress=progress)

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

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> RowValues:
        """The most probable label; units that begin within a token share its label."""
        positions = _unit_positions(tokens)
        codes = np.full(int(positions.starts[-1]), NO_LABEL, dtype=np.int64)
        speaking = positions.unit != NO_UNIT
        codes[positions.unit[speaking]] = logits[speaking].argmax(axis=1)
        before = np.maximum.accumulate(np.where(codes == NO_LABEL, -1, np.arange(len(codes))))
        begins = np.repeat(positions.starts[:-1], np.diff(positions.starts))
        codes = np.where(before >= begins, codes[before], NO_LABEL)
        return TokenLabels(codes, positions.starts, codes != NO_LABEL)

    def scores(self, predictions: RowValues, targets: Targets) -> Mapping[str, float]:
        labels, predicted = token_labels(targets), token_labels(predictions)
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


# Scores of labels of single units.


SCORES = ("unit_accuracy", "macro_f1")


@dataclass(frozen=True)
class TokenClassificationEvaluator:
    """Units whose label counts are judged, one like the other; rows are redrawn whole, for a row's units are alike."""

    card: DatasetCard
    seed: int
    main_score = "unit_accuracy"
    greater_is_better = True

    def report(self, predictor: str, targets: Targets, values: RowValues) -> Scores:
        tables = self._tables(targets, values)
        rows = len(tables)
        whole = bootstrap.units(tables, np.ones((1, rows))) if rows else {}
        blocks = bootstrap.draws(rows, samples_for(rows), self.seed, tables[0].size if rows else 1)
        drawn = [bootstrap.units(tables, counts) for counts in blocks]
        # The units of a row are alike, so it is rows that are counted.
        of_classes = (tables[:, 1] > 0).sum(axis=0)
        cases = {"unit_accuracy": [rows], "macro_f1": of_classes[of_classes > 0].tolist()}
        scores = scores_of({name: float(score[0]) for name, score in whole.items()}, drawn, SCORES, cases=cases)
        return Scores(predictor=predictor, rows=rows, scores=tuple(scores))

    def main(self, targets: Targets, values: RowValues) -> float:
        tables = self._tables(targets, values)
        return float(bootstrap.units(tables, np.ones((1, len(tables))))["unit_accuracy"][0])

    def difference(self, targets: Targets, ours: RowValues, theirs: RowValues) -> tuple[float, float]:
        first, second = self._tables(targets, ours), self._tables(targets, theirs)
        rows, differences = len(first), [np.empty(0)]
        for counts in bootstrap.draws(rows, samples_for(rows), self.seed, first[0].size if rows else 1):
            one, other = (bootstrap.units(tables, counts)["unit_accuracy"] for tables in (first, second))
            differences.append(one - other)
        return difference_interval(np.concatenate(differences), [rows])

    def confusion(self, targets: Targets, values: RowValues) -> Confusion | None:
        """Units that got no label at all are left out of it."""
        truth, predicted = token_labels(targets), token_labels(values)
        answered = truth.counts & (predicted.codes != NO_LABEL)
        matrix = bounded_confusion(truth.codes[answered], predicted.codes[answered], self.card.class_names)
        return matrix.model_copy(update={"counted": domain_named(self.card.domain).unit})

    def roc(self, targets: Targets, values: RowValues) -> tuple[Curve, ...]:
        return ()

    def _tables(self, targets: Targets, values: RowValues) -> Floats:
        return unit_tables(token_labels(targets), token_labels(values), len(self.card.class_names))


def unit_tables(truth: TokenLabels, predicted: TokenLabels, classes: int) -> Floats:
    """tables[row, :, i] (rows, 3, classes): units of label i that were said to be i, all units of label i, and all
    that were said to be i."""
    counted = truth.counts
    rows, true, claimed = truth.rows[counted], truth.codes[counted], predicted.codes[counted]
    answered = claimed != NO_LABEL
    right = true == claimed
    parts = ((rows[right], true[right]), (rows, true), (rows[answered], claimed[answered]))
    counts = [np.bincount(row * classes + code, minlength=len(truth) * classes) for row, code in parts]
    return np.stack(counts).reshape(3, len(truth), classes).transpose(1, 0, 2).astype(np.float64)


TASK = TokenClassification
