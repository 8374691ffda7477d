"""Keeps a plot square, in the middle of what room there is."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class Square(QWidget):
    """Holds one widget."""

    def __init__(self, content: QWidget, parent: QWidget | None = None, *, wider: float = 1.12) -> None:
        """wider: width over height, so that the plot without its axis labels comes out square."""
        super().__init__(parent)
        self._content, self._wider = content, wider
        content.setParent(self)
        self.setMinimumSize(260, 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = min(self.width(), round(self.height() * self._wider))
        height = min(self.height(), round(width / self._wider))
        self._content.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)
