"""One thing that is watched while a run is on: its name, its value now, and the last minute of it."""

from collections import deque

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sciapp.ui.widgets.elided_label import ElidedLabel

_SECONDS = 60
_HEIGHT = 18  # pixels


class Sparkline(QWidget):
    """Two curves from 0 to 1, newest on the right: the whole machine behind, the run before it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: deque[tuple[float, float]] = deque(maxlen=_SECONDS)
        self._top = 1.0
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def append(self, run: float, machine: float = 0.0) -> None:
        self._points.append((run, machine))
        self._top = max(1.0, *(max(pair) for pair in self._points))
        self.update()

    def clear(self) -> None:
        self._points.clear()
        self.update()

    def points(self) -> list[tuple[float, float]]:
        return list(self._points)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.AlternateBase))
        faint, accent = palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Highlight)
        faint.setAlpha(70)
        self._draw(painter, faint, 1)
        accent.setAlpha(150)
        self._draw(painter, accent, 0)
        painter.end()

    def _draw(self, painter: QPainter, colour: QColor, which: int) -> None:
        if not self._points:
            return
        area, step = QRectF(self.rect()), self.width() / (_SECONDS - 1)
        left = area.right() - step * (len(self._points) - 1)
        line = [
            QPointF(left + step * place, area.bottom() - area.height() * min(max(pair[which] / self._top, 0.0), 1.0))
            for place, pair in enumerate(self._points)
        ]
        under = [QPointF(area.right(), area.bottom()), QPointF(left, area.bottom())]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([*line, *under]))


class LoadTile(QWidget):
    """Takes values, draws them; knows nothing of machines."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(title, self)
        self._title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.value = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.value.setObjectName(name)
        self.curve = Sparkline(self)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._title)
        line.addWidget(self.value, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.curve)

    def show_value(self, text: str, about: str, run: float, machine: float = 0.0) -> None:
        """about: the tooltip. run, machine: what the curves get, from 0 to 1 or more."""
        self.value.setText(text)
        self.setToolTip(about)
        self.value.setToolTip(about)
        self.curve.append(run, machine)

    def clear(self) -> None:
        self.value.setText("–")
        self.setToolTip("")
        self.curve.clear()
