"""One thing about how a file is read: what was detected stands first, and something else can be chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from sciapp.records.reading import AUTO

_AUTOMATIC = "Automatic"
_POPUP_WIDTH = 220


class ReadingChoice(QComboBox):
    """value: a word of a Reading; “auto” for what is found out from the file."""

    valueChanged = Signal(str)

    def __init__(
        self, name: str, accessible: str, help: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setToolTip(help)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(15)
        self.addItem(_AUTOMATIC, AUTO)
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
        """What there is to choose from: (word, what people read). The choice stays where it is still among them."""
        chosen = self.value()
        blocked = self.blockSignals(True)
        while self.count() > 1:
            self.removeItem(1)
        for word, shown in choices:
            self.addItem(shown, word)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.blockSignals(blocked)

    def setDetected(self, value: str) -> None:
        """What the file's content says; shown where nothing is chosen. Empty: nothing was detected."""
        place = self.findData(value)
        shown = (self.itemText(place) if place > 0 else value).partition(" (")[0]
        self.setItemText(0, f"Detected: {shown}" if shown and value != AUTO else _AUTOMATIC)
