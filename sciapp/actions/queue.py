"""Verbs for the machine's queue, one keyword-only function each.

`folder` is that of a run, which may be of a project that is not open here.
"""

from pathlib import Path

from sciapp.jobs.queue import queue
from sciapp.jobs.queue.view import look
from sciapp.records.machine.queue_view import QueueView
from sciapp.records.run.run import Run


def look_at_queue() -> QueueView:
    """Which runs are on and which wait."""
    return look()


def move_in_queue(*, folder: str, to: int) -> None:
    """Let a run be the `to`-th (from 1) of those that wait."""
    queue.move(Run(Path(folder)), to)


def remove_from_queue(*, folder: str) -> None:
    """Take a run that waits out of the queue; it stays in its project and can be resumed."""
    queue.remove(Run(Path(folder)))


def pause_queue() -> None:
    """Start nothing from now on; runs that are on go on."""
    queue.pause()


def go_on_with_queue() -> None:
    """Start what waits; runs that were interrupted go on first."""
    queue.go_on()


def forget_queue() -> None:
    """Take whatever is not on out of the queue."""
    queue.forget()
