"""How a file is read: its encoding, what separates cells, whether the first row names columns, the sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from sciapp.records.reading import AUTO, ENCODINGS, Reading
from sciapp.ui import theme
from sciapp.ui.widgets.elided_label import ElidedLabel
from sciapp.workers.proposals import FoundReading

_WORDS = {
    "encoding": ENCODINGS,
    "delimiter": (
        ("comma", "comma"),
        ("tab", "tab"),
        ("semicolon", "semicolon"),
        ("pipe", "pipe"),
        ("blank", "blanks"),
        ("none", "lines only"),
    ),
    "header": (("yes", "names"), ("no", "data")),
    "decimal": ((".", "3.14"), (",", "3,14")),
    "sheet": (),
}
_ABOUT = {
    "encoding": ("&Encoding", "Which letters the file’s bytes stand for. Wrong: letters with accents look odd."),
    "delimiter": ("C&ells part at", "The sign between the cells of a row."),
    "header": ("&First row is", "Whether the first row names the columns or is data already."),
    "decimal": ("&Decimals", "How the file writes numbers with decimals."),
    "sheet": ("S&heet", "The sheet of a workbook, or the part of an archive or data set, that is read."),
}
_OF_TEXT, _OF_TABLES, _WITH_HEADER = {"encoding"}, {"delimiter", "decimal"}, {"table", "workbook", "smi"}


class ReadingEditor(QWidget):
    """value: Reading; what is left to the file's content is “auto”, and the form shows what was found."""

    valueChanged = Signal(object)  # Reading

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = Reading()
        self._title = ElidedLabel(self)
        self._title.setObjectName("readAs")
        self._boxes = {name: self._box(name) for name in _WORDS}
        self._labels: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACING)
        grid.setVerticalSpacing(2)
        read_as = QLabel("Read as", self)
        grid.addWidget(read_as, 0, 0)
        grid.addWidget(self._title, 1, 0)
        grid.setColumnStretch(0, 2)
        for place, (name, box) in enumerate(self._boxes.items(), start=1):
            label = QLabel(_ABOUT[name][0], self)
            label.setBuddy(box)
            label.setToolTip(_ABOUT[name][1])
            self._labels[name] = label
            grid.addWidget(label, 0, place)
            grid.addWidget(box, 1, place)
        self._show(set())

    def value(self) -> Reading:
        said = {name: box.currentData() or AUTO for name, box in self._boxes.items()}
        return self._kept.model_copy(update=said)

    def setValue(self, reading: Reading) -> None:
        self._kept = reading
        for name, box in self._boxes.items():
            wanted = getattr(reading, name)
            if wanted != AUTO and box.findData(wanted) < 0:
                box.addItem(wanted, wanted)
            box.blockSignals(True)
            box.setCurrentIndex(box.findData(wanted))
            box.blockSignals(False)

    def setFound(self, found: FoundReading) -> None:
        """Show what the file is, and behind “Automatic” what was found out."""
        self._title.setText(found.title)
        self._title.setToolTip("\n".join(found.reasons))
        before = self.value()
        self._fill("sheet", [(name, name) for name in found.sheets])
        for name, box in self._boxes.items():
            value = str(getattr(found.reading, name))
            shown = dict(_WORDS[name]).get(value, value).partition(" (")[0] if value != AUTO else ""
            if getattr(before, name) == AUTO:
                box.setItemText(0, f"Automatic: {shown}" if shown else "Automatic")
        self.setValue(before)
        usable = (_OF_TEXT if found.is_text else set()) | (_OF_TABLES if found.kind == "table" else set())
        usable |= {"header"} if found.kind in _WITH_HEADER else set()
        self._show(usable | ({"sheet"} if found.sheets else set()))

    def _box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"read{name.capitalize()}")
        box.setAccessibleName(_ABOUT[name][0].replace("&", ""))
        box.setToolTip(_ABOUT[name][1])
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(15)
        box.addItem("Automatic", AUTO)
        for word, shown in _WORDS[name]:
            box.addItem(shown, word)
        box.view().setMinimumWidth(220)
        box.currentIndexChanged.connect(lambda _: self.valueChanged.emit(self.value()))
        return box

    def _fill(self, name: str, items: Sequence[tuple[str, str]]) -> None:
        box = self._boxes[name]
        box.blockSignals(True)
        while box.count() > 1:
            box.removeItem(1)
        for word, shown in items:
            box.addItem(shown, word)
        box.blockSignals(False)

    def _show(self, names: set[str]) -> None:
        grid = self.layout()
        assert isinstance(grid, QGridLayout)
        for place, (name, box) in enumerate(self._boxes.items(), start=1):
            box.setVisible(name in names)
            self._labels[name].setVisible(name in names)
            grid.setColumnStretch(place, 3 if name in names else 0)
