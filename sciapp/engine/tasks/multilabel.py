"""Several targets that are each 0 or 1, some of which may not be measured in every row."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import torch
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from torch import Tensor

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.tasks.base import Floats, Labels, Predictions, RowTask, Task
from sciapp.engine.tasks.losses import ClassLoss, class_loss
from sciapp.engine.tasks.sample_weights import weighed
from sciapp.engine.tasks.saved_keys import TASK_KEY
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization


class Multilabel(RowTask):
    """Binary cross-entropy of each target on the rows where it was measured; a gap is masked, never taken for 0."""

    task: ClassVar[TaskName] = "multilabel"
    labels_phrase = msg("targets that are 0 or 1")
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

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> Predictions:
        return Predictions(1 / (1 + np.exp(-np.clip(logits, -60, 60))))

    def scores(self, predictions: Predictions, targets: Targets) -> Mapping[str, float]:
        """ROC-AUC and balanced accuracy, means over the targets of which these rows have both a 0 and a 1.

        Where no target has both, as on a handful of rows, all targets are ranked as one; NaN where even they are alike.
        """
        truth, probabilities = np.asarray(targets, dtype=np.float64), np.asarray(predictions.values)
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
