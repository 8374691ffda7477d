"""Next steps after a result: buttons like cards, each with an icon, what it does and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr

_TILE = 36  # px, of the tinted ground of the icon


@dataclass(frozen=True)
class NextStep:
    """One step: its object name, icon, title, a few words on it, and the verb that it calls."""

    name: str
    icon: str
    title: str
    detail: str
    call: Callable[[], None]


class NextSteps(QWidget):
    """Up to three steps side by side, below each other where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GAP)
        self._buttons: list[StepButton] = []

    def buttons(self) -> list["StepButton"]:
        return list(self._buttons)

    def set_steps(self, steps: Sequence[NextStep]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        self._buttons = [StepButton(step, self) for step in steps]
        for button in self._buttons:
            self._row.addWidget(button, 1)

    def set_narrow(self, narrow: bool) -> None:
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)


class StepButton(QPushButton):
    """A button with an icon on a tinted ground, a title, a line of detail and an arrow."""

    def __init__(self, step: NextStep, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self.setObjectName(step.name)
        self.setAccessibleName(tr(step.title))
        self.setAccessibleDescription(tr(step.detail))
        self.setToolTip(tr(step.detail))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _=False: step.call())

    def sizeHint(self) -> QSize:
        lines = QFontMetrics(theme.typed(self.font(), "body")).height() * 2 + theme.HALF
        return QSize(220, max(_TILE, lines) + 2 * theme.GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, area = theme.colours_of(self.palette()), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pointed = self.isEnabled() and (self.underMouse() or self.isDown())
        painter.setBrush(QColor(colours.hover if pointed else colours.surface))
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.line), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
        middle = self.height() / 2
        tile = QRectF(theme.GAP, middle - _TILE / 2, _TILE, _TILE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent_tint))
        painter.drawRoundedRect(tile, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        ink = colours.ink if self.isEnabled() else colours.ink3
        accent = colours.accent_text if self.isEnabled() else colours.outline
        ratio, inset = self.devicePixelRatioF(), (_TILE - theme.ICON) / 2
        picture = theme.icon_pixmap(self.step.icon, accent, theme.ICON, ratio)
        painter.drawPixmap(round(tile.x() + inset), round(tile.y() + inset), picture)
        arrow = theme.icon_pixmap("arrow-right", colours.ink3, theme.ICON_SMALL, ratio)
        right = self.width() - theme.GAP - theme.ICON_SMALL
        painter.drawPixmap(right, round(middle - theme.ICON_SMALL / 2), arrow)
        self._paint_words(painter, round(tile.right()) + theme.MARGIN, right - theme.SPACING, ink, colours.ink2)
        painter.end()

    def _paint_words(self, painter: QPainter, left: int, right: int, ink: str, ink2: str) -> None:
        strong, plain = theme.typed(self.font(), "body", theme.SEMIBOLD), theme.typed(self.font(), "caption")
        first, second = QFontMetrics(strong), QFontMetrics(plain)
        top = (self.height() - first.height() - second.height()) // 2
        lines = (
            (strong, first, tr(self.step.title), ink, top),
            (plain, second, tr(self.step.detail), ink2, top + first.height()),
        )
        for font, metrics, text, colour, y in lines:
            painter.setFont(font)
            painter.setPen(QColor(colour))
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(left, y + metrics.ascent(), cut)
