"""A card beside a point of a plot: drawing, name, measured and predicted value of its row."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sciapp.actions.prediction_rows import PointDetails
from sciapp.i18n import joined, msg
from sciapp.records.formatting import number_text
from sciapp.ui import theme
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.tables.depiction_delegate import Pictures
from sciapp.ui.words import tr

_DRAWING = QSize(132, 96)
_AWAY = 14  # px between point and card
_LETTERS = 36


class PointCard(QFrame):
    """Floats over a plot; it lets the mouse through, so that the point below stays pointed at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pointCard")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pictures: Pictures | None = None
        self._domain, self._input = "", ""
        self._drawing = QLabel(self)
        self._drawing.setFixedSize(_DRAWING)
        self._drawing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = TextLabel("", self, type="strong", name="pointName")
        self._values = TextLabel("", self, tone="secondary", name="pointValues")
        self._miss = TextLabel("", self, type="medium", name="pointMiss")
        texts = QVBoxLayout()
        texts.setSpacing(theme.HALF)
        for part in (self._name, self._values, self._miss):
            texts.addWidget(part)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.GAP, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        row.addWidget(self._drawing)
        row.addLayout(texts)
        self.hide()

    def set_domain(self, domain: str) -> None:
        """What draws the inputs; empty: nothing does."""
        if domain == self._domain:
            return
        self._domain = domain
        if self._pictures is not None:
            self._pictures.deleteLater()
        self._pictures = Pictures(domain, self) if domain else None
        if self._pictures is not None:
            self._pictures.arrived.connect(self._draw)

    def show_point(self, point: PointDetails, measured: float, predicted: float, *, far_off: bool, at: QPoint) -> None:
        """at: where the point is, in the parent."""
        line = msg("line {line}", line=point.line)
        name = point.name or (point.input if not self._domain else "")
        self._name.setText(tr(name)[:_LETTERS] or tr(line))
        values = (
            msg("measured {value}", value=number_text(measured, figures=3)),
            msg("predicted {value}", value=number_text(predicted, figures=3)),
            line if name else "",
        )
        self._values.setText(tr(joined(values, "\n")))
        self._miss.setText(tr(msg("off by {miss:−+.2g}", miss=predicted - measured)))
        self._miss.set_tone("second" if far_off else "ink")
        self._input = point.input
        self._draw()
        self.adjustSize()
        self._place(at)
        self.show()
        self.raise_()

    def _draw(self) -> None:
        picture = self._pictures.picture(self._input, self.palette()) if self._pictures is not None else None
        self._drawing.setVisible(picture is not None)
        if picture is not None:
            self._drawing.setPixmap(_fitted(picture, _DRAWING))
        self.adjustSize()

    def _place(self, at: QPoint) -> None:
        parent = self.parentWidget()
        assert parent is not None, "made inside a plot"
        room, size = parent.size(), self.sizeHint()
        x = at.x() + _AWAY if at.x() + _AWAY + size.width() < room.width() else at.x() - _AWAY - size.width()
        y = min(max(theme.HALF, at.y() - size.height() // 2), max(theme.HALF, room.height() - size.height()))
        self.move(max(theme.HALF, x), y)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.outline), 1))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        painter.end()


def _fitted(picture: QPixmap, size: QSize) -> QPixmap:
    scaled = picture.scaled(size * 2, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    scaled.setDevicePixelRatio(2)
    return scaled
