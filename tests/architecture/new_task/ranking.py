"""The places of rows, learnt as numbers and judged by how many are missed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sciapp.engine.data.targets.base import RowValues, Targets
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.base import TASK_KEY
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.baselines.row_baselines import mean_baseline
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.regression import Regression
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.run.evaluation import Confusion, Curve, Score, Scores


class Ranking(Regression):
    """Trained as a regression; its baseline says the mean."""

    task = "ranking"
    labels_phrase = "places"
    main_score = "missed"
    saved: ClassVar = {TASK_KEY: task}

    @classmethod
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        return PlaceEvaluator(card)

    @classmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        return mean_baseline(data, "Middle place")

    def scores(self, predictions: RowValues, targets: Targets) -> dict[str, float]:
        return {"missed": missed(targets, predictions)}


@dataclass(frozen=True)
class PlaceEvaluator:
    card: DatasetCard
    main_score = "missed"
    greater_is_better = False

    def report(self, predictor: str, targets: Targets, values: RowValues) -> Scores:
        score = Score(name="missed", value=self.main(targets, values), greater_is_better=False)
        return Scores(predictor=predictor, rows=len(targets), scores=(score,))

    def main(self, targets: Targets, values: RowValues) -> float:
        return missed(targets, values)

    def difference(self, targets: Targets, ours: RowValues, theirs: RowValues) -> tuple[float, float]:
        difference = self.main(targets, ours) - self.main(targets, theirs)
        return difference, difference

    def confusion(self, targets: Targets, values: RowValues) -> Confusion | None:
        return None

    def roc(self, targets: Targets, values: RowValues) -> tuple[Curve, ...]:
        return ()


def missed(targets: Targets, values: RowValues) -> float:
    return float(np.abs(np.asarray(values) - np.asarray(targets)).mean())


TASK = Ranking
