"""Loss of a batch of labelled rows: the task's own, or that with something that makes it harder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor

from sciapp.engine.runtime.device import Device
from sciapp.engine.tasks.base import Task

Inputs = Mapping[str, Tensor]


class BatchLoss(Protocol):
    """inputs: what the model is called with, each (rows, …). labels: as the task's `batch_labels` gives them.
    weights (rows,): how much each row counts; None: all the same."""

    def loss(self, model: Any, inputs: Inputs, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        """Summed over all labels that are there. Draws from torch's generator only, whose state checkpoints keep."""


@dataclass(frozen=True)
class PlainLoss:
    """The task's own loss."""

    task: Task
    device: Device

    def logits(self, model: Any, inputs: Inputs) -> Tensor:
        with self.device.arithmetic():
            logits: Tensor = model(**inputs).logits
        return logits

    def loss(self, model: Any, inputs: Inputs, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        return self.task.loss(self.logits(model, inputs), labels, weights)
