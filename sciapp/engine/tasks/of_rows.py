"""The common part of tasks with one answer for the row as a whole."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from torch import Tensor

from sciapp.engine.data.batches import Batch
from sciapp.engine.data.tables import Rows, Targets
from sciapp.engine.data.tokens import Tokens, tokenize
from sciapp.engine.tasks.base import Labels


class OfRows(ABC):
    """Long rows are cut at the end; labels are tensors with a line for each row."""

    per_unit = False

    def tokenized(self, tokenizer: Any, inputs: list[str], max_length: int, check: Callable[[int], None]) -> Tokens:
        return tokenize(tokenizer, inputs, max_length, check)

    @abstractmethod
    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        """As in `base.Task`."""

    def training_labels(self, rows: Rows, tokens: Tokens | None = None) -> Labels:
        return self.labels(rows.targets, tokens)

    def batch_labels(self, labels: Labels, batch: Batch | None = None) -> Tensor:
        assert isinstance(labels, Tensor), "a row has one label, or one for each target"
        return labels if batch is None else labels[batch.rows]
