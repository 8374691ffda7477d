"""Dialogs about runs and datasets: notes and tags, and the trash."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions.items import kept_text, names_of
from sciapp.i18n import msg
from sciapp.records.annotation import Annotation
from sciapp.records.project.deletions import Deletion
from sciapp.ui import theme
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.page import EmptyState
from sciapp.ui.words import tr

_WIDTH = 480


class NotesDialog(QDialog):
    """Free text, and tags with commas between them; whoever saves them closes it, so that nothing typed is lost."""

    saveRequested = Signal()

    def __init__(self, title: str, annotation: Annotation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notesDialog")
        self.setWindowTitle(tr(msg("Notes on {name}", name=title)))
        self.text = QPlainTextEdit(annotation.notes, self)
        self.text.setObjectName("itemNotes")
        self.text.setAccessibleName(tr(msg("Notes")))
        self.text.setTabChangesFocus(True)
        self.tag_line = QLineEdit(", ".join(annotation.tags), self)
        self.tag_line.setObjectName("itemTags")
        self.tag_line.setAccessibleName(tr(msg("Tags")))
        self.tag_line.setPlaceholderText(tr(msg("paper, to repeat")))
        save, cancel = QDialogButtonBox.StandardButton.Save, QDialogButtonBox.StandardButton.Cancel
        buttons = QDialogButtonBox(save | cancel, self)
        self.save = buttons.button(save)
        buttons.accepted.connect(self._ask_save)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        parts = (_heading(msg("N&otes"), self.text), self.text, _heading(msg("&Tags"), self.tag_line), self.tag_line)
        for part in (*parts, buttons):
            column.addWidget(part)
        self.setMinimumWidth(_WIDTH)
        self.text.setFocus()

    def notes(self) -> str:
        return self.text.toPlainText()

    def stay(self) -> None:
        """It could not be saved: the person may change the text and save again."""
        self.save.setEnabled(True)

    def tags(self) -> list[str]:
        return [tag.strip() for tag in self.tag_line.text().split(",") if tag.strip()]

    def _ask_save(self) -> None:
        self.save.setEnabled(False)
        self.saveRequested.emit()


def _heading(text: str, part: QWidget) -> TextLabel:
    heading = TextLabel(text, type="medium")
    heading.setBuddy(part)
    return heading


class TrashDialog(QDialog):
    """Deletions with a button that restores the chosen one; changes nothing itself."""

    restoreRequested = Signal(str)  # id of a deletion
    emptyRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trashDialog")
        self.setWindowTitle(tr(msg("Trash")))
        self.list = QListWidget(self)
        self.list.setObjectName("trashList")
        self.list.setAccessibleName(tr(msg("What can be restored")))
        self.empty_state = EmptyState("trash-2", msg("Nothing was deleted."), self)
        self.restore = Button(msg("&Restore"), self, kind="primary", icon="undo-2", name="restore")
        self.empty = Button(msg("&Empty the trash…"), self, kind="danger", name="emptyTrash")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.addButton(self.restore, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.empty, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        for part in (TextLabel(kept_text(), self, tone="secondary", wrap=True), self.list, self.empty_state, buttons):
            column.addWidget(part)
        self.resize(_WIDTH + 80, 360)
        self.restore.clicked.connect(self._ask_restore)
        self.list.itemActivated.connect(lambda _: self._ask_restore())
        self.list.currentRowChanged.connect(lambda _: self._show_state())
        self.empty.clicked.connect(self.emptyRequested)
        buttons.rejected.connect(self.reject)
        self.set_deletions([])

    def set_deletions(self, deletions: Sequence[Deletion]) -> None:
        """Newest first."""
        self.list.clear()
        for deletion in reversed(deletions):
            moment = f"{deletion.deleted.astimezone():%Y-%m-%d %H:%M}"
            item = QListWidgetItem(tr(msg("{names}  ·  {moment}", names=names_of(deletion.items), moment=moment)))
            item.setData(Qt.ItemDataRole.UserRole, deletion.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0 if deletions else -1)
        self.list.setVisible(bool(deletions))
        self.empty_state.setVisible(not deletions)
        self._show_state()

    def _show_state(self) -> None:
        self.restore.setEnabled(self.list.currentRow() >= 0)
        self.empty.setEnabled(self.list.count() > 0)

    def _ask_restore(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.restoreRequested.emit(str(item.data(Qt.ItemDataRole.UserRole)))
