"""Bars below each other with labels, numbers and 95 % ranges: the comparison of a few numbers of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr

_BAR, _WHISKER = 16, 8  # px: height of a bar, and of the ends of a range
_LEAST_BAR = 60


@dataclass(frozen=True)
class BarRow:
    """One bar. text: the number in words. low, high: ends of its range, if it has one. note: at the far right."""

    label: str
    value: float
    text: str
    token: str = "accent"
    """Name of the colour's token: “accent” for the model, “second” for the simple method, “outline” for the rest."""
    low: float | None = None
    high: float | None = None
    note: str = ""
    strong: bool = False


class BarRows(QWidget):
    """Bars from zero on one scale; the same numbers are in the accessible description."""

    def __init__(self, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(accessible))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: tuple[BarRow, ...] = ()

    def rows(self) -> tuple[BarRow, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[BarRow]) -> None:
        self._rows = tuple(rows)
        self.setAccessibleDescription(
            "; ".join(" ".join(tr(part) for part in (f"{tr(row.label)}:", row.text, row.note) if part) for row in rows)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        labels, numbers, notes = self._columns()
        return QSize(labels + numbers + notes + 3 * theme.GAP + 240, max(1, len(self._rows)) * self._row_height())

    def minimumSizeHint(self) -> QSize:
        labels, numbers, notes = self._columns()
        return QSize(labels + numbers + notes + 3 * theme.GAP + _LEAST_BAR, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        labels, numbers, notes = self._columns()
        left = labels + theme.GAP
        room = self.width() - left - numbers - theme.MARGIN - (notes + theme.GAP if notes else 0)
        largest = max((row.high if row.high is not None else row.value) for row in self._rows)
        scale = max(room, 1) / largest if largest > 0 else 0.0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, row in enumerate(self._rows):
            area = QRectF(0, index * self._row_height(), self.width(), self._row_height())
            self._paint_row(painter, row, area, left, scale)
        painter.end()

    def _paint_row(self, painter: QPainter, row: BarRow, area: QRectF, left: int, scale: float) -> None:
        colours, middle = theme.colours_of(self.palette()), area.center().y()
        painter.setFont(self._font(row))
        painter.setPen(QColor(colours.ink if row.strong else colours.ink2))
        centred = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(area, centred, tr(row.label))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.named()[row.token]))
        painter.drawRoundedRect(QRectF(left, middle - _BAR / 2, max(2.0, row.value * scale), _BAR), 3, 3)
        end = left + row.value * scale
        if row.low is not None and row.high is not None:
            end = max(end, left + row.high * scale)
            self._paint_range(painter, left + row.low * scale, left + row.high * scale, middle)
        painter.setPen(QColor(colours.ink))
        painter.setFont(theme.typed(self.font(), "body", theme.SEMIBOLD))
        painter.drawText(area.adjusted(end + theme.MARGIN, 0, 0, 0), centred, tr(row.text))
        if row.note:
            painter.setPen(QColor(colours.ink3))
            painter.setFont(theme.typed(self.font(), "caption"))
            painter.drawText(area, centred | int(Qt.AlignmentFlag.AlignRight), tr(row.note))

    def _paint_range(self, painter: QPainter, low: float, high: float, middle: float) -> None:
        """A line with two ends, on a halo of the ground so that it is seen on its bar as well."""
        colours = theme.colours_of(self.palette())
        lines = [
            QLineF(low, middle, high, middle),
            QLineF(low, middle - _WHISKER / 2, low, middle + _WHISKER / 2),
            QLineF(high, middle - _WHISKER / 2, high, middle + _WHISKER / 2),
        ]
        for colour, width in ((colours.surface, 3.5), (colours.ink, 1.5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLines(lines)

    def _columns(self) -> tuple[int, int, int]:
        """Widths of labels, numbers and notes."""
        label = QFontMetrics(theme.typed(self.font(), "body", theme.SEMIBOLD))
        note = QFontMetrics(theme.typed(self.font(), "caption"))
        widths = [
            (
                label.horizontalAdvance(tr(row.label)),
                label.horizontalAdvance(tr(row.text)),
                note.horizontalAdvance(tr(row.note)),
            )
            for row in self._rows
        ]
        labels, numbers, notes = (max(column) for column in zip(*widths, strict=True)) if widths else (0, 0, 0)
        return labels, numbers, notes

    def _font(self, row: BarRow) -> QFont:
        return theme.typed(self.font(), "body", theme.SEMIBOLD if row.strong else theme.REGULAR)

    def _row_height(self) -> int:
        return max(theme.ROW_HEIGHT, self.fontMetrics().height() + theme.GAP)
