"""Asks what a new project needs: name, place, domain."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from sciapp.actions.domains import domain_choices
from sciapp.i18n import msg
from sciapp.records.project.project import safe_name
from sciapp.ui.theme import icon_of
from sciapp.ui.widgets.file_dialogs import ask_for_folder
from sciapp.ui.widgets.labels import ElidedLabel
from sciapp.ui.words import tr

_NARROWEST = 540


class NewProjectDialog(QDialog):
    """`chosen` carries folder, domain and name once the answers make sense."""

    chosen = Signal(object, str, str)  # Path, domain, name

    def __init__(self, parent_folder: Path, parent: QWidget | None = None, *, name: str = "", domain: str = "") -> None:
        """name, domain: those that are proposed."""
        super().__init__(parent)
        self.setObjectName("newProjectDialog")
        self.setWindowTitle(tr(msg("New project")))
        self._name = self._line("newProjectName", msg("Project name"), msg("Also the name of the project's folder."))
        self._name.setPlaceholderText(tr(msg("For example: Solubility 2026")))
        self._parent_folder = self._line(
            "newProjectPlace", msg("Place"), msg("The folder in which the project's folder is made.")
        )
        self._parent_folder.setText(str(parent_folder))
        self._domain = QComboBox(self)
        self._domain.setObjectName("newProjectDomain")
        self._domain.setAccessibleName(tr(msg("What a row is")))
        self._domain.setToolTip(tr(msg("What the first column of your tables holds. It cannot be changed later.")))
        for choice in domain_choices():
            self._domain.addItem(icon_of(choice.icon, self.palette()), tr(choice.title), choice.name)
        self._domain.setCurrentIndex(max(0, self._domain.findData(domain)))
        self._name.setText(name)
        self._browse = QPushButton(tr(msg("&Browse…")), self)
        self._browse.setObjectName("newProjectBrowse")
        self._browse.setAccessibleName(tr(msg("Browse for the place")))
        self._browse.setToolTip(tr(msg("Choose the place in a file dialog.")))
        self._browse.setAutoDefault(False)
        self._folder = ElidedLabel(self)
        self._folder.setObjectName("newProjectFolder")
        self._problem = QLabel(self)
        self._problem.setObjectName("newProjectProblem")
        self._problem.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._create = self._buttons.addButton(tr(msg("&Create project")), QDialogButtonBox.ButtonRole.AcceptRole)
        self._create.setObjectName("createProject")
        self._create.setDefault(True)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self._browse.clicked.connect(self._choose_parent_folder)
        self._lay_out()
        for line in (self._name, self._parent_folder):
            line.textChanged.connect(self._show_folder)
        self._show_folder()
        self._name.setFocus()

    def folder(self) -> Path:
        """The folder of the new project."""
        return Path(self._parent_folder.text().strip()).expanduser() / safe_name(self._name.text().strip())

    def problem(self) -> str:
        """The reason why the project cannot be made so, or nothing."""
        if not self._name.text().strip():
            return msg("Give the project a name.")
        if not self._parent_folder.text().strip():
            return msg("Say where the project's folder is to be made.")
        try:
            taken = self.folder().exists() and (self.folder().is_file() or any(self.folder().iterdir()))
        except OSError as error:
            return msg("This place cannot be read: {reason}.", reason=error.strerror)
        return msg("There is something of this name already. Choose another name or place.") if taken else ""

    def _accept(self) -> None:
        self.chosen.emit(self.folder(), self._domain.currentData(), self._name.text().strip())
        self.accept()

    def _show_folder(self) -> None:
        problem = self.problem()
        named = bool(self._name.text().strip()) and bool(self._parent_folder.text().strip())
        self._folder.setText(str(self.folder()) if named else "–")
        self._problem.setText(tr(problem))
        self._create.setEnabled(not problem)

    def _choose_parent_folder(self) -> None:
        title, folder = msg("Where the project's folder is made"), Path(self._parent_folder.text())
        ask_for_folder(
            self, "projectPlaceDialog", title, lambda path: self._parent_folder.setText(str(path)), folder=folder
        )

    def _line(self, name: str, accessible: str, help: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(tr(accessible))
        line.setToolTip(tr(help))
        return line

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        row = QHBoxLayout()
        row.addWidget(self._parent_folder, 1)
        row.addWidget(self._browse)
        folder_label = QLabel(tr(msg("&Place")), self)
        folder_label.setBuddy(self._parent_folder)
        form.addRow(tr(msg("&Name")), self._name)
        form.addRow(tr(msg("A &row is")), self._domain)
        form.addRow(folder_label, row)
        form.addRow(tr(msg("Folder")), self._folder)
        form.addRow(self._problem)
        form.addRow(self._buttons)
        self.setMinimumWidth(max(_NARROWEST, form.minimumSize().width()))
        order = (self._name, self._domain, self._parent_folder, self._browse, self._buttons)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
