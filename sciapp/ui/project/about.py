"""Two windows to read: about the program, and its keys."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from sciapp import __version__, settings
from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.words import tr

_ABOUT = msg(
    "Fine-tune pre-trained transformers on laboratory measurements.\n\n"
    "Nothing leaves this computer unless you ask for a model from a hub.\n\n"
    "Apache License 2.0"
)


class AboutDialog(QDialog):
    """Name, version, licence, and where the log is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setWindowTitle(tr(msg("About SciApp")))
        title = QLabel(f"SciApp {__version__}", self)
        font = title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.5)
        title.setFont(font)
        text = QLabel(tr(msg("{about}\n\nLog: {file}", about=_ABOUT, file=settings.log_folder() / "sciapp.log")), self)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        for part in (title, text, _close_button(self)):
            column.addWidget(part)
        self.setMinimumWidth(420)


class ShortcutsDialog(QDialog):
    """Every action that has a key, as it is set now, in this platform's words."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(tr(msg("Keyboard shortcuts")))
        form = QFormLayout()
        form.setHorizontalSpacing(3 * theme.MARGIN)
        for action in actions:
            if not action.shortcut().isEmpty():
                form.addRow(
                    QLabel(action.text().replace("&", "").replace("…", ""), self),
                    QLabel(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), self),
                )
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(_close_button(self))


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.reject)
    return buttons
