"""The menu of presets: settings are saved under a name, loaded and deleted."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from sciapp.actions import presets as presets_actions
from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.records.project.presets import Preset
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery


class PresetController(QObject):
    """Keeps the menu of a button in step with the presets of the open project."""

    def __init__(self, session: Session, messages: Messages, editor: TrainPlanEditor, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._messages, self._editor, self._window = session, messages, editor, window
        about = msg("Settings that were saved under a name in this project.")
        self.button = Button(msg("Presets"), window, name="presets", help=about)
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        self._asking = LatestQuery(self)
        self._asking.failed.connect(lambda error: messages.error(error, window))
        session.projectOpened.connect(lambda _: self._read())
        session.projectClosed.connect(lambda: self._show(()))
        self._show(())

    def save(self, name: str) -> None:
        """Save the settings of the form under a name, over those of before."""
        plan, project = self._editor.value(), self._session.project
        if plan is not None and project is not None:
            self._asking.ask(lambda _: presets_actions.save_preset(project=project, name=name, plan=plan), self._show)

    def load(self, preset: Preset) -> None:
        """Show the settings of a preset in the form; data and model stay."""
        if (plan := self._editor.value()) is not None:
            try:
                self._editor.setValue(preset.applied_to(plan))
            except SciAppError as error:  # saved by another version
                self._messages.error(error, self._window)

    def delete(self, name: str) -> None:
        """Delete the preset of that name."""
        if (project := self._session.project) is not None:
            self._asking.ask(lambda _: presets_actions.delete_preset(project=project, name=name), self._show)

    def _read(self) -> None:
        if (project := self._session.project) is not None:
            self._asking.ask(lambda _: presets_actions.list_presets(project=project), self._show)

    def _show(self, presets: Sequence[Preset]) -> None:
        self.menu.clear()
        for preset in presets:
            action = self.menu.addAction(preset.name.replace("&", "&&"))
            action.triggered.connect(lambda _, preset=preset: self.load(preset))
        self.menu.addSeparator()
        save = self.menu.addAction(tr(msg("Save these settings…")))
        save.setObjectName("savePreset")
        save.setEnabled(self._session.project is not None and not self._session.read_only)
        save.triggered.connect(lambda _: self._ask_for_name())
        if presets and not self._session.read_only:
            delete = self.menu.addMenu(tr(msg("Delete")))
            for preset in presets:
                action = delete.addAction(preset.name.replace("&", "&&"))
                action.triggered.connect(lambda _, name=preset.name: self._ask_to_delete(name))

    def _ask_for_name(self) -> None:
        dialog = QInputDialog(self._window)
        dialog.setObjectName("presetName")
        dialog.setWindowTitle(tr(msg("Save these settings")))
        dialog.setLabelText(tr(msg("Name of the preset")))
        dialog.textValueSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_to_delete(self, name: str) -> None:
        message = msg("Delete the preset “{name}”?", name=name)
        hint = msg("Runs that were started with it stay as they are.")
        self._messages.ask(message, hint, {msg("&Delete"): lambda: self.delete(name), msg("&Keep"): None}, self._window)
