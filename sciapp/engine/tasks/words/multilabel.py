"""Multi-label classification in reports and model cards."""

from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from sciapp.engine.data.targets.base import PROBABILITY_PREFIX
from sciapp.engine.tasks.words.base import Floats, Ints, TaskReport, column_of, cross_entropy_words, worst_of
from sciapp.i18n import msg
from sciapp.records.dataset.card import TARGET_PREFIX, DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization


class MultilabelReport(TaskReport):
    """Words for targets that are each 0 or 1."""

    task: ClassVar[TaskName] = "multilabel"
    together = msg(
        "Scores without a target’s name are means over the targets; one of which the rows have no 0 or no 1 "
        "is left out of them."
    )
    curve_words = msg("one curve a target")

    def words(self, card: DatasetCard) -> str:
        return msg("multi-label classification")

    def loss(self, how: Optimization) -> str:
        return msg(
            "the binary {loss} of each target where it was measured",
            loss=cross_entropy_words(how),
        )

    def result(self, loss: str, *, standardized: bool) -> str:
        return "probabilities = model(**batch).logits.sigmoid()  # columns as in model.config.id2label"

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """The distance by which the probability of each row's worst target is on the wrong side."""
        pairs = [
            (column_of(test, TARGET_PREFIX + name), column_of(test, PROBABILITY_PREFIX + name))
            for name in card.target_names
        ]
        return worst_of(np.column_stack([np.abs(true - predicted) - 0.5 for true, predicted in pairs]))

    def prediction(self, test: pa.Table, card: DatasetCard, row: int, target: str) -> tuple[Any, str]:
        return test.column(PROBABILITY_PREFIX + target)[row].as_py(), ""
