"""A Qt model over rows that stay on disk: any number of them, a few pages in memory."""

from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase

from sciapp.actions.domains import cell_summary
from sciapp.actions.tables import Column, Page, TableSource, sorted_source
from sciapp.i18n import joined, msg, term
from sciapp.records.formatting import cell_text
from sciapp.ui.words import tr
from sciapp.workers.query import Query

_PAGES_KEPT = 8
_SHOWN_LETTERS = 300
_TIP_LETTERS = 2000
_ALIGN_NUMBER = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGN_TEXT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

Index = QModelIndex | QPersistentModelIndex


class TableItems(QAbstractTableModel):
    """Cells of a TableSource. A page that is not in memory is fetched on another thread; meanwhile cells show “…”."""

    pageArrived = Signal()
    fontsChanged = Signal()
    busyChanged = Signal(object)  # what is being done to the whole table; empty: nothing
    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._natural: TableSource | None = None
        self._source: TableSource | None = None
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._fetch: Query | None = None
        self._fetched, self._wanted = -1, -1
        self._failed: set[int] = set()  # pages that cannot be read: their cells stay empty
        self._sorting: Query | None = None
        self._fixed: frozenset[str] = frozenset()
        self._fixed_font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)

    def setFixedWidth(self, keys: Iterable[str]) -> None:
        """Columns in whose cells every letter is as wide as the next: units of two rows stand below each other."""
        if (fixed := frozenset(keys)) != self._fixed:
            self._fixed = fixed
            self.fontsChanged.emit()

    def setSource(self, source: TableSource | None) -> None:
        """Show these rows in their own order, or nothing."""
        self._stop_sorting()
        self._natural = source
        self._show(source)

    def setHeadings(self, source: TableSource) -> None:
        """The same rows with other headings: nothing is read again, and nothing scrolls."""
        self._natural = self._source = source
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(source.columns) - 1)

    def source(self) -> TableSource | None:
        """The rows as they are shown now, sorted or not."""
        return self._source

    def natural(self) -> TableSource | None:
        """The rows in the order they came in."""
        return self._natural

    def columns(self) -> tuple[Column, ...]:
        return self._source.columns if self._source is not None else ()

    def isAtHand(self, row: int) -> bool:
        """True if a row's cells can be looked at without waiting."""
        return self._source is not None and (self._source.at_hand or self._source.locate(row)[0] in self._pages)

    def row_text(self, row: int) -> list[str]:
        """The cells of a row in full, for copying; empty ones while the page is on its way."""
        return [plain(self._cell(row, column)) for column in range(len(self.columns()))]

    def look(self, row: int, column: int) -> tuple[str, bool, QFont | None]:
        """A cell on one line, whether it is a number, and the font where it is not the table's."""
        kind = self.columns()[column]
        return one_line(self._cell(row, column)), kind.numeric, self._fixed_font if kind.key in self._fixed else None

    def askFor(self, row: int) -> bool:
        """True if a row's cells are at hand; where they are not, they are on their way now."""
        return self._cell(row, 0) is not ...

    # --- what Qt asks ---------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (an invalid index is a value)
        return 0 if parent.isValid() or self._source is None else self._source.row_count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._cell(index.row(), index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN_NUMBER if self.columns()[index.column()].numeric else _ALIGN_TEXT
        if role == Qt.ItemDataRole.ToolTipRole:
            text = plain(self._cell(index.row(), index.column()))
            return text[:_TIP_LETTERS] if len(text) > 20 else None
        if role == Qt.ItemDataRole.FontRole and self.columns()[index.column()].key in self._fixed:
            return self._fixed_font
        if role == Qt.ItemDataRole.UserRole:  # the whole cell; empty while its page is on its way
            cell = self._cell(index.row(), index.column())
            return "" if cell is ... else plain(cell)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return tr(msg("{row:,}", row=section + 1)) if role == Qt.ItemDataRole.DisplayRole else None
        if section >= len(self.columns()):
            return None
        column = self.columns()[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN_NUMBER if column.numeric else _ALIGN_TEXT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(joined([column.title, column.role], ": "))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort all rows on another thread; column -1: back to the order of the file."""
        self._stop_sorting()
        natural = self._natural
        if natural is None:
            return
        if not 0 <= column < len(natural.columns):
            if self._source is not natural:
                self._show(natural)
            return
        descending = order is Qt.SortOrder.DescendingOrder
        query = Query(lambda progress: sorted_source(natural, column, descending, progress), self)
        query.answered.connect(self._take_sorted)
        query.failed.connect(self._sorting_failed)
        self._sorting = query
        self.busyChanged.emit(msg("Sorting…"))
        query.begin()

    # --- pages ----------------------------------------------------------------------------------------------------

    def _cell(self, row: int, column: int) -> object:
        source = self._source
        if source is None:
            return None
        number, offset = source.locate(row)
        page = self._pages.get(number)
        if page is None:
            if number in self._failed:
                return None
            if not source.at_hand:
                self._request(number)
                return ...
            page = source.read(number)
            self._keep(number, page)
        else:
            self._pages.move_to_end(number)
        cell = page.cell(offset, column)
        return term(cell) if source.columns[column].terms and isinstance(cell, str) else cell

    def _keep(self, number: int, page: Page) -> None:
        self._pages[number] = page
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)

    def _request(self, number: int) -> None:
        """Fetch one page at a time; of the wishes that pile up meanwhile only the newest counts."""
        self._wanted = number
        source = self._source
        if self._fetch is not None or source is None:
            return
        query = Query(lambda _: source.read(number), self)
        query.answered.connect(self._take_page)
        query.failed.connect(self._fetch_failed)
        self._fetch, self._fetched, self._wanted = query, number, -1
        query.begin()

    def _take_page(self, page: Page) -> None:
        if self.sender() is not self._fetch:
            return
        number, wanted = self._fetched, self._wanted
        self._fetch = None
        self._keep(number, page)
        if wanted >= 0 and wanted not in self._pages:
            self._request(wanted)
        # No dataChanged: it would make the view look at every row; whoever shows the table repaints what is visible.
        self.pageArrived.emit()

    def _fetch_failed(self, error: object) -> None:
        if self.sender() is self._fetch:
            # Remembered, so that repainting does not ask, and fail, again and again; other pages are still to be had.
            announced = bool(self._failed)
            self._failed.add(self._fetched)
            wanted, self._fetch = self._wanted, None
            if wanted >= 0 and wanted not in self._pages and wanted not in self._failed:
                self._request(wanted)
            if not announced:
                self.failed.emit(error)
            self.pageArrived.emit()

    # --- whole tables ---------------------------------------------------------------------------------------------

    def _show(self, source: TableSource | None) -> None:
        self.beginResetModel()
        self._source = source
        self._pages.clear()
        self._failed.clear()
        self._fetch, self._wanted = None, -1
        self.endResetModel()

    def _take_sorted(self, source: TableSource) -> None:
        if self.sender() is self._sorting:
            self._sorting = None
            self._show(source)
            self.busyChanged.emit("")

    def _sorting_failed(self, error: object) -> None:
        if self.sender() is self._sorting:
            self._stop_sorting()
            self.failed.emit(error)

    def _stop_sorting(self) -> None:
        if self._sorting is not None:
            self._sorting.cancel()
            self._sorting = None
            self.busyChanged.emit("")


def one_line(value: object) -> str:
    """A cell on one line, cut where nobody reads on."""
    if isinstance(value, str):
        text = tr(cell_summary(value))
    else:
        text = tr(cell_text(value)) if isinstance(value, float) else plain(value)
    if len(text) > _SHOWN_LETTERS:
        text = text[:_SHOWN_LETTERS] + "…"
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


def plain(value: object) -> str:
    """A cell in full; “…” while its page is on its way."""
    if value is ...:
        return "…"
    if isinstance(value, str):
        return tr(value)
    return "" if value is None else str(value)
