"""One question answered off the window's thread, with progress and a way to cancel."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Signal

from sciapp.engine.runtime.progress import Progress
from sciapp.errors import Cancelled
from sciapp.workers.thread import Thread

Answer = TypeVar("Answer")
Work: TypeAlias = Callable[[Progress], Answer]
"""What a query carries out: an action that is handed the progress to report to."""


class Query(Thread):
    """Runs `function(progress)` and answers by signal; exactly one of the three ends is announced.

    query = Query(lambda progress: import_table(project=p, request=r, progress=progress), self)
    query.answered.connect(self._show)
    query.begin()
    """

    answered = Signal(object)
    failed = Signal(object)  # SciAppError, or what went wrong unexpectedly
    cancelled = Signal()
    progressed = Signal(object, int, int)  # stage, done, total (0: unknown)

    def __init__(self, function: Work[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._function = function

    def cancel(self) -> None:
        """Ask the function to give up at its next report of progress."""
        self.halt()

    def run(self) -> None:
        """Qt calls this on the new thread."""
        try:
            answer = self._function(Progress(self.progressed.emit, lambda: self.halted))
        except Cancelled:
            self.cancelled.emit()
        except Exception as error:
            # Whatever it is belongs to the one door for messages, not to a dead thread.
            logging.getLogger(__name__).info("query failed", exc_info=True)
            self.failed.emit(error)
        else:
            self.answered.emit(answer)


# The newest question counts: asking again drops what was asked before.


class LatestQuery(QObject):
    """At most one query at a time for one place in the window, e.g. “the rows of the selected dataset”."""

    failed = Signal(object)
    cancelled = Signal()
    progressed = Signal(object, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query: Query | None = None
        self._done: Callable[[Any], None] | None = None

    @property
    def busy(self) -> bool:
        return self._query is not None

    def ask(self, function: Work[Any], done: Callable[[Any], None]) -> None:
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


# Works that change files: each is carried out, and each answer is delivered.


class _Order(NamedTuple):
    function: Work[Any]
    done: Callable[[Any], None]
    failed: Callable[[Any], None] | None


class OrderedQueries(QObject):
    """Carries out works one at a time, in the order in which they were asked for; none is dropped."""

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[_Order] = deque()
        self._query: Query | None = None

    @property
    def busy(self) -> bool:
        return self._query is not None

    def ask(
        self, function: Work[Any], done: Callable[[Any], None], failed: Callable[[Any], None] | None = None
    ) -> None:
        """Call `done` with the answer on this thread when all earlier works have ended.

        failed: called with the error in place of the signal `failed`.
        """
        self._waiting.append(_Order(function, done, failed))
        self._begin_next()

    def _begin_next(self) -> None:
        if self._query is not None or not self._waiting:
            return
        query = Query(self._waiting[0].function, self)
        query.answered.connect(self._answered)
        query.failed.connect(self._failed)
        query.cancelled.connect(self._cancelled)
        self._query = query
        query.begin()

    def _end(self) -> _Order:
        self._query = None
        return self._waiting.popleft()

    def _answered(self, answer: object) -> None:
        order = self._end()
        try:
            order.done(answer)
        finally:
            self._begin_next()

    def _failed(self, error: object) -> None:
        order = self._end()
        try:
            (order.failed or self.failed.emit)(error)
        finally:
            self._begin_next()

    def _cancelled(self) -> None:
        self._end()
        self._begin_next()
