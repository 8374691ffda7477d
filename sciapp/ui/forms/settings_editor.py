"""A form over some settings of a training plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.ui import theme
from sciapp.ui.forms.controls import ChoiceBox, control_for
from sciapp.ui.forms.fields import ChoiceField, Field, Section
from sciapp.ui.forms.setting_row import SettingRow
from sciapp.ui.widgets.layout import CollapsibleSection
from sciapp.ui.words import tr


class SettingsEditor(QWidget):
    """value: leaf settings by name; only those that the form has fields for, and that `showFor` shows.

    What is not shown does not apply: the plan keeps its default for it.
    """

    valueChanged = Signal(object)  # dict[str, object]

    def __init__(self, fields: Sequence[Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        self._fields = {field.name: field for field in fields}
        self._controls = {field.name: control_for(field, self) for field in fields}
        self._hidden: frozenset[str] = frozenset()
        self._usual: dict[str, object] = {}
        self._rows = {field.name: SettingRow(field, self._controls[field.name], self) for field in fields}
        for field in fields:
            column.addWidget(self._rows[field.name])
            self._rows[field.name].resetWanted.connect(self._reset)
            self._controls[field.name].valueChanged.connect(self._announce)
        self._filter: Callable[[SettingRow], bool] = _every

    def value(self) -> dict[str, object]:
        return {name: control.value() for name, control in self._controls.items() if name not in self._hidden}

    def setValue(self, value: Mapping[str, object]) -> None:
        before = self._everything()
        for name, control in self._controls.items():
            if name in value:
                blocked = control.blockSignals(True)
                control.setValue(value[name])
                control.blockSignals(blocked)
        self._mark()
        if self._everything() != before:
            self._announce()

    def showFor(self, facts: Mapping[str, object]) -> None:
        """Show the fields, and offer the values, that apply. facts: see `When`."""
        self._hidden = frozenset(
            name for name, field in self._fields.items() if not all(when.holds(facts) for when in field.conditions)
        )
        for name, control in self._controls.items():
            control.setVisible(name not in self._hidden)
            kind = self._fields[name].control
            if isinstance(control, ChoiceBox) and isinstance(kind, ChoiceField):
                control.offer(kind.offered(facts))
        self._show_rows()

    def setUsual(self, usual: Mapping[str, object]) -> None:
        """The recommended values: what differs from them is marked, and can be reset."""
        self._usual = dict(usual)
        self._mark()

    def narrow(self, wanted: Callable[[SettingRow], bool]) -> int:
        """Show the rows that apply and that are wanted; how many those are."""
        self._filter = wanted
        return self._show_rows()

    def changed(self) -> list[str]:
        """Names of the settings that apply and are not at their recommended value."""
        return [name for name, row in self._rows.items() if row.changed and name not in self._hidden]

    def _show_rows(self) -> int:
        shown = [name for name, row in self._rows.items() if name not in self._hidden and self._filter(row)]
        for name, row in self._rows.items():
            row.setVisible(name in shown)
        return len(shown)

    def _reset(self, name: str) -> None:
        if name in self._usual:
            self._controls[name].setValue(self._usual[name])

    def _mark(self) -> None:
        for name, row in self._rows.items():
            row.set_changed(name in self._usual and self._controls[name].value() != self._usual[name])

    def applied_to(self, plan: TrainPlan) -> TrainPlan:
        """`plan` with this form's settings."""
        return with_settings(plan, self.value())

    def _everything(self) -> dict[str, object]:
        return {name: control.value() for name, control in self._controls.items()}

    def _announce(self) -> None:
        self._mark()
        self.valueChanged.emit(self.value())


def _every(_: SettingRow) -> bool:
    return True


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
        for editor in self._editors:
            editor.setUsual(usual)
        self._show_what_applies()

    def narrow(self, wanted: Callable[[SettingRow], bool], *, section: str = "") -> int:
        """Show the sections with rows that are wanted, opened; how many rows those are. section: only that one."""
        shown = 0
        for made, editor, fold in zip(self._sections, self._editors, self._folds, strict=True):
            count = editor.narrow(wanted) if section in {"", made.name} else 0
            fold.setVisible(count > 0)
            shown += count
        return shown

    def open_all(self, opened: bool) -> None:
        for fold in self._folds:
            fold.setOpen(opened)

    def changed(self) -> list[str]:
        """Names of the settings that apply and are not at their recommended value."""
        return [name for editor in self._editors for name in editor.changed()]

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


@dataclass(frozen=True)
class SettingsPart:
    """A part of the page that is no list of settings. words: by which a search meets it, beside its title."""

    name: str
    title: str
    widget: QWidget
    words: str = ""

    def matches(self, words: str) -> bool:
        text = f"{tr(self.title)} {tr(self.words)}".casefold()
        return all(word in text for word in words.casefold().split())
