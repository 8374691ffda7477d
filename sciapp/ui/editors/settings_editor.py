"""A form over some settings of a training plan."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from sciapp.records.plan import TrainPlan, with_settings
from sciapp.ui.editors.controls import ChoiceBox, control_for
from sciapp.ui.editors.fields import Choice, Field


class SettingsEditor(QWidget):
    """value: leaf settings by name; only those that the form has fields for, and that `showFor` shows.

    What is not shown does not apply: the plan keeps its default for it.
    """

    valueChanged = Signal(object)  # dict[str, object]

    def __init__(self, fields: Sequence[Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._fields = {field.name: field for field in fields}
        self._controls = {field.name: control_for(field, self) for field in fields}
        self._hidden: frozenset[str] = frozenset()
        for field in fields:
            control = self._controls[field.name]
            label = QLabel(field.label)
            label.setBuddy(control)
            label.setToolTip(control.toolTip())
            self._form.addRow(label, control)
            control.valueChanged.connect(self._announce)

    def value(self) -> dict[str, object]:
        return {name: control.value() for name, control in self._controls.items() if name not in self._hidden}

    def setValue(self, value: Mapping[str, object]) -> None:
        before = self._everything()
        for name, control in self._controls.items():
            if name in value:
                blocked = control.blockSignals(True)
                control.setValue(value[name])  # type: ignore[arg-type]
                control.blockSignals(blocked)
        if self._everything() != before:
            self._announce()

    def showFor(self, facts: Mapping[str, object]) -> None:
        """Show the fields, and offer the values, that apply. facts: see `When`."""
        self._hidden = frozenset(
            name for name, field in self._fields.items() if not all(when.holds(facts) for when in field.conditions)
        )
        for name, control in self._controls.items():
            self._form.setRowVisible(control, name not in self._hidden)
            kind = self._fields[name].control
            if isinstance(control, ChoiceBox) and isinstance(kind, Choice):
                control.offer(kind.offered(facts))

    def applied_to(self, plan: TrainPlan) -> TrainPlan:
        """`plan` with this form's settings."""
        return with_settings(plan, self.value())

    def _everything(self) -> dict[str, object]:
        return {name: control.value() for name, control in self._controls.items()}

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())
