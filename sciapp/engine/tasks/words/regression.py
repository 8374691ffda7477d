"""Regression in reports and model cards."""

from typing import ClassVar

import numpy as np
import pyarrow as pa

from sciapp.engine.data.targets.base import PREDICTION_PREFIX
from sciapp.engine.tasks.saved_keys import MEAN_KEY, SCALE_KEY
from sciapp.engine.tasks.words.base import Floats, Ints, TaskReport, column_of, worst_of
from sciapp.i18n import msg
from sciapp.records.dataset.card import TARGET_PREFIX, DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization


class RegressionReport(TaskReport):
    """Words for numbers."""

    task: ClassVar[TaskName] = "regression"
    together = msg("Scores without a target’s name are over all targets, each in units of its spread in training.")
    fused_result = "values = model.values({example}{more})  # (rows, targets), in the targets' own units"

    def words(self, card: DatasetCard) -> str:
        return msg("regression")

    def loss(self, how: Optimization) -> str:
        if how.loss == "huber":
            return msg("Huber’s loss (delta {huber_delta:g} standard deviations)", huber_delta=how.huber_delta)
        return msg("the mean squared error")

    def loss_of_targets(self, loss: str) -> str:
        return msg("{loss} of targets standardised by the training rows", loss=loss)

    def result(self, loss: str, *, standardized: bool) -> str:
        if not standardized:
            return "values = model(**batch).logits  # (rows, targets), in the targets' own units"
        return (
            "# The targets’ units do not fit into weights of fp32: mean and scale stand in config.json.\n"
            "    logits = model(**batch).logits.detach().double().numpy()\n"
            f"    values = logits * model.config.{SCALE_KEY} + model.config.{MEAN_KEY}  # (rows, targets)"
        )

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """In units of each target's spread."""
        measured, predicted = (
            np.column_stack([column_of(test, prefix + name) for name in card.target_names])
            for prefix in (TARGET_PREFIX, PREDICTION_PREFIX)
        )
        spread = np.array([summary.standard_deviation or 1.0 for summary in card.targets])
        return worst_of(np.abs(measured - predicted) / spread)
