"""The machine's queue as rows; those that wait can be dragged to another place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from sciapp.i18n import msg
from sciapp.records.machine.queue_view import EntryStatus, QueueLine
from sciapp.ui.words import tr

Index = QModelIndex | QPersistentModelIndex

_MIME = "application/x-sciapp-queue-row"
LINE = Qt.ItemDataRole.UserRole
"""Role of the whole `QueueLine`."""


@dataclass(frozen=True)
class _Column:
    title: str
    text: Callable[[QueueLine], str]
    help: str


_COLUMNS = (
    _Column("#", lambda line: str(line.position or ""), msg("Place among the runs that wait")),
    _Column(msg("Project"), lambda line: line.project, msg("The project that the run belongs to")),
    _Column(msg("Run"), lambda line: line.display_name, msg("Name of the run, or its number")),
    _Column(msg("Data"), lambda line: line.subject, msg("The dataset or file that is learnt from")),
    _Column(msg("Model"), lambda line: line.model, msg("What is trained")),
    _Column(msg("Device"), lambda line: line.lane, msg("Runs of one device come one after the other")),
    _Column(msg("State"), lambda line: line.state, msg("Running, waiting, or interrupted by a power cut or the like")),
    _Column(msg("Expected"), lambda line: line.expected, msg("What the same training took before, if there was one")),
    _Column(msg("Settings"), lambda line: line.changed, msg("Settings that are not the usual ones")),
)


class QueueItems(QAbstractTableModel):
    """Takes lines; announces where a dragged one was dropped and leaves the moving to whoever owns the queue."""

    moveWanted = Signal(str, int)  # the run's folder, its new place from 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[QueueLine] = []

    def setLines(self, lines: list[QueueLine]) -> None:
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> QueueLine | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, folder: str) -> int:
        return next((row for row, line in enumerate(self._lines) if line.folder == folder), -1)

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[index.column()].text(line))
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            known = [(column.title, column.text(line)) for column in _COLUMNS]
            return "\n".join(f"{tr(title)}: {tr(text)}" for title, text in known if text)
        return line if role == LINE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section].title)
        return tr(_COLUMNS[section].help) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # between rows, not onto them
        usual = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return usual | Qt.ItemFlag.ItemIsDragEnabled if self._lines[index.row()].turn is EntryStatus.WAITING else usual

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        rows = {index.row() for index in indexes}
        data.setData(_MIME, self._lines[min(rows)].folder.encode() if rows else b"")
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """False always: the rows follow when the queue's file has changed."""
        folder = bytes(data.data(_MIME).data()).decode()
        before, line = self.row_of(folder), self.line(self.row_of(folder))
        if line is None:
            return False
        to = len(self._lines) if row < 0 else row
        waiting_above = sum(other.turn is EntryStatus.WAITING for other in self._lines[:to])
        # The dragged row itself is among those above when it is moved down.
        self.moveWanted.emit(folder, max(1, waiting_above + (0 if before < to else 1)))
        return False
