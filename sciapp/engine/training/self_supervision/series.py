"""Self-supervision of networks that read patches of measurements: hidden patches, of which time and band are seen.

Masked patches as in PatchTST (Nie et al. 2023, arXiv:2211.14730); the loss is the squared error of the values that were
measured, in units of the training rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from sciapp.engine.inputs.kinds.series import CHANNELS, SeriesReader
from sciapp.engine.inputs.registry import encode
from sciapp.engine.inputs.tokenization.batches import Batch, Lengths, ordered_batches
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.architectures.networks.series import PREDICTED
from sciapp.engine.models.batch_halving import within_memory
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import StopFlag, raise_if_cancelled
from sciapp.engine.tasks.masked_lm import MaskedLMScore, chosen_places, masked_scores
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.parts import TrainingParts, Validation, ValidationResult
from sciapp.engine.training.sampler import StepBatches
from sciapp.engine.training.self_supervision.base import PretrainingSetup, StartingModel, UnlabelledTraining
from sciapp.i18n import msg
from sciapp.records.plan.plan import Masking
from sciapp.records.run.evaluation import Scores

_NAMES = ("masked_loss", "masked_r2")
_HELD_OUT = 2**32 + 1  # in the seed of held-out rows, where others have the epoch

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HiddenPatches:
    """patches (rows, length, numbers); mask (rows, length): 1 for real ones; hidden (rows, length): to be predicted."""

    patches: npt.NDArray[np.float32]
    mask: npt.NDArray[np.int64]
    hidden: npt.NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        rows, length = self.mask.shape
        return int(rows), int(length)

    def part(self, rows: slice | npt.NDArray[np.int64]) -> "HiddenPatches":
        return HiddenPatches(self.patches[rows], self.mask[rows], self.hidden[rows])


@dataclass(frozen=True)
class PatchRows:
    """Rows as patches of `points` measurements."""

    rows: TokenRows
    points: int
    masking: Masking
    seed: int

    @property
    def lengths(self) -> Lengths:
        return self.rows.lengths

    def batch(self, batch: Batch, rng: np.random.Generator) -> HiddenPatches:
        """With `masked_share` of the patches hidden, of every row at least one."""
        patches, mask = self.rows.padded(batch.rows, batch.length, 0)
        real = mask == 1
        hidden = chosen_places(real.shape, self.masking, rng) & real
        one = (rng.random(len(real)) * real.sum(axis=1)).astype(np.int64)
        lacking = ~hidden.any(axis=1)
        hidden[lacking, one[lacking]] = True
        return HiddenPatches(patches, mask, hidden)

    def known(self, batch: HiddenPatches) -> int:
        """Number of measurements that are hidden."""
        first = self.points * CHANNELS.index("known")
        return int(batch.patches[batch.hidden][:, first : first + self.points].sum())

    def load(self, step: StepBatches, group: ProcessGroup) -> list[HiddenPatches]:
        loaded = []
        for index, rows in enumerate(step.batches, start=step.first):
            whole = self.batch(rows, np.random.default_rng([self.seed, step.epoch, index]))
            loaded.append(whole.part(group.rows(len(whole.patches))))
        return [batch for batch in loaded if len(batch.patches)]


class PatchPretraining(nn.Module):
    """`network`: with the head that predicts hidden patches."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, patches: Tensor, mask: Tensor, hidden: Tensor) -> Tensor:
        """Predicted values and shapes (hidden patches, 2 · points)."""
        predicted: Tensor = self.network(patches, mask, hidden)[0][hidden]
        return predicted


@dataclass(frozen=True)
class PatchObjective:
    """Squared error of the hidden measurements."""

    data: PatchRows
    device: Device

    def counts(self, batches: Sequence[HiddenPatches]) -> tuple[int, ...]:
        return (sum(self.data.known(batch) for batch in batches),)

    def loss(self, model: Any, batch: HiddenPatches, counts: tuple[int, ...]) -> Tensor:
        squares, _, _ = squared_errors(model, batch, self.data.points, self.device)
        return squares.sum() / (PREDICTED * counts[0])


