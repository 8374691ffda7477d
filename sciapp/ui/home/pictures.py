"""Pictures of a project's first inputs: drawings, letters in columns, or lines of text, in the colours of the theme."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetricsF, QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from sciapp.ui import theme

_HEIGHT = 140  # px
_DRAWINGS, _LINES = 3, 5
_LEAST_CONTRAST = 4.5  # of a drawing's lines and letters, as WCAG 2 asks of text
_LETTERS_BEFORE = 5  # the first letter in which rows differ
_TINT = 0.22  # opacity
_ICON = 32  # px
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")


class InputPicture(QWidget):
    """Shows inputs on a band that fits the top of a card; an icon while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs: tuple[str, ...] = ()
        self._drawings: Mapping[str, str] = {}
        self._letters, self._icon = False, "folder"
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_inputs(self, inputs: Sequence[str], drawings: Mapping[str, str], *, letters: bool) -> None:
        """drawings: SVG by input. letters: every letter of an input is a unit."""
        self._inputs, self._drawings, self._letters = tuple(inputs), dict(drawings), letters
        self.update()

    def set_icon(self, icon: str) -> None:
        """What stands there without inputs."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.RAIL_WIDTH, _HEIGHT)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(QRectF(self.rect()), theme.CARD_RADIUS - 1, theme.CARD_RADIUS - 1)
        area = QRectF(self.rect()).adjusted(theme.MARGIN, theme.SPACING, -theme.MARGIN, -theme.SPACING)
        if self._drawings:
            self._paint_drawings(painter, area)
        elif self._letters and self._inputs:
            self._paint_letters(painter, area)
        elif self._inputs:
            self._paint_text(painter, area)
        else:
            icon = theme.icon_pixmap(self._icon, colours.outline, _ICON, self.devicePixelRatioF())
            painter.drawPixmap(area.center() - QPointF(_ICON / 2, _ICON / 2), icon)
        painter.end()

    def _paint_drawings(self, painter: QPainter, area: QRectF) -> None:
        colours, ratio = theme.colours_of(self.palette()), self.devicePixelRatioF()
        known = [self._drawings[value] for value in self._inputs if value in self._drawings]
        fitting = max(1, min(_DRAWINGS, len(known), int(area.width() // (area.height() * 0.9))))
        width = area.width() / fitting
        for index, drawing in enumerate(known[:fitting]):
            box = QRectF(area.left() + index * width, area.top(), width, area.height()).adjusted(2, 0, -2, 0)
            pixmap = _rendered(readable(drawing, colours.sunken, colours.ink), round(box.height() * ratio))
            size = pixmap.size().toSizeF()
            size.scale(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))

    def _paint_letters(self, painter: QPainter, area: QRectF) -> None:
        colours = theme.colours_of(self.palette())
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(theme.typed(self.font(), "caption").pointSizeF())
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        cell, line = metrics.horizontalAdvance("W") + 4, metrics.height() + 3
        columns, rows = int(area.width() // cell), min(len(self._inputs), int(area.height() // line))
        begin = _first_difference(self._inputs)
        begin = max(0, begin - _LETTERS_BEFORE)
        shown = [value[begin : begin + columns] for value in self._inputs[:rows]]
        left = area.left() + (area.width() - columns * cell) / 2
        top = area.top() + (area.height() - rows * line) / 2
        kinds = sorted({letter for text in shown for letter in text})
        for row, text in enumerate(shown):
            for column, letter in enumerate(text):
                box = QRectF(left + column * cell, top + row * line, cell, line)
                differs = any(column < len(one) and one[column] != letter for one in shown)
                if differs:
                    ground = QColor(colours.data_style(kinds.index(letter) % len(colours.data)).colour)
                    ground.setAlphaF(_TINT)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(ground)
                    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 2, 2)
                painter.setPen(QColor(colours.ink if differs else colours.ink3))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), letter)

    def _paint_text(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(theme.typed(self.font(), "caption"))
        painter.setPen(QColor(theme.colours_of(self.palette()).ink3))
        metrics = painter.fontMetrics()
        line = metrics.height() + theme.HALF
        rows = min(len(self._inputs), _LINES, int(area.height() // line))
        top = area.top() + (area.height() - rows * line) / 2
        for row, value in enumerate(self._inputs[:rows]):
            text = metrics.elidedText(" ".join(value.split()), Qt.TextElideMode.ElideRight, int(area.width()))
            box = QRectF(area.left(), top + row * line, area.width(), line)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)


def readable(svg: str, ground: str, ink: str) -> str:
    """A drawing made for white paper, with every colour changed so far that it can be seen on `ground`; grey: `ink`."""
    return _COLOUR.sub(lambda match: _seen_on(match[0].lower(), ground.lower(), ink), svg)


@lru_cache(maxsize=256)
def _seen_on(colour: str, ground: str, ink: str) -> str:
    made, step = QColor(colour), 4 if QColor(ground).lightness() < 128 else -4
    if made.hslSaturationF() < 0.1 and _contrast(made, QColor(ground)) < _LEAST_CONTRAST:
        return ink if made.lightness() < 200 else colour
    while _contrast(made, QColor(ground)) < _LEAST_CONTRAST and 0 < made.lightness() + step < 255:
        made.setHsl(made.hslHue(), made.hslSaturation(), made.lightness() + step)
    return made.name()


def _contrast(first: QColor, second: QColor) -> float:
    """WCAG 2."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _first_difference(values: Sequence[str]) -> int:
    """The first place at which not all values have the same letter; 0 where there is none."""
    return next((place for place, letters in enumerate(zip(*values, strict=False)) if len(set(letters)) > 1), 0)


@lru_cache(maxsize=64)
def _rendered(svg: str, height: int) -> QPixmap:
    buffer = QBuffer()
    buffer.setData(QByteArray(svg.encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    size = reader.size()
    if size.isValid() and size.height():
        reader.setScaledSize(QSize(round(size.width() * height / size.height()), height))
    return QPixmap.fromImage(reader.read())
