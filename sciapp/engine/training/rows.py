"""Training rows in memory, and how a batch of them is shown to the model."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from sciapp.engine.data.batches import Batch
from sciapp.engine.data.tokens import TokenRows
from sciapp.engine.models.inference import Features, model_inputs
from sciapp.engine.tasks.base import Labels, Task
from sciapp.engine.training.augmented import AugmentedRows
from sciapp.engine.training.fitted import Fitted


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

    def shown(self, task: Task, batch: Batch, epoch: int, device: torch.device) -> "Shown":
        """A batch as the model is shown it in one pass over the data."""
        weights = None if self.weights is None else self.weights[batch.rows].to(device)
        if self.augmented is None:
            inputs = model_inputs(self.tokens, batch, self.pad, device, self.features)
            return Shown(inputs, task.batch_labels(self.labels, batch).to(device), weights)
        anew = self.augmented.shown(batch, epoch)
        features = None if self.features is None else self.features[batch.rows]
        labels = (
            task.batch_labels(self.labels, batch) if anew.labels is None else task.batch_labels(anew.labels, anew.batch)
        )
        inputs = model_inputs(anew.tokens, anew.batch, self.pad, device, features)
        return Shown(inputs, labels.to(device), weights)


@dataclass(frozen=True)
class Shown:
    """A batch as the model is shown it. inputs: each (rows, …); labels (rows, …); weights (rows,) or None."""

    inputs: dict[str, Tensor]
    labels: Tensor
    weights: Tensor | None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and tokens a row."""
        rows, length = self.inputs["input_ids"].shape
        return int(rows), int(length)

    def pieces(self, fitted: Fitted) -> Iterator["Shown"]:
        """The batch in as many pieces as memory asks for."""
        if fitted.parts == 1:
            yield self
            return
        for piece in fitted.pieces(len(self.labels)):
            inputs = {name: values[piece] for name, values in self.inputs.items()}
            yield Shown(inputs, self.labels[piece], None if self.weights is None else self.weights[piece])
