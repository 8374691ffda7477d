"""An editor of reading options: the file's format and its settings. The default is what was detected."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QStyle, QStyleOptionComboBox, QWidget

from sciapp.actions.import_preview import FORMAT_TITLES, DetectedReading
from sciapp.i18n import msg
from sciapp.records.read_options import AUTO, ENCODINGS, Reading, SeriesAxis, SeriesColumns, file_filter
from sciapp.ui import theme
from sciapp.ui.data.importing.axis_editor import AxisEditor
from sciapp.ui.data.importing.series_editor import SeriesColumnsEditor
from sciapp.ui.forms.columns_field import ColumnsField
from sciapp.ui.forms.controls import FileField, LinesField
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import tr

# One thing about how a file is read: what was detected stands first, and something else can be chosen.


_AUTOMATIC = msg("Automatic")
_POPUP_WIDTH = 220
_MOST_LETTERS = 36  # of average width; names of sheets and columns may be longer


class ReadingChoice(QComboBox):
    """value: a word of a Reading; “auto” for what is found out from the file."""

    valueChanged = Signal(str)

    def __init__(
        self, name: str, accessible: str, help: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr(accessible))
        self.setToolTip(tr(help))
        self.addItem(tr(_AUTOMATIC), AUTO)
        self.setChoices(choices)
        self.view().setMinimumWidth(_POPUP_WIDTH)
        self.currentIndexChanged.connect(lambda _: self.valueChanged.emit(self.value()))

    def value(self) -> str:
        return str(self.currentData() or AUTO)

    def setValue(self, value: str) -> None:
        """Choose; a word that is not on offer is added, for it may have been named on the command line."""
        blocked = self.blockSignals(True)
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))
        self.blockSignals(blocked)

    def setChoices(self, choices: Sequence[tuple[str, str]]) -> None:
        """The choices: (word, what people read). The choice stays where it is still among them."""
        chosen = self.value()
        blocked = self.blockSignals(True)
        while self.count() > 1:
            self.removeItem(1)
        for word, title in choices:
            self.addItem(tr(title), word)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.blockSignals(blocked)

    def setDetected(self, value: str) -> None:
        """The value that the file's content shows; visible where nothing is chosen. Empty: nothing was detected."""
        index = self.findData(value)
        title = _short(self.itemText(index) if index > 0 else value)
        self.setItemText(0, tr(_detected(title) if title and value != AUTO else _AUTOMATIC))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for whatever may come to stand here, so that nothing moves when something else does."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        letters, metrics = self.fontMetrics().averageCharWidth(), self.fontMetrics()
        texts = [self.itemText(index) for index in range(self.count())]
        texts += [tr(_detected(_short(text))) for text in texts[1:]]
        widest = min(max(map(metrics.horizontalAdvance, texts)), _MOST_LETTERS * letters)
        inside = QSize(widest + letters, metrics.height())
        whole = self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, inside, self)
        return QSize(whole.width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _detected(text: str) -> str:
    return msg("Detected: {choice}", choice=text)


def _short(text: str) -> str:
    """Without what stands in brackets behind it."""
    return text.partition(" (")[0]


_NONE = msg("none")
_DELIMITERS = (
    ("comma", msg("comma")),
    ("tab", msg("tab")),
    ("semicolon", msg("semicolon")),
    ("pipe", msg("pipe")),
    ("blank", msg("blanks")),
    ("none", msg("lines only")),
)
_WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "format": FORMAT_TITLES,
    "encoding": ENCODINGS,
    "delimiter": _DELIMITERS,
    "header": (("yes", msg("names")), ("no", msg("data"))),
    "decimal": ((".", "3.14"), (",", "3,14")),
    "quote": (
        ("double", msg('double: "')),
        ("single", msg("single: '")),
        ("backslash", msg('double, \\" in text')),
        ("none", _NONE),
    ),
    "comment": (("none", _NONE), ("#", "#"), ("%", "%"), ("//", "//")),
    "sheet": (),
}
_ABOUT = {
    "format": (
        msg("&Read as"),
        msg("What the file is taken for. Another format may be tried where the detected one is wrong."),
    ),
    "encoding": (
        msg("&Encoding"),
        msg("Which letters the file’s bytes stand for. Wrong: letters with accents look odd."),
    ),
    "delimiter": (msg("C&ells part at"), msg("The sign between the cells of a row.")),
    "header": (msg("&First row is"), msg("Whether the first row names the columns or is data already.")),
    "decimal": (msg("&Decimals"), msg("How the file writes numbers with decimals.")),
    "quote": (
        msg("&Quotation mark"),
        msg("What stands around cells that hold the sign between cells, or several lines."),
    ),
    "comment": (msg("Co&mments"), msg("What lines begin with that are no rows.")),
    "sheet": (
        msg("S&heet"),
        msg("The sheet of a workbook, the file in an archive, or the part of a data set, that is read."),
    ),
    "lines": (
        msg("&Lines"),
        msg("The first and last line of a table that stands in a page of text, for example 40-70."),
    ),
    "labels": (msg("Lab&els in"), msg("A FASTA file with the same ids that has a label for each residue or base.")),
    "join": (
        msg("Loo&k up inputs in"),
        msg("A second file, for example with the sequence of each id in this one. Its columns are added to these."),
    ),
    "on": (
        msg("Ids in this file"),
        msg(
            "The columns of this file whose ids are looked up in the second: one, or both of a pair. None ticked: "
            "those that have the ids of the second file."
        ),
    ),
    "there": (msg("Ids in that file"), msg("The column of the second file that has the ids; each of them only once.")),
}
_SHEETS = {"workbook": msg("S&heet"), "dataset": msg("Pa&rt"), "ts": msg("Pa&rt"), "fits": msg("Ta&ble")}
_IN_ARCHIVE = msg("File in arc&hive")
_FILES = {"labels": msg("There is no such file of labels."), "join": msg("There is no such file to look up in.")}
_IDS = ("on", "there")
_WIDE = frozenset({*_FILES, "on"})
_A_ROW = 4


