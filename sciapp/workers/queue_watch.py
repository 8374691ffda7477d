"""Keep an eye on the machine's queue, which other windows and command lines change as well."""

import logging

from PySide6.QtCore import Signal

from sciapp.errors import SciAppError
from sciapp.jobs.queue_look import look
from sciapp.records.queue_view import QueueView
from sciapp.workers.watch import Watch


class QueueWatch(Watch):
    """Announces the queue once at the start, and again whenever something about it changed."""

    queueChanged = Signal(object)  # QueueView

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
            self.pause()
