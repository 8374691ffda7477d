"""A table for any number of rows."""

from collections.abc import Iterable
from itertools import chain, islice

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from sciapp.actions.tables import TableSource
from sciapp.i18n import Message
from sciapp.records.dataset.card import INPUT
from sciapp.ui.widgets.tables.model import TableItems
from sciapp.ui.words import tr

# Cells of text, drawn fast enough to scroll through a million rows while a training needs the processor.


_NARROWEST_CELL = 2  # pixels of a letter: how many cannot be seen
_STATE = QStyle.StateFlag
_LEFT_TO_STYLE = (_STATE.State_Selected | _STATE.State_HasFocus | _STATE.State_MouseOver).value
_LEFT, _RIGHT = (
    (side | Qt.AlignmentFlag.AlignVCenter).value | Qt.TextFlag.TextSingleLine.value
    for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)


class CellDelegate(QStyledItemDelegate):
    """Asks TableItems once for a cell where Qt's own asks seven times, which takes half as long; looks the same."""

    def __init__(self, items: TableItems, parent: QWidget) -> None:
        super().__init__(parent)
        self._items = items

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if option.state.value & _LEFT_TO_STYLE:
            super().paint(painter, option, index)
            return
        text, numeric, font = self._items.look(index.row(), index.column())
        if not text:
            return
        box, widget = option.rect, option.widget
        margin = widget.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, widget) + 1
        width = box.width() - 2 * margin
        if font is not None:
            painter.setFont(font)
        metrics = painter.fontMetrics()
        if len(text) * metrics.height() > width:  # no letter is wider than high; fewer need not be measured
            text = metrics.elidedText(text[: width // _NARROWEST_CELL], Qt.TextElideMode.ElideRight, width)
        painter.drawText(box.x() + margin, box.y(), width, box.height(), _RIGHT if numeric else _LEFT, tr(text))
        if font is not None:
            painter.setFont(option.font)


_ROWS_MEASURED = 40
_COLUMNS_MEASURED = 200  # by so many rows; those behind them by few
_FEW_ROWS = 2
_COLUMNS_GUESSED = 1_000  # those behind them by counting letters
_NARROWEST, _WIDEST, _WIDEST_HEAD = 60, 340, 170
_ROWS_COPIED = 10_000


class TableView(QTableView):
    """Shows a TableSource. A click on a column's head sorts by it; a third click gives the file's own order back.

    Every row has the same height and no width depends on rows out of sight: both would mean looking at all of them.
    Columns are as wide as the first rows need; what is left goes to the input, or else to the column with most to show.
    """

    failed = Signal(object)  # SciAppError
    busyChanged = Signal(object)

    def __init__(self, name: str, accessible: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr(accessible))
        self.placeholder = placeholder
        self._unmeasured = True
        self._roomy: tuple[int, int] | None = None  # the column that gets what is left, and the least it needs
        self._fitting = False
        self._row_height: int | None = None
        self.items = TableItems(self)
        self._prepare()
        self.setItemDelegate(CellDelegate(self.items, self))
        self.setModel(self.items)
        self.items.pageArrived.connect(self._page_arrived)
        self.items.fontsChanged.connect(self.measureAgain)
        self.items.modelReset.connect(self._measure_soon)
        self.items.modelReset.connect(self.scrollToTop)
        self.items.failed.connect(self.failed)
        self.items.busyChanged.connect(self.busyChanged)

    def showSource(self, source: TableSource | None) -> None:
        """Show these rows, or nothing."""
        header = self.horizontalHeader()
        blocked = header.blockSignals(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.blockSignals(blocked)
        self._unmeasured, self._roomy = True, None
        self.items.setSource(source)
        self.scrollToTop()

    def showHeadings(self, source: TableSource, changed: Iterable[int]) -> None:
        """The same rows with other headings in the columns `changed`, which become wide enough for them."""
        self.items.setHeadings(source)
        self._fitting = True
        for column in changed:
            self.setColumnWidth(column, max(self.columnWidth(column), min(_WIDEST, self._needed(column))))
        self._fitting = False
        self._fit()

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
        columns.sectionResized.connect(self._section_resized)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)

    # --- widths ---------------------------------------------------------------------------------------------------

    def measureAgain(self) -> None:
        """The columns are shown in another way: widths from the first rows once more."""
        self._unmeasured = True
        self._measure_soon()

    def _measure_soon(self) -> None:
        if self._unmeasured and self.items.rowCount() and self.items.isAtHand(0):
            self._measure()

    def _page_arrived(self) -> None:
        self._measure_soon()
        # Half by half, with a turn of the event loop between: the whole takes longer than a frame on a busy machine.
        whole = self.viewport().rect()
        upper = whole.adjusted(0, 0, 0, -(whole.height() // 2))
        self.viewport().repaint(upper)
        QTimer.singleShot(0, self.viewport(), lambda: self.viewport().update(whole.adjusted(0, upper.height(), 0, 0)))

    def _measure(self) -> None:
        """Widths from the first rows; called once they are at hand."""
        self._unmeasured = False
        needed = [self._needed(column) for column in range(self.items.columnCount())]
        self._fitting = True
        for column, width in enumerate(needed):
            self.setColumnWidth(column, max(_NARROWEST, min(_WIDEST, width)))
        self._fitting = False
        columns = self.items.columns()
        texts = [index for index, column in enumerate(columns) if not column.numeric]
        inputs = [index for index in texts if columns[index].key == INPUT]
        roomy = inputs[0] if inputs else max(texts, key=lambda index: needed[index], default=None)
        self._roomy = (roomy, self.columnWidth(roomy)) if roomy is not None else None
        self._fit()

    def _needed(self, column: int) -> int:
        """The width in pixels that a column's heading and first rows need."""
        head = str(self.items.headerData(column, Qt.Orientation.Horizontal))
        if column >= _COLUMNS_GUESSED:  # each look at letters takes time, and there may be thousands
            letters = max(len(head) + 4, len(str(self.items.data(self.items.index(0, column)))))
            return min(letters * self.fontMetrics().averageCharWidth() + 44, _WIDEST_HEAD)
        font = self.items.data(self.items.index(0, column), Qt.ItemDataRole.FontRole)
        metrics = QFontMetrics(font) if isinstance(font, QFont) else self.fontMetrics()
        most = _ROWS_MEASURED if column < _COLUMNS_MEASURED else _FEW_ROWS
        rows = [row for row in range(min(self.items.rowCount(), most)) if self.items.isAtHand(row)]
        cells = [str(self.items.data(self.items.index(row, column))) for row in rows]
        named = not isinstance(self.items.columns()[column].title, Message)  # a name may be of any length
        heading = min(self.fontMetrics().horizontalAdvance(head) + 28, _WIDEST_HEAD if named else _WIDEST)
        return max([heading, *map(metrics.horizontalAdvance, cells)]) + 16

    def _fit(self) -> None:
        """Give the roomy column what the others leave."""
        if self._roomy is None:
            return
        column, least = self._roomy
        others = self.horizontalHeader().length() - self.columnWidth(column)
        self._fitting = True
        self.setColumnWidth(column, max(least, self.viewport().width() - others))
        self._fitting = False

    def _section_resized(self, column: int, before: int, now: int) -> None:
        """Somebody chose a width for the roomy column: it is kept."""
        if not self._fitting and before and now and self._roomy is not None and column == self._roomy[0]:
            self._roomy = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- copying, emptiness ---------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
            return
        super().keyPressEvent(event)

    def selected_text(self) -> str:
        """The selected rows, tab-separated under their column names; at most 10,000."""
        ranges = ((part.top(), part.bottom() + 1) for part in self.selectionModel().selection().toList())
        rows = list(islice(chain.from_iterable(range(*ends) for ends in sorted(ranges)), _ROWS_COPIED))
        head = "\t".join(tr(column.title) for column in self.items.columns())
        return "\n".join([head, *("\t".join(self.items.row_text(row)) for row in rows)]) if rows else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        placeholder = self.placeholder if not self.items.rowCount() else "" if self._something_to_show() else "…"
        if not placeholder:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        box = self.viewport().rect().adjusted(24, 24, -24, -24)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, tr(placeholder))

    def _something_to_show(self) -> bool:
        """True if a row in sight is at hand; after a jump far away it is a moment until one is."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        ends = {max(first, 0), last if last >= 0 else self.items.rowCount() - 1}
        return any(self.items.askFor(row) for row in sorted(ends))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._row_height is None:
            self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
