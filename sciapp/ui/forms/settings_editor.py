"""A form over some settings of a training plan."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.ui.forms.controls import ChoiceBox, control_for
from sciapp.ui.forms.fields import ChoiceField, Field, Section
from sciapp.ui.widgets.layout import CollapsibleSection
from sciapp.ui.words import tr


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
            label = QLabel(tr(field.label))
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
                control.setValue(value[name])
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
            if isinstance(control, ChoiceBox) and isinstance(kind, ChoiceField):
                control.offer(kind.offered(facts))

    def applied_to(self, plan: TrainPlan) -> TrainPlan:
        """`plan` with this form's settings."""
        return with_settings(plan, self.value())

    def _everything(self) -> dict[str, object]:
        return {name: control.value() for name, control in self._controls.items()}

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())


# Settings under headings that fold away, each shown while it applies.


class SectionsEditor(QWidget):
    """value: leaf settings by name, of those that apply. A heading says how many of its settings are not the usual."""

    valueChanged = Signal(object)  # dict[str, object]

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections = tuple(sections)
        self._editors = tuple(SettingsEditor(section.fields, self) for section in sections)
        self._folds = tuple(
            CollapsibleSection(section.title, editor, section.name, self)
            for section, editor in zip(sections, self._editors, strict=True)
        )
        self._facts: dict[str, object] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for fold, editor in zip(self._folds, self._editors, strict=True):
            layout.addWidget(fold)
            editor.valueChanged.connect(self._changed)
        _align([label for editor in self._editors for label in editor.findChildren(QLabel)])
        self._usual: dict[str, object] = self.value()
        self._show_what_applies()

    def value(self) -> dict[str, object]:
        return {name: setting for editor in self._editors for name, setting in editor.value().items()}

    def setValue(self, value: Mapping[str, object]) -> None:
        before = self.value()
        blocked = self.blockSignals(True)
        for editor in self._editors:
            editor.setValue(value)
        self._show_what_applies()
        self.blockSignals(blocked)
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def setUsual(self, usual: Mapping[str, object]) -> None:
        """The values that no heading needs to mention."""
        self._usual = dict(usual)
        self._show_what_applies()

    def setFacts(self, facts: Mapping[str, object]) -> None:
        """Take facts that decide which settings apply, such as the dataset's `task`."""
        before = self.value()
        self._facts = dict(facts)
        self._show_what_applies()
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def applied_to(self, plan: TrainPlan) -> TrainPlan:
        """`plan` with this form's settings."""
        return with_settings(plan, self.value())

    def _changed(self) -> None:
        self._show_what_applies()
        self.valueChanged.emit(self.value())

    def _show_what_applies(self) -> None:
        # A setting that is hidden may decide on others, so facts are gathered anew until nothing changes.
        for _ in range(len(self._sections) + 1):
            before = self.value()
            for editor in self._editors:
                editor.showFor(self._facts | before)
            if self.value() == before:
                break
        for section, editor, fold in zip(self._sections, self._editors, self._folds, strict=True):
            changed = sum(self._usual.get(name, setting) != setting for name, setting in editor.value().items())
            title = msg("{title} ({changed} changed)", title=section.title, changed=changed)
            fold.setTitle(title if changed else section.title)


def _align(labels: Sequence[QLabel]) -> None:
    """So that the controls of all sections begin at the same place."""
    widest = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(widest)
