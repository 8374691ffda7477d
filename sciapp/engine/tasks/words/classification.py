"""Classification in reports and model cards."""

from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from sciapp.engine.data.targets.base import PREDICTION_PREFIX, PROBABILITY_PREFIX
from sciapp.engine.tasks.words.base import Floats, Ints, TaskReport, column_of, cross_entropy_words
from sciapp.i18n import msg
from sciapp.records.dataset.card import TARGET_PREFIX, DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.formatting import percent_text
from sciapp.records.plan.optimization import Optimization


class ClassificationReport(TaskReport):
    """Words for classes of rows."""

    task: ClassVar[TaskName] = "classification"

    def words(self, card: DatasetCard) -> str:
        return msg("classification")

    def loss(self, how: Optimization) -> str:
        if how.loss == "binary_cross_entropy":
            return msg("the binary cross-entropy of each class")
        return msg("the {loss}", loss=cross_entropy_words(how))

    def result(self, loss: str, *, standardized: bool) -> str:
        if "binary" in loss:
            return "scores = model(**batch).logits.sigmoid()  # one class against the rest; divide by the row's sum"
        return "probabilities = model(**batch).logits.softmax(-1)  # columns as in model.config.id2label"

    def curves(self, card: DatasetCard, drawn: int) -> str:
        classes = len(card.class_names)
        if classes > 2 and drawn < classes:
            return msg(
                "{curves}, {drawn} of {classes:,} classes (the most frequent)",
                curves=self.curve_words,
                drawn=drawn,
                classes=classes,
            )
        return self.curve_words

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """The surest wrong ones are the worst."""
        name = card.target_names[0]
        true = test.column(TARGET_PREFIX + name).to_numpy(zero_copy_only=False)
        predicted = test.column(PREDICTION_PREFIX + name).to_numpy(zero_copy_only=False)
        sure = np.column_stack([column_of(test, PROBABILITY_PREFIX + label) for label in card.class_names]).max(axis=1)
        return np.where(true == predicted, -1.0, sure), np.zeros(len(sure), dtype=np.int64)

    def prediction(self, test: pa.Table, card: DatasetCard, row: int, target: str) -> tuple[Any, str]:
        sure = max(test.column(PROBABILITY_PREFIX + label)[row].as_py() for label in card.class_names)
        return test.column(PREDICTION_PREFIX + target)[row].as_py(), msg("({sure} sure)", sure=percent_text(sure))
