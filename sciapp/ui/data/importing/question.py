"""The heading of one of the three questions of an import: its number, its words, and why it is answered so."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sciapp.ui import theme
from sciapp.ui.widgets.glyphs import Pill
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr


class Question(QWidget):
    """Number and question; a sentence below says why the answer stands as it does."""

    def __init__(self, number: int, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(question))
        self._why = TextLabel("", self, type="caption", tone="secondary", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACING)
        head.addWidget(Pill(str(number), self, status="info", icon=""))
        head.addWidget(TextLabel(question, self, type="section"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.HALF, 0, 0)
        column.setSpacing(theme.HALF)
        column.addLayout(head)
        column.addWidget(self._why)
        self.set_why("")

    def set_why(self, why: str) -> None:
        self._why.setText(tr(why))
        self._why.setVisible(bool(why))
