"""Self-supervision of networks that read compositions: hidden elements, of which the fraction is seen.

Which element makes up 60 % of the atoms beside 40 % iron? Masked tokens (Devlin et al. 2019, BERT) without an order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from sciapp.engine.inputs.kinds.composition import HIDDEN, CompositionReader
from sciapp.engine.inputs.registry import encode
from sciapp.engine.inputs.tokenization.batches import Batch, Lengths, ordered_batches
from sciapp.engine.inputs.tokenization.tokens import TokenRows
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

_HELD_OUT = 2**32 + 1  # in the seed of held-out rows, where others have the epoch

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HiddenElements:
    """elements (rows, length, 2): numbers and fractions, as they are. mask (rows, length): 1 for real ones. hidden
    (rows, length): to be predicted."""

    elements: npt.NDArray[np.float32]
    mask: npt.NDArray[np.int64]
    hidden: npt.NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        rows, length = self.mask.shape
        return int(rows), int(length)

    def part(self, rows: slice | npt.NDArray[np.int64]) -> "HiddenElements":
        return HiddenElements(self.elements[rows], self.mask[rows], self.hidden[rows])


@dataclass(frozen=True)
class CompositionRows:
    """Rows of elements, some of which are hidden anew in every epoch."""

    rows: TokenRows
    masking: Masking
    seed: int

    @property
    def lengths(self) -> Lengths:
        return self.rows.lengths

    def batch(self, batch: Batch, rng: np.random.Generator) -> HiddenElements:
        """With `masked_share` of the elements hidden, of every row at least one."""
        elements, mask = self.rows.padded(batch.rows, batch.length, HIDDEN)
        real = mask == 1
        hidden = chosen_places(real.shape, self.masking, rng) & real
        lacking, chosen = ~hidden.any(axis=1), (rng.random(len(real)) * real.sum(axis=1)).astype(np.int64)
        hidden[lacking, chosen[lacking]] = True
        return HiddenElements(elements, mask, hidden)

    def load(self, step: StepBatches, group: ProcessGroup) -> list[HiddenElements]:
        loaded = []
        for index, rows in enumerate(step.batches, start=step.first):
            whole = self.batch(rows, np.random.default_rng([self.seed, step.epoch, index]))
            loaded.append(whole.part(group.rows(len(whole.mask))))
        return [batch for batch in loaded if len(batch.mask)]


class ElementPretraining(nn.Module):
    """`network`: with the head that names hidden elements."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, elements: Tensor, mask: Tensor, hidden: Tensor) -> Tensor:
        """Logits (hidden elements, numbers of elements)."""
        visible = elements.clone()
        visible[..., 0].masked_fill_(hidden, HIDDEN)
        logits: Tensor = self.network(visible, mask).logits[hidden]
        return logits


def losses(model: Any, batch: HiddenElements, device: Device) -> tuple[Tensor, Tensor]:
    """Cross-entropy of each hidden element (hidden elements,), and whether it is the most likely one."""
    elements, mask, hidden = (
        torch.from_numpy(part).to(device.torch_device) for part in (batch.elements, batch.mask, batch.hidden)
    )
    with device.arithmetic():
        logits = model(elements, mask, hidden)
    truth = elements[hidden][:, 0].long()
    return functional.cross_entropy(logits.float(), truth, reduction="none"), logits.argmax(dim=1) == truth


@dataclass(frozen=True)
class ElementObjective:
    """Mean cross-entropy of the hidden elements."""

    device: Device

    def counts(self, batches: Sequence[HiddenElements]) -> tuple[int, ...]:
        return (sum(int(batch.hidden.sum()) for batch in batches),)

    def loss(self, model: Any, batch: HiddenElements, counts: tuple[int, ...]) -> Tensor:
        return losses(model, batch, self.device)[0].sum() / counts[0]


@dataclass(frozen=True)
class HeldOutCompositions:
    """Rows that a pre-training is validated on, always with the same elements hidden."""

    data: CompositionRows
    tokens_per_batch: int
    device: Device
    stop: StopFlag

    def row_scores(self, model: nn.Module) -> Floats:
        """(rows, 3): loss summed over each row's hidden elements, number predicted right, their number. Raises
        Cancelled."""
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
        return sums

    @torch.no_grad()
    def _sums(self, model: nn.Module, batch: HiddenElements, rows: Batch) -> Floats:
        part = batch.part(rows.rows)
        loss, right = losses(model, part, self.device)
        columns = np.stack([loss.double().cpu().numpy(), right.cpu().numpy(), np.ones(len(loss))], axis=1)
        sums = np.zeros((len(part.mask), 3))
        np.add.at(sums, np.nonzero(part.hidden)[0], columns)
        return sums

    def evaluate(self, model: nn.Module) -> ValidationResult:
        loss, right, count = self.row_scores(model).sum(axis=0)
        mean = float(loss / max(1.0, count))
        return ValidationResult(mean, {"masked_loss": mean, "masked_accuracy": float(right / max(1.0, count))})


def check(reader: Any) -> None:
    """Every reader of compositions can hide an element."""


def prepared(training: UnlabelledTraining, start: StartingModel) -> PretrainingSetup:
    """Read the rows as elements. Raises Cancelled."""
    plan, device, progress = training.plan, training.device, training.progress
    reader: CompositionReader = start.tokenizer
    reading = progress.stage("tokens", msg("Reading the compositions"))
    rows = encode(reader, training.inputs, start.longest, lambda done: reading.report(done, len(training.inputs))).rows
    data, seen = (
        CompositionRows(rows.of_rows(chosen), plan.masking, plan.seed) for chosen in (training.learnt, training.judged)
    )
    model = ElementPretraining(start.network).to(device.torch_device)
    held_out = HeldOutCompositions(seen, max(4096, plan.batching.tokens_per_batch), device, progress.stop)
    parts = TrainingParts(data, ElementObjective(device), Validation(MaskedLMScore(), held_out.evaluate))

    def scores(label: str) -> Scores:
        return masked_scores(label, held_out.row_scores(model), plan.seed)

    return PretrainingSetup(model, reader, parts, scores)
