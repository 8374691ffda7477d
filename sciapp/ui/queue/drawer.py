"""The queue of this computer in a drawer at the right of the window: which runs are on, which wait, in which order."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sciapp.actions import queue as verbs
from sciapp.i18n import joined, msg
from sciapp.records.machine.queue_view import EntryStatus, QueueView
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.queue.queue_list import QueueList
from sciapp.ui.widgets.buttons import Button, IconButton
from sciapp.ui.widgets.labels import PlainTextLabel, TextLabel
from sciapp.ui.words import tr
from sciapp.workers.query import Query

_ABOUT = msg(
    "Runs of one device come one after the other, whichever project they belong to, with this window open or not. "
    "One that fails does not hold up those behind it."
)


class QueueDrawer(QWidget):
    """Takes the queue; carries out what is asked for off the window's thread."""

    changed = Signal()  # the queue was changed from here
    closed = Signal()

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueDrawer")
        self.setAccessibleName(tr(msg("Queue")))
        theme.set_ground(self, "surface")
        self._messages = messages
        self._queries: list[Query] = []
        self._view = QueueView()
        self.list = QueueList(self)
        self._summary = TextLabel("", self, tone="secondary", wrap=True, name="queueSaid")
        self._remarks = PlainTextLabel("queueRemarks", self)
        self._up = self._button(
            msg("Earlier"), "queueUp", msg("Let the chosen run begin earlier (Alt+Up)."), "arrow-up"
        )
        self._down = self._button(
            msg("Later"), "queueDown", msg("Let the chosen run begin later (Alt+Down)."), "arrow-down"
        )
        self._remove = self._button(
            msg("Take out"),
            "queueRemove",
            msg("Take the chosen run out of the queue; Resume in its project starts it. (Delete)"),
            "x",
        )
        self._pause = self._button(
            msg("Pause"), "queuePause", msg("Start nothing more; runs that are on go on."), "pause"
        )
        self._go_on = self._button(
            msg("Go on"), "queueGoOn", msg("Start what waits; interrupted runs go on first."), "play"
        )
        self._close = IconButton("x", msg("Close"), self, name="queueClose")
        self._lay_out()
        self._connect()
        self.setView(QueueView())
        self.hide()

    def setView(self, view: QueueView) -> None:
        """Show a queue."""
        self._view = view
        self._summary.setText(tr(view.summary or msg("The queue is empty.")))
        remarks = list(view.remarks)
        if view.is_stranded:
            remarks.insert(0, msg("Nobody starts what is waiting: the computer or the queue went down. Press Go on."))
        self._remarks.setText(tr(joined(remarks, "\n")))
        self._remarks.setVisible(bool(remarks))
        self.list.setLines(list(view.lines))
        self._show_readiness()

    def wanted_width(self) -> int:
        """In px; grows with the text size."""
        return round(theme.DRAWER_WIDTH * max(1.0, QFontInfo(self.font()).pixelSize() / theme.TYPE_SIZES["body"]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.colours_of(self.palette()).outline))
        painter.drawLine(0, 0, 0, self.height())
        painter.end()

    def _do(self, verb: Callable[[], None]) -> None:
        query = Query(lambda _: verb(), self)
        query.answered.connect(lambda _: self.changed.emit())
        query.failed.connect(lambda error: self._messages.error(error, self))
        query.finished.connect(lambda: self._queries.remove(query))
        self._queries.append(query)
        query.begin()

    def _show_readiness(self) -> None:
        line, waiting = self.list.chosen(), len(self._view.of(EntryStatus.WAITING))
        waits = line is not None and line.turn is EntryStatus.WAITING
        self._up.setEnabled(waits and line is not None and line.position > 1)
        self._down.setEnabled(waits and line is not None and line.position < waiting)
        self._remove.setEnabled(line is not None and line.turn is not EntryStatus.ON)
        self._pause.setEnabled(not self._view.paused)
        self._go_on.setEnabled(
            self._view.paused or self._view.is_stranded or bool(self._view.of(EntryStatus.INTERRUPTED))
        )

    def _connect(self) -> None:
        self.list.chosenChanged.connect(self._show_readiness)
        self.list.moveWanted.connect(lambda folder, to: self._do(lambda: verbs.move_in_queue(folder=folder, to=to)))
        self.list.removeWanted.connect(lambda folder: self._do(lambda: verbs.remove_from_queue(folder=folder)))
        self._up.clicked.connect(lambda: self.list.move_chosen(-1))
        self._down.clicked.connect(lambda: self.list.move_chosen(1))
        self._remove.clicked.connect(self.list.remove_chosen)
        self._pause.clicked.connect(lambda: self._do(verbs.pause_queue))
        self._go_on.clicked.connect(lambda: self._do(verbs.go_on_with_queue))
        self._close.clicked.connect(self.closed)

    def _button(self, text: str, name: str, help: str, icon: str) -> Button:
        return Button(text, self, name=name, help=help, icon=icon, dense=True)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(TextLabel(msg("Queue"), self, type="section"), 1)
        top.addWidget(self._close)
        buttons = QGridLayout()
        buttons.setSpacing(theme.SPACING)
        for index, button in enumerate((self._up, self._down, self._remove, self._pause, self._go_on)):
            buttons.addWidget(button, index // 2, index % 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.CARD_PADDING, theme.GAP, theme.CARD_PADDING, theme.GAP)
        whole.setSpacing(theme.MARGIN)
        whole.addLayout(top)
        whole.addWidget(self._summary)
        whole.addWidget(self._remarks)
        whole.addWidget(self.list, 1)
        whole.addLayout(buttons)
        whole.addWidget(TextLabel(_ABOUT, self, type="caption", tone="caption", wrap=True))
