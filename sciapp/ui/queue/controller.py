"""The queue in the window: shown on request, with one question about runs that were left waiting."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from sciapp.actions import queue as verbs
from sciapp.records.machine.queue_view import QueueView
from sciapp.ui.messages import Messages
from sciapp.ui.queue.dialog import QueueDialog
from sciapp.ui.queue.question import ask_about_queue
from sciapp.ui.session import Session
from sciapp.workers.query import LatestQuery


class QueueController(QObject):
    """One dialog at most; questions are answered off the window's thread."""

    def __init__(self, session: Session, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._asking = LatestQuery(self)
        self._asking.failed.connect(lambda error: messages.error(error, window))

    def show(self) -> None:
        """The queue, beside the window."""
        dialog = self._window.findChild(QueueDialog) or QueueDialog(self._messages, self._window)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

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
