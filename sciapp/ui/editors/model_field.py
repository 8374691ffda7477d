"""A model that is named in a form: a hub id that is typed, or a folder from the disk."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from sciapp.ui.widgets.file_dialogs import ask_for_folder


class ModelField(QWidget):
    """value: what a plan calls the model, empty for none."""

    valueChanged = Signal(str)

    def __init__(self, name: str, accessible: str, help: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = accessible
        self._line = QLineEdit(self)
        self._line.setObjectName(name)
        self._line.setAccessibleName(accessible)
        self._line.setAccessibleDescription(help)
        self._line.setPlaceholderText(hint)
        self._line.setMinimumWidth(60)
        self._button = QPushButton("Folder…", self)
        self._button.setObjectName(f"{name}Folder")
        self._button.setAccessibleName(f"Folder: {accessible}")
        self.setToolTip(f"<qt>{help}<br><br><code>{name}</code></qt>")
        self._line.textChanged.connect(lambda _: self.valueChanged.emit(self.value()))
        self._button.clicked.connect(self._choose)
        self.setFocusProxy(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1)
        row.addWidget(self._button)

    def value(self) -> str:
        return self._line.text().strip()

    def setValue(self, value: object) -> None:
        if str(value) != self.value():
            self._line.setText(str(value))

    def _choose(self) -> None:
        name, title = f"{self._line.objectName()}Dialog", f"Choose a model folder: {self._title}"
        ask_for_folder(self, name, title, lambda path: self.setValue(str(path)))
