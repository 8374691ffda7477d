"""Keep an eye on the machine's queue, which other windows and command lines change as well."""

import logging

from PySide6.QtCore import QObject, Signal

from sciapp.errors import SciAppError
from sciapp.jobs.queue_look import look
from sciapp.records.queue_view import QueueView
from sciapp.workers.thread import Thread

_PERIOD_MS = 1000
_NAP_MS = 50


class QueueWatch(Thread):
    """Announces the queue once at the start, and again whenever something about it changed."""

    queueChanged = Signal(object)  # QueueView

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hurried = False

    def look_now(self) -> None:
        """Do not wait for the next round: something was just added, moved or removed."""
        self._hurried = True

    def run(self) -> None:
        """Qt calls this on the new thread."""
        before: QueueView | None = None
        while not self.halted:
            try:
                view = look()
            except (SciAppError, OSError):  # a home that is full or read-only has no queue
                logging.getLogger(__name__).info("the queue cannot be read", exc_info=True)
                view = QueueView()
            if view != before:
                before = view
                self.queueChanged.emit(view)
            self._wait()

    def _wait(self) -> None:
        for _ in range(_PERIOD_MS // _NAP_MS):
            if self.halted or self._hurried:
                break
            self.msleep(_NAP_MS)
        self._hurried = False
