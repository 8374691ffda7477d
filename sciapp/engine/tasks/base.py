"""The task interface: targets as labels, the loss, and the meaning of the outputs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from torch import Tensor

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import Targets
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.registry import encode
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization

Floats = npt.NDArray[np.float64]
Values: TypeAlias = Floats | TokenLabels
Labels: TypeAlias = Tensor | TokenRows


@dataclass(frozen=True)
class Predictions:
    """Predictions of a model for some rows.

    values: regression (rows, targets) in the targets' own units; classification (rows, classes), probabilities;
    multilabel (rows, targets), probabilities; token classification the label of each unit.
    """

    values: Values


class SelectionScore(Protocol):
    """The score that a training is judged by."""

    @property
    def main_score(self) -> str:
        """The score that selects the best model on validation."""

    @property
    def greater_is_better(self) -> bool: ...


class Task(SelectionScore, Protocol):
    """One kind of learning from labels; a new one is one file."""

    @property
    def problem_type(self) -> str:
        """Hugging Face's word for it, kept in the saved config."""

    @property
    def saved(self) -> Mapping[str, Any]:
        """Keys of our own in the saved config: with them and the outputs the task can be made again."""

    @property
    def per_unit(self) -> bool:
        """True if every unit gets an answer (a token classifier), or the row as a whole; then descriptors may help."""

    @property
    def predicts_numbers(self) -> bool:
        """True if the outputs are numbers, learnt by least squares; else they are scores of classes."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the logits: targets or classes."""

    def tokenized(
        self, tokenizer: Any, inputs: Sequence[RowInput], max_length: int, check: Callable[[int], None]
    ) -> Tokens:
        """Tokens of canonical inputs; `check(done)` may raise Cancelled."""

    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        """Labels for `loss`: (rows, targets) float or (rows,) int64, missing ones NaN; or one for each token.

        tokens: of the same rows; only a task with `per_unit` needs them.
        """

    def training_labels(self, rows: Rows, tokens: Tokens | None = None) -> Labels:
        """Labels of training rows: of their targets and, where they have any, their bounds."""

    def batch_labels(self, labels: Labels, batch: Batch | None = None) -> Tensor:
        """The labels of a batch's rows as `loss` takes them; without a batch of all rows."""

    def loss(self, logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        """The loss summed over all labels that are there; logits (rows, outputs), or (…, outputs) for tokens.

        weights (rows,): how much the labels of each row count; None: all the same.
        """

    def count(self, labels: Tensor) -> int:
        """The number of labels that are present, to turn the sum into a mean."""

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> Predictions:
        """The predictions for logits (rows, outputs), or (tokens, outputs) of these tokens."""

    def scores(self, predictions: Predictions, targets: Targets) -> Mapping[str, float]:
        """The scores that are followed on validation while training."""


class RegisteredTask(ABC):
    """A task that the registry finds by its stored name. labels_phrase: “classes”, after “this dataset has”."""

    task: ClassVar[TaskName]
    labels_phrase: ClassVar[str]

    @classmethod
    @abstractmethod
    def for_training(
        cls, card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None
    ) -> Task:
        """The task of a plan whose settings suit it; row_weights: of the training rows (rows,), None: all the same."""

    @classmethod
    @abstractmethod
    def saved_as(cls, outputs: tuple[str, ...], config: Any) -> Task:
        """The task of a saved model. Raises BadInput for a damaged config."""


# The common part of tasks with one answer for the row as a whole.


class RowTask(RegisteredTask):
    """Long rows are cut at the end; labels are tensors with a line for each row."""

    per_unit = False
    predicts_numbers = False

    def tokenized(
        self, tokenizer: Any, inputs: Sequence[RowInput], max_length: int, check: Callable[[int], None]
    ) -> Tokens:
        return encode(tokenizer, inputs, max_length, check)

    @abstractmethod
    def labels(self, targets: Targets, tokens: Tokens | None = None) -> Labels:
        """As in `base.Task`."""

    def training_labels(self, rows: Rows, tokens: Tokens | None = None) -> Labels:
        return self.labels(rows.targets, tokens)

    def batch_labels(self, labels: Labels, batch: Batch | None = None) -> Tensor:
        assert isinstance(labels, Tensor), "a row has one label, or one for each target"
        return labels if batch is None else labels[batch.rows]
