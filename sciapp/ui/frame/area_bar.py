"""The tab bar of the areas: upright tabs painted across, each with its icon, its name and the state of its area."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QTabBar, QToolTip, QWidget

from sciapp.i18n import joined, msg
from sciapp.ui import theme
from sciapp.ui.frame.areas import AREA_NAMES, AREAS, AreaState
from sciapp.ui.words import tr

_STATUS_ICONS = {"good": "circle-check", "caution": "circle-alert", "bad": "octagon-alert"}
_RING = 14  # px


class AreaBar(QTabBar):
    """Chooses an area. `areaRequested` also tells of a click on the area that is chosen already."""

    areaRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states: dict[str, AreaState] = dict.fromkeys(AREA_NAMES, AreaState())
        self._compact, self._shown, self._pointed = False, True, -1
        self.setObjectName("tabs")
        self.setAccessibleName(tr(msg("Areas of the project")))
        self.setShape(QTabBar.Shape.RoundedWest)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for name, title in AREAS.items():
            self.addTab(tr(title))
            self.setTabData(self.count() - 1, name)
        self.tabBarClicked.connect(self._clicked)
        self.currentChanged.connect(self.areaRequested)
        self.set_states(self._states)

    def set_states(self, states: Mapping[str, AreaState]) -> None:
        """Show the states by the names of their areas."""
        self._states = dict(states)
        for index, (name, title) in enumerate(AREAS.items()):
            line = self._states[name].line
            key = msg("Ctrl+{number}", number=index + 1)
            self.setAccessibleTabName(index, tr(joined([title, line], ", ")))
            self.setTabToolTip(index, tr(joined([title, line, key], " · ")))
        self.update()

    def set_project_open(self, is_open: bool) -> None:
        """Areas can be chosen while a project is open; which one is chosen stays."""
        self.blockSignals(True)
        current = self.currentIndex()
        for index in range(self.count()):
            self.setTabEnabled(index, is_open)
        self.setCurrentIndex(current)
        self.blockSignals(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_open else Qt.FocusPolicy.NoFocus)
        self.update()

    def set_shown(self, shown: bool) -> None:
        """True if an area is what the window shows; False on the home page."""
        self._shown = shown
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Icons alone, with their names as tooltips."""
        self._compact = compact
        self.updateGeometry()
        # Qt lays tabs out again when a text or the size of the icons has changed.
        self.setIconSize(QSize(theme.ICON + int(compact), theme.ICON))
        self.update()

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def tabSizeHint(self, index: int) -> QSize:
        caption = QFontMetrics(theme.typed(self.font(), "caption")).height()
        line = self.fontMetrics().height()
        if self._compact:
            return QSize(max(self.width(), theme.CONTROL_HEIGHT), line + 2 * theme.MARGIN)
        return QSize(max(self.width(), theme.CONTROL_HEIGHT), line + caption + theme.GAP)

    minimumTabSizeHint = tabSizeHint

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.CONTROL_HEIGHT, self.tabSizeHint(0).height() * self.count())

    def sizeHint(self) -> QSize:
        hint = self.tabSizeHint(0)
        return QSize(hint.width(), hint.height() * self.count())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, name in enumerate(AREA_NAMES):
            self._paint_tab(painter, index, name, QRectF(self.tabRect(index)).adjusted(0, 1, 0, -1))
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.tabAt(event.pos())
            QToolTip.showText(event.globalPos(), self.tabToolTip(index) if index >= 0 else "", self)
            return True
        if event.type() is QEvent.Type.Leave:
            self._point_at(-1)
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.tabAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            index = self.currentIndex() + step
            if 0 <= index < self.count() and self.isTabEnabled(index):
                self.setCurrentIndex(index)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    # --- the parts ------------------------------------------------------------------------------------------------

    def _clicked(self, index: int) -> None:
        if index >= 0 and self.isTabEnabled(index) and index == self.currentIndex():
            self.areaRequested.emit(index)

    def _point_at(self, index: int) -> None:
        if index != self._pointed:
            self._pointed = index
            self.update()

    def _paint_tab(self, painter: QPainter, index: int, name: str, area: QRectF) -> None:
        colours = theme.colours_of(self.palette())
        enabled = self.isTabEnabled(index)
        chosen = self._shown and enabled and index == self.currentIndex()
        if chosen or (enabled and index == self._pointed):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_tint if chosen else colours.hover))
            painter.drawRoundedRect(area, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        if self.hasFocus() and index == self.currentIndex():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        ink = colours.accent_text if chosen else colours.ink if enabled else colours.ink3
        size = theme.ICON_LARGE
        icon = theme.icon_pixmap(name, ink if chosen or not enabled else colours.ink2, size, self.devicePixelRatioF())
        left = area.left() + ((area.width() - size) / 2 if self._compact else theme.MARGIN)
        painter.drawPixmap(QPointF(left, area.center().y() - size / 2), icon)
        if self._compact:
            corner = QRectF(area.right() - _RING - 2, area.top() + 2, _RING, _RING)
        else:
            self._paint_texts(painter, area, index, name, QColor(ink))
            corner = QRectF(area.right() - theme.MARGIN - _RING, area.center().y() - _RING / 2, _RING, _RING)
        self._paint_status(painter, self._states[name], corner)

    def _paint_texts(self, painter: QPainter, area: QRectF, index: int, name: str, ink: QColor) -> None:
        state, colours = self._states[name], theme.colours_of(self.palette())
        texts = area.adjusted(theme.MARGIN + theme.ICON_LARGE + theme.MARGIN, 0, -theme.MARGIN, 0)
        line_room = texts.adjusted(0, 0, -(_RING + theme.HALF) if state.status else 0, 0)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        name_font, line_font = theme.typed(self.font(), "body", theme.MEDIUM), theme.typed(self.font(), "caption")
        painter.setFont(name_font)
        painter.setPen(ink)
        if not state.line:
            painter.drawText(texts, flags, self.tabText(index))
            return
        heights = QFontMetrics(name_font).height(), QFontMetrics(line_font).height()
        top = texts.center().y() - sum(heights) / 2
        painter.drawText(QRectF(texts.left(), top, line_room.width(), heights[0]), flags, self.tabText(index))
        line = QFontMetrics(line_font).elidedText(tr(state.line), Qt.TextElideMode.ElideRight, int(line_room.width()))
        painter.setFont(line_font)
        painter.setPen(QColor(colours.ink2 if self._shown and index == self.currentIndex() else colours.ink3))
        painter.drawText(QRectF(texts.left(), top + heights[0], line_room.width(), heights[1]), flags, line)

    def _paint_status(self, painter: QPainter, state: AreaState, corner: QRectF) -> None:
        colours = theme.colours_of(self.palette())
        if state.status == "busy":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = corner.adjusted(1, 1, -1, -1)
            painter.setPen(QPen(QColor(colours.line), 2))
            painter.drawEllipse(ring)
            painter.setPen(QPen(QColor(colours.accent), 2))
            share = state.share if state.share is not None else 0.25
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * share))
        elif state.status:
            icon = theme.icon_pixmap(
                _STATUS_ICONS[state.status], colours.named()[state.status], _RING, self.devicePixelRatioF()
            )
            painter.drawPixmap(corner.topLeft(), icon)
