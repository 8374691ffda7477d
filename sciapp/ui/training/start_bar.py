"""Check, Start, Stop, Cancel, Resume, Train on: what can be done to a run."""

from PySide6.QtCore import QElapsedTimer, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from sciapp.i18n import msg
from sciapp.records.run.run import RunStatus
from sciapp.ui.words import tr

_CHECK = msg("Try some steps: say how much memory, time and disk the training takes, and what looks wrong.")
_STOP = msg("End training now, keep the best model so far and evaluate it.")
_START, _QUEUE = msg("Start training"), msg("Add to queue")
_START_HELP = msg("Train a model as set out above.")
_QUEUE_HELP = msg("Another run is on: this one begins when its turn comes, with this window open or not.")
_SETTLING = 1000  # ms after a click: the second click of a double click would meet what the first has brought up
_STOP_FIRST = msg("End this part now and go on with the training, from the best model so far. Cancel ends both.")


class StartBar(QWidget):
    """Buttons that know which of them makes sense; commands are absolute, there is no toggle."""

    checkRequested = Signal()
    startRequested = Signal()
    stopRequested = Signal()
    cancelRequested = Signal()
    resumeRequested = Signal()
    trainOnRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start = self._button(_START, "startTraining", _START_HELP)
        self._check = self._button(msg("Check first…"), "checkTraining", _CHECK)
        self._stop = self._button(msg("Stop"), "stopRun", _STOP)
        self._cancel = self._button(
            msg("Cancel"), "cancelRun", msg("End the run and leave it as it stands; it can be resumed.")
        )
        self._resume = self._button(msg("Resume"), "resumeRun", msg("Go on from the last checkpoint."))
        about = msg("A new run goes on from this one for more passes over the data.")
        self._train_on = self._button(msg("Train on…"), "trainOn", about)
        self._start.setDefault(True)
        self._why = QLabel(self)
        self._why.setObjectName("startHint")
        self._why.setWordWrap(True)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._why, 0, 0, 1, 4)
        layout.addWidget(self._start, 1, 0, 1, 3)
        layout.addWidget(self._check, 1, 3)
        for column, button in enumerate((self._stop, self._cancel, self._resume, self._train_on)):
            layout.addWidget(button, 2, column)
        self._ready, self._busy, self._must_wait = False, False, False
        self._clicked = QElapsedTimer()
        for button, request in (
            (self._check, self.checkRequested),
            (self._start, self.startRequested),
            (self._stop, self.stopRequested),
            (self._cancel, self.cancelRequested),
            (self._resume, self.resumeRequested),
            (self._train_on, self.trainOnRequested),
        ):
            button.clicked.connect(lambda _, request=request: self._pass_on(request))
        self.show_standing(None, read_only=False)

    def settled(self) -> bool:
        """True if the last click is long enough ago for the next one to be meant: a double click is one wish."""
        return not self._clicked.isValid() or self._clicked.hasExpired(_SETTLING)

    def set_ready(self, ready: bool, why_not: str) -> None:
        """State of the button: a run can be started, or something is missing."""
        self._ready = ready
        self._why.setText(tr(why_not))
        self._why.setVisible(bool(why_not))
        self._start.setEnabled(ready and not self._busy)
        self._check.setEnabled(ready)

    def set_busy(self, text: str) -> None:
        """A start is under way (text) or not (empty): no second click gets through meanwhile."""
        self._busy = bool(text)
        self._start.setText(tr(text or (_QUEUE if self._must_wait else _START)))
        self._start.setEnabled(self._ready and not self._busy)

    def set_must_wait(self, must_wait: bool) -> None:
        """True if a run that is started now waits for others."""
        self._must_wait = must_wait
        self._start.setToolTip(tr(_QUEUE_HELP if must_wait else _START_HELP))
        if not self._busy:
            self._start.setText(tr(_QUEUE if must_wait else _START))

    def show_standing(
        self, standing: RunStatus | None, *, read_only: bool, fine_tuning: bool = True, stopping: bool = False
    ) -> None:
        """Enable what can be done to a run that stands so; None: no run is watched.

        fine_tuning: it is no self-supervised run, which cannot be trained on. stopping: it was asked to stop already.
        """
        self._stop.setEnabled(standing is RunStatus.RUNNING and not read_only and not stopping)
        self._cancel.setEnabled(standing in {RunStatus.RUNNING, RunStatus.WAITING} and not read_only)
        self._resume.setEnabled(standing is not None and standing.can_resume and not read_only)
        self._train_on.setEnabled(standing in {RunStatus.FINISHED, RunStatus.STOPPED} and fine_tuning and not read_only)

    def say_what_follows(self, *, training: bool) -> None:
        """True if a training begins by itself when the watched run is stopped."""
        self._stop.setToolTip(tr(_STOP_FIRST if training else _STOP))

    def _pass_on(self, request: SignalInstance) -> None:
        if self.settled():
            self._clicked.start()
            request.emit()

    def _button(self, text: str, name: str, help: str) -> QPushButton:
        button = QPushButton(tr(text), self)
        button.setObjectName(name)
        button.setToolTip(tr(help))
        return button
