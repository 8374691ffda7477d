"""The first rows of a file: each column with its role, each doubtful row in the tint of a warning."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from sciapp.actions.tables import MemorySource
from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.data.importing.role_header import ROLES, ColumnRole, RoleHeader
from sciapp.ui.widgets.tables.view import CellDelegate, TableView
from sciapp.ui.words import tr

_ROLE_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Menu}
_MOST_MOVED = 12
_CELL_MARGIN = 6  # px more than usual, so that cells stand below their heads
_HEADS_MEASURED = 1_000  # chips of the columns behind them are cut: thousands take long


class FirstRows(TableView):
    """Takes the rows, then the roles: column → name of a role."""

    roleChosen = Signal(str, str)  # column, name of a role

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("importPreview", msg("First rows of the file"), "", parent)
        self.heads = RoleHeader(self)
        self.heads.setObjectName("importHeads")
        self.setHorizontalHeader(self.heads)
        self.heads.setAccessibleName(tr(msg("Columns and what they are for")))
        self.setSortingEnabled(False)
        self.setAlternatingRowColors(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setShowGrid(False)
        self._columns: dict[str, int] = {}
        self._lines: dict[int, int] = {}
        self._warned: set[int] = set()
        self._roles: dict[str, str] | None = None
        self.setItemDelegate(_WarnedCells(self))
        self.verticalHeader().setDefaultSectionSize(max(theme.ROW_HEIGHT, self.fontMetrics().height() + 12))
        self.heads.sectionResized.connect(self._section_resized)
        self.heads.roleChosen.connect(lambda section, role: self.roleChosen.emit(self._name(section), role))

    def setRows(self, rows: MemorySource, lines: Sequence[int] = ()) -> None:
        """lines: of the file, on which the rows begin."""
        self._columns = {column.title: index for index, column in enumerate(rows.columns)}
        self._lines = {line: row for row, line in enumerate(lines)}
        self._warned, self._roles = set(), None
        self.heads.set_roles({})
        self.showSource(rows)
        self.measureAgain()  # the heads, which are younger than the rows, have forgotten their widths

    def mark(self, roles: Mapping[str, str]) -> None:
        """Show these roles; only columns whose role has changed become wider for it."""
        first = self._roles is None
        before, self._roles = self._roles or {}, {name: str(role) for name, role in roles.items()}
        self.heads.set_roles(self._roles)
        if first:
            self._used_first()
        changed = {name for name in before.keys() | self._roles if before.get(name) != self._roles.get(name)}
        for name in changed & self._columns.keys():
            column = self._columns[name]
            if self.columnWidth(column) < (needed := self.heads.chip_width(name)):
                self.setColumnWidth(column, needed)

    def _used_first(self) -> None:
        """Columns that are used stand in front, in the order of the menu of roles; later changes move nothing."""
        order = list(ROLES)
        used = sorted(
            (name for name in self._roles or {} if name in self._columns),
            key=lambda name: (order.index(role) if (role := self.role(name).name) in order else 0, self._columns[name]),
        )
        for place, name in enumerate(used[:_MOST_MOVED]):
            self.heads.moveSection(self.heads.visualIndex(self._columns[name]), place)

    def role(self, column: str) -> ColumnRole:
        """The role that a column's chip shows."""
        return self.heads.role(column)

    def warn(self, lines: Sequence[int]) -> None:
        """Tint the rows that begin on these lines of the file."""
        self._warned = {self._lines[line] for line in lines if line in self._lines}
        self.viewport().update()

    def warned(self, row: int) -> bool:
        return row in self._warned

    def show_line(self, line: int, column: str = "") -> bool:
        """Scroll to the row that begins on a line of the file; False if it is not among the first rows."""
        row = self._lines.get(line)
        if row is None:
            return False
        index = self.items.index(row, self._columns.get(column, 0))
        self.setCurrentIndex(index)
        across = self.horizontalScrollBar()
        before = across.value()
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        across.setValue(before)  # sideways it moves only as far as it must
        self.scrollTo(index)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ROLE_KEYS and self.currentIndex().isValid():
            self.heads.open_menu(self.currentIndex().column())
            return
        super().keyPressEvent(event)

    def _name(self, section: int) -> str:
        return str(self.items.headerData(section, Qt.Orientation.Horizontal))

    def _needed(self, column: int) -> int:
        needed = super()._needed(column)
        return needed if column >= _HEADS_MEASURED else max(needed, self.heads.chip_width(self._name(column)))


class _WarnedCells(CellDelegate):
    """Cells of a row that something is wrong with stand on the tint of a warning."""

    def __init__(self, rows: FirstRows) -> None:
        super().__init__(rows.items, rows)
        self._rows = rows

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours, whole = theme.colours_of(self._rows.palette()), QRect(option.rect)
        if self._rows.warned(index.row()):
            painter.fillRect(whole, QColor(colours.caution_tint))
        option.rect = whole.adjusted(_CELL_MARGIN, 0, 0, -1)
        super().paint(painter, option, index)
        painter.setPen(QColor(colours.line))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        painter.setPen(QColor(colours.ink))
