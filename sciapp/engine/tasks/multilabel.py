"""Several targets that are each 0 or 1, some of which may not be measured in every row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from torch import Tensor

from sciapp.engine.data.targets.base import ArrayValues, RowValues, Targets
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.statistics import bootstrap
from sciapp.engine.statistics.intervals import difference_interval, samples_for, scores_of
from sciapp.engine.statistics.metrics import roc_points
from sciapp.engine.tasks.base import TASK_KEY, Floats, Labels, RowTask, Task
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.baselines.row_baselines import feature_baseline, mean_baseline
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.losses import ClassLoss, class_loss
from sciapp.engine.tasks.sample_weights import weighed
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization
from sciapp.records.run.evaluation import Confusion, Curve, Scores


class Multilabel(RowTask):
    """Binary cross-entropy of each target on the rows where it was measured; a gap is masked, never taken for 0."""

    task: ClassVar[TaskName] = "multilabel"
    labels_phrase = msg("targets that are 0 or 1")
    outcome = "yes_or_no"
    problem_type = "multi_label_classification"
    main_score = "roc_auc"
    greater_is_better = True
    saved: Mapping[str, str] = {TASK_KEY: task}

    def __init__(self, names: tuple[str, ...], *, loss: ClassLoss | None = None) -> None:
        """loss: with two weights for each target, or none."""
        self.outputs = names
        self._loss = loss or ClassLoss()

    @classmethod
    def for_training(
        cls, card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None
    ) -> Task:
        values = np.asarray(train_targets, dtype=np.float64)
        weights = 1.0 if row_weights is None else row_weights[:, None]

        def counts() -> Floats:
            return np.stack([((values == answer) * weights).sum(axis=0) for answer in (0, 1)], axis=1)

        return cls(card.target_names, loss=class_loss(how, counts))

    @classmethod
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        return MultilabelEvaluator(card, seed)

    @classmethod
    def trivial_baseline(cls, data: BaselineData) -> Baseline:
        return mean_baseline(data, msg("Prevalence in the training rows"))

    @classmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        return feature_baseline(data, "yes_or_no", progress=progress)

    @classmethod
    def saved_as(cls, outputs: tuple[str, ...], config: Any) -> Task:
        return cls(outputs)

    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        return torch.tensor(np.asarray(targets), dtype=torch.float32)

    def loss(self, logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        known = ~torch.isnan(labels)
        # NaN is replaced before the loss: 0 * NaN would still be NaN in the gradient.
        each = self._loss.of_each(logits, torch.nan_to_num(labels))
        return weighed(torch.where(known, each, 0.0), weights)

    def count(self, labels: Tensor) -> int:
        return int((~torch.isnan(labels)).sum())

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> RowValues:
        return ArrayValues(1 / (1 + np.exp(-np.clip(logits, -60, 60))))

    def scores(self, predictions: RowValues, targets: Targets) -> Mapping[str, float]:
        """ROC-AUC and balanced accuracy, means over the targets of which these rows have both a 0 and a 1.

        Where no target has both, as on a handful of rows, all targets are ranked as one; NaN where even they are alike.
        """
        truth, probabilities = np.asarray(targets, dtype=np.float64), np.asarray(predictions)
        columns = [(t[~np.isnan(t)], p[~np.isnan(t)]) for t, p in zip(truth.T, probabilities.T, strict=True)]
        both = [(t, p) for t, p in columns if len(np.unique(t)) == 2]
        if not both:
            known = ~np.isnan(truth)
            both = [(truth[known], probabilities[known])] if len(np.unique(truth[known])) == 2 else []
        if not both:
            return {"roc_auc": float("nan"), "balanced_accuracy": float("nan")}
        return {
            "roc_auc": float(np.mean([roc_auc_score(t, p) for t, p in both])),
            "balanced_accuracy": float(np.mean([balanced_accuracy_score(t, p > 0.5) for t, p in both])),
        }


# Scores of each target, and their means.


SCORES = ("roc_auc", "average_precision", "balanced_accuracy")


@dataclass(frozen=True)
class MultilabelEvaluator:
    """Scores of each target on the rows where it was measured, and their means over the targets.

    Where a target has no 0 or no 1 its scores are undefined, and the means leave it out. Whole rows are redrawn: the
    targets of one molecule come and go together.
    """

    card: DatasetCard
    seed: int
    main_score = "roc_auc"
    greater_is_better = True

    def report(self, predictor: str, targets: Targets, values: RowValues) -> Scores:
        truth, probabilities = np.asarray(targets, dtype=np.float64), np.asarray(values)
        names = self.card.target_names
        whole = _each_target(truth, probabilities, np.ones((1, len(truth)))) if len(truth) else []
        blocks = [_each_target(truth, probabilities, counts) for counts in self._draws(len(truth))]
        scores = []
        if len(names) > 1:
            every = [count for column in truth.T for count in _rarer(column)]
            together = [_mean(block) for block in blocks]
            scores += scores_of(_first(_mean(whole)), together, SCORES, cases=dict.fromkeys(SCORES, every))
        for index, name in enumerate(names):
            drawn, target = [block[index] for block in blocks], name if len(names) > 1 else ""
            cases = dict.fromkeys(SCORES, _rarer(truth[:, index])) if len(truth) else None
            scores += scores_of(_first(whole[index]) if whole else {}, drawn, SCORES, target, cases)
        return Scores(predictor=predictor, rows=len(truth), scores=tuple(scores))

    def main(self, targets: Targets, values: RowValues) -> float:
        truth = np.asarray(targets, dtype=np.float64)
        if not len(truth):
            return float("nan")
        return float(_mean(_each_target(truth, np.asarray(values), np.ones((1, len(truth)))))["roc_auc"][0])

    def difference(self, targets: Targets, ours: RowValues, theirs: RowValues) -> tuple[float, float]:
        truth, first, second = np.asarray(targets, dtype=np.float64), np.asarray(ours), np.asarray(theirs)
        differences = [np.empty(0)]
        for counts in self._draws(len(truth)):
            one, other = (
                _mean(_each_target(truth, probabilities, counts))["roc_auc"] for probabilities in (first, second)
            )
            differences.append(one - other)
        return difference_interval(np.concatenate(differences), [n for column in truth.T for n in _rarer(column)])

    def confusion(self, targets: Targets, values: RowValues) -> Confusion | None:
        return None

    def roc(self, targets: Targets, values: RowValues) -> tuple[Curve, ...]:
        truth, probabilities = np.asarray(targets, dtype=np.float64), np.asarray(values)
        curves = []
        for index, name in enumerate(self.card.target_names):
            known = ~np.isnan(truth[:, index])
            curve = roc_points(truth[known, index] == 1, probabilities[known, index], name)
            curves += [curve] if curve is not None else []
        return tuple(curves)

    def _draws(self, rows: int) -> Iterator[Floats]:
        return bootstrap.draws(rows, samples_for(rows), self.seed)


def _rarer(truth: Floats) -> list[int]:
    """The number of rows of a target (rows,) with the rarer answer; empty where it has but one."""
    fewest = min(int((truth == answer).sum()) for answer in (0, 1))
    return [fewest] if fewest else []


def _each_target(truth: Floats, predicted: Floats, counts: Floats) -> list[Mapping[str, Floats]]:
    """The scores (sets,) of each target; truth, predicted (rows, targets), counts (sets, rows)."""
    known = ~np.isnan(truth)
    return [
        bootstrap.yes_or_no(truth[rows, index] == 1, predicted[rows, index], counts[:, rows])
        for index, rows in enumerate(known.T)
    ]


def _mean(targets: list[Mapping[str, Floats]]) -> dict[str, Floats]:
    """Means over the targets that have the score, set by set; NaN where none has."""
    means = {}
    for name in SCORES if targets else ():
        table = np.stack([scores[name] for scores in targets])
        defined = np.isfinite(table)
        with np.errstate(invalid="ignore"):
            means[name] = np.where(defined, table, 0.0).sum(axis=0) / defined.sum(axis=0)
    return means


def _first(scores: Mapping[str, Floats]) -> dict[str, float]:
    return {name: float(values[0]) for name, values in scores.items()}


TASK = Multilabel
