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

from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.damage import DamagedDataset
from sciapp.ui import theme
from sciapp.ui.project.run_list import RunList
from sciapp.ui.widgets.labels import ElidedLabel


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
        self.name.setAccessibleName("Project name")
        self.name.setToolTip("How the project is called in lists and reports; its folder keeps its name.")
        self.domain = QLabel(self)
        self.domain.setObjectName("projectDomain")
        self.folder = ElidedLabel(self)
        self.folder.setObjectName("projectFolder")
        self.use = QLabel(self)
        self.use.setObjectName("diskUse")
        self.notes = NotesEdit(self)
        self.notes.setObjectName("projectNotes")
        self.notes.setAccessibleName("Notes")
        self.notes.setToolTip("Saved with the project when you leave the field, or with Ctrl+S.")
        self.notes.setPlaceholderText("What was measured, how, by whom. Saved with the project.")
        self.notes.setTabChangesFocus(True)
        self.show_folder = QPushButton("&Show folder", self)
        self.show_folder.setObjectName("showProjectFolder")
        self.show_folder.setAccessibleName("Show the project's folder")
        self.show_folder.setToolTip("Open the project's folder in the file manager.")
        self.clean_up = QPushButton("Free up s&pace…", self)
        self.clean_up.setObjectName("freeUpSpace")
        self.clean_up.setToolTip("See what takes how much of the disk, and remove what is not needed any more.")
        self.datasets = QListWidget(self)
        self.datasets.setObjectName("projectDatasets")
        self.datasets.setAccessibleName("Datasets")
        self.datasets.setToolTip("Double-click a dataset, or press Enter, to look at its rows.")
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
            targets = ", ".join(card.target_names)
            item = QListWidgetItem(f"{card.name}  ·  {card.rows_kept:,} rows  ·  {card.task} of {targets}")
            item.setData(Qt.ItemDataRole.UserRole, card.id)
            item.setToolTip(f"{card.id}, from {card.source.file_name}: {card.task} of {targets}")
            self.datasets.addItem(item)
        for one in damaged:
            item = QListWidgetItem(f"{one.id}  ·  damaged: {one.reason}")
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            item.setToolTip(f"{one.message} {one.hint}")
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
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self.show_folder)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("&Name", self.name)
        form.addRow("A row is", self.domain)
        form.addRow("Folder", place)
        use = QHBoxLayout()
        use.addWidget(self.use, 1)
        use.addWidget(self.clean_up)
        form.addRow("Disk use", use)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.addLayout(form)
        _under_heading(column, "N&otes", self.notes, 1)
        right = QWidget(self)
        lists = QVBoxLayout(right)
        _under_heading(lists, "D&atasets", self.datasets, 1)
        self._no_datasets = QLabel("No data yet: import a table in the Data tab (Ctrl+I).", self)
        lists.addWidget(self._no_datasets)
        _under_heading(lists, "R&uns", self.runs, 3)
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
    heading = QLabel(text)
    font = heading.font()
    font.setBold(True)
    heading.setFont(font)  # not rich text, in which & would be no key
    heading.setBuddy(part)
    column.addWidget(heading)
    column.addWidget(part, stretch)
