"""The judge of classifications."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.evaluation.intervals import class_cases, classification_report, difference_of
from sciapp.engine.evaluation.metrics import confusion, macro_f1, roc_curves
from sciapp.engine.tasks.base import Values
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.run.evaluation import Confusion, Curve, Scores


@dataclass(frozen=True)
class ClassificationEvaluator:
    """Classes by their probabilities."""

    card: DatasetCard
    seed: int
    task: ClassVar[TaskName] = "classification"
    main_score = "macro_f1"

    @classmethod
    def of_training(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Self:
        return cls(card, seed)

    def report(self, predictor: str, targets: Targets, values: Values) -> Scores:
        truth = np.asarray(targets, dtype=np.int64)
        return classification_report(truth, np.asarray(values), predictor=predictor, seed=self.seed)

    def main(self, targets: Targets, values: Values) -> float:
        probabilities = np.asarray(values)
        if not len(probabilities):
            return float("nan")
        return macro_f1(np.asarray(targets, dtype=np.int64), probabilities.argmax(axis=1), probabilities.shape[1])

    def difference(self, targets: Targets, ours: Values, theirs: Values) -> tuple[float, float]:
        truth, first = np.asarray(targets, dtype=np.int64), np.asarray(ours)
        cases = class_cases(truth, first.shape[1])[self.main_score] if len(truth) else None
        return difference_of(self.main, truth, first, np.asarray(theirs), self.seed, cases)

    def confusion(self, targets: Targets, values: Values) -> Confusion | None:
        return confusion(np.asarray(targets, dtype=np.int64), np.asarray(values), self.card.class_names)

    def roc(self, targets: Targets, values: Values) -> tuple[Curve, ...]:
        return roc_curves(np.asarray(targets, dtype=np.int64), np.asarray(values), self.card.class_names)
