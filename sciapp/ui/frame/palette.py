"""The command palette: whatever the window can do, found by typing."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QKeyCombination,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from sciapp.i18n import joined, msg
from sciapp.ui import theme
from sciapp.ui.frame.commands import Command
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_WIDTH, _HEIGHT = 620, 440  # px at a text size of 100 %
_TOP_SHARE = 0.14  # of the window's height above the palette
_MOST_UNTYPED = 8  # of one group, until something is typed
_COMMAND = Qt.ItemDataRole.UserRole
_OPENS = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_K)
Index = QModelIndex | QPersistentModelIndex


class CommandItems(QAbstractListModel):
    """Commands that match what was typed, under the titles of their groups."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Command, ...] = ()
        self._rows: list[Command | str] = []

    def set_commands(self, commands: Sequence[Command]) -> None:
        self._all = tuple(commands)
        self.filter("")

    def filter(self, text: str) -> None:
        """Show what matches every word of `text`; those that can be done now come first in each group."""
        typed = text.casefold().split()
        matching = [command for command in self._all if command.matches(typed)]
        order = list(dict.fromkeys(command.group for command in matching))
        matching.sort(key=lambda command: (order.index(command.group), bool(command.reason)))
        self.beginResetModel()
        self._rows = []
        for group, commands in groupby(matching, key=lambda command: command.group):
            members = list(commands)
            self._rows += [group, *(members if typed else members[:_MOST_UNTYPED])]
        self.endResetModel()

    def command(self, row: int) -> Command | None:
        """None for the title of a group."""
        entry = self._rows[row] if 0 <= row < len(self._rows) else None
        return entry if isinstance(entry, Command) else None

    def next_command(self, row: int, step: int) -> int:
        """The row of the next command from `row` on; -1 where there is none."""
        row += step
        while 0 <= row < len(self._rows) and self.command(row) is None:
            row += step
        return row if 0 <= row < len(self._rows) else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if isinstance(entry, str):
            return tr(entry) if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole} else None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(entry.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            unavailable = msg("not now: {reason}", reason=entry.reason) if entry.reason else ""
            return tr(joined([entry.title, entry.detail, entry.shortcut, unavailable], ", "))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(joined([entry.title, entry.detail, entry.reason], " · "))
        return entry if role == _COMMAND else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        command = self.command(index.row())
        if command is None:
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return usual if command.reason else usual | Qt.ItemFlag.ItemIsEnabled


class CommandDelegate(QStyledItemDelegate):
    """An icon, a title, its detail, and the key at the right; titles of groups small above them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(option.font).height()
        return QSize(0, line + (theme.GAP + theme.HALF if index.data(_COMMAND) is not None else theme.MARGIN))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, command = theme.colours_of(option.palette), index.data(_COMMAND)
        area = QRectF(option.rect).adjusted(theme.SPACING, 0, -theme.SPACING, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if not isinstance(command, Command):
            painter.setFont(theme.typed(option.font, "caption"))
            painter.setPen(QColor(colours.ink3))
            painter.drawText(area.adjusted(theme.MARGIN, 0, 0, 0), flags, str(index.data()))
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_tint))
            painter.drawRoundedRect(area, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        ink = colours.ink3 if command.reason else colours.accent_text if chosen else colours.ink
        size, left = theme.ICON, area.left() + theme.MARGIN
        if command.icon:
            widget = option.widget
            ratio = widget.devicePixelRatioF() if widget is not None else 1.0
            icon = theme.icon_pixmap(command.icon, ink if chosen else colours.ink2, size, ratio)
            painter.drawPixmap(int(left), int(area.center().y() - size / 2 + 0.5), icon)
        texts = area.adjusted(theme.MARGIN + size + theme.MARGIN, 0, -theme.MARGIN, 0)
        texts.setRight(texts.right() - _paint_key(painter, option, command, texts))
        self._paint_texts(painter, option, command, texts, ink, chosen)
        painter.restore()

    def _paint_texts(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        command: Command,
        area: QRectF,
        ink: str,
        chosen: bool,
    ) -> None:
        colours = theme.colours_of(option.palette)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        font = theme.typed(option.font, "body", theme.MEDIUM)
        metrics = QFontMetrics(font)
        title = metrics.elidedText(tr(command.title), Qt.TextElideMode.ElideRight, int(area.width()))
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(area, flags, title)
        rest = area.adjusted(metrics.horizontalAdvance(title) + theme.MARGIN, 0, 0, 0)
        detail = tr(command.reason or command.detail)
        small = theme.typed(option.font, "caption")
        painter.setFont(small)
        painter.setPen(QColor(colours.ink2 if chosen else colours.ink3))
        if rest.width() > theme.GAP:
            cut = QFontMetrics(small).elidedText(detail, Qt.TextElideMode.ElideRight, int(rest.width()))
            painter.drawText(rest, flags, cut)


def _paint_key(painter: QPainter, option: QStyleOptionViewItem, command: Command, area: QRectF) -> float:
    """Paint the key at the right; the room that it takes, in px."""
    if not command.shortcut:
        return 0.0
    colours, font = theme.colours_of(option.palette), theme.typed(option.font, "caption")
    metrics = QFontMetrics(font)
    width, height = metrics.horizontalAdvance(command.shortcut) + 2 * theme.SPACING, metrics.height() + theme.HALF
    chip = QRectF(area.right() - width, area.center().y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.hover))
    painter.drawRoundedRect(chip, theme.HALF, theme.HALF)
    painter.setFont(font)
    painter.setPen(QColor(colours.ink2))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), command.shortcut)
    return width + theme.MARGIN


class PaletteKey(QObject):
    """Lets Ctrl+K through to the window where a field would take it: on some systems it deletes to the line's end."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        QApplication.instance().focusChanged.connect(self._watch)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
            return False
        if event.keyCombination() != _OPENS:
            return False
        event.ignore()
        return True

    def _watch(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if isinstance(now, QLineEdit | QPlainTextEdit | QTextEdit) and now.window() is self._window:
            now.installEventFilter(self)


class CommandPalette(QDialog):
    """Typing filters, arrows choose, Enter does it, Escape closes."""

    def __init__(self, commands: Sequence[Command], window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("commandPalette")
        self.setWindowTitle(tr(msg("Search or do")))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.line = QLineEdit(self)
        self.line.setObjectName("paletteLine")
        self.line.setAccessibleName(tr(msg("Search or do")))
        self.line.setPlaceholderText(tr(msg("A page, a run, a dataset, or what is to be done")))
        self.line.setFrame(False)
        theme.set_style(self.line, bare=True)
        self._items = CommandItems(self)
        self.list = QListView(self)
        self.list.setObjectName("paletteList")
        self.list.setAccessibleName(tr(msg("What matches")))
        self.list.setModel(self._items)
        self.list.setItemDelegate(CommandDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._none = TextLabel("", self, tone="caption", name="paletteEmpty", wrap=True)
        self._lay_out(window)
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._do(index.row()))
        self._items.set_commands(commands)
        self._filter("")
        self.line.setFocus()

    def chosen(self) -> Command | None:
        """The command that Enter does."""
        return self._items.command(self.list.currentIndex().row())

    def commands(self) -> list[Command]:
        """Those that match now, in their order."""
        rows = (self._items.command(row) for row in range(self._items.rowCount()))
        return [command for command in rows if command is not None]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter go to the list while the line keeps the focus."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self._choose(self._items.next_command(self.list.currentIndex().row(), step))
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._do(self.list.currentIndex().row())
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        self._items.filter(text)
        self._choose(self._items.next_command(-1, 1))
        is_empty = self._items.rowCount() == 0
        self.list.setVisible(not is_empty)
        self._none.setVisible(is_empty)
        self._none.setText(tr(msg("Nothing is called “{text}”.", text=text.strip())))

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.list.setCurrentIndex(self._items.index(row, 0))
            if self._items.next_command(row, -1) < 0:
                self.list.scrollToTop()  # the title of the first group as well

    def _do(self, row: int) -> None:
        command = self._items.command(row)
        if command is not None and not command.reason:
            self.accept()
            command.does()

    def _lay_out(self, window: QWidget) -> None:
        frame = QFrame(self)
        frame.setObjectName("paletteFrame")
        theme.set_ground(frame, "surface")
        top = QHBoxLayout()
        top.setContentsMargins(theme.GAP, theme.MARGIN, theme.GAP, theme.MARGIN)
        top.setSpacing(theme.MARGIN)
        top.addWidget(IconLabel("search", self, size=theme.ICON_LARGE))
        top.addWidget(self.line, 1)
        top.addWidget(TextLabel(msg("Esc"), self, type="caption", tone="caption"))
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(QPalette.ColorRole.Mid)
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 1, 1, theme.SPACING)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(line)
        column.addWidget(self.list, 1)
        column.addWidget(self._none, 1)
        self._none.setContentsMargins(theme.CARD_PADDING, theme.GAP, theme.CARD_PADDING, theme.GAP)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        scale = max(1.0, self.fontInfo().pixelSize() / theme.TYPE_SIZES["body"])
        width = min(round(_WIDTH * scale), window.width() - 2 * theme.PAGE_MARGIN)
        self.resize(width, min(round(_HEIGHT * scale), round(window.height() * (1 - 2 * _TOP_SHARE))))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + round(window.height() * _TOP_SHARE))
