"""The lines between which a table stands in a page of text."""

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QFocusEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from sciapp.records.reading import AUTO

_FORM = QRegularExpression(r"[1-9]\d{0,8}-\d{0,9}")


class LinesField(QLineEdit):
    """value: “40-70”, “40-” to the end, “auto” for the whole file. Announced when the field is left."""

    valueChanged = Signal(str)
    refused = Signal(str)  # why what stands here cannot be meant

    def __init__(self, name: str, accessible: str, help: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setToolTip(help)
        self.setPlaceholderText("Detected: all lines")
        self.setValidator(QRegularExpressionValidator(_FORM, self))
        self._told = AUTO
        self.editingFinished.connect(self._tell)

    def value(self) -> str:
        return self.text() if self.text() and self.hasAcceptableInput() else AUTO

    def setValue(self, value: str) -> None:
        self.setText("" if value == AUTO else value)
        self._told = value

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)  # Qt does not end the editing of an empty field that has a validator
        if not self.text():
            self._tell()
        elif not self.hasAcceptableInput():
            self.refused.emit(f"“{self.text()}” names no lines; write the first and the last, for example 40-70.")

    def _tell(self) -> None:
        if self.value() != self._told:
            self._told = self.value()
            self.valueChanged.emit(self._told)
