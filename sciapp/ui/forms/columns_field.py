"""Columns that are named in a form: those that were found out, or others that are ticked in a list."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from sciapp.i18n import msg
from sciapp.ui.data.importing.columns_dialog import ColumnsDialog
from sciapp.ui.words import tr


class ColumnsField(QWidget):
    """value: names of columns; none: what is found out."""

    valueChanged = Signal(object)  # tuple[str, ...]

    def __init__(self, name: str, accessible: str, help: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._title, self._help = name, accessible, help
        self._columns: tuple[str, ...] = ()
        self._value: tuple[str, ...] = ()
        self._line = QLineEdit(self)
        self._line.setObjectName(name)
        self._line.setAccessibleName(tr(accessible))
        self._line.setReadOnly(True)
        self._line.setMinimumWidth(60)
        self._button = QPushButton(tr(msg("Choose…")), self)
        self._button.setObjectName(f"{name}Choose")
        self._button.setAccessibleName(tr(msg("Choose: {name}", name=accessible)))
        self._button.setToolTip(tr(help))
        self._button.clicked.connect(self._choose)
        self.setFocusProxy(self._button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1)
        row.addWidget(self._button)
        self.setValue(())

    def value(self) -> tuple[str, ...]:
        return self._value

    def setValue(self, value: Sequence[str]) -> None:
        self._value = tuple(value)
        self._line.setText(", ".join(value))
        self._line.setCursorPosition(0)
        self._line.setToolTip("\n".join([tr(self._help), "", *value]).strip())

    def setColumns(self, columns: Sequence[str]) -> None:
        """The columns to choose from."""
        self._columns = tuple(columns)

    def setDetected(self, columns: Sequence[str]) -> None:
        """The detected columns; visible where nothing is chosen."""
        self._line.setPlaceholderText(
            tr(msg("Detected: {choice}", choice=", ".join(columns)) if columns else msg("none"))
        )

    def _choose(self) -> None:
        dialog = ColumnsDialog(self._name, self._title, self._help, self._columns, self._value, self)
        dialog.chosen.connect(self._chosen)
        dialog.open()

    def _chosen(self, columns: tuple[str, ...]) -> None:
        if columns != self._value:
            self.setValue(columns)
            self.valueChanged.emit(columns)
