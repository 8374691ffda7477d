"""The queue of this computer: which runs are on, which wait, in which order."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sciapp.actions import queue as verbs
from sciapp.i18n import joined, msg
from sciapp.records.machine.queue_view import EntryStatus, QueueView
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.queue.queue_list import QueueList
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import tr
from sciapp.workers.query import Query
from sciapp.workers.watches import QueueWatch

_ABOUT = msg(
    "Runs of one device come one after the other, whichever project they belong to, with this window open or not. "
    "One that fails does not hold up those behind it."
)


class QueueDialog(QDialog):
    """Stays open beside the window; what it shows is read anew every second."""

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueDialog")
        self.setWindowTitle(tr(msg("Queue")))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._messages = messages
        self._queries: list[Query] = []
        self._view = QueueView()
        self.list = QueueList(self)
        self._summary, self._remarks = QLabel(self), PlainTextLabel("queueRemarks", self)
        self._summary.setObjectName("queueSaid")
        self._up = self._button(msg("Earlier"), "queueUp", msg("Let the chosen run begin earlier (Alt+Up)."))
        self._down = self._button(msg("Later"), "queueDown", msg("Let the chosen run begin later (Alt+Down)."))
        self._remove = self._button(
            msg("Take out"),
            "queueRemove",
            msg("Take the chosen run out of the queue; Resume in its project starts it. (Delete)"),
        )
        self._pause = self._button(msg("Pause"), "queuePause", msg("Start nothing more; runs that are on go on."))
        self._go_on = self._button(msg("Go on"), "queueGoOn", msg("Start what waits; interrupted runs go on first."))
        self._close = self._button(msg("Close"), "queueClose", msg("The queue works on."))
        self._lay_out()
        self._connect()
        self._watch = QueueWatch(self)
        self._watch.queueChanged.connect(self.setView)
        self._watch.begin()
        self._show_readiness()

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

    def done(self, result: int) -> None:
        self._watch.halt()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._watch.halt()
        super().closeEvent(event)

    def _do(self, verb: Callable[[], None]) -> None:
        query = Query(lambda _: verb(), self)
        query.answered.connect(lambda _: self._watch.look_now())
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
        self._close.clicked.connect(self.close)

    def _button(self, text: str, name: str, help: str) -> QPushButton:
        button = QPushButton(tr(text), self)
        button.setObjectName(name)
        button.setToolTip(tr(help))
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        about = QLabel(tr(_ABOUT), self)
        about.setWordWrap(True)
        buttons = QHBoxLayout()
        for button in (self._up, self._down, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self._pause, self._go_on, self._close):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        for part in (about, self._summary, self.list, self._remarks):
            column.addWidget(part)
        column.addLayout(buttons)
        self.resize(980, 420)
