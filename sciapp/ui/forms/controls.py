"""One Qt control per kind of setting, all with the same three words: value, setValue, valueChanged."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QFocusEvent, QRegularExpressionValidator, QValidator, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QWidget

from sciapp.i18n import msg, number
from sciapp.records.formatting import typed_number
from sciapp.records.read_options import AUTO
from sciapp.ui import theme
from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, WholeField
from sciapp.ui.widgets.file_dialogs import ask_for_file, ask_for_folder
from sciapp.ui.words import explained, tr


class WholeBox(QSpinBox):
    """A spin box that the mouse wheel scrolls past: a form must not change while it is scrolled."""

    def __init__(self, kind: WholeField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.pad_number_box(self)
        self.setRange(kind.low, kind.high)
        self.setSingleStep(kind.step)
        self.setGroupSeparatorShown(True)
        self.setSpecialValueText(tr(kind.zero_means))
        self.setKeyboardTracking(False)

    def setValue(self, value: object) -> None:
        super().setValue(int(_number(value)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DecimalBox(QDoubleSpinBox):
    """A number with a fixed count of decimals."""

    def __init__(self, kind: DecimalField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.pad_number_box(self)
        self.setDecimals(kind.decimals)
        self.setRange(kind.low, kind.high)
        self.setSingleStep(kind.step)
        self.setSpecialValueText(tr(kind.zero_means))
        self.setKeyboardTracking(False)

    def setValue(self, value: object) -> None:
        super().setValue(_number(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class RateBox(QDoubleSpinBox):
    """A number written like 3e-04; the arrows walk 1, 2, 3, 5, 7 through the decades."""

    _STEPS = (1.0, 2.0, 3.0, 5.0, 7.0)

    def __init__(self, kind: DecimalField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.pad_number_box(self)
        self.setDecimals(12)
        self.setRange(kind.low, kind.high)
        self.setKeyboardTracking(False)

    def setValue(self, value: object) -> None:
        super().setValue(_number(value))

    def textFromValue(self, value: float) -> str:
        return tr(number(value, ".3g"))

    def valueFromText(self, text: str) -> float:
        return typed_number(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        try:
            rate = typed_number(text)
        except ValueError:
            usable = all(letter in "0123456789.,eE+-" for letter in text)
            return (QValidator.State.Intermediate if usable else QValidator.State.Invalid, text, position)
        fits = self.minimum() <= rate <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate, text, position)

    def stepBy(self, steps: int) -> None:
        ladder = [m * 10.0**e for e in range(-8, 1) for m in self._STEPS]
        index = min(range(len(ladder)), key=lambda i: abs(ladder[i] / self.value() - 1))
        self.setValue(ladder[max(0, min(len(ladder) - 1, index + steps))])

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceBox(QComboBox):
    """One of a few words; the value is the plan's word, not the one shown."""

    valueChanged = Signal(object)

    def __init__(self, kind: ChoiceField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = dict(kind.options)
        self._wanted: object = next(iter(self._titles))
        for word, title in kind.options:
            self.addItem(tr(title), word)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.currentIndexChanged.connect(self._chosen)

    def value(self) -> object:
        return self.currentData()

    def setValue(self, value: object) -> None:
        """A value that is not offered now is shown as soon as it is; until then the first one stands."""
        self._wanted = value
        blocked, before = self.blockSignals(True), self.value()
        self.setCurrentIndex(max(0, self.findData(value)))
        self.blockSignals(blocked)
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def offer(self, words: Sequence[str | bool]) -> None:
        """Only these may be chosen; tells nobody if that changes the value."""
        if list(words) != [self.itemData(index) for index in range(self.count())]:
            wanted, blocked = self._wanted, self.blockSignals(True)
            self.clear()
            for word in words:
                self.addItem(tr(self._titles[word]), word)
            self.setValue(wanted)
            self.blockSignals(blocked)

    def _chosen(self) -> None:
        self._wanted = self.value()
        self.valueChanged.emit(self.value())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _number(value: object) -> float:
    """The value of a setting that is a number. Raises TypeError for any other."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value


def control_for(field: Field, parent: QWidget | None = None) -> WholeBox | DecimalBox | RateBox | ChoiceBox:
    """The control that a field asks for, named and explained."""
    kind = field.control
    control: WholeBox | DecimalBox | RateBox | ChoiceBox
    if isinstance(kind, WholeField):
        control = WholeBox(kind, parent)
    elif isinstance(kind, ChoiceField):
        control = ChoiceBox(kind, parent)
    else:
        control = RateBox(kind, parent) if kind.scientific else DecimalBox(kind, parent)
    control.setObjectName(field.name)
    control.setAccessibleName(tr(field.label))
    control.setAccessibleDescription(tr(field.help))
    control.setToolTip(explained(field.help, field.name))
    return control


# A file that is named in a form: typed, or chosen from the disk.


class FileField(QWidget):
    """value: the path as text, empty for none."""

    valueChanged = Signal(str)

    def __init__(self, name: str, accessible: str, help: str, filter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._filter = accessible, filter
        self.line = QLineEdit(self)
        self.line.setObjectName(name)
        self.line.setAccessibleName(tr(accessible))
        self.line.setToolTip(tr(help))
        self.line.setMinimumWidth(60)
        self.button = QPushButton(tr(msg("Choose…")), self)
        self.button.setObjectName(f"{name}Choose")
        self.button.setAccessibleName(tr(msg("Choose: {name}", name=accessible)))
        self.button.setToolTip(tr(help))
        self.line.textChanged.connect(self.valueChanged)
        self.button.clicked.connect(self._choose)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)

    def value(self) -> str:
        return self.line.text().strip()

    def setValue(self, value: str) -> None:
        self.line.setText(value)

    def _choose(self) -> None:
        name, folder = f"{self.line.objectName()}Dialog", Path(self.value()).parent if self.value() else None
        ask_for_file(self, name, self._title, self._filter, lambda path: self.setValue(str(path)), folder=folder)


# A model that is named in a form: a hub id that is typed, or a folder from the disk.


class ModelField(QWidget):
    """value: what a plan calls the model, empty for none."""

    valueChanged = Signal(str)

    def __init__(self, name: str, accessible: str, help: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = accessible
        self._line = QLineEdit(self)
        self._line.setObjectName(name)
        self._line.setAccessibleName(tr(accessible))
        self._line.setAccessibleDescription(tr(help))
        self._line.setPlaceholderText(tr(hint))
        self._line.setMinimumWidth(60)
        self._button = QPushButton(tr(msg("Folder…")), self)
        self._button.setObjectName(f"{name}Folder")
        self._button.setAccessibleName(tr(msg("Folder: {name}", name=accessible)))
        self.setToolTip(explained(help, name))
        self._line.textChanged.connect(lambda _: self.valueChanged.emit(self.value()))
        self._button.clicked.connect(self._choose)
        self.setFocusProxy(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1)
        row.addWidget(self._button)

    def value(self) -> str:
        return self._line.text().strip()

    def setValue(self, value: object) -> None:
        if str(value) != self.value():
            self._line.setText(str(value))

    def _choose(self) -> None:
        name, title = f"{self._line.objectName()}Dialog", msg("Choose a model folder: {title}", title=self._title)
        ask_for_folder(self, name, title, lambda path: self.setValue(str(path)))


# The lines between which a table stands in a page of text.


_FORM = QRegularExpression(r"[1-9]\d{0,8}-\d{0,9}")


class LinesField(QLineEdit):
    """value: “40-70”, “40-” to the end, “auto” for the whole file. Announced when the field is left."""

    valueChanged = Signal(str)
    refused = Signal(object)  # why what stands here cannot be meant

    def __init__(self, name: str, accessible: str, help: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr(accessible))
        self.setToolTip(tr(help))
        self.setPlaceholderText(tr(msg("Detected: all lines")))
        self.setValidator(QRegularExpressionValidator(_FORM, self))
        self._announced = AUTO
        self.editingFinished.connect(self._tell)

    def value(self) -> str:
        return self.text() if self.text() and self.hasAcceptableInput() else AUTO

    def setValue(self, value: str) -> None:
        self.setText("" if value == AUTO else value)
        self._announced = value

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)  # Qt does not end the editing of an empty field that has a validator
        if not self.text():
            self._tell()
        elif not self.hasAcceptableInput():
            self.refused.emit(
                msg("“{text}” names no lines; write the first and the last, for example 40-70.", text=self.text())
            )

    def _tell(self) -> None:
        if self.value() != self._announced:
            self._announced = self.value()
            self.valueChanged.emit(self._announced)
