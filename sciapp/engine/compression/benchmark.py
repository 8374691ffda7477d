"""Time of a model per row; sides alternate, so that a busy machine hits both alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

import numpy as np

from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.records.run.evaluation import Footprint

ROUNDS = 15
FEWEST_ROWS, MOST_ROWS = 4, 64
BUDGET = 60.0  # seconds for all rounds of all sides together, about

Row = TypeVar("Row")
Side = Callable[[Row], object]


def rows_to_time(
    sides: Sequence[Side[Row]], rows: Sequence[Row], *, rounds: int = ROUNDS, budget: float = BUDGET
) -> Sequence[Row]:
    """As many of `rows` as fit the budget, at least FEWEST_ROWS (if there are) and at most MOST_ROWS.

    The first rows are tried twice: once to warm up, once to see how long they take.
    """
    few = rows[:FEWEST_ROWS]
    for side in sides:
        _seconds(side, few)
    pace = sum(_seconds(side, few) for side in sides)
    fitting = int(budget / rounds / max(pace, 1e-9))
    return rows[: min(MOST_ROWS, max(FEWEST_ROWS, fitting))]


def alternating_seconds(
    sides: Sequence[Side[Row]], rows: Sequence[Row], *, rounds: int = ROUNDS, progress: Progress = SILENT
) -> list[list[float]]:
    """Time each side on the same rows, given one by one: the seconds a row of each side and round. Raises Cancelled."""
    seconds: list[list[float]] = [[] for _ in sides]
    order = list(range(len(sides)))
    for done in range(rounds):
        for side in order if done % 2 else reversed(order):  # neither side is always the first
            seconds[side].append(_seconds(sides[side], rows))
        progress.report(done + 1, rounds)
    return seconds


def footprint(label: str, size: int, seconds: Sequence[float], rows: int, threads: int) -> Footprint:
    """Median and quartiles over rounds, in milliseconds a row. seconds: a row's, one for each round."""
    low, middle, high = np.percentile(np.asarray(seconds) * 1000, [25, 50, 75])
    return Footprint(
        label=label,
        bytes=size,
        milliseconds_per_row=float(middle),
        milliseconds_low=float(low),
        milliseconds_high=float(high),
        threads=threads,
        rows_timed=rows,
    )


def _seconds(side: Side[Row], rows: Sequence[Row]) -> float:
    """Seconds a row."""
    began = perf_counter()
    for row in rows:
        side(row)
    return (perf_counter() - began) / len(rows)


# Size and speed of a model before and after compression, measured on real rows.


_BATCH, _BATCH_ROUNDS = 4, 5  # a batch has so many times the rows that are timed one by one


@dataclass(frozen=True)
class CompressionBenchmark:
    """big: before, small: after; batch_speed: how many times as fast `small` is on many rows at once."""

    big: Footprint
    small: Footprint
    batch_speed: float


def measured(
    before: SavedModel, after: SavedModel, inputs: Sequence[RowInput], threads: int, *, progress: Progress = SILENT
) -> CompressionBenchmark:
    """Time both models on the same rows: one by one, as for a single question, and together, as for a file.

    Tokenising is included. Raises Cancelled.
    """
    check = lambda done: progress.check()  # noqa: E731
    all_rounds = ROUNDS + _BATCH_ROUNDS
    ones: list[Side[RowInput]] = [lambda row: before.values([row], check), lambda row: after.values([row], check)]
    rows = rows_to_time(ones, inputs)
    alone = alternating_seconds(ones, rows, progress=progress.part(0, all_rounds))
    batch = inputs[: _BATCH * len(rows)]
    many: list[Side[Sequence[RowInput]]] = [
        lambda rows: before.values(rows, check),
        lambda rows: after.values(rows, check),
    ]
    for side in many:
        side(batch)  # warm-up: new batch shapes
    in_batches = progress.part(ROUNDS, all_rounds)
    together = alternating_seconds(many, [batch], rounds=_BATCH_ROUNDS, progress=in_batches)

    def measured_footprint(word: str, side: SavedModel, seconds: Sequence[float]) -> Footprint:
        label = f"{word} ({side.contents.weight_format})"
        return footprint(label, ModelFolder(side.folder).size(), seconds, len(rows), threads)

    return CompressionBenchmark(
        big=measured_footprint("before", before, alone[0]),
        small=measured_footprint("after", after, alone[1]),
        batch_speed=float(np.median(together[0]) / np.median(together[1])),
    )
