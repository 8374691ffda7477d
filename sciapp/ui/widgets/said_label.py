"""A label for sentences with other people's words in them: wrapped, never read as markup, can be copied."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class SaidLabel(QLabel):
    """Names of columns and classes may look like HTML; here they are shown as they are."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
