"""Keep an eye on a project's folders: which runs and datasets there are, and how the runs stand."""

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sciapp.actions.runs import list_runs
from sciapp.engine.data.values.numeric_columns import numeric_columns
from sciapp.errors import SciAppError
from sciapp.jobs.machine.resource_usage import ResourceMeter
from sciapp.jobs.queue.view import look
from sciapp.jobs.runs.job_progress import JobTrackers
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.damage import DamagedDataset
from sciapp.records.machine.job import JobProgress
from sciapp.records.machine.queue_view import QueueView
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run
from sciapp.records.run.summary import RunSummary
from sciapp.workers.thread import Watch


class RunsWatch(Watch):
    """Announces the runs and the datasets once at the start, and again whenever something about them changed.

    Runs are also started from a command line or another window; the folder is the only place that knows them all.
    """

    runsChanged = Signal(list)  # list[RunSummary], oldest first
    datasetsChanged = Signal(list)  # list[DatasetCard], oldest first
    damageChanged = Signal(list)  # list[DamagedDataset]; told before the datasets

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project

    def run(self) -> None:
        """Qt calls this on the new thread."""
        runs: list[RunSummary] | None = None
        datasets: list[DatasetCard] | None = None
        damaged: list[DamagedDataset] = []
        while not self.halted:
            now_datasets = [_with_columns(self._project, card) for card in self._project.datasets()]
            if (now_damaged := self._project.damaged_datasets()) != damaged:
                damaged = now_damaged
                self.damageChanged.emit(damaged)
            if now_datasets != datasets:
                datasets = now_datasets
                self.datasetsChanged.emit(datasets)
            now_runs = list_runs(project=self._project, before=runs or ())
            if now_runs != runs:
                runs = now_runs
                self.runsChanged.emit(runs)
            self.pause()


def _with_columns(project: Project, card: DatasetCard) -> DatasetCard:
    """Cards from before columns of numbers were looked for get theirs."""
    columns = numeric_columns(project.dataset_folder(card.id).table_file, card)
    return card if card.numeric_columns is not None else card.model_copy(update={"numeric_columns": columns})


# Keep an eye on the machine's queue, which other windows and command lines change as well.


class QueueWatch(Watch):
    """Announces the queue and the progress of what is on once at the start, and again whenever it changed."""

    queueChanged = Signal(object)  # QueueView
    jobsChanged = Signal(tuple)  # tuple[JobProgress, ...]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._others: tuple[Path, ...] = ()

    def follow(self, others: Sequence[Path]) -> None:
        """Folders of runs that are on without the queue; replaces those of before."""
        if (now := tuple(others)) != self._others:
            self._others = now
            self.look_now()

    def run(self) -> None:
        """Qt calls this on the new thread."""
        before: QueueView | None = None
        jobs: tuple[JobProgress, ...] | None = None
        trackers = JobTrackers()
        while not self.halted:
            try:
                view = look()
            except (SciAppError, OSError):  # a home that is full or read-only has no queue
                logging.getLogger(__name__).info("the queue cannot be read", exc_info=True)
                view = QueueView()
            if view != before:
                before = view
                self.queueChanged.emit(view)
            now = trackers.read(view, self._others)
            if now != jobs:
                jobs = now
                self.jobsChanged.emit(now)
            self.pause()


# Once a second say what a run takes of this machine, while it is on.


class LoadWatch(Watch):
    """Ends by itself when the run's process is gone, or at once where another machine executes it."""

    loadRead = Signal(object)  # MachineLoad

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run

    def run(self) -> None:
        """Qt calls this on the new thread."""
        meter = ResourceMeter()
        try:
            while not self.halted:
                load = meter.read(self._run.state())
                if load is None:
                    return
                self.loadRead.emit(load)
                self.pause()
        except SciAppError:
            return  # the run's folder was taken away
        finally:
            meter.close()
