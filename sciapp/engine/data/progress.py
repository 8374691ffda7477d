"""How far an import came, told about ten times a second."""

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

_SECONDS_BETWEEN = 0.1


@dataclass(frozen=True)
class ImportProgress:
    """How far an import came; `total` is an estimate while rows are read."""

    stage: str
    done: int
    total: int


def paced(work: Generator[tuple[int, int], None, T], stage: str) -> Generator[ImportProgress, None, T]:
    """Drive `work`, which yields (done, total) often, and pass progress on about ten times a second."""
    pace, done, total = Pace(), 0, 0
    try:
        yield ImportProgress(stage, 0, 0)
        while True:
            done, total = next(work)
            if pace.due():
                yield ImportProgress(stage, done, total)
    except StopIteration as end:
        yield ImportProgress(stage, done, total)
        result: T = end.value
        return result
    finally:
        work.close()


class Pace:
    """Says when the next progress is due: about ten times a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _SECONDS_BETWEEN

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _SECONDS_BETWEEN
        return True
