"""Progress of long work, and the wish to end it."""

import time
from collections.abc import Callable, Generator
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


_INTERVAL = 0.1  # seconds between two announcements


class Progress:
    """Announces how far long work has come, and raises Cancelled when nobody waits for its result any longer.

    Handed down to whatever lasts: `stage` begins a part of the work that has a name, `report` says how far it is.
    """

    def __init__(
        self,
        announce: Callable[[str, int, int], None] = lambda stage, done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
        *,
        stage: str = "",
    ) -> None:
        """announce: takes the stage, done and total, 0 where that is unknown; called about ten times a second."""
        self._announce, self._is_cancelled, self._stage = announce, is_cancelled, stage
        self._due, self._complete = 0.0, False

    @property
    def cancelled(self) -> bool:
        return self._is_cancelled()

    def check(self) -> None:
        """Raise Cancelled when that was asked for."""
        if self._is_cancelled():
            raise Cancelled

    def stage(self, title: str) -> "Progress":
        """The progress of a part of the work, which begins now."""
        part = Progress(self._announce, self._is_cancelled, stage=title)
        part.report(0)
        return part

    def within(self, prefix: str) -> "Progress":
        """The progress of work that is itself a part: its stages are called “prefix: stage”."""
        return Progress(
            lambda stage, done, total: self._announce(f"{prefix}: {stage}", done, total), self._is_cancelled
        )

    def report(self, done: int, total: int = 0) -> None:
        """Announce it when that is due, and when the work is complete. total 0: unknown. Raises Cancelled."""
        self.check()
        now, complete = time.monotonic(), done >= total > 0
        if now >= self._due or (complete and not self._complete):
            self._due, self._complete = now + _INTERVAL, complete
            self._announce(self._stage, done, total)


SILENT = Progress()
"""For callers that want no progress and never cancel."""


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
