"""The machine's queue in a table: drag a row, or press Alt+Up and Alt+Down, to change the order."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from sciapp.i18n import msg
from sciapp.records.machine.queue_view import EntryStatus, QueueLine
from sciapp.ui.queue.model import QueueItems
from sciapp.ui.widgets.tables.row_list import make_row_list
from sciapp.ui.words import tr

_EMPTY = msg("Nothing is on and nothing waits. A training that is started while another is on waits here for its turn.")
_GIVING_WAY = (1, 3, 4, 8)  # names of any length: cut where there is no room, whole in the tooltip


class QueueList(QTableView):
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
        rows = self.selectionModel().selectedRows()
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
        make_row_list(self, _GIVING_WAY)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setToolTip(
            tr(msg("Drag a run that waits, or press Alt+Up or Alt+Down, to change the order; Delete takes it out."))
        )
