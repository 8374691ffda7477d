"""Predict the rows of a file: start the run, follow it, and say when its table can be saved."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sciapp.actions import runs as runs_actions
from sciapp.errors import RunProblem
from sciapp.i18n import msg, term
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, Progressed, StageBegan
from sciapp.records.run.run import Outcome, Run, RunStatus
from sciapp.workers.query import LatestQuery
from sciapp.workers.run_worker import RunWorker


class FilePrediction(QObject):
    """One at a time. The run goes on if nobody follows it any longer."""

    progressed = Signal(object, int, int)
    predicted = Signal(object)  # Run
    failed = Signal(object)  # SciAppError
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._worker: RunWorker | None = None
        self._title = ""
        self._unwanted = False
        self._asking = LatestQuery(self)
        self._asking.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        return self._worker is not None or self._asking.busy

    def begin(self, project: Project, run_id: str, file: Path) -> None:
        """Apply the model of `run_id` to `file`."""
        self._title, self._unwanted = msg("Starting…"), False
        self._asking.ask(lambda _: runs_actions.predict_file(project=project, run_id=run_id, file=file), self._follow)

    def cancel(self) -> None:
        """End the run, if it has not begun yet then as soon as it has; `cancelled` follows."""
        self._unwanted = True
        if (run := self._run) is not None and self._worker is not None:
            self._asking.ask(lambda _: runs_actions.cancel_run(run=run), lambda _: None)

    def leave(self) -> None:
        """Follow no longer."""
        self._asking.drop()
        if self._worker is not None:
            self._worker.stop_following()
        self._worker, self._run = None, None

    def _follow(self, run: Run) -> None:
        self._run = run
        worker = RunWorker(run, self)
        worker.eventsArrived.connect(self._play)
        worker.runEnded.connect(self._ended)
        self._worker = worker
        worker.begin()
        if self._unwanted:
            self.cancel()

    def _play(self, events: list[Event]) -> None:
        if self.sender() is not self._worker:
            return
        for event in events:
            if isinstance(event, StageBegan):
                self._title = event.title
                self.progressed.emit(event.title, 0, 0)
            elif isinstance(event, Progressed):
                self.progressed.emit(self._title, event.done, event.total)

    def _ended(self, outcome: Outcome) -> None:
        run = self._run
        if self.sender() is not self._worker or run is None:
            return
        self._worker, self._run = None, None
        if outcome.ending.has_model:
            self.predicted.emit(run)
        elif outcome.ending is RunStatus.CANCELLED:
            self.cancelled.emit()
        else:
            message = outcome.message or msg("The prediction {ending}.", ending=term(str(outcome.ending)))
            self.failed.emit(RunProblem(message, hint=outcome.hint, context=str(run.log_file)))
