"""Self-supervision of networks that read patches of measurements: hidden patches, of which time and band are seen.

Masked patches as in PatchTST (Nie et al. 2023, arXiv:2211.14730); the loss is the squared error of the values that were
measured, in units of the training rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn

from sciapp.engine.inputs.kinds.series import CHANNELS, SeriesReader
from sciapp.engine.inputs.registry import encode
from sciapp.engine.models.architectures.networks.series import PREDICTED
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import StopFlag
from sciapp.engine.tasks.masked_lm import MaskedLMScore, masked_scores
from sciapp.engine.training.hidden_parts import Floats, HiddenParts, HidingRows, mean_result
from sciapp.engine.training.parts import TrainingParts, Validation, ValidationResult
from sciapp.engine.training.self_supervision.base import PretrainingSetup, StartingModel, UnlabelledTraining
from sciapp.i18n import msg
from sciapp.records.run.evaluation import Scores

_NAMES = ("masked_loss", "masked_r2")


@dataclass(frozen=True)
class PatchRows(HidingRows):
    """Rows as patches of `points` measurements."""

    points: int = 1

    def known(self, batch: HiddenParts) -> int:
        """Number of measurements that are hidden."""
        first = self.points * CHANNELS.index("known")
        return int(batch.values[batch.hidden][:, first : first + self.points].sum())


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

    def counts(self, batches: Sequence[HiddenParts]) -> tuple[int, ...]:
        return (sum(self.data.known(batch) for batch in batches),)

    def loss(self, model: Any, batch: HiddenParts, counts: tuple[int, ...]) -> Tensor:
        squares, _, _ = squared_errors(model, batch, self.data.points, self.device)
        return squares.sum() / (PREDICTED * counts[0])


def squared_errors(model: Any, batch: HiddenParts, points: int, device: Device) -> tuple[Tensor, Tensor, Tensor]:
    """Squared errors, squares of the true values, and 1 where one was measured, each (hidden patches, 2 · points); the
    first two are 0 in gaps."""
    patches, mask, hidden = batch.tensors(device.torch_device)
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

        def of_patches(batch: HiddenParts) -> Floats:
            parts = squared_errors(model, batch, self.data.points, self.device)
            columns = (values.sum(dim=1).double().cpu().numpy() for values in parts)
            return np.stack([batch.owners, *columns], axis=1)

        held_out = self.data.held_out(self.tokens_per_batch, self.stop)
        errors, squares, count = held_out.sums(model, of_patches, len(self.data.rows)).T
        usual = squares.sum() / max(1.0, count.sum())
        return np.stack([errors, (squares - errors) / max(usual, 1e-12), count], axis=1)

    def evaluate(self, model: nn.Module) -> ValidationResult:
        return mean_result(self.row_scores(model), _NAMES)


def check(reader: Any) -> None:
    """Every reader of series can hide a patch."""


def prepared(training: UnlabelledTraining, start: StartingModel) -> PretrainingSetup:
    """Read the rows as patches. Raises Cancelled."""
    plan, device, progress = training.plan, training.device, training.progress
    reader: SeriesReader = start.tokenizer
    reading = progress.stage("tokens", msg("Reading the series as patches"))
    rows = encode(reader, training.inputs, start.longest, lambda done: reading.report(done, len(training.inputs))).rows
    data, seen = (
        PatchRows(rows.of_rows(chosen), plan.masking, plan.seed, points=reader.patch)
        for chosen in (training.learnt, training.judged)
    )
    model = PatchPretraining(start.network).to(device.torch_device)
    held_out = HeldOutPatches(seen, max(4096, plan.batching.tokens_per_batch), device, progress.stop)
    parts = TrainingParts(data, PatchObjective(data, device), Validation(MaskedLMScore(), held_out.evaluate))

    def scores(label: str) -> Scores:
        return masked_scores(label, held_out.row_scores(model), plan.seed, _NAMES)

    return PretrainingSetup(model, reader, parts, scores)
