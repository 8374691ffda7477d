"""Rows of which parts are hidden and predicted: batches to learn from, and sums over rows that are held out.

What is hidden of a batch follows from seed, epoch and the batch's index in it, so that a resumed run reads what an
undisturbed one would have read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt
import torch

from sciapp.engine.inputs.tokenization.batches import Batch, Lengths, ordered_batches
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.batch_halving import within_memory
from sciapp.engine.runtime.progress import StopFlag, raise_if_cancelled
from sciapp.engine.tasks.masked_lm import masked_positions
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.parts import ValidationResult
from sciapp.engine.training.sampler import StepBatches
from sciapp.records.plan.plan import Masking

_HELD_OUT = 2**32 + 1  # in the seed of held-out rows, where others have the epoch

Floats = npt.NDArray[np.float64]
Selection = slice | npt.NDArray[np.int64]


class PartialBatch(Protocol):
    """A batch of which some rows may be taken."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, and parts of a row."""

    def part(self, rows: Selection) -> Self: ...


AnyBatch = TypeVar("AnyBatch", bound=PartialBatch)
Draw = Callable[[Batch, np.random.Generator], AnyBatch]
"""The batch of some rows, with parts hidden at random."""


def drawn_batches(draw: Draw[AnyBatch], seed: int, step: StepBatches, group: ProcessGroup) -> list[AnyBatch]:
    """This process's share of a step. Parts are hidden in whole batches, whichever process computes which rows."""
    loaded = []
    for index, rows in enumerate(step.batches, start=step.first):
        whole = draw(rows, np.random.default_rng([seed, step.epoch, index]))
        loaded.append(whole.part(group.rows(whole.shape[0])))
    return [batch for batch in loaded if batch.shape[0]]


@dataclass(frozen=True)
class HeldOutBatches(Generic[AnyBatch]):
    """Rows that a pre-training is validated on, always with the same parts hidden. lengths: of all of them."""

    draw: Draw[AnyBatch]
    lengths: Lengths
    seed: int
    tokens_per_batch: int
    stop: StopFlag

    def sums(self, model: torch.nn.Module, of_parts: Callable[[AnyBatch], Floats], rows: int) -> Floats:
        """(rows, 3): sums over the hidden parts of each of the `rows` held-out rows.

        of_parts: from a batch to (hidden parts, 4): index of the part's row in the batch, and what is summed.
        Evaluation mode draws no random numbers. Raises Cancelled.
        """
        result = np.zeros((rows, 3))
        was_training = model.training
        model.eval()
        try:
            for index, batch in enumerate(ordered_batches(self.lengths, self.tokens_per_batch)):
                raise_if_cancelled(self.stop)
                drawn = self.draw(batch, np.random.default_rng([self.seed, _HELD_OUT, index]))

                def answer(piece: Batch, drawn: AnyBatch = drawn) -> Floats:
                    with torch.no_grad():
                        return of_parts(drawn.part(piece.rows))

                whole = Batch(np.arange(len(batch.rows)), batch.length)
                for piece, parts in within_memory([whole], answer):
                    np.add.at(result, batch.rows[piece.rows[parts[:, 0].astype(int)]], parts[:, 1:])
        finally:
            model.train(was_training)
        return result


def mean_result(sums: Floats, names: tuple[str, str]) -> ValidationResult:
    """Means over all hidden parts. sums (rows, 3): losses, a second score, and numbers of parts; names: of the two."""
    loss, score, count = sums.sum(axis=0)
    mean = float(loss / max(1.0, count))
    return ValidationResult(mean, {names[0]: mean, names[1]: float(score / max(1.0, count))})


@dataclass(frozen=True)
class HiddenParts:
    """values (rows, length, numbers): as they are. mask (rows, length): 1 for real parts. hidden (rows, length): to be
    predicted."""

    values: npt.NDArray[np.float32]
    mask: npt.NDArray[np.int64]
    hidden: npt.NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        rows, length = self.mask.shape
        return int(rows), int(length)

    @property
    def owners(self) -> npt.NDArray[np.int64]:
        """The row of each hidden part (hidden parts,)."""
        return np.nonzero(self.hidden)[0]

    def part(self, rows: Selection) -> Self:
        return type(self)(self.values[rows], self.mask[rows], self.hidden[rows])

    def tensors(self, device: torch.device) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """values, mask and hidden on a device."""
        values, mask, hidden = (torch.from_numpy(part).to(device) for part in (self.values, self.mask, self.hidden))
        return values, mask, hidden


@dataclass(frozen=True)
class HidingRows:
    """Rows of numbers, parts of which are hidden anew in every epoch. padding: the value of parts that are none."""

    rows: TokenRows
    masking: Masking
    seed: int
    padding: int = 0

    @property
    def lengths(self) -> Lengths:
        return self.rows.lengths

    def batch(self, batch: Batch, rng: np.random.Generator) -> HiddenParts:
        """With `masked_share` of the parts hidden, of every row at least one."""
        values, mask = self.rows.padded(batch.rows, batch.length, self.padding)
        real = mask == 1
        hidden = masked_positions(real.shape, self.masking, rng) & real
        lacking, chosen = ~hidden.any(axis=1), (rng.random(len(real)) * real.sum(axis=1)).astype(np.int64)
        hidden[lacking, chosen[lacking]] = True
        return HiddenParts(values, mask, hidden)

    def load(self, step: StepBatches, group: ProcessGroup) -> list[HiddenParts]:
        return drawn_batches(self.batch, self.seed, step, group)

    def held_out(self, tokens_per_batch: int, stop: StopFlag) -> HeldOutBatches[Any]:
        """The rows as those that a pre-training is validated on."""
        return HeldOutBatches(self.batch, self.lengths, self.seed, tokens_per_batch, stop)
