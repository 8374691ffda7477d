"""The part of the augmentation form for what models write before training: which models, and how much."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui.forms.controls import ModelField, control_for
from sciapp.ui.forms.fields import Field, WholeField
from sciapp.ui.words import tr

_CAVEAT = msg(
    "Written once, before training, and kept in the project. Nobody checks whether the labels stay true: read some "
    "rows in the preview."
)
_COUNT = Field(
    "augmentation_variants",
    msg("Variants of each row"),
    msg(
        "How many variants the models write of each training row. In each pass a changed row is shown as one of "
        "them. More take longer to write, not longer to train."
    ),
    WholeField(1, 20),
)
_MODELS = (
    (
        "translation_there",
        msg("Translate with"),
        msg(
            "The MarianMT model that translates the texts into another language: a folder, or a name on the "
            "Hugging Face hub. It is downloaded when the training starts, if it is not on this computer."
        ),
        msg("e.g. Helsinki-NLP/opus-mt-en-de"),
    ),
    (
        "translation_back",
        msg("Translate back with"),
        msg("The MarianMT model that translates from that language back into the language of the texts."),
        msg("e.g. Helsinki-NLP/opus-mt-de-en"),
    ),
    (
        "substitution_model",
        msg("Masked model"),
        msg(
            "The masked language model that proposes what stands in the place of what is hidden: a folder, or a "
            "name on the Hugging Face hub. Empty: the starter that ships with SciApp, which needs no download."
        ),
        msg("the starter"),
    ),
)


class GeneratedEditor(QWidget):
    """value: leaf settings by name. Only those that `showFor` names are shown."""

    valueChanged = Signal(object)  # dict[str, object]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = control_for(_COUNT, self)
        self._fields = {name: ModelField(name, label, help, hint, self) for name, label, help, hint in _MODELS}
        caveat = QLabel(tr(_CAVEAT), self)
        caveat.setObjectName("variantsCaveat")
        caveat.setWordWrap(True)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow(_label(_COUNT.label, self._count), self._count)
        for name, label, _, _ in _MODELS:
            self._form.addRow(_label(label, self._fields[name]), self._fields[name])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(caveat)
        layout.addLayout(self._form)
        self._count.valueChanged.connect(self._announce)
        for field in self._fields.values():
            field.valueChanged.connect(self._announce)
        self.showFor(())

    def value(self) -> dict[str, object]:
        models = {name: field.value() for name, field in self._fields.items()}
        return {"augmentation_variants": self._count.value(), **models}

    def setValue(self, value: Mapping[str, object]) -> None:
        for name, control in ((_COUNT.name, self._count), *self._fields.items()):
            if name in value:
                control.setValue(value[name])

    def showFor(self, settings: Collection[str]) -> None:
        """settings: those of the plan that what is ticked looks at."""
        for name, field in self._fields.items():
            self._form.setRowVisible(field, name in settings)
        self.setVisible(bool(settings))

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())


def _label(text: str, control: QWidget) -> QLabel:
    label = QLabel(tr(text))
    label.setBuddy(control)
    label.setToolTip(control.toolTip())
    return label
