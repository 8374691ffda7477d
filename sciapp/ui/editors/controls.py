"""One Qt control per kind of setting, all with the same three words: value, setValue, valueChanged."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from sciapp.records.typed_numbers import typed_number
from sciapp.ui.editors.fields import Choice, Decimal, Field, Whole


class WholeBox(QSpinBox):
    """A spin box that the mouse wheel scrolls past: a form must not change while it is scrolled."""

    def __init__(self, kind: Whole, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(kind.low, kind.high)
        self.setSingleStep(kind.step)
        self.setGroupSeparatorShown(True)
        self.setSpecialValueText(kind.zero_means)
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DecimalBox(QDoubleSpinBox):
    """A number with a fixed count of decimals."""

    def __init__(self, kind: Decimal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(kind.decimals)
        self.setRange(kind.low, kind.high)
        self.setSingleStep(kind.step)
        self.setSpecialValueText(kind.zero_means)
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class RateBox(QDoubleSpinBox):
    """A number written like 3e-04; the arrows walk 1, 2, 3, 5, 7 through the decades."""

    _STEPS = (1.0, 2.0, 3.0, 5.0, 7.0)

    def __init__(self, kind: Decimal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(12)
        self.setRange(kind.low, kind.high)
        self.setKeyboardTracking(False)

    def textFromValue(self, value: float) -> str:
        return f"{value:.3g}"

    def valueFromText(self, text: str) -> float:
        return typed_number(text)

    def validate(self, text: str, position: int) -> object:
        try:
            number = typed_number(text)
        except ValueError:
            usable = all(letter in "0123456789.,eE+-" for letter in text)
            return (QValidator.State.Intermediate if usable else QValidator.State.Invalid, text, position)
        fits = self.minimum() <= number <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate, text, position)

    def stepBy(self, steps: int) -> None:
        ladder = [m * 10.0**e for e in range(-8, 1) for m in self._STEPS]
        place = min(range(len(ladder)), key=lambda i: abs(ladder[i] / self.value() - 1))
        self.setValue(ladder[max(0, min(len(ladder) - 1, place + steps))])

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceBox(QComboBox):
    """One of a few words; the value is the plan's word, not the one shown."""

    valueChanged = Signal(object)

    def __init__(self, kind: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = dict(kind.options)
        self._wanted: object = next(iter(self._shown))
        for word, shown in kind.options:
            self.addItem(shown, word)
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

    def offer(self, words: Sequence[str]) -> None:
        """Only these may be chosen; tells nobody if that changes the value."""
        if list(words) != [self.itemData(place) for place in range(self.count())]:
            wanted, blocked = self._wanted, self.blockSignals(True)
            self.clear()
            for word in words:
                self.addItem(self._shown[word], word)
            self.setValue(wanted)
            self.blockSignals(blocked)

    def _chosen(self) -> None:
        self._wanted = self.value()
        self.valueChanged.emit(self.value())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def control_for(field: Field, parent: QWidget | None = None) -> WholeBox | DecimalBox | RateBox | ChoiceBox:
    """The control that a field asks for, named and explained."""
    kind = field.control
    control: WholeBox | DecimalBox | RateBox | ChoiceBox
    if isinstance(kind, Whole):
        control = WholeBox(kind, parent)
    elif isinstance(kind, Choice):
        control = ChoiceBox(kind, parent)
    else:
        control = RateBox(kind, parent) if kind.scientific else DecimalBox(kind, parent)
    control.setObjectName(field.name)
    control.setAccessibleName(field.label)
    control.setAccessibleDescription(field.help)
    control.setToolTip(f"<qt>{field.help}<br><br><code>{field.name}</code></qt>")
    return control
