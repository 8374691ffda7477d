"""Evaluators of predictions: one for each task."""

from typing import ClassVar, Protocol, Self

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.tasks.base import Values
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.run.evaluation import Confusion, Curve, Scores


class Evaluator(Protocol):
    """Targets as in `Rows`, values as in `tasks.base.Predictions`, of the same rows."""

    task: ClassVar[TaskName]

    @classmethod
    def of_training(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Self:
        """The evaluator of a training on these targets, as in `Rows`."""

    @property
    def card(self) -> DatasetCard: ...

    @property
    def main_score(self) -> str:
        """The score that selects the best model, and that the verdict compares."""

    def report(self, predictor: str, targets: Targets, values: Values) -> Scores:
        """Every score with its interval."""

    def main(self, targets: Targets, values: Values) -> float:
        """The main score, without an interval; NaN where nothing was measured."""

    def difference(self, targets: Targets, ours: Values, theirs: Values) -> tuple[float, float]:
        """The 95 % interval of the difference in the main score, on the same redrawn rows; NaN where undefined."""

    def confusion(self, targets: Targets, values: Values) -> Confusion | None:
        """The confusion matrix; None where there are no classes."""

    def roc(self, targets: Targets, values: Values) -> tuple[Curve, ...]:
        """Curves of what is told by a probability; none where nothing is."""
