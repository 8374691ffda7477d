"""A list that is narrowed by typing, for runs, models, settings and other names of which there are many."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRegularExpression, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QListView, QStackedLayout, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_VALUE = Qt.ItemDataRole.UserRole
_WORDS = Qt.ItemDataRole.UserRole + 1
_LIST_KEYS = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


@dataclass(frozen=True)
class Entry:
    """One line of a list: what it stands for, its text, and further words by which it is found."""

    value: Hashable
    text: str
    detail: str = ""
    icon: str = ""
    words: str = ""


class SearchableList(QWidget):
    """A field above a list: typing narrows, arrows move in the list, Enter activates."""

    valueChanged = Signal(object)  # the current entry's value, None without one
    activated = Signal(object)

    def __init__(self, accessible: str, parent: QWidget | None = None, *, hint: str = "", name: str = "") -> None:
        """hint: stands in the empty field. name: begins the object names: NAMESearch, NAMEList."""
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setObjectName(f"{name}Search")
        self.search.setAccessibleName(tr(msg("Search: {list}", list=accessible)))
        self.search.setPlaceholderText(tr(hint or msg("Search…")))
        self.search.setClearButtonEnabled(True)
        self._icon = self.search.addAction(self.windowIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.view = QListView(self)
        self.view.setObjectName(f"{name}List")
        self.view.setAccessibleName(tr(accessible))
        self.view.setUniformItemSizes(True)
        theme.set_style(self.view, roomy=True)
        self.view.setIconSize(QSize(theme.ICON, theme.ICON))
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._items = QStandardItemModel(self)
        self._matching = QSortFilterProxyModel(self)
        self._matching.setSourceModel(self._items)
        self._matching.setFilterRole(_WORDS)
        self.view.setModel(self._matching)
        self._none = TextLabel(msg("Nothing has this in its name."), self, tone="caption", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addWidget(self.search)
        column.addLayout(self._stack, 1)
        self.setFocusProxy(self.search)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._narrow)
        self.view.activated.connect(lambda index: self.activated.emit(index.data(_VALUE)))
        self.view.selectionModel().currentChanged.connect(lambda index, _: self.valueChanged.emit(self._value(index)))
        self._draw_icons()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Replace all lines; the current value stays current if it is still there."""
        current = self.value()
        self._items.clear()
        for entry in entries:
            text = tr(entry.text)
            detail = tr(entry.detail)
            item = QStandardItem(f"{text}\n{detail}" if detail else text)
            item.setData(entry.value, _VALUE)
            item.setData(f"{text} {detail} {tr(entry.words)}", _WORDS)
            item.setData(entry.icon, _ICON)
            self._items.appendRow(item)
        self._draw_icons()
        self._narrow()
        if current is not None:
            self.setValue(current)

    def value(self) -> Hashable | None:
        return self._value(self.view.currentIndex())

    def setValue(self, value: Hashable) -> None:
        """Make the line of this value current; nothing when it is not in the list."""
        for row in range(self._matching.rowCount()):
            if self._matching.index(row, 0).data(_VALUE) == value:
                self.view.setCurrentIndex(self._matching.index(row, 0))
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the field, arrows move in the list and Enter activates its line."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _LIST_KEYS:
                self.view.keyPressEvent(event)
                return True
            if event.key() in _ENTER and self.view.currentIndex().isValid():
                self.activated.emit(self.value())
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icons()
        super().changeEvent(event)

    def _narrow(self) -> None:
        words = (QRegularExpression.escape(word) for word in self.search.text().split())
        everything = QRegularExpression.PatternOption.DotMatchesEverythingOption
        ignoring_case = QRegularExpression.PatternOption.CaseInsensitiveOption
        each = "".join(f"(?=.*{word})" for word in words)  # words in any order
        self._matching.setFilterRegularExpression(QRegularExpression(f"^{each}", everything | ignoring_case))
        found = self._matching.rowCount() > 0
        self._stack.setCurrentIndex(0 if found else 1)
        if found and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._matching.index(0, 0))

    def _draw_icons(self) -> None:
        colours = theme.colours_of(self.palette())
        self._icon.setIcon(theme.coloured_icon("search", colours.ink3))
        for row in range(self._items.rowCount()):
            item = self._items.item(row)
            if name := item.data(_ICON):
                item.setIcon(theme.coloured_icon(name, colours.ink2))

    @staticmethod
    def _value(index: QModelIndex) -> Hashable | None:
        value: Hashable | None = index.data(_VALUE)
        return value


_ICON = Qt.ItemDataRole.UserRole + 2
