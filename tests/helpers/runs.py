"""Wait for runs by looking at their folders; nothing here sleeps longer than it must."""

import os
import signal
import threading
from collections.abc import Callable

from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.runs.follow import Follower, standing
from sciapp.records.run.events import Event
from sciapp.records.run.run import Run, RunStatus

_tick = threading.Event()


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> bool:
    """Look a hundred times a second until `condition` holds; False when time is up."""
    for _ in range(int(seconds * 100)):
        if condition():
            return True
        _tick.wait(0.01)
    return False


def wait_until_over(run: Run, seconds: float = 240) -> RunStatus:
    """How the run stands when it is over, its process gone."""
    assert wait_for(lambda: standing(run).is_over, seconds), run.log_file.read_text()
    wait_for(lambda: processes.reap() == 0, 20)
    return standing(run)


def wait_for_event(run: Run, wanted: Callable[[Event], bool], seconds: float = 600) -> Event:
    """The first event that is wanted, as it happens."""
    follower = Follower(run)
    found: list[Event] = []

    def look() -> bool:
        found.extend(event for event in follower.read_new() if wanted(event))
        return bool(found)

    assert wait_for(look, seconds), run.log_file.read_text()
    return found[0]


def started_and_killed_when(run: Run, moment: Callable[[Event], bool], by: int = signal.SIGKILL) -> None:
    """Start the run and kill its process at `moment`."""
    pid = launcher.start(run).identity["pid"]
    wait_for_event(run, moment)
    os.kill(pid, by)
    # A process killed before it signed is given a minute to come up.
    assert wait_for(lambda: standing(run) is RunStatus.INTERRUPTED, 75)
    processes.reap()
