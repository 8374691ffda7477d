"""Asks which columns of a table are meant, of a few or of thousands."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import tr

_SIZE = (420, 440)
_NONE = msg("None is ticked.")


class ColumnsDialog(QDialog):
    """`chosen` carries the names of the ticked columns, in the order in which they were ticked."""

    chosen = Signal(object)  # tuple[str, ...]

    def __init__(
        self,
        name: str,
        title: str,
        about: str,
        columns: Sequence[str],
        ticked: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}Dialog")
        self.setWindowTitle(tr(title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._ticked = [column for column in ticked if column in set(columns)]
        explanation = PlainTextLabel(f"{name}About", self)
        explanation.setText(tr(about))
        self._search = QLineEdit(self)
        self._search.setObjectName(f"{name}Search")
        self._search.setAccessibleName(tr(msg("Search columns")))
        self._search.setPlaceholderText(tr(msg("Search columns")))
        self._search.setToolTip(tr(msg("Show only columns whose names have this in them.")))
        self._search.setClearButtonEnabled(True)
        self._list = QListWidget(self)
        self._list.setObjectName(f"{name}List")
        self._list.setAccessibleName(tr(msg("Columns")))
        self._list.setToolTip(tr(msg("Tick the columns that are meant.")))
        self._list.setUniformItemSizes(True)
        # A row is ticked, never selected: a selection looks like a tick, and hides an empty box.
        self._list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        for column in columns:
            item = QListWidgetItem(column)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if column in self._ticked else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._order = PlainTextLabel(f"{name}Order", self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        ok = buttons.addButton(tr(msg("&Choose")), QDialogButtonBox.ButtonRole.AcceptRole)
        ok.setObjectName(f"{name}Accept")
        ok.setDefault(True)
        layout = QVBoxLayout(self)
        for part in (explanation, self._search, self._list, self._order, buttons):
            layout.addWidget(part)
        layout.setStretchFactor(self._list, 1)
        self._search.textChanged.connect(self._narrow)
        self._list.itemChanged.connect(self._tick)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(tuple(self._ticked)))
        self._show_order()
        self.resize(*_SIZE)

    def _tick(self, item: QListWidgetItem) -> None:
        name = item.text()
        self._ticked = [ticked for ticked in self._ticked if ticked != name]
        if item.checkState() is Qt.CheckState.Checked:
            self._ticked.append(name)
        self._show_order()

    def _show_order(self) -> None:
        self._order.setText(tr(msg("In this order: {columns}", columns=self._ticked) if self._ticked else _NONE))

    def _narrow(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self._list.count()):
            self._list.setRowHidden(row, wanted not in self._list.item(row).text().casefold())
