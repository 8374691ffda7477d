"""The task interface: targets as labels, the loss, and the meaning of the outputs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from torch import Tensor

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import InputRule, RowValues, Targets
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.registry import encode
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData, Outcome
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization

Floats = npt.NDArray[np.float64]
Labels: TypeAlias = Tensor | TokenRows
Rescale: TypeAlias = Callable[[Floats, Floats], None]
"""Makes a model give scale * logits + mean from now on; both (outputs,)."""

TASK_KEY = "sciapp_task"
"""Key of a saved model's config.json: the task that it was trained for."""


@dataclass(frozen=True)
class RuleStart:
    """A fitted rule that a head begins with. train, validation (rows, targets): its predictions. mean, scale
    (targets,): the logits of a prediction are (prediction - mean) / scale."""

    rule: InputRule
    train: Floats
    validation: Floats
    mean: Floats
    scale: Floats


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
    def task(self) -> TaskName:
        """Its stored name."""

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

    def rule_start(
        self, card: DatasetCard, rows: Mapping[str, Rows], seed: int, saved: Mapping[str, Any] | None = None
    ) -> RuleStart | None:
        """The rule that the head begins with; labels are counted in units of its errors afterwards. None: the task
        begins with none. rows: by split. saved: what the rule wrote of itself in an earlier sitting of the run."""

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

    def decode(self, logits: Floats, tokens: Tokens | None = None) -> RowValues:
        """The predictions for logits (rows, outputs), or (tokens, outputs) of these tokens."""

    def scores(self, predictions: RowValues, targets: Targets) -> Mapping[str, float]:
        """The scores that are followed on validation while training."""

    def finish(self, config: Any, rescale: Rescale) -> None:
        """Make a trained model speak as it is saved, or note in its config what is left to do."""


class RegisteredTask(ABC):
    """A task that the registry finds by its stored name; a file here holds one as `TASK`.

    labels_phrase: “classes”, after “this dataset has”. outcome: of each output, where simple models can learn it from
    features of a row; None: they cannot. config_keys: its own keys of a
    saved model's config.json, beside TASK_KEY.
    """

    task: ClassVar[TaskName]
    labels_phrase: ClassVar[str]
    outcome: ClassVar[Outcome | None] = None
    config_keys: ClassVar[tuple[str, ...]] = ()

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

    @classmethod
    @abstractmethod
    def evaluator(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
        """The evaluator of a training on these targets, as in `Rows`."""

    @classmethod
    @abstractmethod
    def trivial_baseline(cls, data: BaselineData) -> Baseline:
        """The commonest answer of the training rows; each counts by its weight where rows have one."""

    @classmethod
    @abstractmethod
    def simple_baseline(cls, data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
        """Fit what takes a minute and predict the test rows. Raises OutOfSpace, Cancelled."""

    @classmethod
    def further_baselines(cls, data: BaselineData) -> tuple[Baseline, ...]:
        """More of them, that take seconds, where the field compares with more."""
        return ()

    def rule_start(
        self, card: DatasetCard, rows: Mapping[str, Rows], seed: int, saved: Mapping[str, Any] | None = None
    ) -> RuleStart | None:
        """As in `base.Task`; most tasks have no rule."""
        return None

    def finish(self, config: Any, rescale: Rescale) -> None:
        """As in `base.Task`; most models speak as they are."""
        return


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
