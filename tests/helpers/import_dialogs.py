"""Import dialogs over files, and the projects that they import into."""

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sciapp.records.dataset.card import DatasetCard, DomainName
from sciapp.records.project.project import Project
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.messages import Messages
from sciapp.workers.thread import end_all

_READING_MS, _IMPORTING_MS = 60_000, 120_000


class ImportDialogs:
    """Opens dialogs, waits for them, and closes what is left of them and of their projects when the test ends."""

    def __init__(self, qtbot: QtBot, messages: Messages, folder: Path) -> None:
        self._qtbot, self._messages, self._folder = qtbot, messages, folder
        self._parents: list[QWidget] = []  # qtbot holds them weakly only
        self._projects: list[Project] = []

    def project(self, domain: DomainName) -> Project:
        """An empty project in the folder `domain`."""
        made = Project.create(self._folder / domain, domain=domain, lock=True)
        self._projects.append(made)
        return made

    def begin(self, project: Project, path: Path) -> ImportDialog:
        """A dialog that has begun to read."""
        parent = QWidget()
        self._qtbot.addWidget(parent)
        self._parents.append(parent)
        parent.show()
        dialog = ImportDialog(project, path, self._messages, parent)
        dialog.begin()
        return dialog

    def preview(self, project: Project, path: Path) -> ImportDialog:
        """A dialog with the first rows of the file."""
        dialog = self.begin(project, path)
        self.wait_for_rows(dialog)
        return dialog

    def ready(self, project: Project, path: Path) -> ImportDialog:
        """A dialog that proposes all that an import needs."""
        dialog = self.begin(project, path)
        self.wait_for_request(dialog)
        return dialog

    def wait_for_rows(self, dialog: ImportDialog) -> None:
        """Wait until the file is read as the dialog says."""
        rows = dialog.preview.items.rowCount
        self._qtbot.waitUntil(lambda: not dialog.busy.busy and rows() > 0, timeout=_READING_MS)

    def wait_for_request(self, dialog: ImportDialog) -> None:
        """Wait until nothing is missing for an import."""
        self._qtbot.waitUntil(lambda: not dialog.busy.busy and dialog.request() is not None, timeout=_READING_MS)

    def accept(self, dialog: ImportDialog) -> DatasetCard:
        """The dataset that the import ends with."""
        with self._qtbot.waitSignal(dialog.imported, timeout=_IMPORTING_MS) as imported:
            dialog.accept()
        card: DatasetCard = imported.args[0]
        return card

    def close(self) -> None:
        for parent in self._parents:
            for dialog in parent.findChildren(ImportDialog):
                dialog.reject()
        end_all()
        for project in self._projects:
            project.close()
        self._parents.clear()
