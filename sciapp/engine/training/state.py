"""The progress of a training: what a checkpoint has beside weights, optimiser and random states."""

import math
import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from sciapp.errors import SciAppError
from sciapp.i18n import all_of, msg
from sciapp.records.regular import json_in

# When a training has gone astray: a loss that is no number, or one far above where it belongs for several steps.


# A training explodes when _IN_A_ROW losses are each more than _FAR times the level: the greatest of the median of the
# first _FIRST losses, the running mean, and 1, which is what guessing the mean of standardised numbers or one of three
# classes costs. Losses of single rows scatter like chi-squared numbers, of which one in eight is that far above their
# median, so ten in a row by chance come once in 10^9 steps; of larger batches never. What falls short of it may be a
# fitted head that gives way, a hard epoch or a warm-up, and early stopping deals with it.
_FAR, _IN_A_ROW, _FIRST, _LEAST = 5.0, 10, 20, 1.0
_DECAY = 0.98  # of the running mean: the last fifty steps or so
_MOST_SKIPPED = 40  # steps in a row that a loss scale of fp16 leaves out; it is halved each time, and begins at 2**16

RATE_SHARE = 0.5
"""What is left of the learning rate after going back."""


LOSS_NO_NUMBER, GRADIENT_NO_NUMBER = msg("the loss is not a number"), msg("the gradient is not a number")


class Diverged(SciAppError):
    """The loss or its gradient is no number any more, or the loss has exploded."""

    def __init__(self, step: int, what: str = LOSS_NO_NUMBER) -> None:
        super().__init__(
            msg("Training diverged: {what} at step {step}.", what=what, step=step),
            hint=msg("Start again with a lower learning rate; the checkpoints before this step are kept."),
        )
        self.step, self.what = step, what


@dataclass
class LossHistory:
    """The course of the losses so far; part of a checkpoint, so that a resumed run judges as an undisturbed one.

    first: the first losses; mean: running; above: how many in a row are far above the level; skipped: how many steps in
    a row had a gradient that is no number.
    """

    first: list[float] = field(default_factory=list)
    mean: float = 0.0
    above: int = 0
    skipped: int = 0

    @property
    def is_calm(self) -> bool:
        """Nothing is wrong at the moment, as far as can be seen."""
        return self.above == 0

    def take(self, loss: float, step: int) -> None:
        """A step's loss, before the weights move. Raises Diverged."""
        if not math.isfinite(loss):
            raise Diverged(step)
        if len(self.first) < _FIRST:
            self.first.append(loss)
            self.mean = statistics.fmean(self.first)
            self.above = int(loss > _FAR * max(min(self.first), _LEAST))  # beside the lowest: there is no level yet
            return
        if loss > _FAR * max(statistics.median(self.first), self.mean, _LEAST):
            self.above += 1
            if self.above >= _IN_A_ROW:
                raise Diverged(
                    step,
                    msg(
                        "the loss is more than {far:g} times its level for {in_a_row} steps",
                        far=_FAR,
                        in_a_row=_IN_A_ROW,
                    ),
                )
            return
        self.above = 0
        self.mean = _DECAY * self.mean + (1 - _DECAY) * loss

    def take_gradient(self, norm: float, step: int, *, scaled: bool) -> None:
        """A step's gradient norm. Raises Diverged.

        scaled: by a loss scale (fp16), which is halved after an infinite gradient and leaves the step out; that is how
        it finds its size, and no divergence.
        """
        if math.isfinite(norm):
            self.skipped = 0
            return
        self.skipped += 1
        if not scaled or self.skipped > _MOST_SKIPPED:
            raise Diverged(step, GRADIENT_NO_NUMBER)


@dataclass(frozen=True)
class Rollback:
    """That a training went back, once: from which step, to which, why."""

    diverged_at: int
    back_to: int
    what: str

    @property
    def message(self) -> str:
        """For people, in the run and in its report."""
        if not self.back_to:
            return msg(
                "Training diverged: {what} at step {step:,}. It went back to the start and on with {share:.0%} of the "
                "learning rate.",
                what=self.what,
                step=self.diverged_at,
                share=RATE_SHARE,
            )
        return msg(
            "Training diverged: {what} at step {step:,}. It went back to step {back_to:,} and on with {share:.0%} of "
            "the learning rate.",
            what=self.what,
            step=self.diverged_at,
            back_to=self.back_to,
            share=RATE_SHARE,
        )


