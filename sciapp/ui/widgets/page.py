"""The frame of a page: its question with the actions of the page, and its empty and loading states."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_SENTENCE_WIDTH = 420


class PageHeader(QWidget):
    """The one question of a page, a sentence on how it stands, and at the right what can be done."""

    def __init__(self, question: str, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = TextLabel(question, self, type="question", name="pageQuestion")
        self._sentence = TextLabel(sentence, self, tone="secondary", wrap=True, name="pageSentence")
        texts = QVBoxLayout()
        texts.setSpacing(theme.HALF)
        texts.addWidget(self._question)
        texts.addWidget(self._sentence)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(theme.SPACING)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addLayout(texts, 1)
        row.addLayout(self._actions)
        row.setAlignment(self._actions, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.set_question(question)
        self.set_sentence(sentence)

    def question(self) -> str:
        return self._question.text()

    def set_question(self, question: str) -> None:
        self._question.setText(tr(question))
        self.setAccessibleName(tr(question))

    def set_sentence(self, sentence: str) -> None:
        """An empty sentence leaves its line empty: what is below does not move."""
        self._sentence.setText(tr(sentence) or " ")
        self.setAccessibleDescription(tr(sentence))

    def add_action(self, widget: QWidget) -> None:
        """The primary button comes last: it stands outermost."""
        self._actions.addWidget(widget)


class EmptyState(QWidget):
    """A page or card without content yet: an icon, a sentence on what comes here, and the button that brings it."""

    requested = Signal()

    def __init__(
        self,
        icon: str,
        sentence: str,
        parent: QWidget | None = None,
        *,
        title: str = "",
        button: str = "",
        primary: bool = True,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, self, tone="accent_text", size=24, ground="accent_tint", ground_size=48)
        self._title = TextLabel(title, self, type="section")
        self._sentence = TextLabel(sentence, self, tone="secondary", wrap=True)
        self._sentence.setMaximumWidth(_SENTENCE_WIDTH)
        self.button = Button(button, self, kind="primary" if primary else "secondary", name=name)
        if not name:
            self.button.setObjectName("emptyStateButton")
        self.button.clicked.connect(self.requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.SECTION_GAP, theme.GAP, theme.SECTION_GAP)
        column.setSpacing(theme.SPACING)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title)
        column.addLayout(self._in_the_middle(self._sentence))
        column.addSpacing(theme.SPACING)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.set_texts(sentence, title=title, button=button)

    def set_texts(self, sentence: str, *, title: str = "", button: str = "", icon: str = "") -> None:
        self._sentence.setText(tr(sentence))
        self._title.setText(tr(title))
        self._title.setVisible(bool(title))
        self.button.set_text(button)
        self.button.setVisible(bool(button))
        self.button.setAccessibleName(tr(button or title or sentence))
        if icon:
            self._icon.set_icon(icon)
        self.setAccessibleName(tr(title or sentence))

    @staticmethod
    def _in_the_middle(label: QWidget) -> QHBoxLayout:
        """Aligned by its own layout item a wrapped label would be given the height of its text on one line."""
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(label, 1000)
        row.addStretch(1)
        return row


class Skeleton(QWidget):
    """Grey bars in the place of content that is being read; still, so that nothing asks for attention."""

    def __init__(self, parent: QWidget | None = None, *, rows: int = 3, row_height: int = theme.ROW_HEIGHT) -> None:
        super().__init__(parent)
        self._rows, self._row_height = rows, row_height
        self.setAccessibleName(tr(msg("Loading…")))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, self._rows * self._row_height)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._rows * self._row_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours_of(self.palette()).hover))
        height = self._row_height / 3
        for row in range(self._rows):
            width = self.width() * _BARS[row % len(_BARS)]
            top = row * self._row_height + (self._row_height - height) / 2
            painter.drawRoundedRect(QRectF(0, top, width, height), theme.HALF, theme.HALF)
        painter.end()


_BARS = (0.92, 0.74, 0.84, 0.58)  # shares of the width, as lines of text would be
