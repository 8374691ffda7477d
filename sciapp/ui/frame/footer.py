"""The footer: the running job, remarks and offers to undo, what waits, and where everything stays."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from sciapp.i18n import joined, msg, number, plural
from sciapp.records.machine.job import JobProgress
from sciapp.records.machine.queue_view import EntryStatus, QueueView
from sciapp.records.run.score_format import named_score
from sciapp.ui import theme
from sciapp.ui.widgets.banner import UndoBar, announce
from sciapp.ui.widgets.bars import BusyBar
from sciapp.ui.widgets.buttons import Button, IconButton
from sciapp.ui.widgets.glyphs import IconLabel, ProgressRing
from sciapp.ui.widgets.labels import ElidedLabel, TextLabel
from sciapp.ui.words import tr

_REMARK_MS = 15_000
_BAR_WIDTH = 110  # px


class Footer(QWidget):
    """Takes jobs, a queue and remarks; asks for a stop and for the queue."""

    stopRequested = Signal(str)  # the run's folder
    watchRequested = Signal(str)  # the run's folder
    queueRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        theme.set_ground(self, "window")
        self.job = JobStrip(self)
        self.remark = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.remark.setObjectName("remark")
        theme.set_style(self.remark, tone="secondary")
        self.busy = BusyBar("window", self)
        self.undo = UndoBar(self)
        self.offer = OfferBar(self)
        self.queue = Button(
            "", self, kind="quiet", icon="list-end", name="showQueue", dense=True,
            help=msg("Which runs of this computer wait for their turn; change their order, pause, go on (Ctrl+J)."),
        )  # fmt: skip
        self._local = TextLabel(msg("Stays on this computer"), self, type="caption", tone="caption", name="localOnly")
        self._local.setToolTip(tr(msg("Data, models and results never leave this computer.")))
        self._lock = IconLabel("lock", self, tone="ink3", size=theme.ICON_SMALL)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.remark.clear)
        self._lay_out()
        self.job.stopRequested.connect(self.stopRequested)
        self.job.watchRequested.connect(self.watchRequested)
        self.queue.clicked.connect(self.queueRequested)
        self.show_queue(QueueView())
        self.show_jobs(())

    def show_jobs(self, jobs: Sequence[JobProgress]) -> None:
        """The first of them is shown, the number of the others behind it."""
        self.job.show_jobs(jobs)

    def show_queue(self, view: QueueView) -> None:
        waiting, interrupted = len(view.of(EntryStatus.WAITING)), len(view.of(EntryStatus.INTERRUPTED))
        text: str = plural("{n} waiting", "{n} waiting", waiting) if waiting else msg("Queue")
        if view.paused and waiting:
            text = msg("{waiting}, paused", waiting=text)
        if interrupted:
            text = joined([text if waiting else "", plural("{n} interrupted", "{n} interrupted", interrupted)], ", ")
        self.queue.set_text(text)

    def say(self, text: str) -> None:
        """A remark that goes by itself; nothing clears it at once."""
        self.remark.setText(tr(text))
        self._clock.start(_REMARK_MS)
        announce(self.remark, tr(text))

    def set_compact(self, compact: bool) -> None:
        """A narrow window has no room for what can be read elsewhere as well."""
        self._local.setVisible(not compact)
        self._lock.setToolTip(tr(msg("Stays on this computer")) if compact else "")
        self.job.set_compact(compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.colours_of(self.palette()).line))
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(theme.FOOTER_HEIGHT, self.fontMetrics().height() + theme.GAP))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, theme.HALF, theme.GAP, theme.HALF)
        row.setSpacing(theme.MARGIN)
        row.addWidget(self.job)
        row.addWidget(self.remark, 1)
        row.addWidget(self.busy)
        row.addWidget(self.offer)
        row.addWidget(self.undo)
        row.addWidget(self.queue)
        row.addWidget(self._lock)
        row.addWidget(self._local)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        # Bars come and go; the footer is as high as with them.
        self.setMinimumHeight(self.undo.sizeHint().height() + 2 * theme.HALF + 1)


class JobStrip(QWidget):
    """The running job in a line: a ring, its name, a bar, the time left, its score, and a button that stops it."""

    stopRequested = Signal(str)
    watchRequested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder, self._trains, self._stopping, self._compact = "", False, "", False
        self._ring = ProgressRing(msg("Progress of the running job"), self, size=theme.ICON_SMALL)
        self._title = Button(msg("Watch"), self, kind="quiet", name="watchJob", dense=True, help=msg("Watch this run."))
        self._bar = QProgressBar(self)
        self._bar.setObjectName("jobProgress")
        self._bar.setAccessibleName(tr(msg("Progress of the running job")))
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._left = TextLabel("", self, type="caption", tone="secondary", name="jobLeft")
        self._score = TextLabel("", self, type="caption", tone="secondary", name="jobScore")
        self._stop = Button(
            msg("Stop, keep best"), self, kind="quiet", icon="square", name="stopJob", dense=True, locks=True,
            help=msg("End training now, keep the best model so far and evaluate it."),
        )  # fmt: skip
        self._none = TextLabel(msg("Nothing is running"), self, type="caption", tone="caption", name="noJob")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING)
        for part in (self._none, self._ring, self._title, self._bar, self._left, self._score, self._stop):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self._title.clicked.connect(lambda: self.watchRequested.emit(self._folder))
        self._stop.clicked.connect(self._ask_to_stop)

    def show_jobs(self, jobs: Sequence[JobProgress]) -> None:
        job = next(iter(jobs), None)
        self._none.setVisible(job is None)
        self._ring.setVisible(job is not None)
        self._title.setVisible(job is not None)
        if job is None:
            self._folder, self._stopping = "", ""
            for part in (self._bar, self._left, self._score, self._stop):
                part.hide()
            return
        self._folder, self._trains = job.folder, job.trains
        if self._stopping != job.folder:
            self._stopping = ""
        more = msg("+{others}", others=len(jobs) - 1) if len(jobs) > 1 else ""
        self._title.set_text(joined([joined([job.title, job.project], " · "), more]))
        self._ring.set_share(job.share)
        self._bar.setRange(0, 1000 if job.share is not None else 0)
        self._bar.setValue(round(1000 * (job.share or 0.0)))
        self._left.setText(tr(job.left or job.state))
        self._score.setText(tr(job_score(job)))
        self._stop.setVisible(job.trains)
        self._stop.setEnabled(not self._stopping)
        self._give_way()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._give_way()

    def _give_way(self) -> None:
        if self._folder:
            self._bar.setVisible(not self._compact)
            self._left.setVisible(not self._compact)
            self._score.setVisible(bool(self._score.text()) and not self._compact)

    def allow_stop(self) -> None:
        """The stop that was asked for could not be carried out."""
        self._stopping = ""
        self._stop.setEnabled(bool(self._folder))

    def _ask_to_stop(self) -> None:
        self._stopping = self._folder
        self._stop.setEnabled(False)
        self.stopRequested.emit(self._folder)


class OfferBar(QWidget):
    """Says what has ended and offers the one next step; goes when that is taken, or closed, or replaced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offerBar")
        self._does: Callable[[], object] | None = None
        self._text = TextLabel("", self, name="offerText")
        self._button = Button(msg("Go on"), self, icon="arrow-right", name="takeOffer", dense=True)
        self._close = IconButton("x", msg("Close"), self, name="closeOffer", size=theme.ICON_SMALL)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING)
        row.addWidget(IconLabel("circle-check", self, tone="good", size=theme.ICON_SMALL))
        row.addWidget(self._text)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self._button.clicked.connect(self._take)
        self._close.clicked.connect(self.withdraw)
        self.setVisible(False)

    def offer(self, text: str, button: str, does: Callable[[], object]) -> None:
        """text: what has ended. button: the next step, which `does` takes."""
        self._does = does
        self._text.setText(tr(text))
        self._button.set_text(button)
        self.setVisible(True)
        announce(self, tr(text))

    def withdraw(self) -> None:
        self._does = None
        self.setVisible(False)

    def _take(self) -> None:
        does = self._does
        self.withdraw()
        if does is not None:
            does()


def job_score(job: JobProgress) -> str:
    """“off by 0.71, simple method 0.74”, on the rows that choose the model; empty before there is a score."""
    if job.best is None:
        return ""
    own = named_score(job.score_name, number(job.best, "−.3g"))
    if job.baseline is None:
        return own
    return msg("{score}, simple method {baseline}", score=own, baseline=number(job.baseline, "−.3g"))
