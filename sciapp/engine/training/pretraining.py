"""Parts of a self-supervised pre-training: hidden tokens, and descriptors of whole rows.

Windows, spellings and masks of a batch follow from seed, epoch and the batch's index in it, so that a resumed run reads
what an undisturbed one would have read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from sciapp.engine.inputs.features.descriptor_targets import DescribedRows
from sciapp.engine.inputs.tokenization.batches import Batch, Lengths
from sciapp.engine.inputs.tokenization.windows import Windows
from sciapp.engine.models.architectures.pretraining import PretrainingModel
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import StopFlag
from sciapp.engine.tasks.masked_lm import IGNORED, MaskedLMScore, Masker
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.hidden_parts import Floats, HeldOutBatches, drawn_batches, mean_result
from sciapp.engine.training.parts import TrainingParts, Validation, ValidationResult
from sciapp.engine.training.sampler import StepBatches
from sciapp.records.plan.plan import PretrainPlan

_SCALE = 5.0  # of the descriptors' loss at weight 1: about as much as the hidden tokens'
_BEND = 0.5  # where the smooth L1 loss becomes straight, in standard deviations


@dataclass(frozen=True)
class PretrainingData:
    """Everything that a self-supervised training learns from. special: ids of the special tokens (tokens,)."""

    windows: Windows
    masker: Masker
    special: npt.NDArray[np.int64]
    described: DescribedRows | None

    def batch(self, rows: Batch, rng: np.random.Generator) -> "MaskedBatch":
        """A batch as the network reads it."""
        ids, mask = self.windows.drawn(rows, rng)
        hidden = self.masker.hidden(ids, (mask == 1) & ~np.isin(ids, self.special), rng)
        if self.described is None:
            return MaskedBatch(hidden.inputs, mask, hidden.labels)
        values = self.described.of(self.windows.owner[rows.rows])
        # Descriptors are predicted from whole rows: every second row that has some stays as it is.
        plain = ~np.isnan(values).all(axis=1) & (np.arange(len(values)) % 2 == 0)
        inputs = np.where(plain[:, None], ids, hidden.inputs)
        labels = np.where(plain[:, None], IGNORED, hidden.labels)
        return MaskedBatch(inputs, mask, labels, np.where(plain[:, None], values, np.float32(np.nan)))


@dataclass(frozen=True)
class MaskedBatch:
    """inputs, mask, labels: (rows, length). descriptors: (rows, descriptors), NaN where not asked for."""

    inputs: npt.NDArray[np.int64]
    mask: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    descriptors: npt.NDArray[np.float32] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and tokens a row."""
        rows, length = self.inputs.shape
        return int(rows), int(length)

    def part(self, rows: slice | npt.NDArray[np.int64]) -> "MaskedBatch":
        values = None if self.descriptors is None else self.descriptors[rows]
        return MaskedBatch(self.inputs[rows], self.mask[rows], self.labels[rows], values)

    @property
    def hidden_tokens(self) -> int:
        """Number of tokens to be predicted."""
        return int((self.labels != IGNORED).sum())

    @property
    def known_descriptors(self) -> int:
        """Number of descriptors to be predicted."""
        return 0 if self.descriptors is None else int((~np.isnan(self.descriptors)).sum())


@dataclass(frozen=True)
class MaskedData:
    """Unlabelled rows of a pre-training, as a `Trainer` reads them."""

    data: PretrainingData
    seed: int

    @property
    def lengths(self) -> Lengths:
        return self.data.windows.lengths

    def load(self, step: StepBatches, group: ProcessGroup) -> list[MaskedBatch]:
        return drawn_batches(self.data.batch, self.seed, step, group)


@dataclass(frozen=True)
class MaskedObjective:
    """Cross-entropy of hidden tokens, and smooth L1 of descriptors where the model predicts them.

    descriptor_weight: of the mean descriptor loss, in units of the mean loss of a token.
    """

    device: Device
    descriptor_weight: float

    def counts(self, batches: Sequence[MaskedBatch]) -> tuple[int, ...]:
        """Hidden tokens and descriptors."""
        return sum(batch.hidden_tokens for batch in batches), sum(batch.known_descriptors for batch in batches)

    def loss(self, model: Any, batch: MaskedBatch, counts: tuple[int, ...]) -> Tensor:
        hidden, described = counts
        tokens, descriptors = self._sums(model, batch)
        return tokens / hidden + self.descriptor_weight * descriptors / described

    def _sums(self, model: PretrainingModel, batch: MaskedBatch) -> tuple[Tensor, Tensor]:
        """Losses summed over the hidden tokens, and over the descriptors."""
        labels, logits, pooled = predict(model, batch, self.device)
        tokens = functional.cross_entropy(logits, labels, reduction="sum")
        if batch.descriptors is None or model.summary is None:
            return tokens, torch.zeros((), device=tokens.device)
        targets = torch.from_numpy(batch.descriptors).to(tokens.device)
        with self.device.arithmetic():
            predicted = model.summary(pooled).float()
        known = ~torch.isnan(targets)
        return tokens, functional.smooth_l1_loss(predicted[known], targets[known], beta=_BEND, reduction="sum")


def predict(model: PretrainingModel, batch: MaskedBatch, device: Device) -> tuple[Tensor, Tensor, Tensor]:
    """True tokens (hidden,), their logits (hidden, vocabulary), what a classifier reads (rows, width)."""
    labels, inputs, mask = (
        torch.from_numpy(values).to(device.torch_device) for values in (batch.labels, batch.inputs, batch.mask)
    )
    hidden = labels != IGNORED
    with device.arithmetic():
        logits, pooled = model(inputs, mask, hidden)
    return labels[hidden], logits.float(), pooled


@dataclass(frozen=True)
class HeldOutRows:
    """Rows that a pre-training is validated on; always the same windows with the same tokens hidden."""

    data: PretrainingData
    seed: int
    tokens_per_batch: int
    device: Device
    stop: StopFlag

    def row_scores(self, model: torch.nn.Module) -> Floats:
        """(rows, 3): loss summed over each row's hidden tokens, number predicted right, number of hidden tokens.

        Evaluation mode draws no random numbers. Raises Cancelled.
        """
        assert isinstance(model, PretrainingModel)
        windows, device = self.data.windows, self.device

        def of_tokens(batch: MaskedBatch) -> Floats:
            labels, logits, _ = predict(model, batch, device)
            loss = functional.cross_entropy(logits, labels, reduction="none").double().cpu().numpy()
            right = (logits.argmax(dim=1) == labels).cpu().numpy()
            return np.stack([np.nonzero(batch.labels != IGNORED)[0], loss, right, np.ones(len(loss))], axis=1)

        held_out = HeldOutBatches(self.data.batch, windows.lengths, self.seed, self.tokens_per_batch, self.stop)
        return held_out.sums(model, of_tokens, len(windows.owner))

    def evaluate(self, model: torch.nn.Module) -> ValidationResult:
        """Loss and accuracy over all hidden tokens."""
        return mean_result(self.row_scores(model), ("masked_loss", "masked_accuracy"))


def pretraining_parts(
    plan: PretrainPlan, data: PretrainingData, held_out: HeldOutRows, device: Device
) -> TrainingParts[MaskedBatch]:
    """Self-supervision on unlabelled rows."""
    objective = MaskedObjective(device, _SCALE * plan.masking.descriptor_weight)
    return TrainingParts(MaskedData(data, plan.seed), objective, Validation(MaskedLMScore(), held_out.evaluate))
