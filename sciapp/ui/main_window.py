"""The window: five tabs, menus, drops, the question on closing while a run is on."""

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from sciapp import settings
from sciapp.errors import DamagedProject, NotFound
from sciapp.records.project import SUFFIX, Project
from sciapp.ui import menus, theme
from sciapp.ui.dialogs.new_project import NewProjectDialog
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.tabs.compression_tab import CompressionTab
from sciapp.ui.tabs.data_tab import DataTab
from sciapp.ui.tabs.project_tab import ProjectTab
from sciapp.ui.tabs.results_tab import ResultsTab
from sciapp.ui.tabs.training_tab import TrainingTab
from sciapp.workers import verbs
from sciapp.workers.query import Query

TAB_NAMES = ("project", "data", "training", "compression", "results")


class MainWindow(QMainWindow):
    """Puts the tabs together; what a person can do is a verb, called from here or from a tab."""

    def __init__(self, session: Session, messages: Messages) -> None:
        super().__init__()
        self.session, self.messages = session, messages
        self._query: Query | None = None
        self._may_close = False
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.project_tab = ProjectTab(session, messages, self)
        self.data_tab = DataTab(session, messages, self)
        self.training_tab = TrainingTab(session, messages, self)
        self.compression_tab = CompressionTab(session, messages, self)
        self.results_tab = ResultsTab(session, messages, self)
        self._banner = QLabel(self)
        self._banner.setObjectName("readOnlyBanner")
        self._banner.setWordWrap(True)
        self._banner.setMargin(theme.SPACING)
        self._banner.setVisible(False)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("tabs")
        self.tabs.setDocumentMode(True)
        titles = ("&Project", "&Data", "&Training", "&Compression", "R&esults")
        parts = (self.project_tab, self.data_tab, self.training_tab, self.compression_tab, self.results_tab)
        for title, part in zip(titles, parts, strict=True):
            self.tabs.addTab(part, title)
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._banner)
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(centre)
        self.statusBar().setObjectName("statusBar")
        self._menus = menus.build(self)
        self._connect()
        self._restore_geometry()
        self._show_project()

    # --- verbs ----------------------------------------------------------------------------------------------------

    def new_project(self) -> None:
        """Ask for name, place and domain, then make the project."""
        last = settings.load().last_folder
        dialog = NewProjectDialog(Path(last) if last else settings.projects_folder(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._create)
        dialog.open()

    def open_project(self) -> None:
        """Ask for a project file."""
        dialog = QFileDialog(self, "Open project", settings.load().last_folder, f"SciApp projects (*{SUFFIX})")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self.open_path(Path(text)))
        dialog.open()

    def open_path(self, path: Path) -> None:
        """Open a project file or folder; a damaged one offers its backup."""
        self._ask(lambda _: verbs.open_project(path=path), self._take, lambda error: self._could_not_open(path, error))

    def save_as(self) -> None:
        """Copy the whole project elsewhere and go on with the copy."""
        if self.session.project is None:
            return
        self.project_tab.save()
        dialog = QFileDialog(self, "Save a copy of the project as", str(self.session.project.folder.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setLabelText(QFileDialog.DialogLabel.FileName, "New folder")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self._copy(Path(text)))
        dialog.open()

    def close_project(self) -> None:
        """Back to the start page; runs go on."""
        self.project_tab.save()
        self.session.close()

    def try_sample(self) -> None:
        """A project with the bundled sample, ready to train."""
        self.messages.inform("Making the sample project…")
        folder = settings.projects_folder() / "Solubility sample"
        self._ask(lambda report: verbs.make_sample_project(folder=folder, reporter=report), self._take_sample)

    def import_table(self) -> None:
        """Ask for a table and import it."""
        self._request_tab("data")
        self.data_tab.import_file(None)

    # --- what follows ---------------------------------------------------------------------------------------------

    def _create(self, folder: Path, domain: str, name: str) -> None:
        settings.save(settings.load().model_copy(update={"last_folder": str(folder.parent)}))
        self._ask(lambda _: verbs.create_project(folder=folder, domain=domain, name=name), self._take)  # type: ignore[arg-type]

    def _copy(self, folder: Path) -> None:
        project = self.session.project
        if project is not None:
            self.messages.inform("Copying the project…")
            self._ask(
                lambda report: verbs.save_project_as(project=project, folder=folder, reporter=report), self.open_path
            )

    def _take(self, project: Project) -> None:
        self.project_tab.save()
        self.session.open(project)
        settings.save(settings.with_recent(settings.load(), project.file))
        self._show_recent()
        self._request_tab("project")
        self.messages.inform(f"Opened {project.name}")

    def _take_sample(self, project: Project) -> None:
        self._take(project)
        self._request_tab("training")
        self.messages.inform("The sample is ready: press Start training.")

    def _could_not_open(self, path: Path, error: BaseException) -> None:
        if isinstance(error, DamagedProject) and error.backup is not None:
            answers = {"Restore the backup": lambda: self._restore(path), "Leave it": None}
            self.messages.ask(error.message, error.hint, answers, self)
            return
        if isinstance(error, NotFound):
            known = settings.load()
            left = tuple(recent for recent in known.recent_projects if Path(recent).exists())
            settings.save(known.model_copy(update={"recent_projects": left}))
            self._show_recent()
        self.messages.error(error, self)

    def _restore(self, path: Path) -> None:
        self._ask(lambda _: verbs.restore_backup(path=path), self._take)

    def _show_project(self) -> None:
        project = self.session.project
        open_ = project is not None
        name = project.name if project is not None else ""
        read_only = " [read-only]" if self.session.read_only else ""
        self.setWindowTitle(f"{name}{read_only} – SciApp" if open_ else "SciApp")
        for index in range(1, self.tabs.count()):
            self.tabs.setTabEnabled(index, open_)
        if not open_:
            self.tabs.setCurrentIndex(0)
        self._menus.show_project(open_=open_, writable=open_ and not self.session.read_only)
        self._banner.setVisible(self.session.read_only)
        if project is not None and project.holder is not None:
            self._banner.setText(f"This project is open elsewhere: {project.holder}. Here it can only be read.")
        elif project is not None:
            self._banner.setText("The project's folder cannot be written: it can only be read. Use Save As for a copy.")

    def _show_recent(self) -> None:
        recent = settings.load().recent_projects
        self.project_tab.start_page.setRecent(recent)
        self._menus.show_recent(recent)

    def _request_tab(self, name: str) -> None:
        self.tabs.setCurrentIndex(TAB_NAMES.index(name))

    def set_theme(self, name: str) -> None:
        """Light, dark or system; remembered."""
        settings.save(settings.load().model_copy(update={"theme": name}))
        theme.apply(name)

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A project is opened; any other file is a table for the open project."""
        path = Path(event.mimeData().urls()[0].toLocalFile())
        event.acceptProposedAction()
        if path.is_dir() or path.suffix == SUFFIX or self.session.project is None:
            self.open_path(path)
        else:
            self._request_tab("data")
            self.data_tab.import_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Runs outlive the window; a person who may not know is asked."""
        live = self.session.live_runs()
        if live and not self._may_close and not self.session.read_only:
            event.ignore()
            self.messages.ask(
                f"Run {live[-1].id} is still on.",
                "It can go on without this window; open the project again to see it.",
                {
                    "Let it go on": self._close_now,
                    "Stop it, keep the best model": lambda: self._stop_and_close(live[-1].id),
                    "Stay here": None,
                },
                self,
            )
            return
        self.project_tab.save()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        settings.save(settings.load().model_copy(update={"window_geometry": geometry}))
        self.session.close()
        event.accept()

    def _close_now(self) -> None:
        self._may_close = True
        self.close()

    def _stop_and_close(self, id: str) -> None:
        project = self.session.project
        if project is not None:
            self._ask(lambda _: verbs.stop_run(run=project.run(id)), lambda _: self._close_now())

    # --- plumbing -------------------------------------------------------------------------------------------------

    def _ask(self, function: object, done: object, failed: object = None) -> None:
        query = Query(function, self)  # type: ignore[arg-type]
        query.answered.connect(done)
        query.failed.connect(failed or (lambda error: self.messages.error(error, self)))
        self._query = query
        query.begin()

    def _connect(self) -> None:
        self.messages.said.connect(lambda text: self.statusBar().showMessage(text, 15_000))
        self.session.projectOpened.connect(lambda _: self._show_project())
        self.session.projectChanged.connect(lambda _: self._show_project())
        self.session.projectClosed.connect(self._show_project)
        self.session.tabRequested.connect(self._request_tab)
        self.project_tab.newRequested.connect(self.new_project)
        self.project_tab.openRequested.connect(self.open_project)
        self.project_tab.sampleRequested.connect(self.try_sample)
        self.project_tab.projectChosen.connect(self.open_path)
        self._show_recent()

    def _restore_geometry(self) -> None:
        self.resize(1280, 820)
        stored = settings.load().window_geometry
        if stored:
            self.restoreGeometry(QByteArray.fromBase64(stored.encode("ascii")))
        self.setMinimumSize(900, 600)
