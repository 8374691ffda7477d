"""Buttons of the rail: an icon, a name, and what stands at its right end; the icon alone where the rail is narrow."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from sciapp.i18n import joined
from sciapp.ui import theme
from sciapp.ui.words import tr


class RailButton(QAbstractButton):
    """One entry of the rail.

    set_texts: `line` stands small above the text. key: a key, in a frame at the right end. end_icon: an icon there.
    framed: it looks like a field.
    """

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        icon: str,
        name: str,
        help: str = "",
        key: str = "",
        end_icon: str = "",
        framed: bool = False,
    ) -> None:
        super().__init__(parent)
        self._icon, self._key, self._end_icon, self._framed, self._line = icon, key, end_icon, framed, ""
        self._help, self._compact = help, False
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_texts(text)

    def set_texts(self, text: str, line: str = "") -> None:
        self.setText(tr(text))
        self._line = tr(line)
        self.setAccessibleName(tr(joined([line, text], ": ")) if line else tr(text))
        self.setToolTip(tr(joined([text, self._key, self._help], " · ")))
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.updateGeometry()
        self.update()

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        line = QFontMetrics(theme.typed(self.font(), "caption")).height() if self._line and not self._compact else 0
        return QSize(theme.RAIL_WIDTH_NARROW, self.fontMetrics().height() + line + theme.GAP + theme.HALF)

    minimumSizeHint = sizeHint

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, area = theme.colours_of(self.palette()), QRectF(self.rect()).adjusted(0, 1, 0, -1)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        ground = colours.accent_tint if chosen else colours.hover if self._is_pointed() else ""
        if self._framed and not ground:
            ground = colours.surface
        painter.setPen(QPen(QColor(colours.outline), 1) if self._framed else Qt.PenStyle.NoPen)
        if ground:
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        size, ratio = theme.ICON_LARGE, self.devicePixelRatioF()
        tone = colours.accent_text if chosen else colours.ink2 if self.isEnabled() else colours.outline
        left = area.left() + ((area.width() - size) / 2 if self._compact else theme.MARGIN)
        if name := self._icon or (self._end_icon if self._compact else ""):
            icon = theme.icon_pixmap(name, tone, size, ratio)
            painter.drawPixmap(QPointF(left, area.center().y() - size / 2), icon)
        if not self._compact:
            self._paint_texts(painter, area, self._paint_end(painter, area))
        painter.end()

    # --- the parts ------------------------------------------------------------------------------------------------

    def _is_pointed(self) -> bool:
        return (self.underMouse() or self.isDown()) and self.isEnabled()

    def _paint_end(self, painter: QPainter, area: QRectF) -> float:
        """Paint what stands at the right end; the room that it takes, in px."""
        colours = theme.colours_of(self.palette())
        if self._key:
            font = theme.typed(self.font(), "caption")
            metrics = QFontMetrics(font)
            width, height = metrics.horizontalAdvance(self._key) + 2 * theme.HALF + 2, metrics.height() + 2
            chip = QRectF(area.right() - theme.SPACING - width, area.center().y() - height / 2, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(chip, theme.HALF, theme.HALF)
            painter.setFont(font)
            painter.setPen(QColor(colours.ink2))
            painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), self._key)
            return width + theme.SPACING + theme.HALF
        if self._end_icon:
            size = theme.ICON_SMALL
            at = QPointF(area.right() - theme.MARGIN - size, area.center().y() - size / 2)
            icon = theme.icon_pixmap(self._end_icon, colours.ink3, size, self.devicePixelRatioF())
            painter.drawPixmap(at, icon)
            return size + theme.MARGIN + theme.HALF
        return theme.MARGIN

    def _paint_texts(self, painter: QPainter, area: QRectF, end: float) -> None:
        colours = theme.colours_of(self.palette())
        begin = theme.MARGIN + (theme.ICON_LARGE + theme.MARGIN if self._icon else 0)
        texts = area.adjusted(begin, 0, -end, 0)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        weight = theme.SEMIBOLD if self._line else theme.REGULAR if self._framed else theme.MEDIUM
        font, small = theme.typed(self.font(), "body", weight), theme.typed(self.font(), "caption")
        text = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, int(texts.width()))
        ink = colours.accent_text if self.isChecked() else colours.ink3 if self._framed else colours.ink
        if self._line:
            upper, lower = QRectF(texts), QRectF(texts)
            height, line = QFontMetrics(font).height(), QFontMetrics(small).height()
            top = texts.center().y() - (height + line) / 2
            upper.setRect(texts.left(), top, texts.width(), line)
            lower.setRect(texts.left(), top + line, texts.width(), height)
            painter.setFont(small)
            painter.setPen(QColor(colours.ink3))
            painter.drawText(upper, flags, self._line)
            texts = lower
        painter.setFont(font)
        painter.setPen(QColor(ink if self.isEnabled() else colours.ink3))
        painter.drawText(texts, flags, text)
