"""Filter over the rows of a table: a column, a comparison, a value."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from sciapp.actions.filters import WORDS, Condition, operators_for
from sciapp.actions.tables import Column
from sciapp.i18n import msg
from sciapp.ui.words import tr

_PAUSE_MS = 300  # after the last key
_ANY = msg("Any column")


class FilterBar(QWidget):
    """value: a Condition; it is announced a moment after the last key."""

    valueChanged = Signal(object)  # Condition

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._column, self._operator = QComboBox(self), QComboBox(self)
        self._column.setObjectName("filterColumn")
        self._column.setAccessibleName(tr(msg("Column to search")))
        self._column.setToolTip(tr(msg("Where to look: in every column of words, or in one column.")))
        self._column.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._column.setMinimumContentsLength(12)
        self._operator.setObjectName("filterOperator")
        self._operator.setAccessibleName(tr(msg("How cells are compared")))
        self._operator.setToolTip(tr(msg("How a cell is compared with what is written beside.")))
        self.text = QLineEdit(self)
        self.text.setObjectName("rowSearch")
        self.text.setAccessibleName(tr(msg("Search rows")))
        self.text.setPlaceholderText(tr(msg("Search in the rows")))
        self.text.setToolTip(tr(msg("Show only rows whose cells are like this, letter case included.")))
        self.text.setClearButtonEnabled(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._announce)
        self.text.textChanged.connect(lambda _: self._timer.start())
        self._column.currentIndexChanged.connect(self._offer_operators)
        self._operator.currentIndexChanged.connect(self._operator_chosen)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._column)
        layout.addWidget(self._operator)
        layout.addWidget(self.text, 1)
        self.clear()

    def value(self) -> Condition:
        return Condition(self._column.currentData() or "", self._operator.currentData(), self.text.text())

    def setColumns(self, columns: Sequence[Column]) -> None:
        """Offer the columns of the table; a condition stays if its column is still there."""
        if tuple(columns) == self._columns:
            return
        self._columns = tuple(columns)
        chosen = self._column.currentData()
        blocked = self._column.blockSignals(True)
        self._column.clear()
        self._column.addItem(tr(_ANY), "")
        for column in columns:
            self._column.addItem(tr(column.title), column.key)
        self._column.setCurrentIndex(max(0, self._column.findData(chosen)))
        self._column.blockSignals(blocked)
        self._offer_operators()

    def clear(self) -> None:
        """Ask for nothing, without announcing it."""
        self._timer.stop()
        parts = (self._column, self._operator, self.text)
        blocked = [part.blockSignals(True) for part in parts]
        self._columns = ()
        self._column.clear()
        self._column.addItem(tr(_ANY), "")
        self.text.clear()
        self._offer_operators()
        for part, was in zip(parts, blocked, strict=True):
            part.blockSignals(was)
        self._timer.stop()

    def _offer_operators(self) -> None:
        column = next((column for column in self._columns if column.key == self._column.currentData()), None)
        chosen = self._operator.currentData()
        blocked = self._operator.blockSignals(True)
        self._operator.clear()
        for operator in operators_for(column):
            self._operator.addItem(tr(WORDS[operator]), operator)
        self._operator.setCurrentIndex(max(0, self._operator.findData(chosen)))
        self._operator.blockSignals(blocked)
        self._operator_chosen()

    def _operator_chosen(self) -> None:
        self.text.setEnabled(self._operator.currentData() not in {"empty", "filled"})
        self._timer.start()

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())
