"""Learning from rows without labels: hidden tokens, and descriptors of whole rows beside them.

Windows, spellings and masks of a batch follow from seed, epoch and the batch's place in it, so that a resumed run sees
what an undisturbed one would have seen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from sciapp.engine.inputs.features.descriptor_targets import DescribedRows
from sciapp.engine.inputs.tokenization.batches import Batch, ordered_batches
from sciapp.engine.inputs.tokenization.windows import Windows
from sciapp.engine.models.architectures.pretraining import PretrainingModel
from sciapp.engine.models.batch_halving import within_memory
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import StopFlag, raise_if_cancelled
from sciapp.engine.tasks.masked_lm import IGNORED, MaskedLMScore, Masker
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.state import MicroBatching
from sciapp.engine.training.trainer import Trainer, ValidationResult
from sciapp.records.plan.plan import PretrainPlan

_SCALE = 5.0  # of the descriptors' loss at weight 1: about as much as the hidden tokens'
_BEND = 0.5  # where the smooth L1 loss becomes straight, in standard deviations
_HELD_OUT = 2**32 + 1  # stands where an epoch's number stands elsewhere

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PretrainingData:
    """Everything that a self-supervised training learns from. special: numbers of the special tokens."""

    windows: Windows
    masker: Masker
    special: npt.NDArray[np.int64]
    described: DescribedRows | None

    def shown(self, batch: Batch, rng: np.random.Generator) -> "MaskedModelBatch":
        """A batch as the network is shown it."""
        ids, mask = self.windows.drawn(batch, rng)
        hidden = self.masker.hidden(ids, (mask == 1) & ~np.isin(ids, self.special), rng)
        if self.described is None:
            return MaskedModelBatch(hidden.inputs, mask, hidden.labels)
        values = self.described.of(self.windows.owner[batch.rows])
        # Descriptors are read from whole rows: every second row that has some stays as it is.
        plain = ~np.isnan(values).all(axis=1) & (np.arange(len(values)) % 2 == 0)
        inputs = np.where(plain[:, None], ids, hidden.inputs)
        labels = np.where(plain[:, None], IGNORED, hidden.labels)
        return MaskedModelBatch(inputs, mask, labels, np.where(plain[:, None], values, np.float32(np.nan)))


@dataclass(frozen=True)
class MaskedModelBatch:
    """inputs, mask, labels: (rows, length). descriptors: (rows, descriptors), NaN where not asked for."""

    inputs: npt.NDArray[np.int64]
    mask: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    descriptors: npt.NDArray[np.float32] | None = None

    def pieces(self, fitted: MicroBatching) -> Iterator["MaskedModelBatch"]:
        """The batch in as many pieces as memory asks for."""
        if fitted.parts == 1:
            yield self
            return
        for piece in fitted.pieces(len(self.inputs)):
            yield self.of_rows(piece)

    def of_rows(self, rows: slice | npt.NDArray[np.int64]) -> "MaskedModelBatch":
        """These rows of the batch."""
        values = None if self.descriptors is None else self.descriptors[rows]
        return MaskedModelBatch(self.inputs[rows], self.mask[rows], self.labels[rows], values)

    @property
    def hidden(self) -> int:
        """How many tokens are to be guessed."""
        return int((self.labels != IGNORED).sum())

    @property
    def asked(self) -> int:
        """How many descriptors are to be predicted."""
        return 0 if self.descriptors is None else int((~np.isnan(self.descriptors)).sum())


class SelfSupervisedTraining(Trainer[MaskedModelBatch]):
    """One pre-training."""

    def __init__(
        self,
        learner: PretrainingModel,
        lesson: PretrainingData,
        plan: PretrainPlan,
        device: Device,
        checkpointer: Checkpointer,
        judge: Callable[[torch.nn.Module], ValidationResult],
    ) -> None:
        super().__init__(learner, lesson.windows.lengths, MaskedLMScore(), plan, device, checkpointer, judge)
        self._learner, self._lesson = learner, lesson
        self._seed, self._weight = plan.seed, _SCALE * plan.masking.descriptor_weight
        self._group_size = plan.batching.gradient_accumulation_steps

    def _show(self, group: list[Batch]) -> list[MaskedModelBatch]:
        """What is hidden is drawn for whole batches, whoever computes which of their rows."""
        first = self.position.batch * self._group_size
        seeds = [[self._seed, self.position.epoch, first + place] for place in range(len(group))]
        shown = [
            self._lesson.shown(batch, np.random.default_rng(seed)) for batch, seed in zip(group, seeds, strict=True)
        ]
        mine = [one.of_rows(self._team.rows(len(one.inputs))) for one in shown]
        return [one for one in mine if len(one.inputs)]

    def _asked(self, shown: list[MaskedModelBatch]) -> tuple[int, ...]:
        """Hidden tokens and descriptors."""
        return sum(one.hidden for one in shown), sum(one.asked for one in shown)

    def _accumulate(self, shown: list[MaskedModelBatch], asked: tuple[int, ...]) -> float:
        hidden, described = (max(1, number) for number in asked)
        total = 0.0
        for one in shown:
            for piece in one.pieces(self.position.fitted):
                with self._repair.watch.over(*piece.inputs.shape):
                    tokens, descriptors = self._losses(piece)
                    loss = tokens / hidden + self._weight * descriptors / described
                    self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
                total += float(loss.detach())
        return total

    def _losses(self, shown: MaskedModelBatch) -> tuple[Tensor, Tensor]:
        """Cross-entropy summed over the hidden tokens, smooth L1 summed over the descriptors."""
        labels, logits, first = answered(self._learner, shown, self._device)
        tokens = functional.cross_entropy(logits, labels, reduction="sum")
        if shown.descriptors is None or self._learner.summary is None:
            return tokens, torch.zeros((), device=tokens.device)
        wanted = torch.from_numpy(shown.descriptors).to(tokens.device)
        with self._device.arithmetic():
            predicted = self._learner.summary(first).float()
        known = ~torch.isnan(wanted)
        return tokens, functional.smooth_l1_loss(predicted[known], wanted[known], beta=_BEND, reduction="sum")


def answered(learner: PretrainingModel, shown: MaskedModelBatch, device: Device) -> tuple[Tensor, Tensor, Tensor]:
    """True tokens (hidden,), their logits (hidden, vocabulary), what a classifier reads (rows, width)."""
    where = device.torch_device
    labels = torch.from_numpy(shown.labels).to(where)
    chosen = labels != IGNORED
    ids, mask = torch.from_numpy(shown.inputs).to(where), torch.from_numpy(shown.mask).to(where)
    with device.arithmetic():
        logits, first = learner(ids, mask, chosen)
    return labels[chosen], logits.float(), first


@dataclass(frozen=True)
class HeldOutRows:
    """Rows that are only judged by; always the same windows with the same tokens hidden."""

    lesson: PretrainingData
    seed: int
    tokens_per_batch: int
    device: Device
    stop: StopFlag

    def guesses(self, learner: torch.nn.Module) -> Floats:
        """(rows, 3): each row's loss over its hidden tokens, how many were guessed right, and how many there are.

        Evaluation mode draws no random numbers. Raises Cancelled.
        """
        assert isinstance(learner, PretrainingModel)
        windows = self.lesson.windows
        found = np.zeros((len(windows.owner), 3))
        was_training = learner.training
        learner.eval()
        try:
            for number, batch in enumerate(ordered_batches(windows.lengths, self.tokens_per_batch)):
                raise_if_cancelled(self.stop)
                rng = np.random.default_rng([self.seed, _HELD_OUT, number])
                shown = self.lesson.shown(batch, rng)
                whole = Batch(np.arange(len(batch.rows)), batch.length)
                for part, guessed in within_memory([whole], partial(self._guessed, learner, shown)):
                    np.add.at(found, batch.rows[part.rows[guessed[:, 0].astype(int)]], guessed[:, 1:])
        finally:
            learner.train(was_training)
        return found

    @torch.no_grad()
    def _guessed(self, learner: PretrainingModel, shown: MaskedModelBatch, part: Batch) -> Floats:
        """(hidden tokens, 4) of some rows of a batch: which of them it is of, its loss, whether it was right, 1."""
        some = shown.of_rows(part.rows)
        labels, logits, _ = answered(learner, some, self.device)
        losses = functional.cross_entropy(logits, labels, reduction="none").double().cpu().numpy()
        right = (logits.argmax(dim=1) == labels).cpu().numpy()
        return np.stack([np.nonzero(some.labels != IGNORED)[0], losses, right, np.ones(len(losses))], axis=1)

    def judgement(self, learner: torch.nn.Module) -> ValidationResult:
        """Loss and accuracy over all hidden tokens."""
        loss, right, count = self.guesses(learner).sum(axis=0)
        mean = float(loss / max(1.0, count))
        return ValidationResult(mean, {"masked_loss": mean, "masked_accuracy": float(right / max(1.0, count))})
