"""Asks what a new project needs: name, place, domain."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from sciapp.records.project import safe_name

DOMAINS = (
    ("molecule", "Molecules (SMILES)"),
    ("protein", "Proteins (amino-acid sequences)"),
    ("nucleotide", "DNA or RNA (base sequences)"),
    ("text", "Scientific text"),
)


class NewProjectDialog(QDialog):
    """`chosen` carries folder, domain and name once the answers make sense."""

    chosen = Signal(object, str, str)  # Path, domain, name

    def __init__(self, place: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self._name = QLineEdit(self)
        self._name.setObjectName("newProjectName")
        self._name.setAccessibleName("Project name")
        self._name.setPlaceholderText("For example: Solubility 2026")
        self._place = QLineEdit(str(place), self)
        self._place.setObjectName("newProjectPlace")
        self._place.setAccessibleName("Place")
        self._place.setMinimumWidth(340)
        self._domain = QComboBox(self)
        self._domain.setObjectName("newProjectDomain")
        self._domain.setAccessibleName("What a row is")
        for word, shown in DOMAINS:
            self._domain.addItem(shown, word)
        browse = QPushButton("Browse…", self)
        browse.setObjectName("newProjectBrowse")
        browse.clicked.connect(self._browse)
        self._folder = QLabel(self)
        self._folder.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._create = self._buttons.addButton("Create project", QDialogButtonBox.ButtonRole.AcceptRole)
        self._create.setObjectName("createProject")
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out(browse)
        for line in (self._name, self._place):
            line.textChanged.connect(self._show_folder)
        self._show_folder()
        self._name.setFocus()

    def folder(self) -> Path:
        return Path(self._place.text()).expanduser() / safe_name(self._name.text().strip())

    def _accept(self) -> None:
        self.chosen.emit(self.folder(), self._domain.currentData(), self._name.text().strip())
        self.accept()

    def _show_folder(self) -> None:
        named = bool(self._name.text().strip()) and bool(self._place.text().strip())
        self._folder.setText(str(self.folder()) if named else "Give the project a name.")
        self._create.setEnabled(named)

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Where the project folder is made", self._place.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._place.setText)
        dialog.open()

    def _lay_out(self, browse: QPushButton) -> None:
        form = QFormLayout(self)
        row = QHBoxLayout()
        row.addWidget(self._place, 1)
        row.addWidget(browse)
        form.addRow("&Name", self._name)
        form.addRow("A row is a", self._domain)
        form.addRow("&Place", row)
        form.addRow("Folder", self._folder)
        form.addRow(self._buttons)
