"""The runs that have a result, in a sortable tree: a study is one line with its runs inside."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from sciapp.i18n import msg
from sciapp.records.run.summary import RunSummary, StudySummary
from sciapp.ui.results.model import ID_ROLE, SORT_ROLE, STUDY_ROLE, RunItems
from sciapp.ui.widgets.tables.row_list import offer_settings
from sciapp.ui.words import tr

NO_PROJECT = msg("Open or create a project in the Project tab; its finished runs appear here.")
NO_RUN = msg("No finished run yet. Start one in the Training tab; its scores appear here.")


class ResultList(QTreeView):
    """Tells which run or study was chosen; the choice stays while runs come and go."""

    runChosen = Signal(str)
    studyChosen = Signal(str)
    settingsWanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultRuns")
        self.setAccessibleName(tr(msg("Runs with results")))
        self.placeholder = NO_PROJECT
        self._items, self._sorted = RunItems(self), QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._items)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._sorted.setFilterKeyColumn(-1)
        self._sorted.setRecursiveFilteringEnabled(True)  # a study stays for the run inside it that matches
        self.setModel(self._sorted)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        self.selectionModel().currentRowChanged.connect(self._row_changed)
        offer_settings(self, self._ask_for_settings)

    def setRuns(self, runs: list[RunSummary]) -> None:
        """Runs with a result, and nothing else, are shown."""
        with_model = [summary for summary in runs if summary.standing.has_model]
        if with_model == self._items.runs():
            return
        chosen, study = self.selected(), self.selected_study()
        folded_out = {str(index.data(STUDY_ROLE)) for index in self._top() if self.isExpanded(index)}
        blocked = self.blockSignals(True)
        self._items.setRuns(with_model)
        self.blockSignals(blocked)
        for index in self._top():
            self.setExpanded(index, index.data(STUDY_ROLE) in folded_out)
        self._fit_columns()
        if chosen:
            self.select(chosen)
        elif study:
            self._make_current(next((i for i in self._top() if i.data(STUDY_ROLE) == study), QModelIndex()))

    def setFilter(self, text: str) -> None:
        """Show only runs of which some column holds the text."""
        self._sorted.setFilterFixedString(text)

    def selected(self) -> str:
        """The chosen run's id, or nothing."""
        index = self.currentIndex()
        return str(index.data(ID_ROLE)) if index.isValid() else ""

    def selected_study(self) -> str:
        """The chosen study's id, or nothing."""
        index = self.currentIndex()
        return str(index.data(STUDY_ROLE)) if index.isValid() else ""

    def select(self, id: str) -> bool:
        """Choose a run without announcing it, its study folds out; whether it is there."""
        index = next((index for index in self._all() if index.data(ID_ROLE) == id), None)
        if index is not None:
            self._make_current(index)
        return index is not None

    def ids(self) -> list[str]:
        """In the order shown."""
        return [id for index in self._all() if (id := str(index.data(ID_ROLE)))]

    def summary(self, id: str) -> RunSummary | None:
        return next((summary for summary in self._items.runs() if summary.id == id), None)

    def study(self, id: str) -> StudySummary | None:
        return self._items.study(id)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._sorted.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            box = self.viewport().rect().adjusted(16, 8, -16, -8)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, tr(self.placeholder))

    def _make_current(self, index: QModelIndex) -> None:
        blocked = self.blockSignals(True)
        self.setCurrentIndex(index)
        self.blockSignals(blocked)
        self.scrollTo(index)  # which folds its study out

    def _top(self) -> list[QModelIndex]:
        return [self._sorted.index(row, 0) for row in range(self._sorted.rowCount())]

    def _all(self) -> Iterator[QModelIndex]:
        """Each row, those of a study behind it."""
        for index in self._top():
            yield index
            yield from (self._sorted.index(row, 0, index) for row in range(self._sorted.rowCount(index)))

    def _fit_columns(self) -> None:
        for column in range(self._sorted.columnCount()):
            self.resizeColumnToContents(column)
        for column in (2, 3):
            self.setColumnWidth(column, min(self.columnWidth(column), 240))

    def _ask_for_settings(self) -> None:
        if id := self.selected():
            self.settingsWanted.emit(id)

    def _row_changed(self, current: QModelIndex) -> None:
        if id := current.data(ID_ROLE):
            self.runChosen.emit(str(id))
        elif study := current.data(STUDY_ROLE):
            self.studyChosen.emit(str(study))
