"""Progress of long work, and the wish to end it."""

import time
from collections.abc import Callable, Iterable
from typing import Literal, Protocol

from sciapp.errors import Cancelled
from sciapp.i18n import msg
from sciapp.records.run.events import Event, Noted, Progressed, StageBegan

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
        raise Cancelled(msg("The run"))


_INTERVAL = 0.1  # seconds between two announcements


class Progress:
    """Announces how far long work has come, and raises Cancelled when nobody waits for its result any longer.

    Handed down to whatever lasts: `stage` begins a part of the work that has a name, `report` says how far it is,
    `note` is a sentence for people on the way.
    """

    def __init__(
        self,
        announce: Callable[[str, int, int], None] = lambda stage, done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
        *,
        note: Callable[[str], None] = lambda text: None,
        stage: str = "",
        interval: float | None = None,
    ) -> None:
        """announce: takes the stage, done and total, 0 where that is unknown. interval: seconds between two calls, a
        tenth where none is given."""
        self._announce, self._is_cancelled, self._stage = announce, is_cancelled, stage
        self.note = note
        self._interval = _INTERVAL if interval is None else interval
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
        part = Progress(self._announce, self._is_cancelled, note=self.note, stage=title, interval=self._interval)
        part.report(0)
        return part

    def within(self, prefix: str) -> "Progress":
        """The progress of work that is itself a part: its stages are called “prefix: stage”."""
        return Progress(
            lambda stage, done, total: self._announce(msg("{work}: {stage}", work=prefix, stage=stage), done, total),
            self._is_cancelled,
            note=self.note,
            interval=self._interval,
        )

    def part(self, begin: int, total: int) -> "Progress":
        """The progress of work that counts from `begin` on towards a `total` of all parts."""
        count = lambda stage, done, _: self.report(begin + done, total)  # noqa: E731
        return Progress(count, self._is_cancelled, note=self.note, interval=0.0)

    def relay(self, stage: str, done: int, total: int) -> None:
        """Announce at once what somebody else has reported, a helper process or a library. Raises Cancelled."""
        self.check()
        self._announce(stage, done, total)

    def report(self, done: int, total: int = 0) -> None:
        """Announce it when that is due, and when the work is complete. total 0: unknown. Raises Cancelled."""
        self.check()
        now, complete = time.monotonic(), done >= total > 0
        if now >= self._due or (complete and not self._complete):
            self._due, self._complete = now + self._interval, complete
            self._announce(self._stage, done, total)


SILENT = Progress()
"""For callers that want no progress and never cancel."""


class RunProgress:
    """The progress of a run: its events as they happen, and the requests to end it."""

    def __init__(self, emit: Callable[[Event], None] = lambda event: None, stop: StopFlag | None = None) -> None:
        """emit: takes each event, at once, and puts it on disk."""
        self.emit, self.stop = emit, stop or NeverStop()

    def stage(self, key: str, title: str) -> Progress:
        """Begin a stage; the progress of it."""
        self.emit(StageBegan(stage=key, title=title))
        return self.within(key)

    def within(self, key: str) -> Progress:
        """The progress of a stage that has begun."""
        return Progress(
            lambda stage, done, total: self.emit(Progressed(stage=stage, done=done, total=total)),
            self.stop.cancel_requested,
            stage=key,
            interval=0.0,  # all of it is history
        )

    def note(self, message: str, level: Literal["info", "warning"] = "info") -> None:
        """A remark for people."""
        self.emit(Noted(level=level, message=message))

    def emit_all(self, events: Iterable[Event]) -> None:
        """Emit events as they come."""
        for event in events:
            self.emit(event)

    def check(self) -> None:
        """Raise Cancelled when that was asked for."""
        raise_if_cancelled(self.stop)
