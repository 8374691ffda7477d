"""A fine-tuning: the training loop over labelled rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sciapp.engine.augmentation.augmented_rows import AugmentedRows
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.inference import Features, model_inputs
from sciapp.engine.runtime.device import Device
from sciapp.engine.tasks.base import Labels, Task
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.objectives.registry import objective_for
from sciapp.engine.training.state import MicroBatching
from sciapp.engine.training.trainer import Trainer, ValidationResult
from sciapp.records.plan.plan import TrainPlan

# Training rows in memory, and how a batch of them is shown to the model.


@dataclass(frozen=True)
class TrainingRows:
    """Tokenised training rows: tokens, and labels as the task's `labels` gives them; features as in `model_inputs`.

    augmented: shows the rows anew in every pass; None: they are shown as they are. weights: as `row_weights` gives
    them.
    """

    tokens: TokenRows
    labels: Labels
    pad: int
    features: Features | None = None
    augmented: AugmentedRows | None = None
    weights: Tensor | None = None

    def shown(self, task: Task, batch: Batch, epoch: int, device: torch.device) -> "ModelBatch":
        """A batch as the model is shown it in one pass over the data."""
        weights = None if self.weights is None else self.weights[batch.rows].to(device)
        if self.augmented is None:
            inputs = model_inputs(self.tokens, batch, self.pad, device, self.features)
            return ModelBatch(inputs, task.batch_labels(self.labels, batch).to(device), weights)
        anew = self.augmented.shown(batch, epoch)
        features = None if self.features is None else self.features[batch.rows]
        labels = (
            task.batch_labels(self.labels, batch) if anew.labels is None else task.batch_labels(anew.labels, anew.batch)
        )
        inputs = model_inputs(anew.tokens, anew.batch, self.pad, device, features)
        return ModelBatch(inputs, labels.to(device), weights)


@dataclass(frozen=True)
class ModelBatch:
    """A batch as the model is shown it. inputs: each (rows, …); labels (rows, …); weights (rows,) or None."""

    inputs: dict[str, Tensor]
    labels: Tensor
    weights: Tensor | None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and tokens a row."""
        rows, length = self.inputs["input_ids"].shape
        return int(rows), int(length)

    def pieces(self, fitted: MicroBatching) -> Iterator["ModelBatch"]:
        """The batch in as many pieces as memory asks for."""
        if fitted.parts == 1:
            yield self
            return
        for piece in fitted.pieces(len(self.labels)):
            inputs = {name: values[piece] for name, values in self.inputs.items()}
            yield ModelBatch(inputs, self.labels[piece], None if self.weights is None else self.weights[piece])


class FineTuning(Trainer[ModelBatch]):
    """One fine-tuning on labelled rows."""

    def __init__(
        self,
        model: nn.Module,
        rows: TrainingRows,
        task: Task,
        plan: TrainPlan,
        device: Device,
        checkpointer: Checkpointer,
        judge: Callable[[nn.Module], ValidationResult],
        *,
        look_first: bool = False,
    ) -> None:
        super().__init__(model, rows.tokens.lengths, task, plan, device, checkpointer, judge, look_first=look_first)
        self._rows, self._task, self._objective = rows, task, objective_for(plan, task, device)

    def _show(self, group: list[Batch]) -> list[ModelBatch]:
        epoch, device = self.position.epoch, self._device.torch_device
        return [self._rows.shown(self._task, batch, epoch, device) for batch in self._team.share(group)]

    def _asked(self, shown: list[ModelBatch]) -> tuple[int, ...]:
        """Labels."""
        return (sum(self._task.count(batch.labels) for batch in shown),)

    def _accumulate(self, shown: list[ModelBatch], asked: tuple[int, ...]) -> float:
        # Every label weighs the same, whichever batch of the step it came in. Weights of rows have the mean 1 over
        # all training rows; divided by the weights of these, a row would count more in the company of light ones.
        count, total = max(1, asked[0]), 0.0
        for batch in shown:
            for piece in batch.pieces(self.position.fitted):
                with self._repair.watch.over(*piece.shape):
                    loss = self._objective.loss(self._model, piece.inputs, piece.labels, piece.weights) / count
                    self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
                total += float(loss.detach())
        return total
