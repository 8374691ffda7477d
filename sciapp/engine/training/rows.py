"""Training rows as a step of a fine-tuning reads them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sciapp.engine.data.batches import Batch
from sciapp.engine.data.tokens import TokenRows
from sciapp.engine.models.inference import Features, model_inputs
from sciapp.engine.tasks.base import Labels, Task
from sciapp.engine.training.augmented import AugmentedRows


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

    def weights_of(self, batch: Batch, device: torch.device) -> Tensor | None:
        """How much each row of a batch counts (rows,); None: all the same."""
        return None if self.weights is None else self.weights[batch.rows].to(device)

    def shown(self, task: Task, batch: Batch, epoch: int, device: torch.device) -> tuple[dict[str, Tensor], Tensor]:
        """What the model is called with for a batch in one pass over the data, and the labels."""
        if self.augmented is None:
            inputs = model_inputs(self.tokens, batch, self.pad, device, self.features)
            return inputs, task.batch_labels(self.labels, batch).to(device)
        anew = self.augmented.shown(batch, epoch)
        features = None if self.features is None else self.features[batch.rows]
        labels = (
            task.batch_labels(self.labels, batch) if anew.labels is None else task.batch_labels(anew.labels, anew.batch)
        )
        return model_inputs(anew.tokens, anew.batch, self.pad, device, features), labels.to(device)
