"""The part of the training form that says how training rows are written anew in every pass."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.plan.augmentation import Augmentations
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.run.preflight import AugmentationChoice
from sciapp.ui.forms.controls import control_for
from sciapp.ui.forms.fields import DecimalField, Field, WholeField
from sciapp.ui.training.augmentation.generated import GeneratedEditor
from sciapp.ui.words import explained, tr

_STRENGTH_HELP = msg(
    "How far a changed row differs from what was imported: at 0 not at all, at 1 as far as is sensible."
)
_MISFIT = msg("It would not keep the labels of single units true.")
_COMPARE_HELP = msg(
    "When this training has ended, the same one without augmentation begins by itself. The report of either run shows "
    "both, with the interval of their difference. Takes about twice as long."
)
_FIELDS = (
    Field(
        "augmented_share",
        msg("Rows changed"),
        msg(
            "Share of the training rows that are written anew in each pass over the data; the others are shown as they "
            "are. Other rows have their turn in the next pass."
        ),
        DecimalField(0.05, 1, 0.05, 2),
    ),
    Field(
        "token_masking",
        msg("Tokens masked"),
        msg(
            "Share of each training row’s tokens that are hidden from the model. Works for every kind of row; 0.1 is a "
            "good first try."
        ),
        DecimalField(0, 0.9, 0.05, 2, zero_means=msg("none")),
    ),
    Field(
        "test_time",
        msg("Copies averaged"),
        msg(
            "When the finished model predicts, it reads each row in this many other spellings as well, and the "
            "predictions are averaged. Often a little better, and so many times slower. Only for spellings of the "
            "very same thing."
        ),
        WholeField(0, 100, zero_means=msg("none")),
    ),
)
_PER_CENT = 100


class StrengthSlider(QSlider):
    """0 to 100; the mouse wheel scrolls past it, as past all controls of a form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _PER_CENT)
        self.setSingleStep(5)
        self.setPageStep(10)
        self.setObjectName("augmentation_strength")
        self.setAccessibleName(tr(msg("Strength")))
        self.setAccessibleDescription(tr(_STRENGTH_HELP))
        self.setToolTip(explained(_STRENGTH_HELP, "augmentation_strength"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


_COMPARE = "compare_augmentation"  # no setting of a plan: it begins a study


class AugmentationEditor(QWidget):
    """value: leaf settings by name. `setChoices` tells what there is to tick; until then names are kept as given."""

    valueChanged = Signal(object)  # dict[str, object]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[str, ...] = ()
        self._choices: tuple[AugmentationChoice, ...] | None = None
        self._boxes: dict[str, QCheckBox] = {}
        self._ticks = QVBoxLayout()
        self._looking = QLabel(tr(msg("Looking up what there is…")), self)
        self._ticks.addWidget(self._looking)
        self._strength, self._strength_label = StrengthSlider(self), QLabel(self)
        self._controls = {field.name: control_for(field, self) for field in _FIELDS}
        self._variants = GeneratedEditor(self)
        self._compare = QCheckBox(tr(msg("Train once more without, to compare")), self)
        self._compare.setObjectName(_COMPARE)
        self._compare.setToolTip(explained(_COMPARE_HELP, "compare_augmentation"))
        self._lay_out()
        self.setValue(Augmentations().model_dump() | {_COMPARE: False})
        for signal in (self._strength.valueChanged, self._compare.toggled):
            signal.connect(self._changed)
        for control in (*self._controls.values(), self._variants):
            control.valueChanged.connect(self._changed)

    def value(self) -> dict[str, object]:
        settings: dict[str, object] = {"augmentations": self._names()}
        settings["augmentation_strength"] = self._strength.value() / _PER_CENT
        settings |= {name: control.value() for name, control in self._controls.items()} | self._variants.value()
        settings["test_time"] = settings["test_time"] if self._can_average() else 0
        settings[_COMPARE] = self._compare.isChecked() and self._is_on()
        return settings

    def setValue(self, value: Mapping[str, object]) -> None:
        before = self.value()
        blocked = self.blockSignals(True)
        names = value.get("augmentations", self._wanted)
        self._wanted = tuple(str(name) for name in names) if isinstance(names, Sequence) else ()
        for name, box in self._boxes.items():
            box.setChecked(name in self._wanted)
        strength = value.get("augmentation_strength", self._strength.value() / _PER_CENT)
        self._strength.setValue(round(float(str(strength)) * _PER_CENT))
        for name, control in self._controls.items():
            if name in value:
                control.setValue(value[name])
        self._variants.setValue(value)
        self._compare.setChecked(bool(value.get(_COMPARE, self._compare.isChecked())))
        self.blockSignals(blocked)
        self._show_what_matters()
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def applied_to(self, plan: TrainPlan) -> TrainPlan:
        """`plan` with this form's settings."""
        return with_settings(plan, {name: setting for name, setting in self.value().items() if name != _COMPARE})

    def wantsComparison(self) -> bool:
        """True if the same training without augmentation is to follow."""
        return bool(self.value()[_COMPARE])

    def setChoices(self, choices: tuple[AugmentationChoice, ...]) -> None:
        """Offer the augmentations of the dataset's domain; those that do not fit its labels cannot be ticked."""
        if choices == self._choices:
            return
        before = self.value()
        for box in self._boxes.values():
            self._ticks.removeWidget(box)
            box.deleteLater()
        self._choices = choices
        self._boxes = {choice.name: self._box(choice) for choice in choices}
        for box in self._boxes.values():
            self._ticks.addWidget(box)
        self._looking.hide()
        self._show_what_matters()
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def lacksChoices(self) -> bool:
        """True while it is not known what there is to tick."""
        return self._choices is None

    def forgetChoices(self) -> None:
        """Another project was opened: its rows may be of another kind."""
        self.setChoices(())
        self._choices, self._wanted = None, ()
        self._looking.show()

    def _names(self) -> tuple[str, ...]:
        if self._choices is None:
            return self._wanted
        return tuple(name for name, box in self._boxes.items() if box.isChecked() and box.isEnabled())

    def _can_average(self) -> bool:
        """True if a chosen augmentation writes the very same thing; unknown counts as such."""
        return self._choices is None or any(c.averages and c.name in self._names() for c in self._choices)

    def _is_on(self) -> bool:
        return bool(self._names()) or self._controls["token_masking"].value() != 0

    def _box(self, choice: AugmentationChoice) -> QCheckBox:
        box = QCheckBox(tr(choice.title), self)
        box.setObjectName(f"augmentation_{choice.name}")
        box.setEnabled(choice.fits)
        box.setChecked(choice.fits and choice.name in self._wanted)
        misfit = "" if choice.fits else f"<b>{tr(_MISFIT)}</b><br><br>"
        box.setToolTip(f"<qt>{misfit}{tr(choice.help)}<br><br>{choice.source}<br><code>{choice.name}</code></qt>")
        box.setAccessibleDescription(tr(choice.help))
        box.toggled.connect(self._ticked)
        return box

    def _ticked(self) -> None:
        self._wanted = self._names()
        self._changed()

    def _changed(self) -> None:
        self._show_what_matters()
        self.valueChanged.emit(self.value())

    def _show_what_matters(self) -> None:
        self._strength_label.setText(f"{self._strength.value() / _PER_CENT:.2f}")
        for part in (self._strength, self._strength_label, self._controls["augmented_share"]):
            part.setEnabled(bool(self._names()))
        choices = self._choices or ()
        self._variants.showFor({name for c in choices if c.name in self._names() for name in c.settings})
        self._controls["test_time"].setEnabled(bool(self._names()) and self._can_average())
        self._compare.setEnabled(self._is_on())

    def _lay_out(self) -> None:
        strength = QHBoxLayout()
        strength.addWidget(self._strength, 1)
        strength.addWidget(self._strength_label)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_label(msg("Strength"), self._strength), strength)
        for field in _FIELDS:
            form.addRow(_label(field.label, self._controls[field.name]), self._controls[field.name])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._ticks)
        layout.addWidget(self._variants)
        layout.addLayout(form)
        layout.addWidget(self._compare)


def _label(text: str, control: QWidget) -> QLabel:
    label = QLabel(tr(text))
    label.setBuddy(control)
    label.setToolTip(control.toolTip())
    return label
