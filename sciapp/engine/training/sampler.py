"""The order in which training rows are read: steps of an epoch, reproducible from the seed and the epoch's number."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sciapp.engine.inputs.tokenization.batches import Batch, shuffled_batches
from sciapp.records.plan.plan import Batching


@dataclass(frozen=True)
class StepBatches:
    """The batches of one optimiser step. first: index of the first of them among all batches of the epoch."""

    epoch: int
    first: int
    batches: list[Batch]

    @property
    def most_rows(self) -> int:
        """Rows of the largest batch."""
        return max(len(batch.rows) for batch in self.batches)


@dataclass(frozen=True)
class BatchSampler:
    """lengths: tokens of each row (rows,)."""

    lengths: npt.NDArray[np.int64]
    batching: Batching
    seed: int

    @cached_property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self._batches(seed=0, epoch=0)) / self.batching.gradient_accumulation_steps)

    def steps(self, epoch: int) -> list[StepBatches]:
        """All steps of an epoch."""
        size, batches = self.batching.gradient_accumulation_steps, self._batches(seed=self.seed, epoch=epoch)
        return [StepBatches(epoch, first, batches[first : first + size]) for first in range(0, len(batches), size)]

    def _batches(self, *, seed: int, epoch: int) -> list[Batch]:
        most_rows = self.batching.most_rows(len(self.lengths))
        return shuffled_batches(
            self.lengths, self.batching.tokens_per_batch, seed=seed, epoch=epoch, most_rows=most_rows
        )
