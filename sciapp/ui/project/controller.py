"""Verbs for whole projects: new, open, recent, save as, close, the sample."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sciapp import settings
from sciapp.actions import projects as projects_actions
from sciapp.errors import DamagedProject, NotFound, SciAppError
from sciapp.i18n import msg
from sciapp.records.project.project import SUFFIX, Project, find_project_file
from sciapp.ui.messages import Messages
from sciapp.ui.project.new_project import NewProjectDialog
from sciapp.ui.session import Session
from sciapp.ui.words import tr
from sciapp.workers.query import Query, Work


class ProjectController(QObject):
    """One action at a time, off the window's thread; what comes of it goes to the session."""

    leaving = Signal()  # what was typed is to be saved: another project takes over
    opened = Signal()
    sampleReady = Signal()
    tableReady = Signal(object)  # Path: a project was made for it
    recentChanged = Signal(tuple)
    began = Signal(object)  # a message: what is done now
    progressed = Signal(object, int, int)  # stage, done, total (0: unknown)
    ended = Signal()

    def __init__(self, session: Session, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._query: Query | None = None
        self._what = ""
        self._done: Callable[[Any], object] | None = None
        self._refused: Callable[[BaseException], object] | None = None

    # --- verbs ----------------------------------------------------------------------------------------------------

    def new_project(self, *, name: str = "", domain: str = "", file: Path | None = None) -> None:
        """Ask for name, place and domain, then make the project. name, domain: those that are proposed; file: a table
        for it, with which `tableReady` comes once it is open.
        """
        last = settings.load().last_folder
        folder = Path(last) if last else settings.projects_folder()
        dialog = NewProjectDialog(folder, self._window, name=name, domain=domain)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda folder, kind, called: self.create(folder, kind, called, file))
        dialog.open()

    def create(self, folder: Path, domain: str, name: str, file: Path | None = None) -> None:
        """Make and open a project; `tableReady` comes with the file then."""
        _remember_folder(folder.parent)

        def take(project: Project) -> None:
            self._take(project)
            if file is not None:
                self.tableReady.emit(file)

        self._do(
            msg("Making the project"),
            lambda _: projects_actions.create_project(folder=folder, domain=domain, name=name),
            take,
        )

    def open_project(self) -> None:
        """Ask for a project file."""
        kinds = msg("SciApp projects (*{suffix});;All files (*)", suffix=SUFFIX)
        dialog = QFileDialog(self._window, tr(msg("Open project")), settings.load().last_folder, tr(kinds))
        dialog.setObjectName("openProjectDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self.open_path(Path(text)))
        dialog.open()

    def open_path(self, path: Path) -> None:
        """Open a project file or folder; a damaged one offers its backup."""
        if self._is_open(path):
            self.opened.emit()
            self._messages.inform(msg("This project is open here already."))
            return
        self._do(
            msg("Opening “{name}”", name=path.name),
            lambda _: projects_actions.open_project(path=path),
            self._take,
            lambda error: self._could_not_open(path, error),
        )

    def save_as(self) -> None:
        """Copy the whole project elsewhere and go on with the copy."""
        if self._session.project is None:
            return
        self.leaving.emit()
        folder = self._session.project.folder
        dialog = QFileDialog(self._window, tr(msg("Save a copy of the project as")), str(folder.parent))
        dialog.setObjectName("saveAsDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setLabelText(QFileDialog.DialogLabel.FileName, tr(msg("New folder")))
        dialog.selectFile(tr(msg("{name} copy", name=folder.name)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self.copy_to(Path(text)))
        dialog.open()

    def copy_to(self, folder: Path) -> None:
        """Copy the open project to `folder`, which must be new or empty, and open the copy."""
        project = self._session.project
        if project is not None:
            self._do(
                msg("Copying the project"),
                lambda progress: projects_actions.save_project_as(project=project, folder=folder, progress=progress),
                self.open_path,
            )

    def close_project(self) -> None:
        """Back to the home page; runs go on."""
        self.leaving.emit()
        self._session.close()
        self._messages.inform("")

    def try_sample(self, domain: str = "") -> None:
        """A project with a domain's bundled sample, or the first one, ready to train."""
        name = msg("{project} sample", project=projects_actions.sample_title(domain))
        folder = settings.projects_folder() / name
        self._do(
            msg("Making the sample project"),
            lambda progress: projects_actions.make_sample_project(folder=folder, domain=domain, progress=progress),
            self._take_sample,
        )

    def cancel(self) -> None:
        """End what is going on, as soon as it asks."""
        if self._query is not None:
            self._query.cancel()

    # --- what follows ---------------------------------------------------------------------------------------------

    def _take(self, project: Project) -> None:
        self.leaving.emit()
        self._session.open(project)
        settings.save(settings.with_recent(settings.load(), project.file))
        _remember_folder(project.folder.parent)
        self.recentChanged.emit(settings.load().recent_projects)
        self.opened.emit()
        self._messages.inform(msg("Opened {name}", name=project.name))

    def _take_sample(self, project: Project) -> None:
        self._take(project)
        self.sampleReady.emit()
        self._messages.inform(msg("The sample is ready: press Start training."))

    def _could_not_open(self, path: Path, error: BaseException) -> None:
        if isinstance(error, DamagedProject) and error.backup is not None:
            answers: dict[str, Callable[[], object] | None] = {
                msg("Restore the backup"): lambda: self._restore(path),
                msg("Leave it"): None,
            }
            self._messages.ask(error.message, error.hint, answers, self._window)
            return
        if isinstance(error, NotFound):
            known = settings.load()
            left = tuple(recent for recent in known.recent_projects if Path(recent) != path)
            settings.save(known.model_copy(update={"recent_projects": left}))
            self.recentChanged.emit(left)
        self._messages.error(error, self._window)

    def _restore(self, path: Path) -> None:
        self._do(msg("Restoring the backup"), lambda _: projects_actions.restore_backup(path=path), self._take)

    def _is_open(self, path: Path) -> bool:
        """Our own lock would make a second opening read-only."""
        if self._session.project is None:
            return False
        try:
            return find_project_file(path.expanduser().absolute()).samefile(self._session.project.file)
        except (SciAppError, OSError):
            return False  # opening it says what is wrong

    # --- one thing at a time --------------------------------------------------------------------------------------

    def _do(
        self,
        what: str,
        function: Work[Any],
        done: Callable[[Any], object],
        refused: Callable[[BaseException], object] | None = None,
    ) -> None:
        if self._query is not None:
            self._messages.inform(msg("{action}… Wait until that is done, or cancel it.", action=self._what))
            return
        self._what, self._done, self._refused = what, done, refused
        query = Query(function, self)
        query.answered.connect(self._answered)
        query.failed.connect(self._failed)
        query.cancelled.connect(self._cancelled)
        query.progressed.connect(self.progressed)
        self._query = query
        self.began.emit(msg("{action}…", action=what))
        query.begin()

    def _settle(self) -> None:
        self._query = None
        self.ended.emit()

    def _answered(self, answer: object) -> None:
        self._settle()
        if self._done is not None:
            self._done(answer)

    def _failed(self, error: BaseException) -> None:
        self._settle()
        if self._refused is not None:
            self._refused(error)
        else:
            self._messages.error(error, self._window)

    def _cancelled(self) -> None:
        self._settle()
        self._messages.inform(msg("{action}: cancelled.", action=self._what))


def _remember_folder(folder: Path) -> None:
    settings.save(settings.load().model_copy(update={"last_folder": str(folder)}))
