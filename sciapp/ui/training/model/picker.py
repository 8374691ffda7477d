"""A picker of the pre-trained model: one of a list, a folder, or a hub id that is typed."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QPushButton, QWidget

from sciapp.actions import models as models_actions
from sciapp.i18n import msg
from sciapp.records.model.info import ModelFacts, choice_text
from sciapp.ui.messages import in_one_text
from sciapp.ui.training.model.model_list import ModelListDialog
from sciapp.ui.training.model.other_project import OtherProjectRunsDialog
from sciapp.ui.widgets.file_dialogs import ask_for_file, ask_for_folder
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_HELP = msg(
    "The pre-trained model to start from: one that ships with SciApp, a folder with a Hugging Face model, or a "
    "model's name on the Hugging Face hub (downloaded once when it is not on this computer yet)."
)
_PROBLEM_STAYS = 8000  # ms; then what is known of the chosen model is back
_TYPING_ENDS = 250  # ms; nobody wants to read about every letter


class ModelPicker(QWidget):
    """value: what a plan's `model` says. What is known about it is announced when it has been looked up."""

    valueChanged = Signal(str)
    factsChanged = Signal(object)  # ModelFacts; a text: why there are none, empty while they are looked up

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: Sequence[ModelFacts] = ()
        self._chosen = False
        self._looking = LatestQuery(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_ENDS)
        self._box = QComboBox(self)
        self._box.setObjectName("trainingModel")
        self._box.setAccessibleName(tr(msg("Model")))
        self._box.setToolTip(f"<qt>{tr(_HELP)}</qt>")
        self._box.setEditable(True)
        line = self._box.lineEdit()
        assert line is not None, "a box that is editable has a line"
        self._line = line
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(14)
        self._compare = self._button(
            msg("Compare models…"), "compareModels", msg("A table of all models with what is known.")
        )
        self._folder = self._button(
            msg("Folder…"), "chooseModelFolder", msg("Choose a folder that holds a Hugging Face model.")
        )
        about = msg("Choose what a run of another project learnt.")
        self._other = self._button(msg("Other project…"), "chooseOtherProject", about)
        self._reading = LatestQuery(self)
        self._problem = QTimer(self)
        self._problem.setSingleShot(True)
        self._problem.setInterval(_PROBLEM_STAYS)
        self._problem.timeout.connect(self._show_facts)
        self.setFocusProxy(self._box)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box, 0, 0, 1, 4)
        for column, button in enumerate((self._compare, self._folder, self._other)):
            layout.addWidget(button, 1, column)
        layout.setColumnStretch(3, 1)
        self._box.editTextChanged.connect(self._changed)
        self._box.activated.connect(self._choose)
        self._line.textEdited.connect(self._choose)
        self._compare.clicked.connect(self.compare)
        self._folder.clicked.connect(self._choose_folder)
        self._other.clicked.connect(self._choose_project)
        self._reading.failed.connect(self._say_problem)
        self._typing.timeout.connect(self._look_up)
        self._looking.failed.connect(lambda error: self.factsChanged.emit(in_one_text(error)))

    def value(self) -> str:
        """The model that was chosen from the list, or typed."""
        text = self._box.currentText().strip()
        index = self._box.findText(text)
        return str(self._box.itemData(index)) if index >= 0 else text

    def setValue(self, name: str) -> None:
        self._chosen = True
        self._show(name)

    def setModels(self, models: Sequence[ModelFacts]) -> None:
        """The models. The first that is no run of the project is taken, unless one was chosen since `forget`."""
        usual = next((facts.name for facts in models if facts.origin != "run"), "")
        word = self.value() if self._chosen or not usual else usual
        self._models = models
        blocked = self._box.blockSignals(True)
        self._box.clear()
        for facts in models:
            self._box.addItem(tr(choice_text(facts)), facts.name)
        self._show(word)
        self._box.blockSignals(blocked)
        self._changed()

    def forget(self) -> None:
        """Another project was opened: what was chosen for the last one says nothing about this one's domain."""
        self._chosen = False

    def _show(self, name: str) -> None:
        index = self._box.findData(name)
        if index >= 0:
            self._box.setCurrentIndex(index)
        else:
            self._box.setEditText(name)
        self._line.setCursorPosition(0)  # a long name begins at its beginning

    def _changed(self) -> None:
        self.valueChanged.emit(self.value())
        self._show_facts()

    def _say_problem(self, error: object) -> None:
        self.factsChanged.emit(in_one_text(error))
        self._problem.start()

    def _show_facts(self) -> None:
        self._problem.stop()
        self._looking.drop()
        self._typing.stop()
        name = self.value()
        listed = next((facts for facts in self._models if facts.name == name), None)
        self.factsChanged.emit(listed or "")
        if listed is None and name:
            self._typing.start()

    def _look_up(self) -> None:
        name = self.value()
        self._looking.ask(lambda _: models_actions.describe_model(name=name), self.factsChanged.emit)

    def _choose(self, _: object) -> None:
        self._chosen = True
        if self._problem.isActive():
            self._show_facts()  # the same one again is a choice as well

    def _choose_folder(self) -> None:
        title = msg("Choose a model folder")
        ask_for_folder(self, "modelFolderDialog", title, lambda path: self.setValue(str(path)))

    def _choose_project(self) -> None:
        title, kinds = msg("Choose another project"), msg("SciApp projects (*.sciproj)")
        ask_for_file(self, "otherProjectFile", title, kinds, lambda path: self.offerRunsOf(str(path)))

    def offerRunsOf(self, project: str) -> None:
        """Let one of the runs of another project be chosen. project: path of its file."""
        self._reading.ask(lambda _: models_actions.models_of_project(path=Path(project)), self._offer_runs)

    def _offer_runs(self, models: Sequence[ModelFacts]) -> None:
        dialog = OtherProjectRunsDialog(models, self)
        dialog.chosen.connect(self.setValue)
        dialog.open()

    def compare(self) -> None:
        """Show all models in a table to choose from."""
        dialog = ModelListDialog(self._models, self)
        dialog.chosen.connect(self.setValue)
        dialog.open()

    def _button(self, text: str, name: str, help: str) -> QPushButton:
        button = QPushButton(tr(text), self)
        button.setObjectName(name)
        button.setToolTip(tr(help))
        return button
