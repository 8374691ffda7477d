"""Evaluators of predictions: one for each task."""

from typing import Protocol

from sciapp.engine.data.targets.base import RowValues, Targets
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.run.evaluation import Confusion, Curve, Scores


class Evaluator(Protocol):
    """Targets as in `Rows`, values as the task decodes them, of the same rows."""

    @property
    def card(self) -> DatasetCard: ...

    @property
    def main_score(self) -> str:
        """The score that selects the best model, and that the verdict compares."""

    @property
    def greater_is_better(self) -> bool:
        """True if a larger main score is the better one."""

    def report(self, predictor: str, targets: Targets, values: RowValues) -> Scores:
        """Every score with its interval."""

    def main(self, targets: Targets, values: RowValues) -> float:
        """The main score, without an interval; NaN where nothing was measured."""

    def difference(self, targets: Targets, ours: RowValues, theirs: RowValues) -> tuple[float, float]:
        """The 95 % interval of the difference in the main score, on the same redrawn rows; NaN where undefined."""

    def confusion(self, targets: Targets, values: RowValues) -> Confusion | None:
        """The confusion matrix; None where there are no classes."""

    def roc(self, targets: Targets, values: RowValues) -> tuple[Curve, ...]:
        """Curves of what is told by a probability; none where nothing is."""