# What the memory has asked of a training: smaller pieces of its batches, and activations computed twice.


_HALVED_FIRST = 8  # an eighth of a batch still fills a processor; smaller ones cost more time than recomputing does


@dataclass(frozen=True)
class MicroBatching:
    """parts: each batch's rows go through in so many pieces, whose gradients are added up before the step is taken.
    recompute: gradient checkpointing was switched on. since: the first step that was taken so; 0: as the plan says.
    """

    parts: int = 1
    recompute: bool = False
    since: int = 0

    def smaller(self, rows: int, *, step: int, can_recompute: bool) -> "MicroBatching | None":
        """The next attempt after a batch of `rows` did not fit; None when a single row does not.

        can_recompute: the network can recompute activations, and does not yet.

        Halves first, then recomputes, then halves again down to single rows.
        """
        can_halve = self.parts < rows
        if can_halve and (self.parts < _HALVED_FIRST or not can_recompute):
            return replace(self, parts=2 * self.parts, since=step)
        if can_recompute:
            return replace(self, recompute=True, since=step)
        return None

    def pieces(self, rows: int) -> Iterator[slice]:
        """The slices of the micro-batches of a batch of `rows`."""
        size = math.ceil(rows / self.parts)
        for first in range(0, rows, size):
            yield slice(first, first + size)

    def __str__(self) -> str:
        """“in 4 parts and with gradient checkpointing”"""
        ways = [msg("in {parts} parts", parts=self.parts)] * (self.parts > 1) + [
            msg("with gradient checkpointing")
        ] * self.recompute
        return all_of(ways)

    @property
    def message(self) -> str:
        """The repair in a sentence, for the report; empty when there was none."""
        if not self.since:
            return ""
        return msg(
            "From step {since:,} on each batch was learnt from {self_}, because the memory was not enough "
            "for whole batches; the weights still move once for the same rows.",
            since=self.since,
            self_=self,
        )


@dataclass
class TrainerState:
    """The progress of a training. Steps count optimiser steps; `batch` counts those done in the current epoch."""

    step: int = 0
    epoch: int = 0
    batch: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best_step: int | None = None
    best_score: float = math.nan
    validations_without_gain: int = 0
    validations_on_plateau: int = 0
    rate_factor: float = 1.0  # what plateaus have lowered the learning rate by
    over: bool = False  # training ended here (all steps done, or patience used up)
    micro_batching: MicroBatching = field(default_factory=MicroBatching)
    loss_history: LossHistory = field(default_factory=LossHistory)
    rollback: Rollback | None = None

    @classmethod
    def read(cls, file: Path) -> "TrainerState":
        """The state from `to_json`, of an older version too. Raises OSError, ValueError, TypeError."""
        record = json_in(file)
        parts = {
            name: kind(**record.pop(key)) for name, (key, kind) in _SAVED_PARTS.items() if record.get(key) is not None
        }
        for key, _ in _SAVED_PARTS.values():
            record.pop(key, None)
        return cls(**record | parts)

    def to_json(self) -> dict[str, Any]:
        """The record of a checkpoint, by the keys that all versions know."""
        keys = {name: key for name, (key, _) in _SAVED_PARTS.items()}
        return {keys.get(name, name): value for name, value in asdict(self).items()}

    @property
    def repairs(self) -> tuple[str, ...]:
        """The repairs so far, in sentences for the report."""
        messages = (self.micro_batching.message, self.rollback.message if self.rollback else "")
        return tuple(message for message in messages if message)

    @property
    def rate_share(self) -> float:
        """The share of the learning rate that is left after a rollback."""
        return 1.0 if self.rollback is None else RATE_SHARE


# Keys of a checkpoint's state.json that differ from the attributes' names, and what they hold.
_SAVED_PARTS: dict[str, tuple[str, type[Any]]] = {
    "micro_batching": ("fitted", MicroBatching),
    "loss_history": ("course", LossHistory),
    "rollback": ("setback", Rollback),
}
