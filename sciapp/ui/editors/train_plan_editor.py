"""The whole form of a training run: data, model, settings."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sciapp.records.base_model import run_behind
from sciapp.records.dataset import DatasetCard
from sciapp.records.plan import TrainPlan
from sciapp.ui.editors.fields import fields
from sciapp.ui.editors.settings_editor import SettingsEditor
from sciapp.ui.widgets.fold import Fold

_MODEL_HELP = (
    "The pre-trained model to start from: one that ships with SciApp, a folder with a Hugging Face model, or a "
    "model's name on the Hugging Face hub (downloaded once when it is not on this computer yet)."
)


class TrainPlanEditor(QWidget):
    """value: a TrainPlan, or None while there is no dataset to train on."""

    valueChanged = Signal(object)  # TrainPlan | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset = QComboBox(self)
        self._dataset.setObjectName("trainingDataset")
        self._dataset.setAccessibleName("Dataset")
        self._dataset.setToolTip("The imported rows that the model learns from.")
        self._model = QComboBox(self)
        self._model.setObjectName("trainingModel")
        self._model.setAccessibleName("Model")
        self._model.setToolTip(f"<qt>{_MODEL_HELP}</qt>")
        self._model.setEditable(True)
        self._model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for box in (self._dataset, self._model):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14)
        self._folder = QPushButton("Folder…", self)
        self._folder.setObjectName("chooseModelFolder")
        self._folder.setToolTip("Choose a folder that holds a Hugging Face model.")
        self._basic = SettingsEditor(fields("basic"), self)
        self._advanced = SettingsEditor(fields("advanced"), self)
        self._lay_out()
        self._show(TrainPlan(dataset=""))
        self._model_chosen = False
        self._dataset.currentIndexChanged.connect(self._announce)
        self._model.editTextChanged.connect(self._announce)
        self._model.activated.connect(self._choose_model)
        self._model.lineEdit().textEdited.connect(self._choose_model)
        self._folder.clicked.connect(self._choose_folder)
        for part in (self._basic, self._advanced):
            part.valueChanged.connect(self._announce)

    def value(self) -> TrainPlan | None:
        dataset, model = self._dataset.currentData(), self._model_word()
        if not dataset or not model:
            return None
        return self._advanced.applied_to(self._basic.applied_to(TrainPlan(dataset=dataset, model=model)))

    def setValue(self, plan: TrainPlan) -> None:
        blocked = self.blockSignals(True)
        self._model_chosen = True
        self._show(plan)
        self.blockSignals(blocked)
        self._announce()

    def setDatasets(self, cards: Sequence[DatasetCard]) -> None:
        """What can be trained on; the choice stays if it is still there, otherwise the newest is taken."""
        chosen = self._dataset.currentData()
        blocked = self._dataset.blockSignals(True)
        self._dataset.clear()
        for card in cards:
            self._dataset.addItem(f"{card.name} ({card.rows_kept:,} rows, {card.task})", card.id)
        index = self._dataset.findData(chosen)
        self._dataset.setCurrentIndex(index if index >= 0 else self._dataset.count() - 1)
        self._dataset.blockSignals(blocked)
        self._announce()

    def setModels(self, models: Sequence[tuple[str, str]]) -> None:
        """(reference, what people read) of the models on offer; anything else may be typed.

        The first that is no run of the project is taken, unless a model was chosen since the last `forgetModel`.
        """
        usual = next((reference for reference, _ in models if not run_behind(reference)), "")
        word = usual if usual and not self._model_chosen else self._model_word()
        known = [reference for reference, _ in models]
        blocked = self._model.blockSignals(True)
        self._model.clear()
        for reference, shown in models:
            self._model.addItem(shown, reference)
        if word in known:
            self._model.setCurrentIndex(known.index(word))
        else:
            self._model.setEditText(word)
        self._model.lineEdit().setCursorPosition(0)  # a long name begins at its beginning
        self._model.blockSignals(blocked)
        self._announce()

    def forgetModel(self) -> None:
        """Another project was opened: what was chosen for the last one says nothing about this one's domain."""
        self._model_chosen = False

    def select_dataset(self, id: str) -> None:
        index = self._dataset.findData(id)
        if index >= 0:
            self._dataset.setCurrentIndex(index)

    def _model_word(self) -> str:
        """What was chosen from the list, or what was typed."""
        text = self._model.currentText().strip()
        index = self._model.findText(text)
        return str(self._model.itemData(index)) if index >= 0 else text

    def _show(self, plan: TrainPlan) -> None:
        values = plan.model_dump()
        for part in ("optimization", "batching", "stopping"):
            values |= values.pop(part)
        self._basic.setValue(values)
        self._advanced.setValue(values)
        index = self._model.findData(plan.model)
        if index >= 0:
            self._model.setCurrentIndex(index)
        else:
            self._model.setEditText(plan.model)
        self.select_dataset(plan.dataset)

    def _choose_model(self, _: object) -> None:
        self._model_chosen = True

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Choose a model folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._model.setEditText)
        dialog.fileSelected.connect(self._choose_model)
        dialog.open()

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in (("&Dataset", self._dataset), ("&Model", self._model)):
            label = QLabel(text)
            label.setBuddy(box)
            row = QHBoxLayout()
            row.addWidget(box, 1)
            if box is self._model:
                row.addWidget(self._folder)
            form.addRow(label, row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self._basic)
        layout.addWidget(Fold("Advanced settings", self._advanced, "advancedSettings"))
        layout.addStretch(1)
