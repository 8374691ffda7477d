"""A thread that looks at something once a second."""

from threading import Event

from PySide6.QtCore import QObject

from sciapp.workers.thread import Thread

_PERIOD = 1.0  # seconds


class Watch(Thread):
    """`run` calls `pause` between two looks."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._awaited = Event()

    def look_now(self) -> None:
        """Do not wait for the next round: something was just changed."""
        self._awaited.set()

    def halt(self) -> None:
        super().halt()
        self._awaited.set()

    def pause(self) -> None:
        """Until the next round, or until somebody cannot wait."""
        self._awaited.wait(_PERIOD)
        self._awaited.clear()
