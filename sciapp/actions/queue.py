"""Actions on the machine's queue of runs.

`folder` is that of a run, which may be of a project that is not open here.
"""

from pathlib import Path

from sciapp.errors import BadInput, NotFound
from sciapp.i18n import msg
from sciapp.jobs.queue import queue
from sciapp.jobs.queue.view import look
from sciapp.records.machine.queue_view import EntryStatus, QueueView
from sciapp.records.run.run import Run


def look_at_queue() -> QueueView:
    """The runs that are on and those that wait."""
    return look()


def waiting_run(*, number: int) -> Run:
    """The run that waits as number `number` (from 1). Raises NotFound where none waits, BadInput."""
    waiting = look().of(EntryStatus.WAITING)
    if not waiting:
        raise NotFound(msg("No run is waiting."))
    if not 1 <= number <= len(waiting):
        raise BadInput(
            msg("No run with number {number} is waiting.", number=number),
            hint=msg("There are 1 to {waiting}: sciapp queue", waiting=len(waiting)),
        )
    return Run(Path(waiting[number - 1].folder))


def move_in_queue(*, folder: str, to: int) -> None:
    """Let a run be the `to`-th (from 1) of those that wait."""
    queue.move(Run(Path(folder)), to)


def remove_from_queue(*, folder: str) -> None:
    """Take a run that waits out of the queue; it stays in its project and can be resumed."""
    queue.remove(Run(Path(folder)))


def pause_queue() -> None:
    """Start nothing from now on; runs that are on go on."""
    queue.pause()


def go_on_with_queue(*, resume: bool = True) -> None:
    """Start what waits; runs that were interrupted go on first, or (resume False) leave the queue."""
    queue.go_on(resume=resume)


def forget_queue() -> None:
    """Take whatever is not on out of the queue."""
    queue.forget()
