"""The turns of the queue: the status of each entry, as its run folder says, and the entries that may begin now."""

import logging
from collections.abc import Iterable

from sciapp.errors import SciAppError
from sciapp.jobs.runs.follow import standing_of
from sciapp.jobs.runs.follow_up import left_waiting
from sciapp.records.machine.queue import Entry, Queue
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.run.run import RunStatus

_log = logging.getLogger(__name__)


def turn_of(entry: Entry) -> EntryStatus:
    """The status of the entry. The run's folder is the truth: a queue that was killed at any moment finds its way back.

    A run whose process was launched but never signed counts as waiting again, once it is plain that none comes.
    """
    try:
        state = entry.run.state()
        entry.run.plan()
    except SciAppError:
        return EntryStatus.MISSING
    now = standing_of(entry.run, state)
    if now is RunStatus.RUNNING:
        return EntryStatus.ON
    if now is RunStatus.WAITING:
        return EntryStatus.ON if state.launched is not None and not state.queued else EntryStatus.WAITING
    if now is RunStatus.INTERRUPTED:
        return EntryStatus.WAITING if state.started is None or entry.resume else EntryStatus.INTERRUPTED
    return EntryStatus.OVER


def settled(queue: Queue) -> Queue:
    """Without the runs that are over; one that another follows on leaves that one in its place.

    So a chain (pre-training and training, all folds, a comparison) keeps its lane to its end: nothing overtakes it.
    """
    remaining: list[Entry] = []
    for entry in queue.entries:
        if turn_of(entry) is not EntryStatus.OVER:
            remaining.append(entry)
        elif (following := _followed_by(entry)) is not None:
            remaining.append(following)
    return queue if tuple(remaining) == queue.entries else queue.with_entries(remaining)


def running(queue: Queue) -> list[Entry]:
    """The entries whose runs are on."""
    return [entry for entry in queue.entries if turn_of(entry) is EntryStatus.ON]


def due(queue: Queue) -> list[Entry]:
    """The first that waits of each lane on which nothing is on; none while the queue is paused."""
    if queue.paused:
        return []
    taken, ready = running(queue), []
    for entry in queue.entries:
        if turn_of(entry) is EntryStatus.WAITING:
            if is_free(entry, taken):
                ready.append(entry)
            # Taken by one that waits as well: a run that needs all GPUs would else never have its turn.
            taken.append(entry)
    return ready


def is_free(entry: Entry, taken: Iterable[Entry]) -> bool:
    """True if the run may begin beside those of `taken`."""
    return not any(entry.clashes_with(other) for other in taken)


def _followed_by(entry: Entry) -> Entry | None:
    try:
        following = left_waiting(entry.run)
    except (SciAppError, OSError):
        _log.exception("what follows on %s cannot be found", entry.folder)
        return None
    return entry.of(following) if following is not None else None
