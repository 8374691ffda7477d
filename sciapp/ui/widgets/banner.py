"""Strips that say how things stand, and the bar that offers to undo what was just done."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.widgets.buttons import Button, IconButton
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_UNDO_MS = 10_000


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say `text` when it has finished what it is saying."""
    if widget.isVisible() and text:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class Banner(QWidget):
    """An icon, a sentence and at most one button on the tint of a status; hidden while there is nothing to say."""

    buttonClicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, status: theme.Status = "caution", name: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._status = status
        self._icon = IconLabel(theme.STATUS_ICONS[status], self)
        self._label = TextLabel("", self, wrap=True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button: Button | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, theme.SPACING)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._label, 1)
        self._row = row
        self._show_status()
        self.setVisible(False)

    def say(self, text: str, *, status: theme.Status | None = None, button: str = "") -> None:
        """Show a sentence, and a button with this label; an empty sentence hides the banner."""
        self._status = status or self._status
        self._show_status()
        self._label.setText(tr(text))
        self.setAccessibleName(tr(text))
        self._show_button(button)
        self.setVisible(bool(text))
        announce(self, tr(text))

    def text(self) -> str:
        return self._label.text()

    @property
    def status(self) -> theme.Status:
        return self._status

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours_of(self.palette()).status(self._status)[1]))
        painter.drawRoundedRect(QRectF(self.rect()), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        painter.end()

    def _show_button(self, text: str) -> None:
        """Most banners never have one: it is made when it is asked for."""
        if self._button is None and text:
            self._button = Button(text, self, name=f"{self.objectName() or 'banner'}Button", dense=True)
            self._button.clicked.connect(self.buttonClicked)
            self._row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        if self._button is not None:
            self._button.set_text(text)
            self._button.setVisible(bool(text))

    def _show_status(self) -> None:
        tone = "accent" if self._status == "info" else self._status
        self._icon.set_icon(theme.STATUS_ICONS[self._status], tone="accent_text" if tone == "accent" else tone)
        self._label.set_tone(tone)
        self.update()


class UndoBar(QWidget):
    """Offers for ten seconds to undo what was just done; longer while it is pointed at or has the focus."""

    undone = Signal()
    expired = Signal()

    def __init__(self, parent: QWidget | None = None, *, milliseconds: int = _UNDO_MS) -> None:
        super().__init__(parent)
        self.setObjectName("undoBar")
        self._undo: Callable[[], object] | None = None
        self._label = TextLabel("", self, name="undoText")
        self._button = Button(
            msg("Undo"), self, kind="quiet", icon="undo-2", name="undo", help=msg("Bring it back."), dense=True
        )
        self._close = IconButton("x", msg("Close"), self, name="undoClose", size=theme.ICON_SMALL)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(milliseconds)
        self._clock.timeout.connect(self._expire)
        self._button.clicked.connect(self._undo_it)
        self._close.clicked.connect(self.withdraw)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACING, 0, 0, 0)
        row.setSpacing(theme.HALF)
        row.addWidget(self._label)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self.setVisible(False)

    def offer(self, text: str, undo: Callable[[], object]) -> None:
        """Say what was done, and do `undo` when it is asked for. An offer that still stands is gone then."""
        self._undo = undo
        self._label.setText(tr(text))
        self.setAccessibleName(tr(text))
        self.setVisible(True)
        self._clock.start()
        announce(self, tr(text))

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()
        super().hideEvent(event)

    def _undo_it(self) -> None:
        undo = self._undo
        self.withdraw()
        if undo is not None:
            undo()
            self.undone.emit()

    def _expire(self) -> None:
        if self.underMouse() or self._button.hasFocus() or self._close.hasFocus():
            self._clock.start()
            return
        self.withdraw()
        self.expired.emit()

    def withdraw(self) -> None:
        """The offer holds no longer."""
        self._undo = None
        self.setVisible(False)
