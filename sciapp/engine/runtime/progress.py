"""Progress of long work, told about ten times a second, and the wish to stop it."""

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sciapp.errors import Cancelled
from sciapp.records.run.events import Event, Progressed

# What a person may ask of a run while it is on.


class StopFlag(Protocol):
    """Asked between steps; answers at once."""

    def stop_requested(self) -> bool:
        """End training, keep the best model, evaluate it."""

    def cancel_requested(self) -> bool:
        """End everything, leave the folder as it stands."""


class NeverStop:
    """For callers that nobody interrupts."""

    def stop_requested(self) -> bool:
        return False

    def cancel_requested(self) -> bool:
        return False


def raise_if_cancelled(flag: StopFlag) -> None:
    """Raise Cancelled when it was asked for."""
    if flag.cancel_requested():
        raise Cancelled("The run")


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
    pace, done, total = ProgressThrottle(), 0, 0
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


class ProgressThrottle:
    """Says when the next progress is due: about ten times a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _SECONDS_BETWEEN

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _SECONDS_BETWEEN
        return True


# Work that says how far it is, told as events.


Answer = TypeVar("Answer")


def told(stage: str, work: Generator[tuple[int, int], None, Answer], stop: StopFlag) -> Generator[Event, None, Answer]:
    """What `work` comes to, each of its (done, total) as an event. Raises Cancelled, and ends the work then."""
    try:
        while True:
            done, total = next(work)
            raise_if_cancelled(stop)
            yield Progressed(stage=stage, done=done, total=total)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    finally:
        work.close()


def through(work: Generator[Event, None, Answer]) -> Answer:
    """What `work` comes to; what it tells is not passed on."""
    try:
        while True:
            next(work)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
