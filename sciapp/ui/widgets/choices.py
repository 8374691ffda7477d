"""A choice among two to five that are all in sight, as one control."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr

_PADDING = 14


@dataclass(frozen=True)
class Choice:
    """One of several: what it stands for, its label, and why one would take it."""

    value: Hashable
    text: str
    help: str = ""
    icon: str = ""


class SegmentedChoice(QWidget):
    """Exclusive choices side by side; arrows move the choice, Tab leaves the control."""

    valueChanged = Signal(object)

    def __init__(
        self, choices: Sequence[Choice], accessible: str, parent: QWidget | None = None, *, name: str = ""
    ) -> None:
        """The first choice is chosen. name: object name; the segments' are `NAME_VALUE`."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr(accessible))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._values = [choice.value for choice in choices]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for index, choice in enumerate(choices):
            segment = _Segment(choice, self, first=index == 0, last=index == len(choices) - 1)
            segment.setObjectName(f"{name}_{choice.value}")
            self._group.addButton(segment, index)
            row.addWidget(segment, 1)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._toggled)

    def value(self) -> Hashable:
        return self._values[self._group.checkedId()]

    def setValue(self, value: Hashable) -> None:
        """Raises ValueError for what is not among the choices."""
        self._group.button(self._values.index(value)).setChecked(True)

    def _toggled(self, index: int, chosen: bool) -> None:
        if chosen:
            self.valueChanged.emit(self._values[index])


class _Segment(QRadioButton):
    """A radio button that looks like a part of a bar."""

    def __init__(self, choice: Choice, parent: QWidget, *, first: bool, last: bool) -> None:
        super().__init__(tr(choice.text), parent)
        self.setToolTip(tr(choice.help))
        self.setAccessibleName(self.text().replace("&", ""))
        self.setAccessibleDescription(tr(choice.help))
        self._icon, self._first, self._last = choice.icon, first, last

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.typed(self.font(), "body", theme.SEMIBOLD))
        icon = theme.ICON_SMALL + theme.SPACING if self._icon else 0
        width = metrics.horizontalAdvance(self.text().replace("&", "")) + 2 * _PADDING + icon
        return QSize(width, max(theme.CONTROL_HEIGHT, metrics.height() + 2 * theme.SPACING))

    minimumSizeHint = sizeHint

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, area = theme.colours_of(self.palette()), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if not self._last:
            area.setRight(area.right() + 1)  # neighbours share a line
        chosen = self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = self._outline(area)
        pointed = self.underMouse() and self.isEnabled()
        painter.fillPath(
            outline, QColor(colours.accent_tint if chosen else colours.hover if pointed else colours.surface)
        )
        painter.setPen(QPen(QColor(colours.outline if self.isEnabled() else colours.line), 1))
        painter.drawPath(outline)
        if chosen:
            painter.setPen(QPen(QColor(colours.accent if self.isEnabled() else colours.outline), 2))
            painter.drawLine(area.bottomLeft() + QPoint(4, -1), area.bottomRight() + QPoint(-4, -1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), theme.HALF, theme.HALF)
        text = colours.accent_text if chosen else colours.ink
        self._paint_label(painter, text if self.isEnabled() else colours.ink3)
        painter.end()

    def _outline(self, area: QRectF) -> QPainterPath:
        """The area with round corners only where the bar ends."""
        path, radius = QPainterPath(), theme.CONTROL_RADIUS
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(area, radius, radius)
        square = QRectF(area)
        if self._first and not self._last:
            square.setLeft(area.left() + 2 * radius)
        elif self._last and not self._first:
            square.setRight(area.right() - 2 * radius)
        if not (self._first and self._last):
            path.addRect(square)
        return path.simplified()

    def _paint_label(self, painter: QPainter, colour: str) -> None:
        font = theme.typed(self.font(), "body", theme.SEMIBOLD if self.isChecked() else theme.MEDIUM)
        text = self.text().replace("&", "")
        icon = theme.ICON_SMALL + theme.SPACING if self._icon else 0
        width = QFontMetrics(font).horizontalAdvance(text) + icon
        left = (self.width() - width) // 2
        if self._icon:
            pixmap = theme.icon_pixmap(self._icon, colour, theme.ICON_SMALL, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - theme.ICON_SMALL) // 2, pixmap)
        painter.setPen(QColor(colour))
        painter.setFont(font)
        painter.drawText(self.rect().adjusted(left + icon, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), text)
