"""A file that is named in a form: typed, or chosen from the disk."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from sciapp.ui.widgets.file_dialogs import ask_for_file


class FileField(QWidget):
    """value: the path as text, empty for none."""

    valueChanged = Signal(str)

    def __init__(self, name: str, accessible: str, help: str, filter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._filter = accessible, filter
        self.line = QLineEdit(self)
        self.line.setObjectName(name)
        self.line.setAccessibleName(accessible)
        self.line.setToolTip(help)
        self.line.setMinimumWidth(60)
        self.button = QPushButton("Choose…", self)
        self.button.setObjectName(f"{name}Choose")
        self.button.setAccessibleName(f"Choose: {accessible}")
        self.button.setToolTip(help)
        self.line.textChanged.connect(self.valueChanged)
        self.button.clicked.connect(self._choose)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)

    def value(self) -> str:
        return self.line.text().strip()

    def setValue(self, value: str) -> None:
        self.line.setText(value)

    def _choose(self) -> None:
        name, folder = f"{self.line.objectName()}Dialog", Path(self.value()).parent if self.value() else None
        ask_for_file(self, name, self._title, self._filter, lambda path: self.setValue(str(path)), folder=folder)
