"""Cells that are drawn instead of written: molecules."""

from collections import OrderedDict

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QImageReader, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sciapp.actions.depictions import depictions
from sciapp.ui import theme
from sciapp.workers.query import LatestQuery

SIZE = QSize(150, 110)

_KEPT = 400
_AT_ONCE = 24


class PictureDelegate(QStyledItemDelegate):
    """Asks for the pictures of the cells that are looked at, a few at a time; until they come the text stands there."""

    arrived = Signal()

    def __init__(self, domain: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._domain = domain
        self._pictures: OrderedDict[str, QPixmap] = OrderedDict()
        self._bare: set[str] = set()  # values without a picture
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._requested: list[str] = []
        self._query = LatestQuery(self)
        self._query.failed.connect(self._failed)

    def pictures(self) -> frozenset[str]:
        """Values whose pictures are at hand."""
        return frozenset(self._pictures)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        value = index.data(Qt.ItemDataRole.UserRole) or ""
        picture = self._pictures.get(value)
        if picture is None:
            super().paint(painter, option, index)
            if value and value not in self._bare:
                self._want(value)
            return
        self._pictures.move_to_end(value)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        box = option.rect.adjusted(3, 2, -3, -2)
        size = picture.deviceIndependentSize().toSize()
        size.scale(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = box.left()
        top = box.top() + (box.height() - size.height()) // 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)  # or thin bonds fall between two pixels
        painter.drawPixmap(left, top, size.width(), size.height(), picture)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return SIZE

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
                self._pictures[value] = _rendered(drawn[value])
            else:
                self._bare.add(value)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self.arrived.emit()
        self._ask()


def _rendered(svg: str) -> QPixmap:
    buffer = QBuffer()
    buffer.setData(QByteArray(svg.encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(SIZE * 2)  # sharp on screens with two pixels to a point
    drawing = QPixmap.fromImage(reader.read())
    paper = QPixmap(drawing.size())
    paper.fill(theme.LIGHT.paper)
    painter = QPainter(paper)
    painter.drawPixmap(0, 0, drawing)
    painter.end()
    paper.setDevicePixelRatio(2)
    return paper
