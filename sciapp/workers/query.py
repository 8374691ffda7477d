"""One question answered off the window's thread, with progress and a way to cancel."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Signal

from sciapp.errors import Cancelled
from sciapp.workers.thread import Thread

_ANNOUNCE_EVERY = 1 / 30  # seconds; a window repaints no faster


class Reporter:
    """What a verb is given to say how far it is, and to learn that nobody waits any longer."""

    def __init__(self, announce: Callable[[str, int, int], None], is_cancelled: Callable[[], bool]) -> None:
        self._announce = announce
        self._is_cancelled = is_cancelled
        self._last = 0.0
        self._stage = ""

    @property
    def cancelled(self) -> bool:
        return self._is_cancelled()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Announce progress, at most 30 times a second; `total` 0: unknown. Raises Cancelled when cancelled."""
        if self.cancelled:
            raise Cancelled
        now = monotonic()
        if stage != self._stage or done >= total > 0 or now - self._last >= _ANNOUNCE_EVERY:
            self._stage, self._last = stage, now
            self._announce(stage, done, total)


def silent() -> Reporter:
    """A reporter for callers that want no progress and never cancel."""
    return Reporter(lambda *_: None, lambda: False)


class Query(Thread):
    """Runs `function(reporter)` and answers by signal; exactly one of the three ends is announced.

    query = Query(lambda reporter: verbs.import_table(project=p, request=r, reporter=reporter), self)
    query.answered.connect(self._show)
    query.begin()
    """

    answered = Signal(object)
    failed = Signal(object)  # SciAppError, or what went wrong unexpectedly
    cancelled = Signal()
    progressed = Signal(str, int, int)  # stage, done, total (0: unknown)

    def __init__(self, function: Callable[[Reporter], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._function = function

    def cancel(self) -> None:
        """Ask the function to give up at its next report of progress."""
        self.halt()

    def run(self) -> None:
        """Qt calls this on the new thread."""
        try:
            answer = self._function(Reporter(self.progressed.emit, lambda: self.halted))
        except Cancelled:
            self.cancelled.emit()
        except Exception as error:
            # Whatever it is belongs to the one door for messages, not to a dead thread.
            logging.getLogger(__name__).info("query failed", exc_info=True)
            self.failed.emit(error)
        else:
            self.answered.emit(answer)