def reading_in_words(reading: Reading) -> list[str]:
    """The signs between cells, the character set and the sheet of a reading, as the choices are called."""
    parts = []
    for name in ("delimiter", "encoding"):
        word = getattr(reading, name)
        parts += [title for known, title in _WORDS[name] if known == word]
    return parts + ([reading.sheet] if reading.sheet != AUTO else [])


class ReadingEditor(QWidget):
    """value: Reading. Only what means something for the file is shown."""

    valueChanged = Signal(object)  # Reading

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = Reading()
        self._detected = Reading()
        self._ids_unclear = False
        self._words: dict[str, ReadingChoice | LinesField | FileField] = {  # of everything but the ids
            name: ReadingChoice(f"read{name.capitalize()}", _plain(name), _ABOUT[name][1], words, self)
            for name, words in _WORDS.items()
        }
        lines = LinesField("readLines", _plain("lines"), _ABOUT["lines"][1], self)
        lines.refused.connect(self.setNote)
        self._words["lines"] = lines
        self._labels = FileField(
            "readLabels", _plain("labels"), _ABOUT["labels"][1], file_filter(msg("FASTA files")), self
        )
        self._join = FileField("readJoin", _plain("join"), _ABOUT["join"][1], file_filter(msg("Tables")), self)
        for name, field in (("labels", self._labels), ("join", self._join)):
            field.line.setPlaceholderText(tr(_NONE))
            self._words[name] = field
        self._ids = ColumnsField("readOn", _plain("on"), _ABOUT["on"][1], self)
        self._there = ReadingChoice("readThere", _plain("there"), _ABOUT["there"][1], (), self)
        self._ids_shown = self._chosen_ids()
        self._controls: dict[str, ReadingChoice | LinesField | FileField | ColumnsField] = {
            **self._words,
            "on": self._ids,
            "there": self._there,
        }
        self._titles = {name: QLabel(tr(_ABOUT[name][0]), self) for name in self._controls}
        for name, label in self._titles.items():
            label.setBuddy(self._controls[name])
            label.setToolTip(tr(_ABOUT[name][1]))
        self._series = SeriesColumnsEditor(self)
        self._series.hide()
        self._series.valueChanged.connect(self._series_changed)
        self._axis = AxisEditor(self)
        self._axis.hide()
        self._axis.valueChanged.connect(self._axis_changed)
        self._note = PlainTextLabel("readNote", self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACING)
        self._grid.setVerticalSpacing(2)
        for name, control in self._controls.items():
            control.valueChanged.connect(lambda _, name=name: self._changed(name))
        self._show(frozenset({"format"}))
        self.setNote("")

    def value(self) -> Reading:
        values = {name: control.value() for name, control in self._words.items()}
        for name in _FILES:
            if values[name] and not Path(values[name]).is_file():
                values[name] = ""
        on = self._on() if values["join"] == self._reading.join else ()  # which columns have ids is found out again
        return self._reading.model_copy(update={**values, "on": on})

    def setValue(self, reading: Reading) -> None:
        self._reading = reading
        self._series.setValue(reading.series)
        self._axis.setValue(reading.axis)
        pairs = [key.partition("=") for key in reading.on]
        others = {other for _, _, other in pairs}
        there = others.pop() if len(others) == 1 else ""
        for name, control in self._words.items():
            with QSignalBlocker(control):
                control.setValue(getattr(reading, name))
        with QSignalBlocker(self._ids), QSignalBlocker(self._there):
            self._ids.setValue([key for key, _, _ in pairs])
            self._there.setValue(there or AUTO)
        self._ids_shown = self._chosen_ids()

    @property
    def lacking(self) -> bool:
        """True if something is still to be said before the file can be read as it is meant."""
        return self._ids_unclear

    def setDetected(self, detected: DetectedReading) -> None:
        """Show what the file is, and what was found out wherever nothing is chosen."""
        before = self.value()
        self._detected, self._ids_unclear = detected.reading, detected.ids_unclear
        self._choice("sheet").setChoices([(name, name) for name in detected.sheets])
        for name in _WORDS:
            if getattr(before, name) == AUTO:
                self._choice(name).setDetected(detected.title if name == "format" else getattr(detected.reading, name))
        self._ids.setColumns(detected.columns)
        self._there.setChoices([(name, name) for name in detected.second_columns])
        if not before.on:
            keys = [key.partition("=") for key in detected.reading.on]
            self._ids.setDetected([key for key, _, _ in keys])
            self._there.setDetected(keys[0][2] if keys else "")
        self._controls["format"].setToolTip("\n".join(map(tr, [_ABOUT["format"][1], "", *detected.reasons])))
        self._controls["format"].setEnabled("format" in detected.choices and "encoding" in detected.choices)
        self._titles["sheet"].setText(tr(_SHEETS.get(detected.kind, _IN_ARCHIVE)))
        self._series.setColumns(detected.point_columns)
        self._series.setVisible(bool(detected.point_columns))
        self._axis.setDetected(detected.reading.axis)
        self._axis.setVisible(detected.has_axis)
        self.setValue(before)
        names = detected.choices | {"format"} | set(_IDS)
        names = names if detected.second_columns else names - set(_IDS)
        self._show(names if detected.sheets else names - {"sheet"})

    def setNote(self, text: str) -> None:
        """Options that the file needed in order to be read."""
        self._note.setText(tr(text))
        self._note.setVisible(bool(text))

    def _chosen_ids(self) -> tuple[tuple[str, ...], str]:
        return self._ids.value(), self._there.value()

    def _on(self) -> tuple[str, ...]:
        """As `Reading.on` has it; what was given comes back as it was, for not all of it can be shown."""
        if self._chosen_ids() == self._ids_shown:
            return self._reading.on
        keys, there = self._chosen_ids()
        keys = keys or tuple(key.partition("=")[0] for key in self._detected.on)
        return keys if there == AUTO else tuple(f"{key}={there}" for key in keys)

    def _choice(self, name: str) -> ReadingChoice:
        control = self._controls[name]
        assert isinstance(control, ReadingChoice)
        return control

    def _changed(self, name: str) -> None:
        if name in _FILES and (file := self._words[name].value()) and not Path(file).is_file():
            self.setNote(_FILES[name])
            return
        # Of ids that are still unclear one column alone says nothing.
        if name in _IDS and self._on() == self._reading.on:
            return
        self.setNote("")
        if name == "format":  # what was said of the other format means nothing for this one
            reading = self.value()
            self.setValue(Reading(format=reading.format, encoding=reading.encoding, sheet=reading.sheet))
        self.valueChanged.emit(self.value())

    def _series_changed(self, series: SeriesColumns | None) -> None:
        self.setNote("")
        # What was looked up for the objects has its ids in columns that may be none any more.
        self._reading = self.value().model_copy(update={"series": series, "join": "", "on": ()})
        self.setValue(self._reading)
        self.valueChanged.emit(self.value())

    def _axis_changed(self, axis: SeriesAxis) -> None:
        self.setNote("")
        self.setValue(self.value().model_copy(update={"axis": axis}))
        self.valueChanged.emit(self.value())

    def _show(self, names: frozenset[str]) -> None:
        """Lay the controls that are meant out in rows, labels above them."""
        column = row = 0
        for name, control in self._controls.items():
            self._grid.removeWidget(control)
            self._grid.removeWidget(self._titles[name])
            control.setVisible(name in names)
            self._titles[name].setVisible(name in names)
            if name not in names:
                continue
            width = 2 if name in _WIDE else 1
            if column + width > _A_ROW:
                column, row = 0, row + 2
            self._grid.addWidget(self._titles[name], row, column, 1, width)
            self._grid.addWidget(control, row + 1, column, 1, width)
            column += width
        for column in range(_A_ROW):
            self._grid.setColumnStretch(column, 1)
        self._grid.removeWidget(self._series)
        self._grid.addWidget(self._series, row + 2, 0, 1, _A_ROW)
        self._grid.removeWidget(self._axis)
        self._grid.addWidget(self._axis, row + 3, 0, 1, _A_ROW)
        self._grid.removeWidget(self._note)
        self._grid.addWidget(self._note, row + 4, 0, 1, _A_ROW)


def _plain(name: str) -> str:
    return tr(_ABOUT[name][0]).replace("&", "")
