"""The part of the training form that puts a self-supervised run before the training."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from sciapp.i18n import msg
from sciapp.records.plan.plan import PretrainPlan, with_settings
from sciapp.records.read_options import file_filter
from sciapp.ui.forms.controls import ChoiceBox, control_for
from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, WholeField
from sciapp.ui.widgets.file_dialogs import ask_for_file
from sciapp.ui.words import tr

_HELP = msg(
    "Before the training, the model learns to fill in hidden tokens of rows whose labels it does not need: those of "
    "this dataset, or a file with many more rows of the same kind. Worth trying when labels are few and rows are many."
)
_FILES = file_filter(msg("Rows"))
_ROWS = ChoiceField((("dataset", msg("This dataset’s training rows")), ("file", msg("A file…"))))
_FIELDS = (
    Field(
        "num_train_epochs",
        msg("Passes over these rows"),
        msg("How often the model sees every unlabelled row, each time with other tokens hidden."),
        WholeField(1, 10_000),
    ),
    Field(
        "masked_share",
        msg("Hidden share"),
        msg("Share of the tokens that are hidden. 0.15 is usual; more makes the task harder."),
        DecimalField(0.01, 0.9, 0.05, 2),
    ),
)


class PretrainEditor(QWidget):
    """value: a PretrainPlan, or None while it is not wanted or its file is missing.

    `dataset` and `model` of the value are empty: they are those of the training that it comes before.
    """

    valueChanged = Signal(object)  # PretrainPlan | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = QCheckBox(tr(msg("Learn from unlabelled rows first")), self)
        self._wanted.setObjectName("pretrainFirst")
        self._wanted.setToolTip(f"<qt>{tr(_HELP)}</qt>")
        self._rows = ChoiceBox(_ROWS, self)
        self._rows.setObjectName("pretrainRows")
        self._rows.setAccessibleName(tr(msg("Rows from")))
        self._rows.setToolTip(
            tr(msg("Labels are not read. Of a dataset only training rows are learnt from; a file is taken as it is."))
        )
        self._file = QLineEdit(self)
        self._file.setObjectName("pretrainFile")
        self._file.setAccessibleName(tr(msg("File with unlabelled rows")))
        self._file.setPlaceholderText(tr(msg("A table, a list or a FASTA file")))
        self._choose = QPushButton(tr(msg("Choose…")), self)
        self._choose.setObjectName("choosePretrainFile")
        self._choose.setAccessibleName(tr(msg("Choose a file with unlabelled rows")))
        self._controls = {field.name: control_for(field, self) for field in _FIELDS}
        for name, control in self._controls.items():
            control.setObjectName(f"pretrain_{name}")  # the training's own form has a control of the plain name
        self._details = QWidget(self)
        self._lay_out()
        self.setValue(None)
        self._wanted.toggled.connect(self._changed)
        self._file.textChanged.connect(self._changed)
        self._choose.clicked.connect(self._ask_for_file)
        for control in (self._rows, *self._controls.values()):
            control.valueChanged.connect(self._changed)

    def value(self) -> PretrainPlan | None:
        if not self._wanted.isChecked() or self.lacks_file():
            return None
        file = str(Path(self._file.text().strip()).expanduser().absolute()) if self._from_file() else ""
        settings = {name: control.value() for name, control in self._controls.items()}
        return with_settings(PretrainPlan(file=file), settings)

    def setValue(self, plan: PretrainPlan | None) -> None:
        initial = plan or PretrainPlan()
        blocked = self.blockSignals(True)
        self._wanted.setChecked(plan is not None)
        self._rows.setValue("file" if initial.file else "dataset")
        self._file.setText(initial.file)
        self._controls["num_train_epochs"].setValue(initial.stopping.num_train_epochs)
        self._controls["masked_share"].setValue(initial.masking.masked_share)
        self.blockSignals(blocked)
        self._changed()

    def lacks_file(self) -> bool:
        """True if rows of a file are wanted and no file is named."""
        return self._wanted.isChecked() and self._from_file() and not self._file.text().strip()

    def _from_file(self) -> bool:
        return self._rows.value() == "file"

    def _changed(self) -> None:
        self._details.setVisible(self._wanted.isChecked())
        for part in (self._file, self._choose):
            part.setVisible(self._wanted.isChecked() and self._from_file())
        self.valueChanged.emit(self.value())

    def _ask_for_file(self) -> None:
        title = msg("Choose a file with rows")
        ask_for_file(self, "pretrainFileDialog", title, _FILES, lambda path: self._file.setText(str(path)))

    def _lay_out(self) -> None:
        named = QHBoxLayout()
        named.addWidget(self._file, 1)
        named.addWidget(self._choose)
        form = QFormLayout(self._details)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_label(msg("Rows from"), self._rows), self._rows)
        form.addRow(named)
        for field in _FIELDS:
            form.addRow(_label(field.label, self._controls[field.name]), self._controls[field.name])
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addRow(self._wanted)
        layout.addRow(self._details)


def _label(text: str, control: QWidget) -> QLabel:
    label = QLabel(tr(text))
    label.setBuddy(control)
    label.setToolTip(control.toolTip())
    return label
