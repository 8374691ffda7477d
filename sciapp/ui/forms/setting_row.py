"""A setting as a row: plain label, the technical term, one line of why, its control, and Reset where it was changed."""

import re

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.forms.controls import ChoiceBox, DecimalBox, RateBox, WholeBox
from sciapp.ui.forms.fields import Field
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

Control = WholeBox | DecimalBox | RateBox | ChoiceBox
_CONTROL_WIDTH, _DOT = 190, 8  # px
_SENTENCE_END = re.compile(r"(?<=[.。])\s")


class SettingRow(QWidget):
    """Owns no value: it shows the control of one field, and says when Reset is wanted."""

    resetWanted = Signal(str)

    def __init__(self, field: Field, control: Control, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field, self._changed = field, False
        label = TextLabel(field.label, self, type="medium", wrap=True)
        label.setBuddy(control)
        label.setToolTip(control.toolTip())
        term = TextLabel(field.term, self, type="caption", tone="caption")
        term.setVisible(bool(field.term))
        self._why = TextLabel(
            _SENTENCE_END.split(tr(field.help), 1)[0], self, type="caption", tone="secondary", wrap=True
        )
        self._why.setToolTip(control.toolTip())
        self._reset = Button(msg("Reset"), self, kind="quiet", dense=True, name=f"reset_{field.name}")
        self._reset.setAccessibleName(tr(msg("Reset {setting}", setting=field.label)))
        self._reset.clicked.connect(lambda: self.resetWanted.emit(field.name))
        control.setFixedWidth(_CONTROL_WIDTH)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for part in (label, term, self._why):
            texts.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, theme.HALF, 0, theme.HALF)
        row.setSpacing(theme.SPACING)
        row.addLayout(texts, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves under the mouse
        self._reset.setSizePolicy(policy)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.set_changed(False)

    @property
    def changed(self) -> bool:
        """True while the value is not the recommended one."""
        return self._changed

    def set_changed(self, changed: bool) -> None:
        self._changed = changed
        self._reset.setVisible(changed)
        self.update()

    def matches(self, words: str) -> bool:
        """True if all of these words are in its texts or in the name that plans have for it."""
        text = " ".join(tr(part) for part in (self._field.label, self._field.term, self._field.help, self._field.name))
        return all(word in text.casefold() for word in words.casefold().split())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._changed:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours_of(self.palette()).accent))
        painter.drawEllipse(QRectF(0, theme.MARGIN, _DOT, _DOT))
        painter.end()
