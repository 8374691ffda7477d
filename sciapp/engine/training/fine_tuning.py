"""Parts of a fine-tuning: labelled rows in memory, and the loss of a batch of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from sciapp.engine.augmentation.augmented_rows import AugmentedRows
from sciapp.engine.inputs.tokenization.batches import Batch, Lengths
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.inference import Features, model_inputs
from sciapp.engine.runtime.device import Device
from sciapp.engine.tasks.base import Labels, Task
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.objectives.base import BatchLoss
from sciapp.engine.training.objectives.registry import batch_loss_for
from sciapp.engine.training.parts import TrainingParts, Validation
from sciapp.engine.training.sampler import StepBatches
from sciapp.records.plan.plan import TrainPlan


@dataclass(frozen=True)
class TrainingRows:
    """Tokenised training rows: tokens, and labels as the task's `labels` gives them; features as in `model_inputs`.

    augmented: rewrites the rows in every pass; None: they are read as they are. weights: as `row_weights` gives
    them.
    """

    tokens: TokenRows
    labels: Labels
    pad: int
    features: Features | None = None
    augmented: AugmentedRows | None = None
    weights: Tensor | None = None

    def batch(self, task: Task, batch: Batch, epoch: int, device: torch.device) -> "LabelledBatch":
        """A batch as the model reads it in one pass over the data."""
        weights = None if self.weights is None else self.weights[batch.rows].to(device)
        if self.augmented is None:
            inputs = model_inputs(self.tokens, batch, self.pad, device, self.features)
            return LabelledBatch(inputs, task.batch_labels(self.labels, batch).to(device), weights)
        rewritten = self.augmented.augment(batch, epoch)
        features = None if self.features is None else self.features[batch.rows]
        if rewritten.labels is None:
            labels = task.batch_labels(self.labels, batch)
        else:
            labels = task.batch_labels(rewritten.labels, rewritten.batch)
        inputs = model_inputs(rewritten.tokens, rewritten.batch, self.pad, device, features)
        return LabelledBatch(inputs, labels.to(device), weights)


@dataclass(frozen=True)
class LabelledBatch:
    """A batch as the model reads it. inputs: each (rows, …); labels (rows, …); weights (rows,) or None."""

    inputs: dict[str, Tensor]
    labels: Tensor
    weights: Tensor | None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and tokens a row."""
        rows, length = self.inputs["attention_mask"].shape
        return int(rows), int(length)

    def part(self, rows: slice) -> "LabelledBatch":
        inputs = {name: values[rows] for name, values in self.inputs.items()}
        return LabelledBatch(inputs, self.labels[rows], None if self.weights is None else self.weights[rows])


@dataclass(frozen=True)
class LabelledData:
    """Training rows of a fine-tuning, as a `Trainer` reads them."""

    rows: TrainingRows
    task: Task
    device: torch.device

    @property
    def lengths(self) -> Lengths:
        return self.rows.tokens.lengths

    def load(self, step: StepBatches, group: ProcessGroup) -> list[LabelledBatch]:
        return [self.rows.batch(self.task, rows, step.epoch, self.device) for rows in group.share(step.batches)]


@dataclass(frozen=True)
class SupervisedObjective:
    """The task's loss, regularised as the plan says."""

    task: Task
    batch_loss: BatchLoss

    def counts(self, batches: Sequence[LabelledBatch]) -> tuple[int, ...]:
        return (sum(self.task.count(batch.labels) for batch in batches),)

    def loss(self, model: Any, batch: LabelledBatch, counts: tuple[int, ...]) -> Tensor:
        # Weights of rows have the mean 1 over all training rows; divided by the weights of a step's rows, a row would
        # count more in the company of light ones.
        return self.batch_loss.loss(model, batch.inputs, batch.labels, batch.weights) / counts[0]


def fine_tuning_parts(
    plan: TrainPlan, rows: TrainingRows, task: Task, device: Device, validation: Validation
) -> TrainingParts[LabelledBatch]:
    """A fine-tuning on labelled rows."""
    objective = SupervisedObjective(task, batch_loss_for(plan, task, device))
    return TrainingParts(LabelledData(rows, task, device.torch_device), objective, validation)
