"""An editor of the columns to predict: one from a box, or several from a list that is narrowed by typing."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sciapp.i18n import msg, plural
from sciapp.ui import theme
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.layout import ElidedComboBox
from sciapp.ui.words import tr

_HELP = msg("The columns that hold what was measured and is to be predicted. Tick one or more.")
_ONE_HELP = msg("The column that holds what was measured and is to be predicted.")
_LIST_HEIGHT = 132
_FEW = 8  # columns that need no search


class TargetsEditor(QWidget):
    """value: names of columns, in the file's order."""

    valueChanged = Signal(object)  # tuple[str, ...]

    def __init__(self, columns: QStringListModel, parent: QWidget | None = None) -> None:
        """columns: the names to choose from, shared with the other boxes."""
        super().__init__(parent)
        self.one = ElidedComboBox("targetColumn", msg("Column to predict"), _ONE_HELP, self)
        self.one.setModel(columns)
        self._more = Button(
            msg("&Add another"),
            self,
            kind="quiet",
            name="targetMore",
            help=msg("Predict several columns at once: tick them in the list."),
            dense=True,
        )
        self._more.setCheckable(True)
        self._filter = QLineEdit(self)
        self._filter.setObjectName("targetFilter")
        self._filter.setAccessibleName(tr(msg("Search columns")))
        self._filter.setPlaceholderText(tr(msg("Search columns")))
        self._filter.setToolTip(tr(msg("Show only columns whose names have this in them.")))
        self._filter.setClearButtonEnabled(True)
        all_help, none_help = msg("Tick all columns that are listed."), msg("Untick all columns that are listed.")
        self._all = Button(msg("All"), self, kind="quiet", name="targetsAll", help=all_help, dense=True)
        self._none = Button(msg("None"), self, kind="quiet", name="targetsNone", help=none_help, dense=True)
        self.list = QListWidget(self)
        self.list.setObjectName("targetColumns")
        self.list.setAccessibleName(tr(msg("Target columns")))
        self.list.setToolTip(tr(_HELP))
        self.list.setFixedHeight(_LIST_HEIGHT)
        self.list.setUniformItemSizes(True)
        # A row is ticked, never selected: a selection looks like a tick, and hides an empty box.
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self._ticks: set[str] = set()  # of thousands of columns each look takes time
        self._items: dict[str, QListWidgetItem] = {}
        self._barred: set[str] = set()
        self._cut = False
        self._lay_out()
        self.one.activated.connect(self._chosen)
        self._more.toggled.connect(self._show)
        self._filter.textChanged.connect(self._narrow)
        self._all.clicked.connect(lambda: self._tick_listed(ticked=True))
        self._none.clicked.connect(lambda: self._tick_listed(ticked=False))
        self.list.itemChanged.connect(self._item_changed)
        self._show()

    def value(self) -> tuple[str, ...]:
        ticked = self._ticks - self._barred
        return tuple(sorted(ticked, key=lambda name: self.list.row(self._items[name])))

    def setValue(self, names: Sequence[str]) -> None:
        """Tick the columns that are there; others are passed over."""
        before, wanted = self.value(), {name for name in names if name in self._items}
        with QSignalBlocker(self.list):
            for name in self._ticks ^ wanted:
                self._items[name].setCheckState(Qt.CheckState.Checked if name in wanted else Qt.CheckState.Unchecked)
        self._ticks = wanted
        if wanted:
            self.list.scrollToItem(min((self._items[name] for name in wanted), key=self.list.row))
        self._show()
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def setColumns(self, columns: Sequence[str]) -> None:
        """The columns to choose from; none is ticked after that."""
        self._items, self._barred, self._ticks = {}, set(), set()
        with QSignalBlocker(self.list), QSignalBlocker(self._more), QSignalBlocker(self._filter):
            self._more.setChecked(False)
            self._filter.clear()
            self.list.clear()
            for name in columns:
                self._items[name] = item = QListWidgetItem(name, self.list)
                item.setCheckState(Qt.CheckState.Unchecked)
        self._show()

    def bar(self, names: Collection[str]) -> None:
        """These columns are read, so that they cannot be predicted as well."""
        barred = set(names)
        flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
        with QSignalBlocker(self.list):
            for name in (barred | self._barred) & self._items.keys():  # of thousands of columns only these change
                item = self._items[name]
                item.setFlags(flags if name in barred else flags | Qt.ItemFlag.ItemIsEnabled)
                if name in barred:
                    item.setCheckState(Qt.CheckState.Unchecked)
        self._ticks -= barred
        self._barred = barred
        self._show()

    def setCut(self, cut: bool) -> None:
        """True if the task cuts what is predicted off the input, so that no column is ticked."""
        self._cut = cut
        self.setEnabled(not cut)
        self._show()

    def _chosen(self, index: int) -> None:
        name = self.one.itemText(index)
        if name in self._barred:
            self._show()
            return
        self.setValue((name,))

    def _item_changed(self, item: QListWidgetItem) -> None:
        ticked = item.checkState() is Qt.CheckState.Checked
        self._ticks = self._ticks | {item.text()} if ticked else self._ticks - {item.text()}
        self._show()
        self.valueChanged.emit(self.value())

    def _tick_listed(self, *, ticked: bool) -> None:
        listed = {name for name, item in self._items.items() if not item.isHidden()} - self._barred
        self.setValue(tuple(self._ticks | listed if ticked else self._ticks - listed))

    def _narrow(self, text: str) -> None:
        wanted = text.strip().casefold()
        for name, item in self._items.items():
            item.setHidden(wanted not in name.casefold())

    def _show(self) -> None:
        ticked = self._ticks - self._barred
        single = next(iter(ticked)) if len(ticked) == 1 else ""
        none = msg("Choose a column") if not ticked else plural("{n} column", "{n:,} columns", len(ticked))
        self.one.setPlaceholderText(tr(msg("Cut off the input") if self._cut else none))
        self.one.setCurrentIndex(self.list.row(self._items[single]) if single else -1)
        several = (len(ticked) > 1 or self._more.isChecked()) and not self._cut
        self._several.setVisible(several)
        self._search.setVisible(len(self._items) > _FEW)
        self._more.setVisible(len(ticked) < 2 and len(self._items) > 2)

    def _lay_out(self) -> None:
        self._several, self._search = QWidget(self), QWidget(self)
        search = QHBoxLayout(self._search)
        search.setContentsMargins(0, 0, 0, 0)
        search.addWidget(self._filter, 1)
        search.addWidget(self._all)
        search.addWidget(self._none)
        inside = QVBoxLayout(self._several)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(theme.HALF)
        inside.addWidget(self._search)
        inside.addWidget(self.list)
        line = QHBoxLayout()
        line.addWidget(self.one, 1)
        line.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addLayout(line)
        column.addWidget(self._several)
