"""The newest question counts: asking again drops what was asked before."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from sciapp.workers.query import Query, Reporter


class LatestQuery(QObject):
    """At most one query at a time for one place in the window, e.g. “the rows of the selected dataset”."""

    failed = Signal(object)
    cancelled = Signal()
    progressed = Signal(str, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query: Query | None = None
        self._done: Callable[[Any], None] | None = None

    @property
    def busy(self) -> bool:
        return self._query is not None

    def ask(self, function: Callable[[Reporter], Any], done: Callable[[Any], None]) -> None:
        """Call `done` with the answer on this thread, unless something newer is asked first."""
        self.drop()
        query = Query(function, self)
        query.answered.connect(self._answered)
        query.failed.connect(self._failed)
        query.cancelled.connect(self._cancelled)
        query.progressed.connect(self._progressed)
        self._query, self._done = query, done
        query.begin()

    def drop(self) -> None:
        """Nobody waits any longer; nothing more is announced."""
        if self._query is not None:
            self._query.cancel()
            self._query, self._done = None, None

    def cancel(self) -> None:
        """Ask the work to end; `cancelled` says when it has."""
        if self._query is not None:
            self._query.cancel()

    def _answered(self, answer: object) -> None:
        if self.sender() is self._query and self._done is not None:
            done = self._done
            self._query, self._done = None, None
            done(answer)

    def _failed(self, error: object) -> None:
        if self.sender() is self._query:
            self._query, self._done = None, None
            self.failed.emit(error)

    def _cancelled(self) -> None:
        if self.sender() is self._query:
            self._query, self._done = None, None
            self.cancelled.emit()

    def _progressed(self, stage: str, done: int, total: int) -> None:
        if self.sender() is self._query:
            self.progressed.emit(stage, done, total)
