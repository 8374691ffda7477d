"""Opens the dialog that frees space, asks before anything goes, and removes it off the window's thread."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions import projects as projects_actions
from sciapp.i18n import msg
from sciapp.records.formatting import size_text
from sciapp.records.project.disk_usage import DiskPiece, freed, objection, removal_question
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery


class CleaningController(QWidget):
    """No window of its own: it belongs to the Project tab and to the File menu."""

    freed = Signal()

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hide()
        self._session, self._messages = session, messages
        self._looking, self._removing = LatestQuery(self), LatestQuery(self)
        self._pieces: list[DiskPiece] = []
        self.dialog: CleanUpDialog | None = None
        self._looking.failed.connect(lambda error: self._messages.error(error, self.dialog))
        self._removing.failed.connect(self._not_removed)
        session.projectClosed.connect(self._leave)

    def open(self) -> None:
        """Show what takes how much."""
        if self._session.project is None or self._session.read_only:
            return
        if self.dialog is None:
            self.dialog = CleanUpDialog(self.window())
            self.dialog.removeRequested.connect(self._ask)
            self.dialog.finished.connect(self._leave)
            self.dialog.open()
        self._look()

    def _look(self) -> None:
        project = self._session.project
        if project is not None:
            self._looking.ask(lambda _: projects_actions.pieces_of_disk(project=project), self._show)

    def _show(self, pieces: list[DiskPiece]) -> None:
        self._pieces = pieces
        if self.dialog is not None:
            self.dialog.set_busy(False)
            self.dialog.setPieces(pieces)

    def _ask(self, chosen: frozenset[str]) -> None:
        question, hint = removal_question(self._pieces, chosen)
        answers: dict[str, Callable[[], object] | None] = {
            msg("&Remove"): lambda: self._remove(chosen),
            msg("&Keep everything"): None,
        }
        self._messages.ask(question, hint, answers, self.dialog)

    def _remove(self, chosen: frozenset[str]) -> None:
        project = self._session.project
        if project is None or self.dialog is None:
            return
        self.dialog.set_busy(True)
        self._removing.ask(lambda _: projects_actions.free_disk(project=project, chosen=chosen), self._removed)

    def _removed(self, size: int) -> None:
        self._messages.inform(msg("{size} are free now.", size=size_text(size)))
        self._session.refresh()
        self.freed.emit()
        self._look()

    def _not_removed(self, error: BaseException) -> None:
        self._messages.error(error, self.dialog)
        self._look()

    def _leave(self, *_: object) -> None:
        self._looking.drop()
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close()
            dialog.deleteLater()


# What takes how much of the disk, with a box to tick beside whatever can go.


_ABOUT = msg(
    "Tick what may go. Nothing is removed that a run which is on, or another run, still needs; reports that were "
    "exported are never touched."
)
_KEY = Qt.ItemDataRole.UserRole
_WHAT, _SIZE, _REMARK = range(3)
_ROW_HEIGHT = 22  # pixels; in lines of text the boxes would touch


class CleanUpDialog(QDialog):
    """Shows pieces and tells which are to be removed; removes nothing itself."""

    removeRequested = Signal(object)  # frozenset[str]: keys of pieces

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cleanUp")
        self.setWindowTitle(tr(msg("Free up space")))
        self._pieces: Sequence[DiskPiece] = ()
        about = QLabel(tr(_ABOUT), self)
        about.setWordWrap(True)
        self.tree = QTreeWidget(self)
        self.tree.setObjectName("cleanUpTree")
        self.tree.setAccessibleName(tr(msg("What takes space")))
        self.tree.setHeaderLabels([tr(msg("What")), tr(msg("Size")), tr(msg("Mind"))])
        self.tree.setAlternatingRowColors(True)
        self.tree.header().setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setSectionResizeMode(_SIZE, QHeaderView.ResizeMode.ResizeToContents)
        self.total_label = QLabel(self)
        self.total_label.setObjectName("cleanUpSum")
        self.total_label.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.usual = _button(buttons, msg("Tick &checkpoints of finished runs"), "tickCheckpoints")
        self.usual.setToolTip(tr(msg("What usually takes most: a finished run has its model without them.")))
        self.remove = _button(buttons, msg("&Remove…"), "removePieces")
        self.remove.setEnabled(False)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        for part in (about, self.tree, self.total_label, buttons):
            column.addWidget(part)
        self.resize(900, 520)
        self.tree.itemChanged.connect(self._show_sum)
        self.usual.clicked.connect(self.tick_checkpoints)
        self.remove.clicked.connect(lambda: self.removeRequested.emit(self.chosen()))
        buttons.rejected.connect(self.reject)
        self._say(msg("Looking at the files…"))

    def setPieces(self, pieces: Sequence[DiskPiece]) -> None:
        """Everything anew, nothing ticked."""
        self._pieces = pieces
        self.tree.blockSignals(True)
        self.tree.clear()
        whole: QTreeWidgetItem | None = None
        for piece in pieces:
            item = _item(piece)
            if piece.is_whole or whole is None:
                self.tree.addTopLevelItem(item)
                whole = item
            else:
                whole.addChild(item)
        self.tree.expandAll()
        self.tree.blockSignals(False)
        self.usual.setEnabled(any(_is_usual(piece) for piece in pieces))
        self._show_sum()

    def chosen(self) -> frozenset[str]:
        """The keys of what is ticked."""
        ticked = [item for item in self._items() if item.checkState(_WHAT) is Qt.CheckState.Checked]
        return frozenset(item.data(_WHAT, _KEY) for item in ticked)

    def tick(self, key: str, on: bool = True) -> None:
        """As a click on the box beside that piece."""
        for item in self._items():
            if item.data(_WHAT, _KEY) == key and not item.isDisabled():
                item.setCheckState(_WHAT, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def tick_checkpoints(self) -> None:
        for piece in self._pieces:
            if _is_usual(piece):
                self.tick(piece.key)

    def set_busy(self, busy: bool) -> None:
        """While pieces are removed nothing else can be chosen."""
        self.tree.setEnabled(not busy)
        self.usual.setEnabled(not busy)
        self.remove.setEnabled(not busy)
        if busy:
            self._say(msg("Removing…"))

    def _items(self) -> list[QTreeWidgetItem]:
        """Those at the top, each with its children behind it."""
        items: list[QTreeWidgetItem | None] = []
        for index in range(self.tree.topLevelItemCount()):
            if (top := self.tree.topLevelItem(index)) is not None:
                items += [top, *(top.child(row) for row in range(top.childCount()))]
        return [item for item in items if item is not None]

    def _show_sum(self, *_: object) -> None:
        chosen = self.chosen()
        why = objection(self._pieces, chosen)
        self.remove.setEnabled(bool(chosen) and not why)
        wholes = [piece.bytes for piece in self._pieces if piece.is_whole]
        self._say(
            why
            or msg(
                "{chosen} of {whole} chosen.",
                chosen=size_text(freed(self._pieces, chosen)),
                whole=size_text(sum(wholes)),
            )
        )

    def _say(self, text: str) -> None:
        self.total_label.setText(tr(text))


def _is_usual(piece: DiskPiece) -> bool:
    return piece.kind == "checkpoints" and piece.finished and piece.may_go_alone


def _item(piece: DiskPiece) -> QTreeWidgetItem:
    item = QTreeWidgetItem([tr(piece.title), tr(size_text(piece.bytes)), tr(piece.remark)])
    item.setData(_WHAT, _KEY, piece.key)
    item.setSizeHint(_REMARK, QSize(0, _ROW_HEIGHT))
    item.setTextAlignment(_SIZE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(_REMARK, tr(piece.remark))
    if piece.kept_because:
        item.setDisabled(True)
    else:
        item.setCheckState(_WHAT, Qt.CheckState.Unchecked)
    return item


def _button(buttons: QDialogButtonBox, text: str, name: str) -> QPushButton:
    button = buttons.addButton(tr(text), QDialogButtonBox.ButtonRole.ActionRole)
    button.setObjectName(name)
    button.setAutoDefault(False)
    return button
