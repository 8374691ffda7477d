"""Classification: each row has one of two or more classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from sklearn.metrics import accuracy_score, f1_score
from torch import Tensor
from torch.nn import functional

from sciapp.engine.data.targets.base import ArrayValues, RowValues, Targets
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.statistics.intervals import class_cases, classification_report, difference_of
from sciapp.engine.statistics.metrics import confusion, macro_f1, roc_curves
from sciapp.engine.tasks.base import TASK_KEY, Floats, Labels, RowTask, Task
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.baselines.row_baselines import feature_baseline, majority_baseline
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.losses import ClassLoss, class_loss
from sciapp.engine.tasks.sample_weights import weighed
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization
from sciapp.records.run.evaluation import Confusion, Curve, Scores


class Classification(RowTask):
    """Cross-entropy, or binary cross-entropy of each class against the rest; classes are the saved id2label."""

    task: ClassVar[TaskName] = "classification"
    labels_phrase = msg("classes")
    outcome = "class"
    main_score = "macro_f1"
    greater_is_better = True
    saved: Mapping[str, str] = {TASK_KEY: task}

    def __init__(
        self, classes: tuple[str, ...], *, one_against_rest: bool = False, loss: ClassLoss | None = None
    ) -> None:
        """loss: with a weight for each class, or none."""
        self.outputs = classes
        self._one_against_rest = one_against_rest
        self._loss = loss or ClassLoss()

    @classmethod
    def for_training(
        cls, card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None
    ) -> Task:
        codes, classes = np.asarray(train_targets, dtype=np.int64), card.class_names
        loss = class_loss(how, lambda: np.bincount(codes, row_weights, minlength=len(classes)))
        return cls(classes, one_against_rest=how.loss == "binary_cross_entropy", loss=loss)

    @classmethod
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        return ClassificationEvaluator(card, seed)

    @classmethod
    def trivial_baseline(cls, data: BaselineData) -> Baseline:
        return majority_baseline(data)

    @classmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        return feature_baseline(data, "class", progress=progress)

    @classmethod
    def saved_as(cls, outputs: tuple[str, ...], config: Any) -> Task:
        return cls(outputs, one_against_rest=config.problem_type == "multi_label_classification")

    @property
    def problem_type(self) -> str:
        return "multi_label_classification" if self._one_against_rest else "single_label_classification"

    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        return torch.as_tensor(np.asarray(targets, dtype=np.int64))

    def loss(self, logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        if not self._one_against_rest:
            return weighed(self._loss.of_one(logits, labels), weights)
        expected = functional.one_hot(labels, len(self.outputs)).float()
        each = self._loss.of_each(logits, expected)
        if self._loss.weights is not None:
            each = each * self._loss.weights.to(logits.device)[labels][:, None]
        return weighed(each, weights)

    def count(self, labels: Tensor) -> int:
        return len(labels)

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> RowValues:
        """Soft-max; for one against the rest the sigmoids, divided by their sum so that a row's shares add to one."""
        if self._one_against_rest:
            sigmoids = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
            return ArrayValues(sigmoids / sigmoids.sum(axis=1, keepdims=True))
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        return ArrayValues(exponents / exponents.sum(axis=1, keepdims=True))

    def scores(self, predictions: RowValues, targets: Targets) -> Mapping[str, float]:
        truth, chosen = np.asarray(targets, dtype=np.int64), np.asarray(predictions).argmax(axis=1)
        return {
            "macro_f1": float(f1_score(truth, chosen, average="macro", zero_division=0)),
            "accuracy": float(accuracy_score(truth, chosen)),
        }


# Scores of classes, by their probabilities.


@dataclass(frozen=True)
class ClassificationEvaluator:
    """Classes by their probabilities."""

    card: DatasetCard
    seed: int
    main_score = "macro_f1"
    greater_is_better = True

    def report(self, predictor: str, targets: Targets, values: RowValues) -> Scores:
        truth = np.asarray(targets, dtype=np.int64)
        return classification_report(truth, np.asarray(values), predictor=predictor, seed=self.seed)

    def main(self, targets: Targets, values: RowValues) -> float:
        probabilities = np.asarray(values)
        if not len(probabilities):
            return float("nan")
        return macro_f1(np.asarray(targets, dtype=np.int64), probabilities.argmax(axis=1), probabilities.shape[1])

    def difference(self, targets: Targets, ours: RowValues, theirs: RowValues) -> tuple[float, float]:
        truth, first = np.asarray(targets, dtype=np.int64), np.asarray(ours)
        cases = class_cases(truth, first.shape[1])[self.main_score] if len(truth) else None
        return difference_of(self.main, truth, first, np.asarray(theirs), self.seed, cases)

    def confusion(self, targets: Targets, values: RowValues) -> Confusion | None:
        return confusion(np.asarray(targets, dtype=np.int64), np.asarray(values), self.card.class_names)

    def roc(self, targets: Targets, values: RowValues) -> tuple[Curve, ...]:
        return roc_curves(np.asarray(targets, dtype=np.int64), np.asarray(values), self.card.class_names)


TASK = Classification
