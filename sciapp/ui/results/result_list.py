"""The runs that have a result, in a sortable table."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from sciapp.records.run.summary import RunSummary
from sciapp.ui.results.model import ID_ROLE, SORT_ROLE, RunItems
from sciapp.ui.widgets.tables.row_list import make_row_list, offer_settings

NO_PROJECT = "Open or create a project in the Project tab; its finished runs appear here."
NO_RUN = "No finished run yet. Start one in the Training tab; its scores appear here."


class ResultList(QTableView):
    """Tells which run was chosen; the choice stays while runs come and go."""

    runChosen = Signal(str)
    settingsWanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultRuns")
        self.setAccessibleName("Runs with results")
        self.placeholder = NO_PROJECT
        self._items, self._sorted = RunItems(self), QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._items)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        make_row_list(self)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        self.selectionModel().currentRowChanged.connect(self._row_changed)
        offer_settings(self, self._ask_for_settings)

    def setRuns(self, runs: list[RunSummary]) -> None:
        """Runs with a result, and nothing else, are shown."""
        shown = [summary for summary in runs if summary.standing.has_model]
        if shown == self._items.runs():
            return
        chosen = self.selected()
        blocked = self.blockSignals(True)
        self._items.setRuns(shown)
        self.blockSignals(blocked)
        self.resizeColumnsToContents()
        for column in (2, 3):
            self.setColumnWidth(column, min(self.columnWidth(column), 240))
        if chosen:
            self.select(chosen)

    def selected(self) -> str:
        """The chosen run's id, or nothing."""
        index = self.currentIndex()
        return str(index.data(ID_ROLE)) if index.isValid() else ""

    def select(self, id: str) -> bool:
        """Choose a run without announcing it; whether it is there."""
        for row in range(self._sorted.rowCount()):
            index = self._sorted.index(row, 0)
            if index.data(ID_ROLE) == id:
                blocked = self.blockSignals(True)
                self.setCurrentIndex(index)
                self.blockSignals(blocked)
                self.scrollTo(index)
                return True
        return False

    def ids(self) -> list[str]:
        """In the order shown."""
        return [str(self._sorted.index(row, 0).data(ID_ROLE)) for row in range(self._sorted.rowCount())]

    def summary(self, id: str) -> RunSummary | None:
        return next((summary for summary in self._items.runs() if summary.id == id), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._sorted.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            box = self.viewport().rect().adjusted(16, 8, -16, -8)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.placeholder)

    def _ask_for_settings(self) -> None:
        if id := self.selected():
            self.settingsWanted.emit(id)

    def _row_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.runChosen.emit(str(current.data(ID_ROLE)))
