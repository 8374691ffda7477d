"""Regression of one or more targets, some of which may not be measured in every row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import ArrayValues, RowValues, Targets
from sciapp.engine.data.targets.regression import MEAN_KEY, SCALE_KEY
from sciapp.engine.data.values.safe_float import grown, mean_and_spread, tamed
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.statistics.intervals import difference_of, regression_report
from sciapp.engine.tasks.base import TASK_KEY, Floats, Labels, Rescale, RowTask, Task
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.baselines.row_baselines import feature_baseline, mean_baseline
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.sample_weights import weighed
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization
from sciapp.records.run.evaluation import Confusion, Curve, Scores

_FURTHEST_FOLDED = 1000.0  # standard deviations from zero: beyond, folding costs more than 1e-4 of one
_SMALLEST_FOLDED = 1e-25


@dataclass(frozen=True)
class Standardization:
    """mean, scale: (targets,), from the training rows alone. standardised = (target - mean) / scale."""

    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, targets: Floats, weights: Floats | None = None) -> "Standardization":
        """From targets (rows, targets) with NaN for what was not measured; weights (rows,), None: all the same."""
        mean, spread = mean_and_spread(targets, weights)
        return cls(mean, np.where(spread > 0, spread, 1.0))

    @classmethod
    def saved_in(cls, config: Any, outputs: int) -> "Standardization":
        """The scale and offset still to be applied to a saved model's logits. Raises BadInput."""
        try:
            mean, scale = (
                np.array(getattr(config, key, [usual] * outputs), dtype=np.float64)
                for key, usual in ((MEAN_KEY, 0.0), (SCALE_KEY, 1.0))
            )
            if mean.shape != (outputs,) or scale.shape != (outputs,) or not np.isfinite([mean, scale]).all():
                raise ValueError("not one finite number for each target")
        except (TypeError, ValueError) as error:
            raise BadInput(
                msg("The model's config.json does not say in which units it speaks."),
                hint=msg("The file may be damaged; train again."),
                context=f"{MEAN_KEY}, {SCALE_KEY}: {error}",
            ) from error
        return cls(mean, scale)

    @property
    def folds(self) -> bool:
        """True if weights in fp32 can hold it without losing what the network says.

        fp32 holds 24 bits: among numbers about 1,000,000 it knows steps of 0.06, and nothing below 1e-38.
        """
        near = np.abs(self.mean) <= _FURTHEST_FOLDED * self.scale
        return bool((near & (self.scale > _SMALLEST_FOLDED) & (self.scale < 1 / _SMALLEST_FOLDED)).all())


