"""An editor of the columns by which the rows of one object are gathered to a series."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from sciapp.i18n import msg
from sciapp.records.read_options import SeriesColumns
from sciapp.ui import theme
from sciapp.ui.forms.columns_field import ColumnsField
from sciapp.ui.words import tr

_ROWS = (msg("One row is one series"), msg("Rows of one object are one series"))
_NONE = msg("none")
_ABOUT = {
    "rows": (msg("Rows"), msg("Whether a series stands in one row, or its points in rows of their own.")),
    "id": (msg("Object"), msg("The columns that name the object, such as a star or a track, that a point belongs to.")),
    "time": (msg("Times"), msg("The column that says when, or where along another axis, a point was measured.")),
    "values": (msg("Values"), msg("What was measured; several columns are measured at the same times.")),
    "band": (msg("Band"), msg("The column that says which band, filter or channel a point is of.")),
    "error": (msg("Errors"), msg("The column with the standard deviations of the values.")),
}


class SeriesColumnsEditor(QWidget):
    """value: SeriesColumns, None where rows stay as they are."""

    valueChanged = Signal(object)  # SeriesColumns | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: SeriesColumns | None = SeriesColumns()
        self._rows = self._choice("rows")
        for text in _ROWS:
            self._rows.addItem(tr(text))
        self._rows.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._rows.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # a sentence, read whole
        self._fields = {name: ColumnsField(_object(name), *_plain(name), self) for name in ("id", "values")}
        self._choices = {name: self._choice(name) for name in ("time", "band", "error")}
        parts: dict[str, QWidget] = {"rows": self._rows}
        parts |= {name: self._fields.get(name) or self._choices[name] for name in _ABOUT if name != "rows"}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACING)
        grid.setVerticalSpacing(2)
        self._of_points: list[QWidget] = []
        for column, (name, part) in enumerate(parts.items()):
            label = QLabel(tr(_ABOUT[name][0]), self)
            label.setBuddy(part)
            label.setToolTip(tr(_ABOUT[name][1]))
            grid.addWidget(label, 0, column)
            grid.addWidget(part, 1, column)
            grid.setColumnStretch(column, 2 if name in self._fields else 1)
            self._of_points += [label, part] if name != "rows" else []
        self._rows.currentIndexChanged.connect(self._rows_chosen)
        for name, field in self._fields.items():
            field.valueChanged.connect(lambda value, name=name: self._changed(name, value))
        for name, choice in self._choices.items():
            choice.currentIndexChanged.connect(
                lambda _, name=name, choice=choice: self._changed(name, choice.currentData() or "")
            )
        self._show_value()

    def value(self) -> SeriesColumns | None:
        return self._value

    def setValue(self, value: SeriesColumns | None) -> None:
        self._value = value
        self._show_value()

    def setColumns(self, columns: Sequence[str]) -> None:
        """The columns of the file, that there are to choose from."""
        for field in self._fields.values():
            field.setColumns(columns)
        for choice in self._choices.values():
            with QSignalBlocker(choice):
                choice.clear()
                choice.addItem(tr(_NONE), "")
                for name in columns:
                    choice.addItem(name, name)
        self._show_value()

    def _choice(self, name: str) -> QComboBox:
        choice = QComboBox(self)
        choice.setObjectName(_object(name))
        choice.setAccessibleName(_plain(name)[0])
        choice.setToolTip(tr(_ABOUT[name][1]))
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(10)
        return choice

    def _show_value(self) -> None:
        value = self._value or SeriesColumns()
        with QSignalBlocker(self._rows):
            self._rows.setCurrentIndex(int(value.wanted))
        for name, field in self._fields.items():
            with QSignalBlocker(field):
                field.setValue(getattr(value, name))
        for name, choice in self._choices.items():
            with QSignalBlocker(choice):
                choice.setCurrentIndex(max(0, choice.findData(getattr(value, name))))
        self._show_fields()

    def _show_fields(self) -> None:
        for part in self._of_points:
            part.setVisible(self._rows.currentIndex() == 1)

    def _rows_chosen(self, index: int) -> None:
        self._show_fields()
        self._value = SeriesColumns() if index else None
        self.valueChanged.emit(self._value)

    def _changed(self, name: str, value: object) -> None:
        before = self._value or SeriesColumns()
        again = {"alike": None} if name == "id" else {}  # which columns are the same for an object
        self._value = before.model_copy(update={name: value, **again})
        if self._value.wanted:
            self.valueChanged.emit(self._value)


def _object(name: str) -> str:
    return f"readSeries{name.capitalize()}"


def _plain(name: str) -> tuple[str, str]:
    title, help = _ABOUT[name]
    return tr(title), help
