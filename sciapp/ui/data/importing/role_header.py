"""Column heads with the role of each column as a chip, and the menu in which a role is chosen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.words import tr


@dataclass(frozen=True)
class ColumnRole:
    """A role that a column may have. name: the word in `Roles.by_column`; text: on the chip; entry: in the menu."""

    name: str
    text: str
    entry: str
    icon: str
    tone: str = "ink2"
    ground: str = "hover"


SECOND_INPUT = msg("second input")
"""As `Roles.by_column` calls it."""
UNUSED = ColumnRole("", msg("Not used"), msg("Not used"), "circle-off", "ink3")
ROLES: dict[str, ColumnRole] = {
    role.name: role
    for role in (
        ColumnRole("input", msg("Goes in"), msg("Goes in"), "log-in", "accent_text", "accent_tint"),
        ColumnRole("target", msg("To predict"), msg("To predict"), "target", "second", "second_tint"),
        ColumnRole("condition", msg("Known condition"), msg("Known condition the model reads too"), "thermometer"),
        ColumnRole("group", msg("Group"), msg("Group that stays together"), "group"),
        ColumnRole("time", msg("Date"), msg("Date: the newest rows are the test"), "clock"),
        ColumnRole("split", msg("Says the part"), msg("Says which rows are the test"), "list"),
        ColumnRole("weight", msg("Weight"), msg("How much a row counts"), "scale"),
        ColumnRole("mask", msg("Which cells count"), msg("Which labels count"), "eye"),
        ColumnRole(
            SECOND_INPUT, msg("Goes in too"), msg("Second thing that goes in"), "log-in", "accent_text", "accent_tint"
        ),
        UNUSED,
    )
}
PART = ColumnRole(msg("part of the input"), msg("Part of it"), "", "link", "accent_text", "accent_tint")
ALSO_TARGET = "also-target"
"""Chosen for one more column to predict, beside those that are chosen."""
_ALSO = msg("To predict as well")
_MARGIN, _CHIP_PADDING, _CHIP_ICON, _CHEVRON = 10, 8, 14, 14


def role_named(name: str) -> ColumnRole:
    """The role of this name; for one without a chip of its own, a chip with its word."""
    if name == PART.name:
        return PART
    return ROLES.get(name) or ColumnRole(name, name, name, "link")


class RoleHeader(QHeaderView):
    """A click on a head, or Enter in its column, opens the menu of roles."""

    roleChosen = Signal(int, str)  # section, name of a role

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._roles: Mapping[str, str] = {}
        self._offered: Callable[[str], tuple[str, ...]] = lambda _: ()
        self._pressed: QPoint | None = None
        self._widths: dict[str, int] = {}  # px of the words on chips
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setToolTip(tr(msg("Click a column’s name to say what it is for.")))

    def set_roles(self, roles: Mapping[str, str]) -> None:
        """roles: column → name of its role; columns that are left out are not used."""
        self._roles = dict(roles)
        self.viewport().update()

    def offer(self, offered: Callable[[str], tuple[str, ...]]) -> None:
        """offered: the roles that may be chosen for a column, by their names."""
        self._offered = offered

    def role(self, column: str) -> ColumnRole:
        return role_named(str(self._roles.get(column, "")))

    def chip_width(self, column: str) -> int:
        """The px that a column's chip needs."""
        text = tr(self.role(column).text)
        if text not in self._widths:  # of thousands of columns nearly all have the same chip
            metrics = QFontMetrics(theme.typed(self.font(), "caption", theme.MEDIUM))
            self._widths[text] = metrics.horizontalAdvance(text)
        return self._widths[text] + 2 * _CHIP_PADDING + _CHIP_ICON + theme.HALF + _CHEVRON + theme.HALF + 2 * _MARGIN

    def menu(self, section: int) -> QMenu:
        """The menu of roles of a section; it deletes itself when it is closed."""
        column = self._column(section)
        current = self.role(column).name
        menu = QMenu(self)
        menu.setObjectName("columnRoleMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        colours = theme.colours_of(self.palette())
        for name in self._offered(column):
            role = ROLES["target"] if name == ALSO_TARGET else role_named(name)
            text = _ALSO if name == ALSO_TARGET else role.entry
            action = menu.addAction(theme.coloured_icon(role.icon, colours.ink2), tr(text))
            action.setObjectName(f"role-{name or 'none'}")
            action.setCheckable(True)
            action.setChecked(name == current)
            group.addAction(action)
            action.triggered.connect(lambda _, name=name: self.roleChosen.emit(section, name))
        return menu

    def open_menu(self, section: int) -> None:
        """Open the menu below the head of a section."""
        if not self._offered(self._column(section)):
            return
        left = max(0, self.sectionViewportPosition(section))
        self.menu(section).popup(self.viewport().mapToGlobal(QPoint(left + _MARGIN, self.height() - theme.HALF)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.FontChange:
            self._widths.clear()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(super().sizeHint().width(), 2 * metrics.height() + 30)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        # A drag makes a column wider; only a click asks for its role.
        if pressed is None or (point - pressed).manhattanLength() > 3:
            return
        if self.cursor().shape() is not Qt.CursorShape.SplitHCursor and (section := self.logicalIndexAt(point)) >= 0:
            self.open_menu(section)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        colours, column = theme.colours_of(self.palette()), self._column(logicalIndex)
        role = self.role(column)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(colours.sunken))
        painter.setPen(QColor(colours.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inside = rect.adjusted(_MARGIN, 8, -theme.HALF, 0)
        font = theme.typed(self.font(), "body", theme.MEDIUM if role.name else theme.REGULAR)
        painter.setFont(font)
        painter.setPen(QColor(colours.ink if role.name else colours.ink2))
        metrics = QFontMetrics(font)
        name = metrics.elidedText(" ".join(column.split()), Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(QRect(inside.left(), inside.top(), inside.width(), metrics.height()), 0, name)
        self._paint_chip(painter, role, QPoint(inside.left(), inside.top() + metrics.height() + 5), inside.width())
        painter.restore()

    def _paint_chip(self, painter: QPainter, role: ColumnRole, corner: QPoint, room: int) -> None:
        colours = theme.colours_of(self.palette())
        named = colours.named()
        font = theme.typed(self.font(), "caption", theme.MEDIUM)
        metrics = QFontMetrics(font)
        most = room - 2 * _CHIP_PADDING - _CHIP_ICON - theme.HALF - _CHEVRON - theme.HALF
        text = metrics.elidedText(tr(role.text), Qt.TextElideMode.ElideRight, max(0, most))
        width = metrics.horizontalAdvance(text) + 2 * _CHIP_PADDING + _CHIP_ICON + theme.HALF
        chip = QRectF(corner.x(), corner.y(), width, metrics.height() + 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(named[role.ground]))
        painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
        ratio, middle = self.devicePixelRatioF(), chip.center().y() - _CHIP_ICON / 2
        icon = theme.icon_pixmap(role.icon, named[role.tone], _CHIP_ICON, ratio)
        painter.drawPixmap(QPointF(chip.left() + _CHIP_PADDING - 1, middle), icon)
        painter.setFont(font)
        painter.setPen(QColor(named[role.tone]))
        words = chip.adjusted(_CHIP_PADDING + _CHIP_ICON + theme.HALF - 1, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)
        chevron = theme.icon_pixmap("chevron-down", colours.ink2, _CHEVRON, ratio)
        painter.drawPixmap(QPointF(chip.right() + theme.HALF, middle), chevron)

    def _column(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal))
