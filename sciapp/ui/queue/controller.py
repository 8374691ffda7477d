"""The question about runs that were left waiting, at the start of the window."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from sciapp.actions import queue as verbs
from sciapp.records.machine.queue_view import QueueView
from sciapp.ui.messages import Messages
from sciapp.ui.queue.question import ask_about_queue
from sciapp.ui.session import Session
from sciapp.workers.query import LatestQuery


class QueueController(QObject):
    """Looks once, off the window's thread."""

    def __init__(self, session: Session, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._asking = LatestQuery(self)
        self._asking.failed.connect(lambda error: messages.error(error, window))

    def ask(self) -> None:
        """At the start of the window: ask about runs that wait with nobody to start them."""
        self._asking.ask(lambda _: verbs.look_at_queue(), self._publish)

    def _publish(self, view: QueueView) -> None:
        ask_about_queue(
            self._messages,
            view,
            lambda: self._do(verbs.go_on_with_queue),
            lambda: self._do(verbs.forget_queue),
            self._window,
        )

    def _do(self, verb: Callable[[], None]) -> None:
        self._asking.ask(lambda _: verb(), lambda _: self._session.refresh())
