"""How long a model takes for a row; sides alternate, so that a busy machine hits both alike."""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import TypeVar

import numpy as np

from sciapp.records.report import Footprint

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
    sides: Sequence[Side[Row]], rows: Sequence[Row], *, rounds: int = ROUNDS
) -> Iterator[tuple[int, int] | list[list[float]]]:
    """Time each side on the same rows, given one by one.

    Yields (done, total) after each round, and last the seconds a row of each side and round.
    """
    seconds: list[list[float]] = [[] for _ in sides]
    places = list(range(len(sides)))
    for done in range(rounds):
        for place in places if done % 2 else reversed(places):  # neither side is always the first
            seconds[place].append(_seconds(sides[place], rows))
        yield done + 1, rounds
    yield seconds


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
