"""What is learnt from the targets, and why, in a sentence."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

_TASKS = (
    ("auto", "Automatic"),
    ("classification", "Classification"),
    ("multilabel", "Several yes-or-no targets"),
    ("regression", "Regression"),
    ("tagging", "A label for each residue, base or word"),
)
READ_AS = {
    "classification": "The target is read as a class.",
    "multilabel": "Every target is read as 0 or 1 (no or yes); an empty cell means not measured.",
    "regression": "Every target is read as a number.",
    "tagging": "The target is read as one label for each residue, base or word of the input.",
}
"""What a task that was chosen by hand makes of the targets."""


class TaskEditor(QComboBox):
    """value: the name of a task, or “auto”."""

    valueChanged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importTask")
        self.setAccessibleName("Task")
        self.setToolTip(
            "What is learnt: a number (regression), a class, several yes-or-no answers, or a label for each unit."
        )
        for word, shown in _TASKS:
            self.addItem(shown, word)
        self.currentIndexChanged.connect(lambda _: self.valueChanged.emit(self.value()))

    def value(self) -> str:
        return str(self.currentData())

    def setValue(self, task: str) -> None:
        self.setCurrentIndex(max(0, self.findData(task)))
