"""What can be done to a run: check and start the next one; stop, cancel, go on with the one that is watched."""

from PySide6.QtCore import QElapsedTimer, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.run.run import RunStatus
from sciapp.ui import theme
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_CHECK = msg("Try some steps: say how much memory, time and disk the training takes, and what looks wrong.")
_STOP = msg("End training now, keep the best model so far and evaluate it.")
_START = msg("Start training")
_START_HELP = msg("Train a model as set out above.")
_QUEUE_HELP = msg("Another run is on: this one begins when its turn comes, with this window open or not.")
_QUEUED = msg("Another run is on; this one starts after it.")
_AFTER_OTHERS = msg("Other runs stand in the queue; this one starts after them.")
_SETTLING = 1000  # ms after a click: the second click of a double click would meet what the first has brought up
_STOP_FIRST = msg("End this part now and go on with the training, from the best model so far. Cancel ends both.")


class ClickGuard:
    """Tells a click that is meant from the second one of a double click, over several buttons."""

    def __init__(self) -> None:
        self._clicked = QElapsedTimer()

    def settled(self) -> bool:
        """True if the last click is long enough ago for the next one to be meant: a double click is one wish."""
        return not self._clicked.isValid() or self._clicked.hasExpired(_SETTLING)

    def pass_on(self, request: SignalInstance) -> None:
        """Emit the request of a click that is meant."""
        if self.settled():
            self._clicked.start()
            request.emit()


class StartBar(QWidget):
    """Check and Start, with the reason where a run cannot be started; nothing moves when that changes."""

    checkRequested = Signal()
    startRequested = Signal()

    def __init__(self, guard: ClickGuard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guard = guard
        self._why = TextLabel("", self, type="caption", tone="secondary", wrap=True, name="startHint")
        self._check = Button(msg("Check first…"), self, kind="quiet", name="checkTraining", help=_CHECK)
        self._start = Button(
            _START, self, kind="primary", icon="play", name="startTraining", help=_START_HELP, main=True
        )
        self._start.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        for part in (self._why, self._check, self._start):
            column.addWidget(part)
        self._ready, self._busy, self._must_wait, self._reason, self._queued = False, False, False, "", _QUEUED
        self._check.clicked.connect(lambda: guard.pass_on(self.checkRequested))
        self._start.clicked.connect(lambda: guard.pass_on(self.startRequested))
        self.set_ready(False, "")

    def settled(self) -> bool:
        """True if a click would be taken as meant."""
        return self._guard.settled()

    def set_ready(self, ready: bool, why_not: str) -> None:
        """State of the button: a run can be started, or something is missing."""
        self._ready, self._reason = ready, why_not
        self._start.setEnabled(ready and not self._busy)
        self._check.setEnabled(ready)
        self._show_reason()

    def set_busy(self, text: str) -> None:
        """A start is under way (text) or not (empty): no second click gets through meanwhile."""
        self._busy = bool(text)
        self._start.set_text(text or _START)
        self._start.setEnabled(self._ready and not self._busy)

    def set_must_wait(self, must_wait: bool, *, on: bool = True) -> None:
        """True if a run that is started now waits for others. on: one of them is running."""
        self._must_wait, self._queued = must_wait, _QUEUED if on else _AFTER_OTHERS
        self._start.setToolTip(tr(_QUEUE_HELP if must_wait else _START_HELP))
        self._show_reason()

    @property
    def must_wait(self) -> bool:
        return self._must_wait

    def _show_reason(self) -> None:
        self._why.setText(tr(self._reason or (self._queued if self._must_wait else "")) or " ")


class RunBar(QWidget):
    """Buttons of the watched run that know which of them makes sense; commands are absolute, there is no toggle."""

    stopRequested = Signal()
    cancelRequested = Signal()
    resumeRequested = Signal()
    trainOnRequested = Signal()
    resultsRequested = Signal()

    def __init__(self, guard: ClickGuard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        cancel = msg("End the run and leave it as it stands; it can be resumed.")
        on = msg("A new run goes on from this one for more passes over the data.")
        self._cancel = Button(msg("Cancel…"), self, kind="quiet", name="cancelRun", help=cancel)
        self._resume = Button(
            msg("Go on"), self, name="resumeRun", icon="play", help=msg("Go on from the last checkpoint.")
        )
        self._train_on = Button(msg("Go on from this…"), self, name="trainOn", help=on)
        self._stop = Button(msg("Stop, keep the best"), self, name="stopRun", icon="square", help=_STOP)
        self._results = Button(msg("See the results"), self, kind="primary", name="seeResults", icon="target")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING)
        for button, request in (
            (self._cancel, self.cancelRequested),
            (self._resume, self.resumeRequested),
            (self._train_on, self.trainOnRequested),
            (self._stop, self.stopRequested),
            (self._results, self.resultsRequested),
        ):
            row.addWidget(button)
            button.clicked.connect(lambda _, request=request: guard.pass_on(request))
        self.show_standing(None, read_only=False)

    def show_standing(
        self, standing: RunStatus | None, *, read_only: bool, fine_tuning: bool = True, stopping: bool = False
    ) -> None:
        """Enable what can be done to a run that stands so; None: no run is watched.

        fine_tuning: it is no self-supervised run, which cannot be trained on. stopping: it was asked to stop already.
        """
        over = standing in {RunStatus.FINISHED, RunStatus.STOPPED}
        self._stop.setEnabled(standing is RunStatus.RUNNING and not read_only and not stopping)
        self._cancel.setEnabled(standing in {RunStatus.RUNNING, RunStatus.WAITING} and not read_only)
        self._resume.setEnabled(standing is not None and standing.can_resume and not read_only)
        self._train_on.setEnabled(over and fine_tuning and not read_only)
        self._results.setEnabled(over)

    def say_what_follows(self, *, training: bool) -> None:
        """True if a training begins by itself when the watched run is stopped."""
        self._stop.setToolTip(tr(_STOP_FIRST if training else _STOP))
