"""The sign that a file may be dropped here, above whatever the page shows."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr


class DropHighlight(QWidget):
    """Covers its parent while a file is dragged over it; the parent shows and hides it."""

    def __init__(self, text: str, parent: QWidget) -> None:
        """text: what becomes of a dropped file."""
        super().__init__(parent)
        self._text = tr(text)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._page = parent
        parent.installEventFilter(self)
        self.hide()

    def begin(self) -> None:
        """A file is above."""
        self.setGeometry(self._page.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.DragLeave, QEvent.Type.Drop}:
            self.hide()
        elif event.type() is QEvent.Type.Resize:
            self.setGeometry(self._page.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, area = theme.colours_of(self.palette()), QRectF(self.rect()).adjusted(8, 8, -8, -8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colours.accent_tint)
        ground.setAlphaF(0.92)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.setPen(QColor(colours.ink))
        painter.setFont(theme.typed(self.font(), "section", theme.SEMIBOLD))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._text)
        painter.end()


def accept_copy(event: QDropEvent) -> None:
    """Take a dragged or dropped file without moving it away, whatever the other program proposes."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
