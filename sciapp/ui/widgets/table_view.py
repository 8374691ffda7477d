"""A table for any number of rows."""

from itertools import chain, islice

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from sciapp.ui.items.table_items import TableItems
from sciapp.workers.tables import TableSource

_ROWS_MEASURED = 40
_NARROWEST, _WIDEST, _WIDEST_HEAD = 60, 340, 170
_ROWS_COPIED = 10_000


class TableView(QTableView):
    """Shows a TableSource. A click on a column's head sorts by it; a third click gives the file's own order back.

    Every row has the same height and no width depends on rows out of sight: both would mean looking at all of them.
    """

    failed = Signal(object)  # SciAppError
    busyChanged = Signal(str)

    def __init__(self, name: str, accessible: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.placeholder = placeholder
        self._unmeasured = True
        self._row_height: int | None = None
        self.items = TableItems(self)
        self._prepare()
        self.setModel(self.items)
        self.items.pageArrived.connect(self._page_arrived)
        self.items.modelReset.connect(self._measure_soon)
        self.items.failed.connect(self.failed)
        self.items.busyChanged.connect(self.busyChanged)

    def showSource(self, source: TableSource | None) -> None:
        """Show these rows, or nothing."""
        header = self.horizontalHeader()
        blocked = header.blockSignals(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.blockSignals(blocked)
        self._unmeasured = True
        self.items.setSource(source)
        self.scrollToTop()

    def setHeightOfRows(self, pixels: int | None) -> None:
        """The same for all rows; None: as a line of text needs."""
        self._row_height = pixels
        first = self.rowAt(0)
        self.verticalHeader().setDefaultSectionSize(pixels or self.fontMetrics().height() + 8)
        if first >= 0:
            self.scrollTo(self.items.index(first, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def _prepare(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 8)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows.setVisible(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        columns.setStretchLastSection(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)

    # --- widths ---------------------------------------------------------------------------------------------------

    def _measure_soon(self) -> None:
        if self._unmeasured and (source := self.items.source()) is not None and source.at_hand:
            self._measure()

    def _page_arrived(self) -> None:
        if self._unmeasured:
            self._measure()
        self.viewport().update()

    def _measure(self) -> None:
        """Widths from the first rows; called once they are at hand."""
        self._unmeasured = False
        columns = self.items.columns()
        self.horizontalHeader().setStretchLastSection(bool(columns) and not columns[-1].numeric)
        metrics, rows = self.fontMetrics(), min(self.items.rowCount(), _ROWS_MEASURED)
        for column in range(self.items.columnCount()):
            head = str(self.items.headerData(column, Qt.Orientation.Horizontal))
            cells = [str(self.items.data(self.items.index(row, column))) for row in range(rows)]
            heading = min(metrics.horizontalAdvance(head) + 28, _WIDEST_HEAD)
            width = max([heading, *map(metrics.horizontalAdvance, cells)])
            self.setColumnWidth(column, max(_NARROWEST, min(_WIDEST, width + 16)))

    # --- copying, emptiness ---------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
            return
        super().keyPressEvent(event)

    def selected_text(self) -> str:
        """The selected rows, tab-separated under their column names; at most 10,000."""
        ranges = ((part.top(), part.bottom() + 1) for part in self.selectionModel().selection())
        rows = list(islice(chain.from_iterable(range(*ends) for ends in sorted(ranges)), _ROWS_COPIED))
        head = "\t".join(column.title for column in self.items.columns())
        return "\n".join([head, *("\t".join(self.items.row_text(row)) for row in rows)]) if rows else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.placeholder and not self.items.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            box = self.viewport().rect().adjusted(24, 24, -24, -24)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.placeholder)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._row_height is None:
            self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
