"""What the memory has asked of a training: smaller pieces of its batches, and activations computed twice."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

_HALVED_FIRST = 8  # an eighth of a batch still fills a processor; smaller ones cost more time than recomputing does


@dataclass(frozen=True)
class Fitted:
    """parts: each batch's rows go through in so many pieces, whose gradients are added up before the step is taken.
    recompute: gradient checkpointing was switched on. since: the first step that was taken so; 0: as the plan says.
    """

    parts: int = 1
    recompute: bool = False
    since: int = 0

    def smaller(self, rows: int, *, step: int, can_recompute: bool) -> "Fitted | None":
        """What to try next when a batch of `rows` did not fit; None when a single row does not. can_recompute: and does
        not yet.

        Halves first, then recomputes, then halves again down to single rows.
        """
        can_halve = self.parts < rows
        if can_halve and (self.parts < _HALVED_FIRST or not can_recompute):
            return replace(self, parts=2 * self.parts, since=step)
        if can_recompute:
            return replace(self, recompute=True, since=step)
        return None

    def pieces(self, rows: int) -> Iterator[slice]:
        """Where the pieces of a batch of `rows` lie."""
        size = math.ceil(rows / self.parts)
        for first in range(0, rows, size):
            yield slice(first, first + size)

    def __str__(self) -> str:
        """“in 4 parts and with gradient checkpointing”"""
        ways = [f"in {self.parts} parts"] * (self.parts > 1) + ["with gradient checkpointing"] * self.recompute
        return " and ".join(ways)

    @property
    def told(self) -> str:
        """The repair in a sentence, for the report; empty when there was none."""
        if not self.since:
            return ""
        return (
            f"From step {self.since:,} on each batch was learnt from {self}, because the memory was not enough for "
            "whole batches; the weights still move once for the same rows."
        )
