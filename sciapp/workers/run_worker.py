"""Follow one run's folder and tell the window what is new, at most 30 times a second."""

from PySide6.QtCore import QObject, Signal

from sciapp.jobs.runs.follow import Follower, outcome, standing
from sciapp.records.run.events import Event
from sciapp.records.run.run import Run, RunStatus
from sciapp.workers.thread import Thread

_PERIOD_MS = 50  # well under 30 announcements a second
_LARGEST_BATCH = 20_000  # events per signal, so that a million points arrive in bites


class RunWorker(Thread):
    """Replays a run's history, then stays with it until it is over.

    The whole history comes through the same signal as what happens live, so a run of last year and a run of this
    minute look alike to who listens.
    """

    eventsArrived = Signal(list)  # list[Event]
    standingChanged = Signal(object)  # Ending
    runEnded = Signal(object)  # Outcome; also for a run that was over when following began

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.followed = run

    def stop_following(self) -> None:
        """Leave the run alone; it goes on."""
        self.halt()

    def run(self) -> None:
        """Qt calls this on the new thread."""
        follower = Follower(self.followed)
        before: RunStatus | None = None
        while not self.halted:
            # The standing is asked first: events written before the end are then read before the end is told.
            now = standing(self.followed)
            self._announce(follower.read_new())
            if now != before:
                self.standingChanged.emit(now)
                before = now
            if now.is_over:
                self.runEnded.emit(outcome(self.followed))
                return
            self.msleep(_PERIOD_MS)

    def _announce(self, events: list[Event]) -> None:
        for first in range(0, len(events), _LARGEST_BATCH):
            if self.halted:
                return
            self.eventsArrived.emit(events[first : first + _LARGEST_BATCH])
            self.msleep(_PERIOD_MS if len(events) > _LARGEST_BATCH else 0)
