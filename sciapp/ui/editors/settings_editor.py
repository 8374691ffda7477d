"""A form over some settings of a training plan."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from sciapp.records.plan import TrainPlan, with_settings
from sciapp.ui.editors.controls import control_for
from sciapp.ui.editors.fields import Field


class SettingsEditor(QWidget):
    """value: leaf settings by name; only those that the form has fields for."""

    valueChanged = Signal(object)  # dict[str, object]

    def __init__(self, fields: Sequence[Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._controls = {field.name: control_for(field, self) for field in fields}
        for field in fields:
            control = self._controls[field.name]
            label = QLabel(field.label)
            label.setBuddy(control)
            label.setToolTip(control.toolTip())
            form.addRow(label, control)
            control.valueChanged.connect(self._announce)

    def value(self) -> dict[str, object]:
        return {name: control.value() for name, control in self._controls.items()}

    def setValue(self, value: Mapping[str, object]) -> None:
        before = self.value()
        for name, control in self._controls.items():
            if name in value:
                blocked = control.blockSignals(True)
                control.setValue(value[name])  # type: ignore[arg-type]
                control.blockSignals(blocked)
        if self.value() != before:
            self._announce()

    def applied_to(self, plan: TrainPlan) -> TrainPlan:
        """`plan` with this form's settings."""
        return with_settings(plan, self.value())

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())
