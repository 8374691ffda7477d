"""Runs below each other: a dot with its 95 % range on one axis, the line of the simple method through all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sciapp.records.formatting import number_text
from sciapp.ui import theme
from sciapp.ui.words import tr

_DOT = 5.5  # px, radius
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class RangeRow:
    """One run. value, low, high: in the unit of the axis. text: the number in words. verdict: a pill's words."""

    name: str
    detail: str
    value: float
    low: float | None
    high: float | None
    text: str
    took: str
    verdict: str
    status: theme.Status | None
    token: str = "accent"


class RunRanges(QWidget):
    """Painted; the same numbers are in the accessible description."""

    def __init__(self, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runRanges")
        self.setAccessibleName(tr(accessible))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: tuple[RangeRow, ...] = ()
        self._line: float | None = None

    def rows(self) -> tuple[RangeRow, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[RangeRow], line: float | None) -> None:
        """line: of the simple method; None: there is none that is the same for all."""
        self._rows, self._line = tuple(rows), line
        words = (": ".join((tr(row.name), ", ".join(filter(None, map(tr, (row.text, row.verdict)))))) for row in rows)
        self.setAccessibleDescription("; ".join(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, self._head_height() + len(self._rows) * self._row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(420, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        colours = theme.colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        axis = self._axis_area()
        low, high, ticks = self._axis()

        def across(value: float) -> float:
            return axis.left() + (value - low) / (high - low) * axis.width()

        self._paint_axis(painter, ticks, across)
        for index, row in enumerate(self._rows):
            top = self._head_height() + index * self._row_height()
            area = QRectF(0, top, self.width(), self._row_height())
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(area.topLeft(), area.topRight())
            self._paint_words(painter, row, area, axis)
            self._paint_range(painter, row, area.center().y(), across)
        if self._line is not None:
            pen = QPen(QColor(colours.second), 2)
            pen.setDashPattern([4.0, 3.0])
            painter.setPen(pen)
            x = across(self._line)
            painter.drawLine(QPointF(x, self._head_height()), QPointF(x, self.height()))
        painter.end()

    def _paint_axis(self, painter: QPainter, ticks: Sequence[float], across: Callable[[float], float]) -> None:
        colours = theme.colours_of(self.palette())
        painter.setFont(theme.typed(self.font(), "caption"))
        for tick in ticks:
            x = across(tick)
            painter.setPen(QColor(colours.ink3))
            box = QRectF(x - 40, 0, 80, self._head_height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), tr(number_text(tick, figures=3)))
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(x, self._head_height()), QPointF(x, self.height()))

    def _paint_words(self, painter: QPainter, row: RangeRow, area: QRectF, axis: QRectF) -> None:
        colours = theme.colours_of(self.palette())
        left = QRectF(0, area.top(), self._columns()[0], area.height())
        strong, small = theme.typed(self.font(), "body", theme.SEMIBOLD), theme.typed(self.font(), "caption")
        lines = ((strong, row.name, colours.ink, -1), (small, row.detail, colours.ink3, 1))
        for font, text, colour, side in lines:
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            cut = metrics.elidedText(tr(text), Qt.TextElideMode.ElideRight, int(left.width()))
            y = left.center().y() + (side * metrics.height() / 2 if row.detail else 0)
            box = QRectF(left.left(), y - metrics.height() / 2, left.width(), metrics.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), cut)
        painter.setFont(strong)
        painter.setPen(QColor(colours.ink))
        number = QRectF(left.right(), area.top(), axis.left() - left.right() - theme.GAP, area.height())
        right, centre = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        painter.drawText(number, int(right | centre), tr(row.text))
        painter.setFont(small)
        painter.setPen(QColor(colours.ink2))
        took = QRectF(axis.right() + theme.GAP, area.top(), self._columns()[2], area.height())
        painter.drawText(took, int(right | centre), tr(row.took))
        self._paint_verdict(
            painter, row, QRectF(took.right() + theme.GAP, area.top(), self._columns()[3], area.height())
        )

    def _paint_verdict(self, painter: QPainter, row: RangeRow, area: QRectF) -> None:
        colours = theme.colours_of(self.palette())
        text, tint = colours.status(row.status) if row.status is not None else (colours.ink2, "")
        metrics = QFontMetrics(theme.typed(self.font(), "caption"))
        left = area.left()
        if row.status is not None:
            size = theme.ICON_SMALL
            width = size + theme.HALF + metrics.horizontalAdvance(tr(row.verdict)) + 2 * theme.SPACING
            pill = QRectF(area.left(), area.center().y() - 12, width, 24)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tint))
            painter.drawRoundedRect(pill, 12, 12)
            icon = theme.icon_pixmap(theme.STATUS_ICONS[row.status], text, size, self.devicePixelRatioF())
            painter.drawPixmap(round(pill.left()) + theme.SPACING, round(pill.center().y() - size / 2), icon)
            left = pill.left() + theme.SPACING + size + theme.HALF
        painter.setPen(QColor(text))
        box = QRectF(left, area.top(), area.right() - left + theme.GAP, area.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), tr(row.verdict))

    def _paint_range(self, painter: QPainter, row: RangeRow, y: float, across: Callable[[float], float]) -> None:
        colours = theme.colours_of(self.palette())
        colour = QColor(colours.named()[row.token])
        if row.low is not None and row.high is not None:
            painter.setPen(QPen(colour, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(across(row.low), y), QPointF(across(row.high), y))
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(across(row.value), y), _DOT + 1, _DOT + 1)

    def _axis(self) -> tuple[float, float, list[float]]:
        """Ends of the axis and its round ticks."""
        ends = [part for row in self._rows for part in (row.value, row.low, row.high) if part is not None]
        ends += [self._line] if self._line is not None else []
        low, high = min(ends), max(ends)
        room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        low, high = low - room, high + room
        unit = 10.0 ** np.floor(np.log10((high - low) / 4))
        step = next(step * unit for step in _STEPS if step * unit >= (high - low) / 4)
        first = np.ceil(low / step)
        return low, high, [float(tick * step) for tick in np.arange(first, np.floor(high / step) + 1)]

    def _axis_area(self) -> QRectF:
        name, number, took, verdict = self._columns()
        left = name + number + theme.GAP
        return QRectF(left, 0, max(120, self.width() - left - took - verdict - 2 * theme.GAP), self.height())

    def _columns(self) -> tuple[int, int, int, int]:
        """Widths of name, number, duration and verdict."""
        strong = QFontMetrics(theme.typed(self.font(), "body", theme.SEMIBOLD))
        small = QFontMetrics(theme.typed(self.font(), "caption"))
        names = [strong.horizontalAdvance(tr(row.name)) for row in self._rows]
        names += [small.horizontalAdvance(tr(row.detail)) for row in self._rows]
        number = max(strong.horizontalAdvance(tr(row.text)) for row in self._rows) + theme.GAP
        took = max(small.horizontalAdvance(tr(row.took)) for row in self._rows)
        verdict = max(small.horizontalAdvance(tr(row.verdict)) for row in self._rows)
        return min(max(names), 240), number, took, verdict + theme.ICON_SMALL + theme.SECTION_GAP

    def _row_height(self) -> int:
        return max(theme.ROW_HEIGHT_DRAWN, 2 * self.fontMetrics().height() + theme.GAP)

    def _head_height(self) -> int:
        return self.fontMetrics().height() + theme.MARGIN
