"""Small painted things beside text: an icon, an icon on a tinted ground, a pill, a ring of progress."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr

_TURN_MS, _TURN_DEGREES = 60, 18
_PILL_ICON = 14


class IconLabel(QWidget):
    """An icon in a token's colour; with `ground` in the middle of a tinted shape. It says nothing that words do not."""

    def __init__(
        self,
        icon: str,
        parent: QWidget | None = None,
        *,
        tone: str = "ink2",
        size: int = theme.ICON,
        ground: str = "",
        ground_size: int = 0,
        round_ground: bool = False,
    ) -> None:
        """tone, ground: names of tokens. ground_size: width of the tinted shape in px; 0: no shape."""
        super().__init__(parent)
        self._icon, self._tone, self._ground, self._size, self._round = icon, tone, ground, size, round_ground
        self._extent = ground_size or size
        self.setFixedSize(self._extent, self._extent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def icon(self) -> str:
        return self._icon

    def set_icon(self, icon: str, *, tone: str | None = None, ground: str | None = None) -> None:
        self._icon = icon
        self._tone = self._tone if tone is None else tone
        self._ground = self._ground if ground is None else ground
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette()).named()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours[self._ground]))
            radius = self._extent / 2 if self._round else theme.CONTROL_RADIUS
            painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        tone = colours[self._tone] if self.isEnabled() else colours["outline"]
        offset = (self._extent - self._size) // 2
        painter.drawPixmap(offset, offset, theme.icon_pixmap(self._icon, tone, self._size, self.devicePixelRatioF()))
        painter.end()


class Pill(QWidget):
    """A short word on a tinted ground, with the icon of its status; read to a screen reader as its text."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        status: theme.Status | None = None,
        icon: str | None = None,
        name: str = "",
    ) -> None:
        """status: None for a plain grey one without an icon. icon: instead of the status's own; "" for none."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text, self._status, self._icon = "", status, ""
        self.set_pill(text, status=status, icon=icon)

    def text(self) -> str:
        return self._text

    def set_pill(self, text: str, *, status: theme.Status | None = None, icon: str | None = None) -> None:
        self._text, self._status = tr(text), status
        self._icon = icon if icon is not None else (theme.STATUS_ICONS[status] if status is not None else "")
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = theme.typed(self.font(), "caption", theme.MEDIUM)
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(self._text) + 2 * 10 + (_PILL_ICON + theme.HALF if self._icon else 0)
        return QSize(width, metrics.height() + 8)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        text, ground = (colours.ink2, colours.hover) if self._status is None else colours.status(self._status)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        left = 10
        if self._icon:
            pixmap = theme.icon_pixmap(self._icon, text, _PILL_ICON, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(left - 2, (self.height() - _PILL_ICON) / 2), pixmap)
            left += _PILL_ICON + theme.HALF - 2
        painter.setPen(QColor(text))
        painter.setFont(theme.typed(self.font(), "caption", theme.MEDIUM))
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self._text)
        painter.end()


class ProgressRing(QProgressBar):
    """Progress as a ring; it turns while the end is not known (a range of 0 to 0)."""

    def __init__(self, accessible: str, parent: QWidget | None = None, *, size: int = theme.ICON) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(accessible))
        self.setTextVisible(False)
        self.setRange(0, 0)
        self.setFixedSize(size, size)
        self._angle = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_TURN_MS)
        self._clock.timeout.connect(self._turn)

    def set_share(self, share: float | None) -> None:
        """share: between 0 and 1; None while it is not known."""
        self.setRange(0, 0 if share is None else 1000)
        self.setValue(0 if share is None else round(1000 * min(max(share, 0.0), 1.0)))
        self._run_clock()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_clock()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        width = max(2.0, self.width() / 8)
        area = QRectF(self.rect()).adjusted(width, width, -width, -width)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.line), width))
        painter.drawEllipse(area)
        pen = QPen(QColor(colours.accent), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if self.maximum() == 0:
            painter.drawArc(area, (90 - self._angle) * 16, -100 * 16)
        elif self.value():
            painter.drawArc(area, 90 * 16, -round(360 * 16 * self.value() / self.maximum()))
        painter.end()

    def _run_clock(self) -> None:
        if self.maximum() == 0 and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()
        self.update()

    def _turn(self) -> None:
        self._angle = (self._angle + _TURN_DEGREES) % 360
        self.update()
