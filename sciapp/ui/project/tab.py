"""The Project tab: what the project is and holds."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sciapp.actions import projects as projects_actions
from sciapp.actions.domains import domain_title
from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.formatting import size_text
from sciapp.records.project.project import Project
from sciapp.records.run.summary import RunSummary
from sciapp.ui.messages import Messages
from sciapp.ui.project.clean_up import CleaningController
from sciapp.ui.project.page import ProjectPage
from sciapp.ui.session import Session
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery


class ProjectTab(QWidget):
    """Name and notes are saved when they are left; datasets and runs open their tab on a double-click or Enter."""

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._ended: list[RunSummary] = []
        self._measuring = LatestQuery(self)
        self.page = ProjectPage(self)
        self.cleaning = CleaningController(session, messages, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect()

    def save(self) -> None:
        """Keep what was typed; called when a field is left, and before the project is closed."""
        project = self._session.project
        if project is None or self._session.read_only:
            return
        name = self.page.name.text().strip() or project.name
        self.page.name.setText(name)
        edited = project.record.model_copy(update={"name": name, "notes": self.page.notes.toPlainText()})
        try:
            self._session.edit(edited)
        except (SciAppError, OSError) as error:
            self._messages.error(error, self)

    def _opened(self, project: Project) -> None:
        self.page.show_datasets([])
        self.page.runs.setRuns([])
        self.page.use.setText("…")
        self._show(project)
        self._measure()

    def _show(self, project: Project) -> None:
        self.page.name.setText(project.name)
        self.page.domain.setText(tr(domain_title(project.record.domain)))
        self.page.folder.setText(str(project.folder))
        if self.page.notes.toPlainText() != project.record.notes:
            self.page.notes.setPlainText(project.record.notes)
        self.page.set_read_only(project.read_only)

    def _closed(self) -> None:
        self._measuring.drop()
        self._ended = []
        self.page.clear()

    def _show_datasets(self, cards: list[DatasetCard]) -> None:
        self.page.show_datasets(cards, self._session.damaged)
        self._measure()

    def _show_runs(self, runs: list[RunSummary]) -> None:
        before = {summary.id for summary in self._ended}
        self.page.runs.setRuns(runs)
        self._ended = [summary for summary in runs if summary.standing.is_over]
        if {summary.id for summary in self._ended} != before:
            self._measure()  # a run that ended left a model behind

    def _measure(self) -> None:
        """Disk use walks the whole folder, so it is asked off the window's thread."""
        project = self._session.project
        if project is not None:
            self._measuring.ask(
                lambda _: projects_actions.disk_use(project=project),
                lambda size: self.page.use.setText(tr(size_text(size))),
            )

    def _open_dataset(self, id: str) -> None:
        damage = next((one for one in self._session.damaged if one.id == id), None)
        if damage is not None:
            self._messages.error(damage.error(), self)
            return
        self._session.select_dataset(id)
        self._session.request_tab("data")

    def _open_run(self, id: str) -> None:
        known = {summary.id: summary for summary in self._session.runs}
        self._session.select_run(id)
        if id in known and known[id].facts.compresses:
            self._session.request_tab("compression")
        elif id in known and known[id].standing.has_model:
            self._session.request_tab("results")
        else:
            self._session.request_tab("training")

    def _show_folder(self) -> None:
        if self._session.project is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.project.folder)))

    def _connect(self) -> None:
        self.page.edited.connect(self.save)
        self.page.datasetChosen.connect(self._open_dataset)
        self.page.runChosen.connect(self._open_run)
        self.page.runs.settingsWanted.connect(self._session.request_settings)
        self.page.folderRequested.connect(self._show_folder)
        self.page.cleanUpRequested.connect(self.cleaning.open)
        self.cleaning.freed.connect(self._measure)
        self._measuring.failed.connect(lambda _: self.page.use.setText(tr(msg("not known"))))
        self._session.projectOpened.connect(self._opened)
        self._session.projectChanged.connect(self._show)
        self._session.projectClosed.connect(self._closed)
        self._session.datasetsChanged.connect(self._show_datasets)
        self._session.damageChanged.connect(lambda _: self._show_datasets(self._session.datasets))
        self._session.runsChanged.connect(self._show_runs)
