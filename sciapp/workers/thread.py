"""The one way a thread begins and ends here, so that none is dropped while it runs."""

import sys
from threading import Event

from PySide6.QtCore import QObject, QThread

_SWITCH_INTERVAL = 0.001  # seconds that a thread may keep the interpreter while another waits; Python's own: 0.005

_running: set["Thread"] = set()


class Thread(QThread):
    """A QThread that keeps itself alive until it has finished.

    Dropping the last reference to a QThread from a signal that its own `run()` emits aborts the process, so a
    reference is held here from `begin()` until `finished`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        # No Qt parent: a parent that is deleted first would delete a running thread.
        super().__init__(None)
        self._halted = False
        self.finished.connect(self._forget)
        if parent is not None:
            parent.destroyed.connect(self.halt)

    def begin(self) -> None:
        """Start running; call once."""
        _running.add(self)
        self.start(QThread.Priority.LowPriority)

    def halt(self) -> None:
        """Ask the thread to end soon; harmless at any time."""
        self._halted = True

    @property
    def halted(self) -> bool:
        return self._halted

    def _forget(self) -> None:
        _running.discard(self)


def running() -> frozenset[Thread]:
    """The threads that have begun and not yet finished."""
    return frozenset(_running)


def share_interpreter() -> None:
    """Let threads of this process change over more often, so that the window's never waits long. Called by the app."""
    sys.setswitchinterval(_SWITCH_INTERVAL)


def end_all(milliseconds: int = 5000) -> None:
    """Halt every thread and wait for it: the last thing that the window does."""
    for thread in list(_running):
        thread.halt()
    for thread in list(_running):
        thread.wait(milliseconds)
        _running.discard(thread)


# A thread that looks at something once a second.


PERIOD = 1.0  # seconds


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
        self._awaited.wait(PERIOD)
        self._awaited.clear()
