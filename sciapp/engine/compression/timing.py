"""How long a model takes for a row; sides alternate, so that a busy machine hits both alike."""

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np

from sciapp.records.report import Footprint

ROUNDS = 15
MOST_ROWS = 64


def alternating_seconds(
    sides: list[Callable[[], object]], rounds: int = ROUNDS
) -> Iterator[tuple[int, int] | list[list[float]]]:
    """Yields (done, total) after each round, and last the seconds of each side and round, warm-up left out."""
    for side in sides:
        side()
    seconds: list[list[float]] = [[] for _ in sides]
    for done in range(rounds):
        for place, side in enumerate(sides):
            began = perf_counter()
            side()
            seconds[place].append(perf_counter() - began)
        yield done + 1, rounds
    yield seconds


def footprint(label: str, size: int, seconds: list[float], rows: int, threads: int) -> Footprint:
    """Median and quartiles over rounds, in milliseconds a row."""
    low, middle, high = np.percentile(np.array(seconds) * 1000 / rows, [25, 50, 75])
    return Footprint(
        label=label,
        bytes=size,
        milliseconds_per_row=float(middle),
        milliseconds_low=float(low),
        milliseconds_high=float(high),
        threads=threads,
        rows_timed=rows,
    )
