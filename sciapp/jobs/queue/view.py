"""The queue as people see it, read from the queue's file and the run folders."""

import logging

from sciapp.errors import SciAppError
from sciapp.jobs.machine.devices import choose_lane
from sciapp.jobs.queue.entries import settled, turn_of
from sciapp.jobs.queue.queue import held, scheduler_is_running
from sciapp.jobs.runs.summary import summarise
from sciapp.records.machine.queue import Entry
from sciapp.records.machine.queue_view import EntryStatus, QueueLine, QueueView
from sciapp.records.plan.plan import changed_text, is_settable
from sciapp.records.project.project import Project
from sciapp.records.run.run import LOCAL, Run

_ORDER = (EntryStatus.ON, EntryStatus.INTERRUPTED, EntryStatus.WAITING, EntryStatus.MISSING)


def look() -> QueueView:
    """Everything that is on, waits, or is to be decided on. Raises RunProblem when the queue cannot be had."""
    with held() as file:
        queue = settled(file.read())
        moving = scheduler_is_running(queue)
    turns = [(entry, turn_of(entry)) for entry in queue.entries]
    lines: list[QueueLine] = []
    for status in _ORDER:
        group = [entry for entry, turn in turns if turn is status]
        lines += [
            _line(entry, status, position if status is EntryStatus.WAITING else 0)
            for position, entry in enumerate(group, start=1)
        ]
    here = [entry for entry, turn in turns if turn in {EntryStatus.ON, EntryStatus.WAITING} and entry.backend == LOCAL]
    return QueueView(
        lines=tuple(lines),
        paused=queue.paused,
        moving=moving,
        remarks=queue.remarks,
        lane=choose_lane([entry.lane for entry in here]),
    )


def _line(entry: Entry, turn: EntryStatus, position: int) -> QueueLine:
    run = entry.run
    line = QueueLine(
        folder=entry.folder,
        project=run.project_folder.name,
        run=run.id,
        backend=entry.backend,
        lane=entry.lane,
        turn=turn,
        position=position,
        expected_seconds=entry.expected_seconds,
    )
    if turn is EntryStatus.MISSING:
        return line
    try:
        summary, project, changed = summarise(run), Project.open(run.project_folder).name, _changed(run)
    except (SciAppError, OSError):  # it went while we looked
        logging.getLogger(__name__).info("entry %s cannot be read", entry.folder, exc_info=True)
        return line
    return line.model_copy(
        update={
            "project": project,
            "name": summary.name,
            "subject": summary.subject,
            "model": summary.model,
            "step": summary.step,
            "total_steps": summary.total_steps,
            "changed": changed,
        }
    )


def _changed(run: Run) -> str:
    plan = run.plan()
    return changed_text(plan) if is_settable(plan) else ""
