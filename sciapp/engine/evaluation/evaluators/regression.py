"""The judge of regressions."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.data.values.safe_float import grown, mean_and_spread, tamed
from sciapp.engine.evaluation.intervals import difference_of, regression_report
from sciapp.engine.tasks.base import Values
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.run.evaluation import Confusion, Curve, Scores

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RegressionEvaluator:
    """scale (targets,): the spread of the training rows; see `regression_report`."""

    card: DatasetCard
    scale: Floats
    seed: int
    task: ClassVar[TaskName] = "regression"
    main_score = "rmse"

    @classmethod
    def of_training(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Self:
        return cls(card, spread(np.asarray(train_targets, dtype=np.float64)), seed)

    def report(self, predictor: str, targets: Targets, values: Values) -> Scores:
        truths, predicted = np.asarray(targets, dtype=np.float64), np.asarray(values)
        names = self.card.target_names
        return regression_report(truths, predicted, names, predictor=predictor, scale=self.scale, seed=self.seed)

    def main(self, targets: Targets, values: Values) -> float:
        truth, predicted = np.asarray(targets, dtype=np.float64), np.asarray(values)
        if not len(predicted):
            return float("nan")
        known = ~np.isnan(truth)
        error = ((predicted - truth) / (self.scale if predicted.shape[1] > 1 else 1.0))[known]
        small, size = tamed(error)
        return grown(float(np.sqrt(np.mean(small**2))), size) if error.size else float("nan")

    def difference(self, targets: Targets, ours: Values, theirs: Values) -> tuple[float, float]:
        return difference_of(self.main, np.asarray(targets), np.asarray(ours), np.asarray(theirs), self.seed)

    def confusion(self, targets: Targets, values: Values) -> Confusion | None:
        return None

    def roc(self, targets: Targets, values: Values) -> tuple[Curve, ...]:
        return ()


def spread(train_targets: Floats) -> Floats:
    """The standard deviation of each target (rows, targets) in the training rows, 1 where there is none."""
    scale = mean_and_spread(train_targets)[1]
    return np.where(scale > 0, scale, 1.0)
