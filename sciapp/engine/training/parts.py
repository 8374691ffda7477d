"""Parts that a `Trainer` is handed: objective, data source, validation and settings.

Fine-tuning, pre-training and distillation differ in these and in nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from torch import Tensor, nn

from sciapp.engine.inputs.tokenization.batches import Lengths
from sciapp.engine.runtime.device import Device
from sciapp.engine.tasks.base import SelectionScore
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.sampler import StepBatches
from sciapp.records.plan.plan import Averaging, Batching, Optimization, PretrainPlan, Stopping, TrainPlan, Tuning


class ModelBatch(Protocol):
    """A batch as the model reads it."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, and tokens of a row."""

    def part(self, rows: slice) -> Self:
        """These rows of the batch."""


B = TypeVar("B", bound=ModelBatch)
Read = TypeVar("Read", bound=ModelBatch, contravariant=True)


class DataSource(Protocol[B]):
    """Training rows in memory. What a step reads follows from seed, epoch and step alone."""

    @property
    def lengths(self) -> Lengths:
        """Tokens of each row (rows,)."""

    def load(self, step: StepBatches, group: ProcessGroup) -> list[B]:
        """The step's batches, of each of them this process's rows; batches without any are left out."""


class Objective(Protocol[Read]):
    """The loss that a training minimises."""

    def counts(self, batches: Sequence[Read]) -> tuple[int, ...]:
        """Number of labels in these batches, of each kind that there is."""

    def loss(self, model: Any, batch: Read, counts: tuple[int, ...]) -> Tensor:
        """The batch's part of the mean loss over the `counts` labels of its whole step, each at least 1.

        Draws from torch's generator only, whose state checkpoints keep.
        """


@dataclass(frozen=True)
class ValidationResult:
    """Loss and scores on the validation rows."""

    loss: float
    scores: dict[str, float]


@dataclass(frozen=True)
class Validation:
    """The scoring of a model on the validation rows, and the score that selects the best one.

    evaluate: must leave torch's random state as it was. initial: the model as it begins is a candidate.
    """

    selection: SelectionScore
    evaluate: Callable[[nn.Module], ValidationResult]
    initial: bool = False

    def is_better(self, score: float, best: float) -> bool:
        return score > best if self.selection.greater_is_better else score < best


@dataclass(frozen=True)
class TrainingParts(Generic[B]):
    """All that is particular to one kind of training."""

    data: DataSource[B]
    objective: Objective[B]
    validation: Validation


@dataclass(frozen=True)
class TrainerSettings:
    """Settings of every kind of training: the parts of a plan that a `Trainer` obeys, and the device."""

    device: Device
    seed: int
    optimization: Optimization
    averaging: Averaging
    batching: Batching
    stopping: Stopping
    tuning: Tuning

    @classmethod
    def of(cls, plan: TrainPlan | PretrainPlan, device: Device) -> "TrainerSettings":
        return cls(
            device,
            plan.seed,
            plan.optimization,
            plan.averaging,
            plan.batching,
            plan.stopping,
            plan.weights_tuned,
        )
