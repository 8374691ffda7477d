"""The queue's keeper: a process that starts the next run of each lane when the one before has ended, however it ended.

There is one on the machine while somebody waits or is on; it outlives windows, and ends itself when there is nothing
to start. It holds nothing that matters: killed at any moment, the next keeper reads everything from the folders.
"""

import faulthandler
import logging

from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.jobs.backends.registry import BACKENDS
from sciapp.jobs.launch import processes
from sciapp.jobs.queue.entries import due, settled, turn_of
from sciapp.jobs.queue.queue import held, launch, scheduler_lock
from sciapp.records.lock import ProjectLock
from sciapp.records.machine.queue import Entry, Queue, QueueFile
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.run.run import LOCAL

_TICK = 1.0  # seconds between two looks at the queue, while no process ends

_log = logging.getLogger(__name__)


def main() -> int:
    """Keep the queue until nothing is on and nothing waits; 0 also where another keeper lives."""
    faulthandler.enable()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    lock = scheduler_lock()
    with held() as file:
        if not lock.acquire():
            return 0
        file.write(file.read().model_copy(update={"called": None}))
    try:
        _Scheduler(lock).keep()
    finally:
        lock.release()
    return 0


class _Scheduler:
    """The observations of one scheduler in its life."""

    def __init__(self, lock: ProjectLock) -> None:
        self._lock = lock
        self._seen: set[str] = set()  # runs that were on under our eyes
        self._started: set[str] = set()  # runs that we started
        self._refused: set[str] = set()  # runs that could not be started; left in the queue for a person

    def keep(self) -> None:
        while True:
            processes.reap()
            try:
                with held() as file:
                    on = self._round(file)
                    if not on:
                        # Given back while the queue is held: whoever adds a run now starts a keeper of its own.
                        self._lock.release()
                        return
            except (SciAppError, OSError):  # a full disk, a queue that cannot be had: later
                _log.exception("the queue could not be looked after")
                on = []
            _wait(on)

    def _round(self, file: QueueFile) -> list[Entry]:
        """Tidy up, start what is due; returns the entries that are on."""
        before = file.read()
        queue = self._without_broken(settled(before))
        if queue != before:
            file.write(queue)
        for entry in due(self._without_refused(queue)):
            queue = self._begin(file, queue, entry)
        on = [entry for entry in queue.entries if turn_of(entry) is EntryStatus.ON]
        self._seen |= {entry.folder for entry in on}
        return on

    def _begin(self, file: QueueFile, queue: Queue, entry: Entry) -> Queue:
        try:
            queue = launch(file, queue, entry)
        except (SciAppError, OSError) as error:
            _log.exception("run %s could not be started", entry.folder)
            self._refused.add(entry.folder)
            queue = queue.saying(msg("Run {id} could not be started: {error}", id=entry.run.id, error=error))
            file.write(queue)
            return queue
        self._started.add(entry.folder)
        _log.info("started %s on %s", entry.folder, entry.lane)
        return queue

    def _without_broken(self, queue: Queue) -> Queue:
        """A run that was killed while we looked on is over: the queue goes on. Others wait for what a person says."""
        for entry in queue.entries:
            if entry.folder not in self._seen:
                continue
            turn = turn_of(entry)
            if turn is EntryStatus.INTERRUPTED:
                queue = queue.without(entry.run).saying(
                    msg("Run {id} was interrupted; it can be resumed.", id=entry.run.id)
                )
            elif turn is EntryStatus.WAITING and entry.folder in self._started and not entry.run.state().queued:
                # Its process never signed; another try would end the same way.
                self._refused.add(entry.folder)
                queue = queue.saying(msg("Run {id} did not begin; its log.txt may say why.", id=entry.run.id))
        return queue

    def _without_refused(self, queue: Queue) -> Queue:
        return queue.with_entries([entry for entry in queue.entries if entry.folder not in self._refused])


def _wait(on: list[Entry]) -> None:
    """Until the next look: a tick, or less when a run ends; each backend knows its own runs."""
    names = ({entry.backend for entry in on} & BACKENDS.keys()) or {LOCAL}
    for name in names:
        BACKENDS[name].wait([entry.run for entry in on if entry.backend == name], _TICK / len(names))
