"""Cells that are drawn instead of written: molecules."""

import re
from collections import OrderedDict

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImageReader, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sciapp.actions.depictions import depictions
from sciapp.ui import theme
from sciapp.workers.query import LatestQuery

SIZE = QSize(150, 110)

_KEPT = 400
_AT_ONCE = 24
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")
_GREY, _WHITE, _LIGHT = 0.15, 0.97, 0.72  # saturation of greys; lightness of paper, and of colours on a dark ground


class Pictures(QObject):
    """Drawings of inputs, made on another thread a few at a time; the newest that are asked for come first."""

    arrived = Signal()

    def __init__(self, domain: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._domain = domain
        self._drawings: OrderedDict[str, str] = OrderedDict()  # SVG
        self._pictures: dict[str, QPixmap] = {}  # of drawings, in the colours of the theme
        self._dark = False
        self._bare: set[str] = set()  # values without a picture
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._requested: list[str] = []
        self._query = LatestQuery(self)
        self._query.failed.connect(self._failed)

    def ready(self) -> frozenset[str]:
        """Values whose pictures are at hand."""
        return frozenset(self._drawings)

    def picture(self, value: str, palette: QPalette) -> QPixmap | None:
        """The picture of a value, readable on the palette's ground; None where it has none, or until `arrived`."""
        if theme.is_dark(palette) != self._dark:
            self._dark = not self._dark
            self._pictures.clear()
        drawing = self._drawings.get(value)
        if drawing is None:
            if value and value not in self._bare:
                self._want(value)
            return None
        self._drawings.move_to_end(value)
        if value not in self._pictures:
            self._pictures[value] = _rendered(_lightened(drawing, palette) if self._dark else drawing)
        return self._pictures[value]

    def _want(self, value: str) -> None:
        self._wanted[value] = None
        self._wanted.move_to_end(value)
        while len(self._wanted) > 2 * _AT_ONCE:  # scrolled past long ago
            self._wanted.popitem(last=False)
        self._ask()

    def _ask(self) -> None:
        if self._query.busy or not self._wanted:
            return
        values = list(self._wanted)[-_AT_ONCE:]
        domain, self._requested = self._domain, values
        self._query.ask(lambda _: (values, depictions(domain, values)), self._take)

    def _failed(self, _: object) -> None:
        """Values that cannot be drawn stay text, and are not asked for with every repaint."""
        self._bare.update(self._requested)
        for value in self._requested:
            self._wanted.pop(value, None)

    def _take(self, answer: tuple[list[str], dict[str, str]]) -> None:
        values, drawn = answer
        for value in values:
            self._wanted.pop(value, None)
            if value in drawn:
                self._drawings[value] = drawn[value]
            else:
                self._bare.add(value)
        while len(self._drawings) > _KEPT:
            oldest, _ = self._drawings.popitem(last=False)
            self._pictures.pop(oldest, None)
        self.arrived.emit()
        self._ask()


class PictureDelegate(QStyledItemDelegate):
    """Draws the cells that are looked at; until their pictures come the text stands there."""

    arrived = Signal()

    def __init__(self, domain: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = Pictures(domain, self)
        self._pictures.arrived.connect(self.arrived)

    def pictures(self) -> frozenset[str]:
        """Values whose pictures are at hand."""
        return self._pictures.ready()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        value = index.data(Qt.ItemDataRole.UserRole) or ""
        picture = self._pictures.picture(value, option.palette)
        if picture is None:
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        box = option.rect.adjusted(3, 2, -3, -2)
        size = picture.deviceIndependentSize().toSize()
        size.scale(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = box.left()
        top = box.top() + (box.height() - size.height()) // 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)  # or thin bonds fall between two pixels
        ratio = painter.device().devicePixelRatioF()
        small = picture.scaled(
            size * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawPixmap(left, top, size.width(), size.height(), small)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return SIZE


def _rendered(svg: str) -> QPixmap:
    buffer = QBuffer()
    buffer.setData(QByteArray(svg.encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(SIZE * 2)  # sharp on screens with two pixels to a point
    picture = QPixmap.fromImage(reader.read())
    picture.setDevicePixelRatio(2)
    return picture


def _lightened(svg: str, palette: QPalette) -> str:
    """A drawing meant for white paper, on a dark ground: black as the text's colour, other colours lighter."""
    ink = theme.colours_of(palette).ink

    def lighter(match: re.Match[str]) -> str:
        colour = QColor(match[0])
        if colour.hslSaturationF() < _GREY:
            return ink if colour.lightnessF() < 0.5 else "none" if colour.lightnessF() > _WHITE else match[0]
        return QColor.fromHslF(colour.hslHueF(), colour.hslSaturationF(), max(_LIGHT, colour.lightnessF())).name()

    return _COLOUR.sub(lighter, svg)
