"""The machine's queue of runs: add, move, remove, pause, go on; and starts that the queue knows of.

Every change is made under one lock, together with the launching of a process, so that of two windows, a command line
and the queue's keeper only one starts a run. The run's own `.lock` is the last line behind that.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sciapp import settings
from sciapp.errors import NotFound, RunProblem, SciAppError
from sciapp.i18n import msg
from sciapp.jobs.backends.base import HandOver
from sciapp.jobs.backends.registry import backend_named, backend_of
from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.queue.duration import expected_seconds
from sciapp.jobs.queue.entries import is_free, running, settled, turn_of
from sciapp.jobs.runs.follow import standing
from sciapp.records.lock import ProjectLock
from sciapp.records.machine.queue import Entry, Queue, QueueFile
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.run.run import LOCAL, Run, RunStatus

_PATIENCE = 20.0  # seconds; the lock is held for the moment that a change and a launch take
_LOOK = 0.01  # seconds between two tries
_COMING = timedelta(seconds=10)  # that a keeper may take to come up


@contextmanager
def held() -> Iterator[QueueFile]:
    """The queue's file while nobody else changes it. Raises RunProblem when it cannot be had."""
    lock = ProjectLock(_folder() / "queue.lock")
    give_up = time.monotonic() + _PATIENCE
    while not lock.acquire():
        if time.monotonic() > give_up:
            raise RunProblem(
                msg("The queue cannot be changed."), hint=msg("Try again in a moment."), context=str(lock.path)
            )
        time.sleep(_LOOK)
    try:
        yield QueueFile(_folder() / "queue.json")
    finally:
        lock.release()


def start_now(run: Run, *, lane: str = "", backend: str = LOCAL, hand_over: HandOver | None = None) -> str:
    """Start the run beside whatever is on; what waits for its lane waits for it as well. Returns the lane."""
    if not _is_writable():
        launcher.start(run, hand_over=hand_over, backend=backend)
        return lane
    with held() as file:
        queue = settled(file.read())
        return _launch(file, queue, _entry(queue, run, lane, backend), hand_over).lane


def start_or_add(run: Run, *, lane: str = "", backend: str = LOCAL, hand_over: HandOver | None = None) -> bool:
    """Start the run when its lane is free, otherwise put it at the end of the queue. True: it was started."""
    if not _is_writable():
        launcher.start(run, hand_over=hand_over, backend=backend)
        return True
    with held() as file:
        queue = settled(file.read())
        entry = _entry(queue, run, lane, backend)
        if _must_wait(queue, entry):
            _add(file, queue, entry)
            return False
        _launch(file, queue, entry, hand_over)
        return True


def must_be_resumable(run: Run) -> None:
    """Raise RunProblem for a run that is on, waits, or ended well; one whose place in the queue was lost may go on."""
    if standing(run) is RunStatus.WAITING and run.state().queued:
        with held() as file:
            if file.read().entry_of(run) is None:
                return
    launcher.must_be_resumable(run)


def add(run: Run, *, lane: str = "", backend: str = LOCAL) -> Entry:
    """Put the run at the end of the queue; it begins when the runs before it on its lane have ended."""
    with held() as file:
        queue = settled(file.read())
        return _add(file, queue, _entry(queue, run, lane, backend))


def follow_on(run: Run, following: Run) -> None:
    """Start what comes after `run`, which has ended, in its place of the queue and on its device.

    Called by the run process. When the keeper was quicker there is nothing left to do.
    """
    backend = backend_of(run)
    if not _is_writable():
        launcher.start(following, backend=backend)
        return
    with held() as file:
        queue = file.read()
        entry = queue.entry_of(run)
        if entry is None and following.state().launched is None:
            launcher.start(following, backend=backend)
        elif entry is not None:
            queue = queue.with_entry(entry.of(following), index=queue.entries.index(entry)).without(run)
            file.write(queue)
            if following.state().launched is None:
                launcher.start(following, backend=entry.backend)  # in this process's environment, which is the lane's


def move(run: Run, to: int) -> None:
    """Let the run be the `to`-th (from 1) of those that wait. Raises NotFound."""
    with held() as file:
        queue = settled(file.read())
        waiting = [entry for entry in queue.entries if turn_of(entry) is EntryStatus.WAITING]
        moved = next((entry for entry in waiting if entry.folder == str(run.folder)), None)
        if moved is None:
            raise NotFound(msg("Run {run} is not among those that wait.", run=run.id))
        waiting.remove(moved)
        waiting.insert(max(1, to) - 1, moved)
        others = [entry for entry in queue.entries if entry not in waiting]
        file.write(queue.with_entries([*others, *waiting]))


def remove(run: Run) -> None:
    """Take a run that waits out of the queue; it can be resumed, which starts it. A run that is on is left alone."""
    with held() as file:
        queue = file.read()
        entry = queue.entry_of(run)
        if entry is not None and turn_of(entry) is EntryStatus.ON:
            raise RunProblem(msg("Run {run} is on.", run=run.id), hint=msg("Stop or cancel it instead."))
        _forget(run)
        file.write(queue.without(run))


def pause() -> None:
    """Start nothing from now on; runs that are on go on."""
    with held() as file:
        file.write(settled(file.read()).model_copy(update={"paused": True}))


