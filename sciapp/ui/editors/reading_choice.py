"""One thing about how a file is read: what was detected stands first, and something else can be chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from sciapp.records.reading import AUTO

_AUTOMATIC = "Automatic"
_DETECTED = "Detected: {}"
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
        self.setAccessibleName(accessible)
        self.setToolTip(help)
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
        shown = _short(self.itemText(place) if place > 0 else value)
        self.setItemText(0, _DETECTED.format(shown) if shown and value != AUTO else _AUTOMATIC)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for whatever may come to stand here, so that nothing moves when something else does."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        letters, metrics = self.fontMetrics().averageCharWidth(), self.fontMetrics()
        texts = [self.itemText(place) for place in range(self.count())]
        texts += [_DETECTED.format(_short(text)) for text in texts[1:]]
        widest = min(max(map(metrics.horizontalAdvance, texts)), _MOST_LETTERS * letters)
        inside = QSize(widest + letters, metrics.height())
        whole = self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, inside, self)
        return QSize(whole.width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _short(text: str) -> str:
    """Without what stands in brackets behind it."""
    return text.partition(" (")[0]
