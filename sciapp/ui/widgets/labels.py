"""Labels: text in the sizes and tones of the look, lines that give way, other people's words."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr

Tone = Literal["ink", "secondary", "caption", "accent", "second", "good", "caution", "bad"]
LabelType = Literal["caption", "body", "medium", "strong", "section", "question", "answer"]


class TextLabel(QLabel):
    """A text in one of the sizes of type and one of the tones of text; never read as markup."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        type: LabelType = "body",
        tone: Tone = "ink",
        wrap: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(tr(text), parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            self.setAlignment(Qt.AlignmentFlag.AlignTop)  # in a room that is higher it begins at the top
        else:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.set_style(self, type=type, tone=tone)

    def set_tone(self, tone: Tone) -> None:
        theme.set_style(self, tone=tone)


class ElidedLabel(QLabel):
    """A line of text that gives way: what does not fit is cut, and the tooltip has it all.

    For paths and names of any length; a plain QLabel would widen the window instead.
    """

    def __init__(self, parent: QWidget | None = None, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(tr(text))
        self.setToolTip(tr(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 8, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        elided = self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        role = self.foregroundRole()
        self.style().drawItemText(painter, self.contentsRect(), flags, self.palette(), self.isEnabled(), elided, role)
        painter.end()


# A label for sentences with other people's words in them: wrapped, never read as markup, can be copied.


class PlainTextLabel(QLabel):
    """Names of columns and classes may look like HTML; here they are shown as they are."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
