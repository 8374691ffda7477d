"""The machine's queue in tests: wait until nothing is on any more, look at who was started when."""

import os
import signal
from collections.abc import Sequence
from datetime import datetime

from sciapp.errors import SciAppError
from sciapp.jobs.launch import processes
from sciapp.jobs.queue import queue
from sciapp.jobs.queue.view import look
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.run.events import RunStarted
from sciapp.records.run.run import Run
from tests.helpers.runs import wait_for


def keeper_pid() -> int | None:
    """The living keeper's process, None where there is none (yet)."""
    with queue.held() as file:
        come = file.read().model_copy(update={"called": None})
        holder = queue.scheduler_lock().holder() if queue.scheduler_is_running(come) else None
        return holder.pid if holder is not None else None


def wait_until_idle(seconds: float = 240) -> None:
    """Until nothing is on and the keeper has ended."""
    assert wait_for(_idle, seconds), look()


def kill_keeper() -> bool:
    """kill -9 the keeper, if one lives; its death is certain when this returns."""
    if not look().moving:
        return False
    assert wait_for(lambda: keeper_pid() is not None or not look().moving, 20)
    pid = keeper_pid()
    if pid is None:
        return False
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: processes.reap() >= 0 and keeper_pid() != pid, 20)
    return True


def times_started(run: Run) -> int:
    return sum(isinstance(event, RunStarted) for event in run.events())


def spans(runs: Sequence[Run]) -> list[tuple[datetime, datetime]]:
    """When each run began and ended."""
    states = [run.state() for run in runs]
    assert all(state.started and state.ended for state in states), states
    return [(state.started, state.ended) for state in states if state.started and state.ended]


def one_after_the_other(runs: Sequence[Run]) -> bool:
    """Whether each began when the one before had ended."""
    moments = [moment for span in spans(runs) for moment in span]
    return moments == sorted(moments)


def _idle() -> bool:
    processes.reap()
    try:
        view = look()
    except SciAppError:
        return False
    return not view.moving and not view.of(EntryStatus.ON)
