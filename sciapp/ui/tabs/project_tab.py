"""The Project tab: the start page, then what the project is and holds."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sciapp.errors import SciAppError
from sciapp.records.dataset import DatasetCard
from sciapp.records.project import Project
from sciapp.records.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.dialogs.new_project import DOMAINS
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.widgets.run_list import RunList
from sciapp.ui.widgets.start_page import StartPage
from sciapp.workers import verbs
from sciapp.workers.query import Query


class ProjectTab(QWidget):
    """Name and notes are saved when they are left; datasets and runs open their tab on a double-click."""

    newRequested = Signal()
    openRequested = Signal()
    sampleRequested = Signal()
    projectChosen = Signal(object)  # Path

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._query: Query | None = None
        self.start_page = StartPage(self)
        self._name = QLineEdit(self)
        self._name.setObjectName("projectName")
        self._name.setAccessibleName("Project name")
        self._domain = QLabel(self)
        self._folder = QLabel(self)
        self._folder.setWordWrap(True)
        self._use = QLabel(self)
        self._use.setObjectName("diskUse")
        self._notes = QPlainTextEdit(self)
        self._notes.setObjectName("projectNotes")
        self._notes.setAccessibleName("Notes")
        self._notes.setPlaceholderText("What was measured, how, by whom; saved with the project.")
        self._notes.setTabChangesFocus(True)
        self._datasets = QListWidget(self)
        self._datasets.setObjectName("projectDatasets")
        self._datasets.setAccessibleName("Datasets")
        self._datasets.setAlternatingRowColors(True)
        self._runs = RunList(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.start_page)
        self._stack.addWidget(self._page())
        layout = QVBoxLayout(self)
        layout.addWidget(self._stack)
        self._connect()

    def save(self) -> None:
        """Keep what was typed; called when a field is left, and before the project is closed."""
        project = self._session.project
        if project is None or self._session.read_only:
            return
        name = self._name.text().strip() or project.name
        edited = project.record.model_copy(update={"name": name, "notes": self._notes.toPlainText()})
        try:
            self._session.edit(edited)
        except SciAppError as error:
            self._messages.error(error, self)

    def _opened(self, project: Project) -> None:
        self._show(project)
        self._stack.setCurrentIndex(1)
        self._measure()

    def _show(self, project: Project) -> None:
        self._name.setText(project.name)
        self._domain.setText(dict(DOMAINS)[project.record.domain])
        self._folder.setText(str(project.folder))
        if self._notes.toPlainText() != project.record.notes:
            self._notes.setPlainText(project.record.notes)
        for field in (self._name, self._notes):
            field.setReadOnly(project.read_only)

    def _closed(self) -> None:
        self._stack.setCurrentIndex(0)
        self._datasets.clear()
        self._runs.setRowCount(0)
        self._use.clear()
        self._notes.clear()

    def _show_datasets(self, cards: list[DatasetCard]) -> None:
        self._datasets.clear()
        for card in cards:
            targets = ", ".join(card.target_names)
            item = QListWidgetItem(f"{card.name}  ·  {card.rows_kept:,} rows, {card.task} of {targets}")
            item.setData(Qt.ItemDataRole.UserRole, card.id)
            item.setToolTip(f"{card.id}\n{card.source.file_name}")
            self._datasets.addItem(item)
        self._measure()

    def _show_runs(self, runs: list[RunSummary]) -> None:
        self._runs.setRuns(runs)

    def _measure(self) -> None:
        """Disk use walks the whole folder, so it is asked off the window's thread."""
        project = self._session.project
        if project is None:
            return
        self._query = Query(lambda _: verbs.disk_use(project=project), self)
        self._query.answered.connect(lambda size: self._use.setText(readable_size(size)))
        self._query.begin()

    def _open_dataset(self, item: QListWidgetItem) -> None:
        self._session.select_dataset(item.data(Qt.ItemDataRole.UserRole))
        self._session.request_tab("data")

    def _open_run(self, id: str) -> None:
        over = {summary.id: summary for summary in self._session.runs}
        self._session.select_run(id)
        finished = id in over and over[id].score is not None
        self._session.request_tab("results" if finished else "training")

    def _show_folder(self) -> None:
        if self._session.project is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.project.folder)))

    def _connect(self) -> None:
        self.start_page.newRequested.connect(self.newRequested)
        self.start_page.openRequested.connect(self.openRequested)
        self.start_page.sampleRequested.connect(self.sampleRequested)
        self.start_page.projectChosen.connect(self.projectChosen)
        self._name.editingFinished.connect(self.save)
        self._datasets.itemActivated.connect(self._open_dataset)
        self._runs.runChosen.connect(self._open_run)
        self._session.projectOpened.connect(self._opened)
        self._session.projectChanged.connect(self._show)
        self._session.projectClosed.connect(self._closed)
        self._session.datasetsChanged.connect(self._show_datasets)
        self._session.runsChanged.connect(self._show_runs)

    def _page(self) -> QWidget:
        show = QPushButton("Show folder", self)
        show.setObjectName("showProjectFolder")
        show.setToolTip("Open the project's folder in the file manager.")
        show.clicked.connect(self._show_folder)
        place = QHBoxLayout()
        place.addWidget(self._folder, 1)
        place.addWidget(show)
        form = QFormLayout()
        form.addRow("&Name", self._name)
        form.addRow("A row is a", self._domain)
        form.addRow("Folder", place)
        form.addRow("Disk use", self._use)
        form.addRow("N&otes", self._notes)
        left = QWidget(self)
        left.setLayout(form)
        right = QWidget(self)
        column = QVBoxLayout(right)
        for text, part, stretch in (("Datasets", self._datasets, 1), ("Runs", self._runs, 3)):
            label = QLabel(f"<b>{text}</b>", self)
            label.setBuddy(part)
            column.addWidget(label)
            column.addWidget(part, stretch)
        splitter = QSplitter(self)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([380, 700])
        for part in (form, column):
            part.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        return splitter


def readable_size(size: int) -> str:
    """“13.4 MB”."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
