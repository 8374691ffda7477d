"""The run's story in words: stages, remarks, ends."""

from datetime import UTC, datetime

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from sciapp.i18n import msg
from sciapp.ui.words import tr

_LINES_KEPT = 5000


class LogPane(QPlainTextEdit):
    """Read-only lines with their time; older ones fall off so that a week's run does not fill the memory."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runLog")
        self.setAccessibleName(tr(msg("Run log")))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(_LINES_KEPT)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setPlaceholderText(tr(msg("What the run says appears here.")))

    def tell(self, moment: float, text: str) -> None:
        """Add a line; moment in seconds since 1970."""
        clock = datetime.fromtimestamp(moment, tz=UTC).astimezone().strftime("%H:%M:%S")
        self.appendPlainText(f"{clock}  {tr(text)}")
