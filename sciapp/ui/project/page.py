"""Page of an open project: facts, datasets and runs."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
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
    QVBoxLayout,
    QWidget,
)

from sciapp.actions.tasks import targets_title
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.damage import DamagedDataset
from sciapp.ui import theme
from sciapp.ui.project.run_list import RunList
from sciapp.ui.widgets.labels import ElidedLabel
from sciapp.ui.words import tr


class NotesEdit(QPlainTextEdit):
    """Free text that says when it was left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own context menu is no leaving
            self.left.emit()


class ProjectPage(QWidget):
    """Takes what is to be shown; tells what was edited or chosen. Knows no project."""

    edited = Signal()  # a field was left
    datasetChosen = Signal(str)
    runChosen = Signal(str)
    folderRequested = Signal()
    cleanUpRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(self)
        self.name.setObjectName("projectName")
        self.name.setAccessibleName(tr(msg("Project name")))
        self.name.setToolTip(tr(msg("How the project is called in lists and reports; its folder keeps its name.")))
        self.domain = QLabel(self)
        self.domain.setObjectName("projectDomain")
        self.folder = ElidedLabel(self)
        self.folder.setObjectName("projectFolder")
        self.use = QLabel(self)
        self.use.setObjectName("diskUse")
        self.notes = NotesEdit(self)
        self.notes.setObjectName("projectNotes")
        self.notes.setAccessibleName(tr(msg("Notes")))
        self.notes.setToolTip(tr(msg("Saved with the project when you leave the field, or with Ctrl+S.")))
        self.notes.setPlaceholderText(tr(msg("What was measured, how, by whom. Saved with the project.")))
        self.notes.setTabChangesFocus(True)
        self.show_folder = QPushButton(tr(msg("&Show folder")), self)
        self.show_folder.setObjectName("showProjectFolder")
        self.show_folder.setAccessibleName(tr(msg("Show the project's folder")))
        self.show_folder.setToolTip(tr(msg("Open the project's folder in the file manager.")))
        self.clean_up = QPushButton(tr(msg("Free up s&pace…")), self)
        self.clean_up.setObjectName("freeUpSpace")
        self.clean_up.setToolTip(
            tr(msg("See what takes how much of the disk, and remove what is not needed any more."))
        )
        self.datasets = QListWidget(self)
        self.datasets.setObjectName("projectDatasets")
        self.datasets.setAccessibleName(tr(msg("Datasets")))
        self.datasets.setToolTip(tr(msg("Double-click a dataset, or press Enter, to look at its rows.")))
        self.datasets.setAlternatingRowColors(True)
        self.datasets.setSpacing(2)
        self.datasets.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.datasets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.runs = RunList(self)
        self._lay_out()
        self.name.editingFinished.connect(self.edited)
        self.notes.left.connect(self.edited)
        self.show_folder.clicked.connect(self.folderRequested)
        self.clean_up.clicked.connect(self.cleanUpRequested)
        self.datasets.itemActivated.connect(lambda item: self.datasetChosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.runs.runChosen.connect(self.runChosen)

    def show_datasets(self, cards: list[DatasetCard], damaged: Sequence[DamagedDataset] = ()) -> None:
        """Oldest first, as they were imported; below them those that cannot be read."""
        chosen = self.datasets.currentRow()
        self.datasets.clear()
        for card in cards:
            targets = targets_title(card)
            learnt = msg("{task} of {targets}", task=term(card.task), targets=targets)
            line = msg("{name}  ·  {rows:,} rows  ·  {learnt}", name=card.name, rows=card.rows_kept, learnt=learnt)
            item = QListWidgetItem(tr(line))
            item.setData(Qt.ItemDataRole.UserRole, card.id)
            item.setToolTip(
                tr(msg("{id}, from {file}: {learnt}", id=card.id, file=card.source.file_name, learnt=learnt))
            )
            self.datasets.addItem(item)
        for one in damaged:
            item = QListWidgetItem(tr(msg("{id}  ·  damaged: {reason}", id=one.id, reason=one.reason)))
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            item.setToolTip(tr(joined([one.message, one.hint])))
            self.datasets.addItem(item)
        self.datasets.setCurrentRow(min(chosen, self.datasets.count() - 1))
        self._no_datasets.setVisible(self.datasets.count() == 0)

    def clear(self) -> None:
        """Show nothing: the project was closed."""
        self.show_datasets([])
        self.runs.setRuns([])
        for part in (self.name, self.domain, self.use, self.notes):
            part.clear()
        self.folder.setText("")

    def set_read_only(self, read_only: bool) -> None:
        """Show everything, take no edits."""
        self.name.setReadOnly(read_only)
        self.notes.setReadOnly(read_only)
        self.clean_up.setEnabled(not read_only)

    def _lay_out(self) -> None:
        folder_row = QHBoxLayout()
        folder_row.addWidget(self.folder, 1)
        folder_row.addWidget(self.show_folder)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr(msg("&Name")), self.name)
        form.addRow(tr(msg("A row is")), self.domain)
        form.addRow(tr(msg("Folder")), folder_row)
        use = QHBoxLayout()
        use.addWidget(self.use, 1)
        use.addWidget(self.clean_up)
        form.addRow(tr(msg("Disk use")), use)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.addLayout(form)
        _under_heading(column, msg("N&otes"), self.notes, 1)
        right = QWidget(self)
        lists = QVBoxLayout(right)
        _under_heading(lists, msg("D&atasets"), self.datasets, 1)
        self._no_datasets = QLabel(tr(msg("No data yet: import a table in the Data tab (Ctrl+I).")), self)
        lists.addWidget(self._no_datasets)
        _under_heading(lists, msg("R&uns"), self.runs, 3)
        splitter = QSplitter(self)
        for part, layout in ((left, column), (right, lists)):
            layout.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
            layout.setSpacing(theme.SPACING)
            splitter.addWidget(part)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([380, 700])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)
        order = (self.name, self.show_folder, self.clean_up, self.notes, self.datasets, self.runs)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)


def _under_heading(column: QVBoxLayout, text: str, part: QWidget, stretch: int) -> None:
    heading = QLabel(tr(text))
    font = heading.font()
    font.setBold(True)
    heading.setFont(font)  # not rich text, in which & would be no key
    heading.setBuddy(part)
    column.addWidget(heading)
    column.addWidget(part, stretch)