def squared_errors(model: Any, batch: HiddenPatches, points: int, device: Device) -> tuple[Tensor, Tensor, Tensor]:
    """Squared errors, squares of the true values, and 1 where one was measured, each (hidden patches, 2 · points); the
    first two are 0 in gaps."""
    patches, mask, hidden = (
        torch.from_numpy(part).to(device.torch_device) for part in (batch.patches, batch.mask, batch.hidden)
    )
    with device.arithmetic():
        predicted = model(patches, mask, hidden)
    truth = patches[hidden][:, : PREDICTED * points].float()
    first = points * CHANNELS.index("known")
    known = patches[hidden][:, first : first + points].float().repeat(1, PREDICTED)
    return (predicted.float() - truth).square() * known, truth.square() * known, known


@dataclass(frozen=True)
class HeldOutPatches:
    """Rows that a pre-training is validated on, always with the same patches hidden."""

    data: PatchRows
    tokens_per_batch: int
    device: Device
    stop: StopFlag

    def row_scores(self, model: nn.Module) -> Floats:
        """(rows, 3): squared error summed over each row's hidden values, the variance of them that is explained, their
        number. Raises Cancelled."""
        sums = np.zeros((len(self.data.rows), 3))
        was_training = model.training
        model.eval()
        try:
            for index, rows in enumerate(ordered_batches(self.data.lengths, self.tokens_per_batch)):
                raise_if_cancelled(self.stop)
                batch = self.data.batch(rows, np.random.default_rng([self.data.seed, _HELD_OUT, index]))
                whole = Batch(np.arange(len(rows.rows)), rows.length)
                for part, values in within_memory([whole], partial(self._sums, model, batch)):
                    sums[rows.rows[part.rows]] += values
        finally:
            model.train(was_training)
        errors, squares, count = sums.T
        usual = squares.sum() / max(1.0, count.sum())
        return np.stack([errors, (squares - errors) / max(usual, 1e-12), count], axis=1)

    @torch.no_grad()
    def _sums(self, model: nn.Module, batch: HiddenPatches, rows: Batch) -> Floats:
        """Errors, squares and number of the hidden values of these rows (rows, 3)."""
        part = batch.part(rows.rows)
        parts = squared_errors(model, part, self.data.points, self.device)
        columns = np.stack([values.sum(dim=1).double().cpu().numpy() for values in parts], axis=1)
        sums = np.zeros((len(part.patches), 3))
        np.add.at(sums, np.nonzero(part.hidden)[0], columns)
        return sums

    def evaluate(self, model: nn.Module) -> ValidationResult:
        loss, explained, count = self.row_scores(model).sum(axis=0)
        mean = float(loss / max(1.0, count))
        return ValidationResult(mean, dict(zip(_NAMES, (mean, float(explained / max(1.0, count))), strict=True)))


def check(reader: Any) -> None:
    """Every reader of series can hide a patch."""


def prepared(training: UnlabelledTraining, start: StartingModel) -> PretrainingSetup:
    """Read the rows as patches. Raises Cancelled."""
    plan, device, progress = training.plan, training.device, training.progress
    reader: SeriesReader = start.tokenizer
    reading = progress.stage("tokens", msg("Reading the series as patches"))
    rows = encode(reader, training.inputs, start.longest, lambda done: reading.report(done, len(training.inputs))).rows
    data, seen = (
        PatchRows(rows.of_rows(chosen), reader.patch, plan.masking, plan.seed)
        for chosen in (training.learnt, training.judged)
    )
    model = PatchPretraining(start.network).to(device.torch_device)
    held_out = HeldOutPatches(seen, max(4096, plan.batching.tokens_per_batch), device, progress.stop)
    parts = TrainingParts(data, PatchObjective(data, device), Validation(MaskedLMScore(), held_out.evaluate))

    def scores(label: str) -> Scores:
        return masked_scores(label, held_out.row_scores(model), plan.seed, _NAMES)

    return PretrainingSetup(model, reader, parts, scores)
