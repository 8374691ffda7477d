"""The Project tab: what the project is, what happened in it, and what comes next."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sciapp.actions import projects as projects_actions
from sciapp.actions.dataset_versions import target_choices
from sciapp.actions.domains import domain_rows, domain_title
from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.formatting import size_text
from sciapp.records.project.project import Project
from sciapp.records.run.summary import RunSummary
from sciapp.ui.frame.commands import open_run
from sciapp.ui.messages import Messages
from sciapp.ui.project.clean_up import CleaningController
from sciapp.ui.project.item_controller import ItemController
from sciapp.ui.project.page import ProjectPage
from sciapp.ui.project.timeline import Entry, NextStep, next_step, tiles, timeline
from sciapp.ui.project.version_dialog import VersionDialog
from sciapp.ui.session import Session
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery


class ProjectTab(QWidget):
    """Name and notes are saved when they are left; cards of datasets and runs open the tab that shows them."""

    importRequested = Signal()

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._ended: list[RunSummary] = []
        self._read: set[str] = set()  # of a project that was just opened: what is known by now
        self._measuring, self._reading = LatestQuery(self), LatestQuery(self)
        self.page = ProjectPage(self)
        self.cleaning = CleaningController(session, messages, self)
        self.items = ItemController(session, messages, self)
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
        self._read = set()
        self.page.timeline.set_loading()
        self.page.show_disk_use("…")
        self._show(project)
        self._measure()

    def _show(self, project: Project) -> None:
        self.page.name.setText(project.name)
        self.page.domain.setText(tr(domain_title(project.record.domain)))
        self.page.folder.setText(str(project.folder))
        rows = domain_rows(project.record.domain)
        self.page.header.set_sentence(
            msg("{name} · {rows} · in {folder}", name=project.name, rows=rows, folder=project.folder)
        )
        if self.page.notes.toPlainText() != project.record.notes:
            self.page.notes.setPlainText(project.record.notes)
        self.page.set_read_only(project.read_only)

    def _closed(self) -> None:
        self._measuring.drop()
        self._ended = []
        self.page.clear()

    def _show_datasets(self) -> None:
        self._read.add("datasets")
        self._show_timeline()
        self._measure()

    def _show_runs(self, runs: list[RunSummary]) -> None:
        self._read.add("runs")
        before = {summary.id for summary in self._ended}
        self._show_timeline()
        self._ended = [summary for summary in runs if summary.standing.is_over]
        if {summary.id for summary in self._ended} != before:
            self._measure()  # a run that ended left a model behind

    def _show_timeline(self) -> None:
        """Datasets and runs come one after the other: until both are there nothing is said to be empty."""
        project, session = self._session.project, self._session
        if project is None or self._read != {"datasets", "runs"}:
            return
        entries = timeline(session.datasets, session.damaged, session.runs)
        step = None if session.read_only else next_step(session.datasets, session.runs)
        self.page.timeline.set_entries(entries, step)
        self.page.show_tiles(*tiles(session.datasets, session.runs, domain_rows(project.record.domain)))

    def _measure(self) -> None:
        """Disk use walks the whole folder, so it is asked off the window's thread."""
        project = self._session.project
        if project is not None:
            self._measuring.ask(
                lambda _: projects_actions.disk_use(project=project),
                lambda size: self.page.show_disk_use(size_text(size)),
            )

    def _open_dataset(self, id: str) -> None:
        damage = next((one for one in self._session.damaged if one.id == id), None)
        if damage is not None:
            self._messages.error(damage.error(), self)
            return
        self._session.select_dataset(id)
        self._session.request_tab("data")

    def _open_entry(self, entry: Entry) -> None:
        if entry.item is None:
            return
        if entry.item.kind == "dataset":
            self._open_dataset(entry.item.id)
        else:
            open_run(self._session, entry.item.id)

    def _take_step(self, step: NextStep) -> None:
        if step.verb == "import":
            self.importRequested.emit()
        elif step.verb == "train":
            self._session.select_dataset(step.dataset)
            self._session.request_tab("training")
        else:
            open_run(self._session, step.run)

    def _ask_version(self, dataset: str) -> None:
        project = self._session.project
        card = next((card for card in self._session.datasets if card.id == dataset), None)
        if project is None or card is None:
            return
        self._reading.ask(
            lambda _: target_choices(project=project, dataset=dataset), lambda names: self._show_version(card, names)
        )

    def _show_version(self, card: DatasetCard, targets: tuple[str, ...]) -> None:
        dialog = VersionDialog(card, targets, self)
        dialog.chosen.connect(lambda wishes: self.items.derive(card.id, wishes))
        dialog.open()

    def _show_folder(self) -> None:
        if self._session.project is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.project.folder)))

    def _connect(self) -> None:
        self.page.edited.connect(self.save)
        page, items = self.page.timeline, self.items
        page.opened.connect(self._open_entry)
        page.stepTaken.connect(self._take_step)
        page.renamed.connect(items.rename)
        page.deleteRequested.connect(lambda item: items.delete([item]))
        page.notesRequested.connect(lambda entry: items.edit_notes(entry.item, tr(entry.name)))
        page.settingsRequested.connect(self._session.request_settings)
        page.versionRequested.connect(self._ask_version)
        page.undoRequested.connect(items.undo)
        self.page.trashRequested.connect(items.show_trash)
        items.trashChanged.connect(self.page.show_trash_count)
        items.changed.connect(self._measure)
        self.page.folderRequested.connect(self._show_folder)
        self.page.cleanUpRequested.connect(self.cleaning.open)
        self.cleaning.freed.connect(self._measure)
        self._reading.failed.connect(lambda error: self._messages.error(error, self))
        self._measuring.failed.connect(lambda _: self.page.show_disk_use(msg("not known")))
        self._session.projectOpened.connect(self._opened)
        self._session.projectChanged.connect(self._show)
        self._session.projectClosed.connect(self._closed)
        self._session.datasetsChanged.connect(lambda _: self._show_datasets())
        self._session.damageChanged.connect(lambda _: self._show_timeline())
        self._session.runsChanged.connect(self._show_runs)
