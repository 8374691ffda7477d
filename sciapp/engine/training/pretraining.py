"""Parts of a self-supervised pre-training: hidden tokens, and descriptors of whole rows.

Windows, spellings and masks of a batch follow from seed, epoch and the batch's index in it, so that a resumed run reads
what an undisturbed one would have read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from sciapp.engine.inputs.features.descriptor_targets import DescribedRows
from sciapp.engine.inputs.tokenization.batches import Batch, Lengths, ordered_batches
from sciapp.engine.inputs.tokenization.windows import Windows
from sciapp.engine.models.architectures.pretraining import PretrainingModel
from sciapp.engine.models.batch_halving import within_memory
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import StopFlag, raise_if_cancelled
from sciapp.engine.tasks.masked_lm import IGNORED, MaskedLMScore, Masker
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.parts import TrainingParts, Validation, ValidationResult
from sciapp.engine.training.sampler import StepBatches
from sciapp.records.plan.plan import PretrainPlan

_SCALE = 5.0  # of the descriptors' loss at weight 1: about as much as the hidden tokens'
_BEND = 0.5  # where the smooth L1 loss becomes straight, in standard deviations
_HELD_OUT = 2**32 + 1  # in the seed of held-out rows, where others have the epoch

Floats = npt.NDArray[np.float64]


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
        """Masks are drawn for whole batches, whichever process computes which of their rows."""
        loaded = []
        for index, rows in enumerate(step.batches, start=step.first):
            whole = self.data.batch(rows, np.random.default_rng([self.seed, step.epoch, index]))
            loaded.append(whole.part(group.rows(len(whole.inputs))))
        return [batch for batch in loaded if len(batch.inputs)]


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
        windows = self.data.windows
        scores = np.zeros((len(windows.owner), 3))
        was_training = model.training
        model.eval()
        try:
            for index, rows in enumerate(ordered_batches(windows.lengths, self.tokens_per_batch)):
                raise_if_cancelled(self.stop)
                batch = self.data.batch(rows, np.random.default_rng([self.seed, _HELD_OUT, index]))
                whole = Batch(np.arange(len(rows.rows)), rows.length)
                for part, tokens in within_memory([whole], partial(self._token_scores, model, batch)):
                    np.add.at(scores, rows.rows[part.rows[tokens[:, 0].astype(int)]], tokens[:, 1:])
        finally:
            model.train(was_training)
        return scores

    @torch.no_grad()
    def _token_scores(self, model: PretrainingModel, batch: MaskedBatch, rows: Batch) -> Floats:
        """(hidden tokens, 4) of some rows of a batch: index of the row among them, loss, whether right, 1."""
        part = batch.part(rows.rows)
        labels, logits, _ = predict(model, part, self.device)
        losses = functional.cross_entropy(logits, labels, reduction="none").double().cpu().numpy()
        right = (logits.argmax(dim=1) == labels).cpu().numpy()
        return np.stack([np.nonzero(part.labels != IGNORED)[0], losses, right, np.ones(len(losses))], axis=1)

    def evaluate(self, model: torch.nn.Module) -> ValidationResult:
        """Loss and accuracy over all hidden tokens."""
        loss, right, count = self.row_scores(model).sum(axis=0)
        mean = float(loss / max(1.0, count))
        return ValidationResult(mean, {"masked_loss": mean, "masked_accuracy": float(right / max(1.0, count))})


def pretraining_parts(
    plan: PretrainPlan, data: PretrainingData, held_out: HeldOutRows, device: Device
) -> TrainingParts[MaskedBatch]:
    """Self-supervision on unlabelled rows."""
    objective = MaskedObjective(device, _SCALE * plan.masking.descriptor_weight)
    return TrainingParts(MaskedData(data, plan.seed), objective, Validation(MaskedLMScore(), held_out.evaluate))
