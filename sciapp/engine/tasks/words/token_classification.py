"""Token classification in reports and model cards."""

from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from sciapp.engine.data.targets.base import ACCURACY_PREFIX, PREDICTION_PREFIX
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.tasks.words.base import Floats, Ints, TaskReport, column_of, cross_entropy_words
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.formatting import percent_text
from sciapp.records.plan.optimization import Optimization


class TokenClassificationReport(TaskReport):
    """Words for labels of single units."""

    task: ClassVar[TaskName] = "tagging"
    pipeline = "token-classification"
    network = "AutoModelForTokenClassification"
    pieces_note = msg(
        "Rows longer than the tokenizer’s `model_max_length` are cut by these lines; `sciapp predict` reads "
        "them in overlapping pieces instead.\n"
    )

    def words(self, card: DatasetCard) -> str:
        return msg("classification of single {unit}", unit=domain_named(card.domain).unit)

    def loss(self, how: Optimization) -> str:
        return msg("the {loss} of each label that counts", loss=cross_entropy_words(how))

    def result(self, loss: str, *, standardized: bool) -> str:
        return "labels = model(**batch).logits.argmax(-1)  # (rows, tokens), special tokens included; names in id2label"

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """Rows with the smallest share right are the worst."""
        right = np.nan_to_num(column_of(test, ACCURACY_PREFIX + card.target_names[0]), nan=1.0)
        return 1 - right, np.zeros(len(right), dtype=np.int64)

    def prediction(self, test: pa.Table, card: DatasetCard, row: int, target: str) -> tuple[Any, str]:
        right = test.column(ACCURACY_PREFIX + target)[row].as_py()
        return test.column(PREDICTION_PREFIX + target)[row].as_py(), msg("({right} right)", right=percent_text(right))
