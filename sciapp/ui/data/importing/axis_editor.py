"""An editor of the axis of series: where its points lie, in which unit, and what was measured."""

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from sciapp.i18n import msg
from sciapp.records.formatting import is_typed_number, typed_number
from sciapp.records.read_options import SeriesAxis
from sciapp.ui import theme
from sciapp.ui.words import tr

_ABOUT = {
    "start": (
        msg("Axis from"),
        msg("Position of the first point, such as 850. The end or the step goes with it."),
    ),
    "end": (msg("to"), msg("Position of the last point, such as 1050. It may be below the first.")),
    "step": (msg("in steps of"), msg("From point to point; it follows from the end where that is given.")),
    "unit": (msg("Unit"), msg("Unit of the axis, such as nm, cm-1 or s. It stands in plots and in the report.")),
    "title": (msg("Axis title"), msg("What lies along the axis, such as wavelength, where the unit does not tell it.")),
    "values": (msg("Values are"), msg("What was measured, and its unit, such as absorbance.")),
}
_NUMBERS = ("start", "end", "step")


class AxisEditor(QWidget):
    """value: SeriesAxis. It changes when a field is left, and not while only one of its three numbers is there."""

    valueChanged = Signal(object)  # SeriesAxis

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = SeriesAxis()
        self._fields = {name: QLineEdit(self) for name in _ABOUT}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACING)
        grid.setVerticalSpacing(2)
        for column, (name, field) in enumerate(self._fields.items()):
            title, help = _ABOUT[name]
            field.setObjectName(f"readAxis{name.capitalize()}")
            field.setAccessibleName(tr(title))
            field.setToolTip(tr(help))
            label = QLabel(tr(title), self)
            label.setBuddy(field)
            label.setToolTip(tr(help))
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            field.editingFinished.connect(self._edited)

    def value(self) -> SeriesAxis:
        return self._value

    def setValue(self, value: SeriesAxis) -> None:
        self._value = value
        for name, field in self._fields.items():
            stated = getattr(value, name)
            field.setText("" if stated is None else f"{stated:.12g}" if name in _NUMBERS else stated)

    def setDetected(self, axis: SeriesAxis) -> None:
        """The words that headings tell stand in grey where nothing is said."""
        for name, field in self._fields.items():
            if name not in _NUMBERS:
                field.setPlaceholderText(getattr(axis, name))

    def _edited(self) -> None:
        texts = {name: field.text().strip() for name, field in self._fields.items()}
        numbers = {name: _number(texts[name]) for name in _NUMBERS}
        for name, number in numbers.items():
            if number is None:
                self._fields[name].setText("")
        value = SeriesAxis(**texts | numbers)
        if sum(number is not None for number in numbers.values()) == 1 or value == self._value:
            return
        self._value = value
        self.valueChanged.emit(value)


def _number(text: str) -> float | None:
    """None for nothing, and for what is no number."""
    number = typed_number(text) if is_typed_number(text) else math.nan
    return number if math.isfinite(number) else None
