"""The command that does the same as the form, whole and ready to be copied."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase, QResizeEvent, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from sciapp.i18n import msg
from sciapp.ui.words import tr

_MOST_LINES = 4  # a longer command scrolls


class CommandLine(QWidget):
    """Shows a command, wrapped; `copied` carries it."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._command = _WrappedCommand(self)
        self._button = QPushButton(tr(msg("Copy")), self)
        self._button.setObjectName("copyCommandLine")
        self._button.setToolTip(tr(msg("Copy the command to the clipboard.")))
        self._button.clicked.connect(lambda: self.copied.emit(self.text()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._command, 1)
        layout.addWidget(self._button)
        self.setText("")

    def text(self) -> str:
        return self._command.toPlainText()

    def setText(self, text: str) -> None:
        self._command.setPlainText(text)
        self._command.fitHeight()
        self._button.setEnabled(bool(text))


class _WrappedCommand(QPlainTextEdit):
    """As high as its command needs, up to a limit from which on it scrolls."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("commandLine")
        self.setAccessibleName(tr(msg("Equivalent command line")))
        self.setToolTip(tr(msg("The same, typed in a terminal: useful for a script or a cluster.")))
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)  # paths have no word boundaries
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))

    def fitHeight(self) -> None:
        """A QPlainTextEdit's document measures its height in lines."""
        lines = max(1, min(int(self.document().size().height()), _MOST_LINES))
        borders = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + borders + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fitHeight()
