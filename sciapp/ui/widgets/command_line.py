"""The command that does the same as the form, ready to be copied."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from sciapp.i18n import msg
from sciapp.ui.words import tr


class CommandLine(QWidget):
    """Shows a command; `copied` carries it."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit(self)
        self._line.setObjectName("commandLine")
        self._line.setAccessibleName(tr(msg("Equivalent command line")))
        self._line.setReadOnly(True)
        self._line.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._line.setToolTip(tr(msg("The same, typed in a terminal: useful for a script or a cluster.")))
        self._button = QPushButton(tr(msg("Copy")), self)
        self._button.setObjectName("copyCommandLine")
        self._button.setToolTip(tr(msg("Copy the command to the clipboard.")))
        self._button.clicked.connect(lambda: self.copied.emit(self.text()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._button)
        self.setText("")

    def text(self) -> str:
        return self._line.text()

    def setText(self, text: str) -> None:
        self._line.setText(text)
        self._line.setCursorPosition(0)
        self._button.setEnabled(bool(text))
