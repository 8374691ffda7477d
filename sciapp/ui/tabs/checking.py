"""Looks at a training before it is started, when somebody asks for it."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from sciapp.errors import SciAppError
from sciapp.records.preflight import Preflight
from sciapp.ui.dialogs.preflight_dialog import PreflightDialog
from sciapp.ui.editors.train_plan_editor import TrainPlanEditor
from sciapp.ui.session import Session
from sciapp.workers import verbs
from sciapp.workers.latest import LatestQuery


class PreflightDesk(QObject):
    """Owns the question and the dialog that waits for its answer."""

    startRequested = Signal()

    def __init__(self, session: Session, editor: TrainPlanEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._editor, self._window = session, editor, parent
        self.dialog: PreflightDialog | None = None
        self._asking = LatestQuery(self)
        self._asking.progressed.connect(self._progressed)
        self._asking.failed.connect(self._failed)
        session.projectClosed.connect(self.forget)

    def check(self) -> None:
        """Try the plan in the form out, and show what that says."""
        plan, project = self._editor.value(), self._session.project
        if plan is None or project is None:
            return
        self.forget()
        self.dialog = PreflightDialog(self._window)
        self.dialog.finished.connect(self._asking.drop)
        self.dialog.startRequested.connect(self.startRequested)
        self.dialog.open()
        self._asking.ask(
            lambda reporter: verbs.check_training(project=project, plan=plan, reporter=reporter), self._answered
        )

    def forget(self) -> None:
        """Nobody waits any longer."""
        self._asking.drop()
        if self.dialog is not None:
            self.dialog.close()
            self.dialog.deleteLater()
            self.dialog = None

    def _answered(self, seen: Preflight) -> None:
        if self.dialog is not None:
            self.dialog.show_preflight(seen)

    def _progressed(self, stage: str, done: int, total: int) -> None:
        if self.dialog is not None:
            self.dialog.busy.show_progress(stage, done, total)

    def _failed(self, error: object) -> None:
        if self.dialog is not None:
            said = f"{error.message} {error.hint}".strip() if isinstance(error, SciAppError) else str(error)
            self.dialog.show_problem(said)
