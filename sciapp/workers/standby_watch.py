"""Keep a process ready that becomes the next training's, as long as the machine has nothing better to do."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer

from sciapp import settings
from sciapp.errors import SciAppError
from sciapp.jobs.launch.standby import Standby
from sciapp.jobs.queue.view import look
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.run.run import Run
from sciapp.workers.query import LatestQuery

_FIRST_MS = 2_000  # after the window has been painted and has opened its project
_PERIOD_MS = 10_000


class StandbyWatch(QObject):
    """Brings the process up while no run is on and memory is plenty; after it has become a run, another one later."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._standby = Standby()
        self._again = False
        self._tending = LatestQuery(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tend)

    def begin(self) -> None:
        """Look now and then from now on whether a process should stand by."""
        QTimer.singleShot(_FIRST_MS, self, self.tend)
        self._timer.start(_PERIOD_MS)

    def tend(self) -> None:
        """Look once, off the window's thread; asked while it looks, it looks once more."""
        if self._tending.busy:
            self._again = True
            return
        self._again = False
        self._tending.ask(lambda _: self._tend(), lambda _: self._looked())

    @property
    def busy(self) -> bool:
        """True while it looks."""
        return self._tending.busy

    def _looked(self) -> None:
        if self._again:
            self.tend()

    def hand_over(self, run: Run, environment: Mapping[str, str]) -> int | None:
        """See `Standby.hand_over`; called by the verbs that start runs."""
        return self._standby.hand_over(run, environment)

    @property
    def pid(self) -> int | None:
        """The process that stands by, None where there is none."""
        return self._standby.pid

    def end(self) -> None:
        """The window closes: no process is left."""
        self._timer.stop()
        self._tending.drop()
        self._standby.close()

    def _tend(self) -> None:
        if not settings.load().standby:
            self._standby.drop()
            return
        self._standby.give_up_if_scarce()
        if self._standby.pid is None and not _something_is_on():
            self._standby.bring_up()


def _something_is_on() -> bool:
    try:
        return bool(look().of(EntryStatus.ON))
    except (SciAppError, OSError):
        return True  # not known: better no second process beside a run