class Regression(RowTask):
    """Mean squared error on standardised targets, or Huber's loss; missing ones are masked, never taken for zero.

    Where a bound is known instead of a value (Tobin 1958, Econometrica 26:24), a prediction beyond it costs nothing,
    any other as if the bound were the value. Then labels are (rows, targets, 3): value, lower and upper bound.
    """

    task: ClassVar[TaskName] = "regression"
    labels_phrase = msg("numbers")
    outcome = "number"
    problem_type = "regression"
    predicts_numbers = True
    main_score = "rmse"
    greater_is_better = False
    saved: Mapping[str, str] = {TASK_KEY: task}
    config_keys = (MEAN_KEY, SCALE_KEY)

    def __init__(
        self,
        names: tuple[str, ...],
        train_targets: Floats,
        weights: Floats | None = None,
        *,
        huber_delta: float | None = None,
    ) -> None:
        """train_targets (rows, targets), weights (rows,): how much each row counts. huber_delta: the error, in standard
        deviations, above which it counts linearly; None: squares throughout. Raises BadInput when a target has no value
        in the training rows, or only in rows of weight 0."""
        counted = train_targets if weights is None else train_targets[weights > 0]
        for name, column in zip(names, counted.T, strict=True):
            if np.isnan(column).all():
                raise BadInput(
                    msg("The target “{name}” has no value in the training rows.", name=name)
                    if weights is None
                    else msg("The target “{name}” has no value in the training rows of a weight above 0.", name=name),
                    hint=msg("Leave it out, or split differently."),
                )
        self.outputs = names
        self._huber_delta = huber_delta
        self.standardization = Standardization.of(train_targets, weights)

    @classmethod
    def for_training(
        cls, card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None
    ) -> Task:
        delta = how.huber_delta if how.loss == "huber" else None
        return cls(card.target_names, np.asarray(train_targets, dtype=np.float64), row_weights, huber_delta=delta)

    @classmethod
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        return RegressionEvaluator(card, spread(np.asarray(train_targets, dtype=np.float64)), seed)

    @classmethod
    def trivial_baseline(cls, data: BaselineData) -> Baseline:
        return mean_baseline(data, msg("Mean of the training rows"))

    @classmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        return feature_baseline(data, "number", progress=progress)

    @classmethod
    def saved_as(cls, outputs: tuple[str, ...], config: Any) -> "Regression":
        """The one of a saved model: the scale is folded into the last layer, or stands in its config.

        Raises BadInput for a damaged config.
        """
        task = cls(outputs, np.zeros((1, len(outputs))))
        task.standardization = Standardization.saved_in(config, len(outputs))
        return task

    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        return torch.tensor(self._standard(np.asarray(targets, dtype=np.float64)), dtype=torch.float32)

    def training_labels(self, rows: Rows, tokens: Tokens | None = None) -> Labels:
        if rows.lower is None or rows.upper is None:
            return self.labels(rows.targets)
        known = (np.asarray(rows.targets, dtype=np.float64), rows.lower, rows.upper)
        return torch.tensor(np.stack([self._standard(one) for one in known], axis=-1), dtype=torch.float32)

    def _standard(self, targets: Floats) -> Floats:
        return (targets - self.standardization.mean) / self.standardization.scale

    def loss(self, logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        logits = logits.float()
        if labels.ndim == logits.ndim:
            return weighed(self._cost(_difference(logits, labels)), weights)
        value, lower, upper = labels.unbind(dim=-1)
        below, above = _difference(logits, lower).clamp(max=0), _difference(logits, upper).clamp(min=0)
        return weighed(self._cost(_difference(logits, value) + below + above), weights)  # one of them is not zero

    def _cost(self, difference: Tensor) -> Tensor:
        """Squares; Huber (1964, Ann. Math. Stat. 35:73) above delta, doubled so that small errors cost the same."""
        if self._huber_delta is None:
            return difference.square()
        nothing = torch.zeros_like(difference)
        return 2 * functional.huber_loss(difference, nothing, reduction="none", delta=self._huber_delta)

    def count(self, labels: Tensor) -> int:
        there = ~torch.isnan(labels)
        return int((there.any(dim=-1) if labels.ndim > 2 else there).sum())

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> RowValues:
        return ArrayValues(logits * self.standardization.scale + self.standardization.mean)

    def finish(self, config: Any, rescale: Rescale) -> None:
        """Fold the targets' scale and mean into the last layer; where fp32 would lose digits, note both in the
        config."""
        for key in self.config_keys:  # of the folder that the training began from
            if hasattr(config, key):
                delattr(config, key)
        mean, scale = self.standardization.mean, self.standardization.scale
        if self.standardization.folds:
            rescale(scale, mean)
        else:
            setattr(config, MEAN_KEY, mean.tolist())
            setattr(config, SCALE_KEY, scale.tolist())

    def scores(self, predictions: RowValues, targets: Targets) -> Mapping[str, float]:
        """Errors over all targets; several are each in units of their own spread, else one would drown the rest."""
        difference = np.asarray(predictions) - np.asarray(targets, dtype=np.float64)
        if len(self.outputs) > 1:
            difference = difference / self.standardization.scale
        measured = difference[~np.isnan(difference)]
        if not measured.size:
            return {"rmse": float("nan"), "mae": float("nan")}
        small, size = tamed(measured)
        rmse, mae = float(np.sqrt(np.mean(small**2))), float(np.mean(np.abs(small)))
        return {"rmse": grown(rmse, size), "mae": grown(mae, size)}


def _difference(logits: Tensor, labels: Tensor) -> Tensor:
    """Zero, and no gradient, where there is no label."""
    # NaN is replaced before the difference: 0 * NaN would still be NaN in the gradient.
    return torch.where(torch.isnan(labels), 0.0, logits - torch.nan_to_num(labels))


# Scores of numbers.


@dataclass(frozen=True)
class RegressionEvaluator:
    """scale (targets,): the spread of the training rows; see `regression_report`."""

    card: DatasetCard
    scale: Floats
    seed: int
    main_score = "rmse"
    greater_is_better = False

    def report(self, predictor: str, targets: Targets, values: RowValues) -> Scores:
        truths, predicted = np.asarray(targets, dtype=np.float64), np.asarray(values)
        names = self.card.target_names
        return regression_report(truths, predicted, names, predictor=predictor, scale=self.scale, seed=self.seed)

    def main(self, targets: Targets, values: RowValues) -> float:
        truth, predicted = np.asarray(targets, dtype=np.float64), np.asarray(values)
        if not len(predicted):
            return float("nan")
        known = ~np.isnan(truth)
        error = ((predicted - truth) / (self.scale if predicted.shape[1] > 1 else 1.0))[known]
        small, size = tamed(error)
        return grown(float(np.sqrt(np.mean(small**2))), size) if error.size else float("nan")

    def difference(self, targets: Targets, ours: RowValues, theirs: RowValues) -> tuple[float, float]:
        return difference_of(self.main, np.asarray(targets), np.asarray(ours), np.asarray(theirs), self.seed)

    def confusion(self, targets: Targets, values: RowValues) -> Confusion | None:
        return None

    def roc(self, targets: Targets, values: RowValues) -> tuple[Curve, ...]:
        return ()


def spread(train_targets: Floats) -> Floats:
    """The standard deviation of each target (rows, targets) in the training rows, 1 where there is none."""
    scale = mean_and_spread(train_targets)[1]
    return np.where(scale > 0, scale, 1.0)


TASK = Regression
