"""Work that says how far it is, told as events."""

from collections.abc import Generator
from typing import TypeVar

from sciapp.engine.training.stop import StopFlag, raise_if_cancelled
from sciapp.records.events import Event, Progressed

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