def go_on(*, resume: bool = True) -> None:
    """Start what waits, one after the other; first of all the runs that were interrupted, or (resume False) drop them.

    After a reboot, after the keeper was killed, or after a pause.
    """
    with held() as file:
        queue = settled(file.read()).model_copy(update={"paused": False, "remarks": ()})
        broken = [entry for entry in queue.entries if turn_of(entry) is EntryStatus.INTERRUPTED]
        others = [entry for entry in queue.entries if entry not in broken]
        resumed = [entry.model_copy(update={"resume": True}) for entry in broken] if resume else []
        for entry in resumed:
            entry.run.clear_request()
        queue = queue.with_entries([*resumed, *others])
        file.write(queue)
        _ensure_scheduler(file, queue)


def forget() -> None:
    """Take everything that is not on out of the queue; the runs stay in their projects."""
    with held() as file:
        queue = settled(file.read())
        on = running(queue)
        for entry in queue.entries:
            if entry not in on:
                _forget(entry.run)
        file.write(queue.with_entries(on).model_copy(update={"remarks": ()}))


def stop(run: Run) -> None:
    """End the run's training now and keep its best model. Raises RunProblem for a run that is not on."""
    if standing(run).is_over or not run.state().queued:
        launcher.ask_to_stop(run)
        return
    raise RunProblem(
        msg("Run {run} waits for its turn: there is nothing to keep yet.", run=run.id), hint=msg("Cancel it instead.")
    )


def cancel(run: Run) -> None:
    """End a run that is on and leave its folder as it stands; one that waits leaves the queue."""
    if not standing(run).is_over and run.state().queued:
        remove(run)
    else:
        launcher.ask_to_cancel(run)


def scheduler_is_running(queue: Queue) -> bool:
    """True if a scheduler starts what waits. Asked while the queue is held, so that none comes or goes meanwhile."""
    if queue.called is not None and datetime.now(UTC) - queue.called < _COMING:
        return True
    lock = scheduler_lock()
    if not lock.acquire():
        return True
    lock.release()
    return False


def scheduler_lock() -> ProjectLock:
    return ProjectLock(_folder() / "keeper.lock")


def launch(file: QueueFile, queue: Queue, entry: Entry, hand_over: HandOver | None = None) -> Queue:
    """Start the run of an entry; returns the queue as it was written. The lock is held by the caller.

    The queue is written first and the run's state (by the launcher) before the process exists: killed in between, the
    run counts as waiting.
    """
    started = entry.model_copy(update={"resume": False})
    index = queue.entries.index(entry) if entry in queue.entries else len(running(queue))
    queue = queue.with_entry(started, index=index)
    file.write(queue)
    environment = backend_named(entry.backend).environment(entry.lane)
    launcher.start(entry.run, environment=environment, hand_over=hand_over, backend=entry.backend)
    return queue


def _launch(file: QueueFile, queue: Queue, entry: Entry, hand_over: HandOver | None) -> Entry:
    try:
        launch(file, queue, entry, hand_over)
    except (SciAppError, OSError):
        file.write(queue.without(entry.run))  # whoever wanted it is told; nobody starts it behind their back
        raise
    return entry


def _add(file: QueueFile, queue: Queue, entry: Entry) -> Entry:
    queue = queue.without(entry.run).with_entry(entry)
    file.write(queue)
    # Second, so that no run waits for a turn that nobody has written down.
    run = entry.run
    run.write_state(run.state().model_copy(update={"queued": True, "message": "", "hint": ""}))
    if not queue.paused:
        _ensure_scheduler(file, queue)
    return entry


def _entry(queue: Queue, run: Run, lane: str, backend: str) -> Entry:
    there = [other for other in queue.entries if other.backend == backend]
    taken = [other.lane for other in there if turn_of(other) in {EntryStatus.ON, EntryStatus.WAITING}]
    return Entry(
        folder=str(run.folder.absolute()),
        backend=backend,
        lane=backend_named(backend).lane(lane, taken, devices=run.plan().device_count),
        expected_seconds=expected_seconds(run),
    )


def _must_wait(queue: Queue, entry: Entry) -> bool:
    if not is_free(entry, running(queue)):
        return True
    others = [other for other in queue.entries if entry.clashes_with(other)]
    waiting = [other for other in others if turn_of(other) is EntryStatus.WAITING]
    if any(not other.run.state().queued and not other.resume for other in waiting):
        return True  # a run of a chain: the one before it, which is about to end, starts it
    return bool(waiting) and not queue.paused and scheduler_is_running(queue)


def _ensure_scheduler(file: QueueFile, queue: Queue) -> None:
    """The lock is held by the caller, so a keeper that is about to end cannot be mistaken for one that stays."""
    if not scheduler_is_running(queue):
        file.write(queue.model_copy(update={"called": datetime.now(UTC)}))
        processes.spawn("queue-child", log=_folder() / "keeper.log")


def _forget(run: Run) -> None:
    """Let the run's folder say that it no longer waits; a folder that is gone says nothing."""
    with suppress(SciAppError, OSError):
        state = run.state()
        if not state.queued and state.started is not None:
            return  # interrupted: its folder says so already
        never = {"status": "cancelled", "ended": datetime.now(UTC), "message": msg("It was taken out of the queue.")}
        run.write_state(state.model_copy(update={"queued": False, **(never if state.started is None else {})}))


def _is_writable() -> bool:
    """True if there can be a queue at all: a home that cannot be written is no reason not to train."""
    try:
        return os.access(_folder(), os.W_OK)
    except OSError:
        return False


def _folder() -> Path:
    folder = settings.data_folder() / "queue"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
