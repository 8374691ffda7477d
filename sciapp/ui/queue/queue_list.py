"""The machine's queue as a list: drag an entry, or press Alt+Up and Alt+Down, to change the order."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from sciapp.i18n import joined, msg
from sciapp.records.machine.queue_view import EntryStatus, QueueLine
from sciapp.ui import theme
from sciapp.ui.queue.model import LINE, QueueItems
from sciapp.ui.words import tr

_EMPTY = msg("Nothing is on and nothing waits. A training that is started while another is on waits here for its turn.")
Index = QModelIndex | QPersistentModelIndex
_COLOURS = {
    EntryStatus.ON: "running",
    EntryStatus.WAITING: "waiting",
    EntryStatus.INTERRUPTED: "interrupted",
    EntryStatus.MISSING: "failed",
}


class QueueDelegate(QStyledItemDelegate):
    """Three lines for a run: its name and state, what it is trained on, its duration and settings."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        small = QFontMetrics(theme.typed(option.font, "caption")).height()
        return QSize(0, QFontMetrics(option.font).height() + 2 * small + 2 * theme.SPACING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, colours = index.data(LINE), theme.colours_of(option.palette)
        if not isinstance(line, QueueLine):
            return
        area = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QColor(colours.accent if chosen else colours.line))
        painter.setBrush(QColor(colours.accent_tint if chosen else colours.surface))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -2.5), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        area = area.adjusted(theme.MARGIN, theme.HALF, -theme.MARGIN, -theme.HALF)
        strong, small = theme.typed(option.font, "body", theme.MEDIUM), theme.typed(option.font, "caption")
        state = tr(joined([str(line.position or ""), line.state], " · "))
        room = QFontMetrics(small).horizontalAdvance(state)
        painter.setFont(small)
        painter.setPen(theme.standing_colour(_COLOURS.get(line.turn, "waiting"), option.palette))
        top = QRectF(area.left(), area.top(), area.width(), QFontMetrics(strong).height())
        painter.drawText(top, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), state)
        title = joined([line.run, line.project], " · ")
        _draw(painter, top.adjusted(0, 0, -room - theme.SPACING, 0), title, strong, colours.ink)
        below = QRectF(area.left(), top.bottom(), area.width(), QFontMetrics(small).height())
        _draw(painter, below, joined([line.subject, line.model, line.lane], " · "), small, colours.ink2)
        below.translate(0, below.height())
        _draw(painter, below, joined([line.expected, line.changed], " · "), small, colours.ink3)
        painter.restore()


def _draw(painter: QPainter, area: QRectF, text: str, font: object, colour: str) -> None:
    painter.setFont(font)  # type: ignore[arg-type]
    painter.setPen(QColor(colour))
    cut = painter.fontMetrics().elidedText(tr(text), Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), cut)


class QueueList(QListView):
    """Takes lines, tells what is wanted; the selection stays on its run."""

    moveWanted = Signal(str, int)  # the run's folder, its new place from 1
    removeWanted = Signal(str)
    chosenChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueList")
        self.setAccessibleName(tr(msg("Queue")))
        self._items = QueueItems(self)
        self.setModel(self._items)
        self.setItemDelegate(QueueDelegate(self))
        self._prepare()
        self._items.moveWanted.connect(self.moveWanted)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosenChanged.emit())

    def setLines(self, lines: list[QueueLine]) -> None:
        """Those that are on first, as they come."""
        chosen = self.chosen()
        self._items.setLines(lines)
        if chosen is not None:
            self.choose(chosen.folder)
        self.chosenChanged.emit()

    def chosen(self) -> QueueLine | None:
        rows = self.selectionModel().selectedIndexes()
        return self._items.line(rows[0].row()) if rows else None

    def choose(self, folder: str) -> None:
        row = self._items.row_of(folder)
        if row >= 0:
            self.setCurrentIndex(self._items.index(row, 0))

    def move_chosen(self, by: int) -> None:
        """Ask for the chosen run to come `by` places later (negative: earlier)."""
        line = self.chosen()
        if line is not None and line.turn is EntryStatus.WAITING and line.position + by >= 1:
            self.moveWanted.emit(line.folder, line.position + by)

    def remove_chosen(self) -> None:
        """Ask for the chosen run to be taken out; one that is on is left alone."""
        line = self.chosen()
        if line is not None and line.turn is not EntryStatus.ON:
            self.removeWanted.emit(line.folder)

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_chosen(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.remove_chosen()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._items.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            box = self.viewport().rect().adjusted(16, 8, -16, -8)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, tr(_EMPTY))

    def _prepare(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setToolTip(
            tr(msg("Drag a run that waits, or press Alt+Up or Alt+Down, to change the order; Delete takes it out."))
        )
