"""A file that was just saved, with ways to look at it."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class SavedBar(QWidget):
    """Hidden until something is saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._said = QLabel(self)
        self._said.setObjectName("savedFile")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._said, 1)
        for text, name, help, pressed in (
            ("&Open", "openSaved", "Open the saved file.", self._open),
            ("Show &folder", "showSavedFolder", "Show the folder that holds the saved file.", self._show_folder),
        ):
            button = QPushButton(text, self)
            button.setObjectName(name)
            button.setAccessibleName(text.replace("&", ""))
            button.setToolTip(help)
            button.clicked.connect(pressed)
            layout.addWidget(button)
        self.setVisible(False)

    def show_saved(self, path: Path) -> None:
        self.path = path
        self._said.setText(f"Saved “{path.name}” in {path.parent}")
        self._said.setToolTip(str(path))
        self.setVisible(True)

    def _open(self) -> None:
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path)))

    def _show_folder(self) -> None:
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.parent)))
