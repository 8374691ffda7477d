"""Size and speed of a model before and after compression, measured on real rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sciapp.engine.compression.timing import ROUNDS, Side, alternating_seconds, footprint, rows_to_time
from sciapp.engine.models.saved import SavedModel, bytes_of
from sciapp.records.report import Footprint

_BATCH, _BATCH_ROUNDS = 4, 5  # a batch has so many times the rows that are timed one by one


@dataclass(frozen=True)
class Measured:
    """big: before, small: after; batch_speed: how many times as fast `small` is on many rows at once."""

    big: Footprint
    small: Footprint
    batch_speed: float


def measured(
    before: SavedModel, after: SavedModel, inputs: list[str], threads: int, check: Callable[[int], None]
) -> Iterator[tuple[int, int] | Measured]:
    """Time both models on the same rows: one by one, as for a single question, and together, as for a file.

    Tokenising is included. Yields (rounds done, rounds in all), and the result last. `check` may raise to give up.
    """
    all_rounds = ROUNDS + _BATCH_ROUNDS
    ones: list[Side[str]] = [lambda row: before.values([row], check), lambda row: after.values([row], check)]
    rows = rows_to_time(ones, inputs)
    for step in alternating_seconds(ones, rows):
        if isinstance(step, tuple):
            yield step[0], all_rounds
        else:
            alone = step
    batch = inputs[: _BATCH * len(rows)]
    many: list[Side[list[str]]] = [lambda rows: before.values(rows, check), lambda rows: after.values(rows, check)]
    for side in many:
        side(batch)  # warm-up: new batch shapes
    for said in alternating_seconds(many, [batch], rounds=_BATCH_ROUNDS):
        if isinstance(said, tuple):
            yield ROUNDS + said[0], all_rounds
        else:
            together = said
    yield Measured(
        big=footprint("before (fp32)", bytes_of(before.folder), alone[0], len(rows), threads),
        small=footprint("after (int8)", bytes_of(after.folder), alone[1], len(rows), threads),
        batch_speed=float(np.median(together[0]) / np.median(together[1])),
    )
