"""One card of the timeline: when, what, how it came out, and a button; its name can be edited in place."""

from datetime import datetime

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.annotation import LONGEST_NAME
from sciapp.ui import theme
from sciapp.ui.project.timeline import Entry
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.glyphs import IconLabel, Pill
from sciapp.ui.widgets.labels import ElidedLabel, TextLabel
from sciapp.ui.words import tr

_TIME_WIDTH = 104  # px at a text size of 100 %
_CIRCLE = 40
_BAR_WIDTH = 140
_INDENT = 32
_TINTS = {"good": "good_tint", "bad": "bad_tint", "accent_text": "accent_tint"}


class ItemCard(Card):
    """Takes the focus; Enter and a double-click open it, a click chooses it."""

    opened = Signal()
    renamed = Signal(str)
    menuRequested = Signal(object)  # QPoint, global

    def __init__(self, parent: QWidget | None = None, *, dashed: bool = False) -> None:
        super().__init__("", parent, dashed=dashed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heading = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.heading.setObjectName("entryTitle")
        theme.set_style(self.heading, type="section")
        self.editor = _NameEdit(self)
        self.editor.hide()
        self.tags = QHBoxLayout()
        self.tags.setSpacing(theme.HALF)
        self.sentence = TextLabel("", self, tone="secondary", wrap=True, name="entrySentence")
        self.notes = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        theme.set_style(self.notes, type="caption", tone="caption")
        self.score = TextLabel("", self, type="section", name="entryScore")
        self.pill = Pill("", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.bar.setAccessibleName(tr(msg("Progress")))
        self.button = Button(msg("Open"), self, name="entryButton")
        self._lay_out()
        self.button.clicked.connect(self.opened)
        self.editor.accepted.connect(self._take_name)
        self.editor.cancelled.connect(self._end_edit)

    def begin_rename(self, name: str) -> None:
        """Edit the name where the title stands."""
        self.editor.begin(name)
        self.heading.hide()
        self.editor.show()
        self.editor.selectAll()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_tags(self, tags: tuple[str, ...]) -> None:
        while (taken := self.tags.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.deleteLater()
        for tag in tags:
            self.tags.addWidget(Pill(tag, self, icon="tag"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        self.menuRequested.emit(event.globalPos() if by_mouse else self.mapToGlobal(self.rect().center()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.colours_of(self.palette()).accent), 2))
            area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
            painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().event(event)

    def _take_name(self, name: str) -> None:
        self._end_edit()
        self.renamed.emit(name)

    def _end_edit(self) -> None:
        self.editor.hide()
        self.heading.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACING)
        head.addWidget(self.heading, 1)
        head.addWidget(self.editor, 1)
        head.addLayout(self.tags)
        texts = QVBoxLayout()
        texts.setSpacing(theme.HALF)
        texts.addLayout(head)
        texts.addWidget(self.sentence)
        texts.addWidget(self.notes)
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        row.addLayout(texts, 1)
        for part in (self.score, self.bar, self.pill, self.button):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)


class _NameEdit(QLineEdit):
    """Enter or leaving takes the name, Escape leaves it as it was."""

    accepted = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("entryName")
        self.setAccessibleName(tr(msg("Name")))
        self.setMaxLength(LONGEST_NAME)
        self.editingFinished.connect(self._finished)
        self._over = True

    def begin(self, text: str) -> None:
        self._over = False
        self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._over = True
            self.cancelled.emit()
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()  # the card would open

    def _finished(self) -> None:
        if not self._over:
            self._over = True
            self.accepted.emit(self.text())


class TimelineRow(QWidget):
    """The moment, a circle on the line of time, and the card."""

    def __init__(self, parent: QWidget | None = None, *, dashed: bool = False) -> None:
        super().__init__(parent)
        self.entry: Entry | None = None
        self.is_last = dashed
        self.moment = TextLabel("", self, type="caption", tone="caption", wrap=True)
        self.moment.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.moment.setFixedSize(_TIME_WIDTH, _CIRCLE)
        self.icon = IconLabel("activity", self, size=theme.ICON, ground="hover", ground_size=_CIRCLE, round_ground=True)
        self.card = ItemCard(self, dashed=dashed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, theme.GAP)
        self._row.setSpacing(theme.MARGIN)
        self._row.addWidget(self.moment, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.card, 1)

    def show_entry(self, entry: Entry) -> None:
        """Show an entry; nothing is done where it is the same as before."""
        if entry == self.entry:
            return
        self.entry = entry
        self.setObjectName(entry.key)
        self._row.setContentsMargins(_INDENT if entry.inside else 0, 0, 0, theme.GAP)
        self.moment.setText(tr(moment_text(entry)))
        self.icon.set_icon(entry.icon, tone=entry.tone, ground=_TINTS.get(entry.tone, "hover"))
        card = self.card
        card.heading.setText(entry.title)
        card.setAccessibleName(tr(entry.title))
        card.setAccessibleDescription(tr(joined([entry.sentence, entry.score, entry.pill], " · ")))
        card.sentence.setText(tr(entry.sentence))
        card.sentence.setVisible(bool(entry.sentence))
        card.notes.setText(" ".join(entry.notes.split()))
        card.notes.setToolTip(entry.notes)
        card.notes.setVisible(bool(entry.notes))
        card.show_tags(entry.tags)
        card.score.setText(tr(entry.score))
        card.score.setVisible(bool(entry.score))
        card.bar.setVisible(entry.is_on and entry.share is not None)
        card.bar.setValue(round(100 * (entry.share or 0.0)))
        card.pill.set_pill(entry.pill, status=entry.status)
        card.pill.setVisible(bool(entry.pill) and not entry.is_on)
        card.button.set_text(entry.button)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line from this circle to the next."""
        if self.is_last:
            return
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme.colours_of(self.palette()).line), 2))
        x = self.icon.geometry().center().x() + 0.5
        painter.drawLine(QPointF(x, self.icon.geometry().bottom() + theme.HALF), QPointF(x, self.height()))
        painter.end()


def moment_text(entry: Entry) -> str:
    """“today, 10:31”, “12 Nov, 09:10”, “now”."""
    if entry.when is None:
        return msg("now") if entry.is_on else ""
    moment, now = entry.when.astimezone(), datetime.now().astimezone()
    time = f"{moment:%H:%M}"
    if moment.date() == now.date():
        return msg("today, {time}", time=time)
    month = QLocale().monthName(moment.month, QLocale.FormatType.ShortFormat)
    if moment.year == now.year:
        return msg("{day} {month}, {time}", day=moment.day, month=month, time=time)
    return msg("{day} {month} {year}", day=moment.day, month=month, year=str(moment.year))
