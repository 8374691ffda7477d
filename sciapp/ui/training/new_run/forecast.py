"""The forecast of the next run: measured by itself some time after the last change, while nothing else runs."""

from PySide6.QtCore import QObject, QTimer, Signal

from sciapp.actions import training as training_actions
from sciapp.i18n import msg
from sciapp.records.plan.efforts import EFFORTS, effort_settings
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.run.preflight import Preflight, TimeForecast
from sciapp.ui.messages import in_one_text
from sciapp.ui.session import Session
from sciapp.workers.query import LatestQuery

_PAUSE_MS = 900  # after the last change
_MINUTES_FROM, _HOURS_FROM = 90, 5400  # seconds
_REMEMBERED = 12  # forecasts, so that a choice that is taken back costs nothing


class ForecastController(QObject):
    """Tries a plan out in a process of its own and announces what that took.

    `automatic`: whether it does so by itself; a person can always ask with “Check first…”.
    """

    measuring = Signal(str)  # the stage in words
    measured = Signal(object, object)  # Preflight, and the TrainPlan that was tried
    failed = Signal(str)
    postponed = Signal(object)  # a message: why nothing is measured now

    automatic = True

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._plan: TrainPlan | None = None
        self._in_sight, self._others_run = False, False
        self._known: dict[str, Preflight] = {}
        self._asking = LatestQuery(self)
        self._asking.failed.connect(lambda error: self.failed.emit(in_one_text(error)))
        self._asking.progressed.connect(lambda stage, *_: self.measuring.emit(str(stage)))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._measure)
        session.projectClosed.connect(self.forget)

    def forget(self) -> None:
        """Nobody waits any longer, and nothing measured before holds."""
        self._drop()
        self._plan = None
        self._known.clear()

    def pause(self) -> None:
        """A run begins: stop what is being measured. It is measured again when no run is on."""
        self._drop()

    def set_plan(self, plan: TrainPlan | None) -> None:
        """The plan in the form changed, or there is none."""
        if plan == self._plan:
            return
        self._plan = plan
        self._look()

    def set_in_sight(self, in_sight: bool) -> None:
        """Whether anybody looks at the forecast: otherwise nothing is measured."""
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self._look()

    def set_others_run(self, others_run: bool) -> None:
        """Whether a run is on: a measurement beside it would slow it down, and be wrong."""
        if others_run != self._others_run:
            self._others_run = others_run
            self._look()

    def _look(self) -> None:
        self._drop()
        if self._plan is None or not self._in_sight:
            return
        if (known := self._known.get(self._plan.model_dump_json())) is not None:
            self.measured.emit(known, self._plan)
        elif self._others_run:
            self.postponed.emit(msg("Time and memory are measured when no other run is on."))
        elif not self.automatic:
            self.postponed.emit(msg("Not measured yet."))
        else:
            self.measuring.emit(msg("Trying some steps…"))
            self._timer.start()

    def _measure(self) -> None:
        plan, project = self._plan, self._session.project
        if plan is None or project is None:
            return
        self._asking.ask(
            lambda progress: training_actions.check_training(project=project, plan=plan, progress=progress),
            lambda seen: self.take(seen, plan),
        )

    def take(self, seen: Preflight, plan: TrainPlan) -> None:
        """A measurement is there, from here or from a check that a person asked for."""
        while len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[plan.model_dump_json()] = seen
        if plan == self._plan:
            self.measured.emit(seen, plan)

    def _drop(self) -> None:
        self._timer.stop()
        self._asking.drop()


def time_range(time: TimeForecast, *, share: float = 1.0) -> str:
    """“12 to 15 min” of so large a share of the steps that were forecast, simple models included; no finer than the
    range allows."""
    low, high = (share * seconds + time.members for seconds in (time.low, time.high))
    if high < _MINUTES_FROM:
        first, last = f"{low:.0f}", f"{high:.0f}"
        return msg("{n} s", n=last) if first == last else msg("{low} to {high} s", low=first, high=last)
    if high < _HOURS_FROM:
        first, last = f"{max(1.0, low / 60):.0f}", f"{high / 60:.0f}"
        return msg("{n} min", n=last) if first == last else msg("{low} to {high} min", low=first, high=last)
    low, high = low / 3600, high / 3600
    return msg("{low:.1f} to {high:.1f} h", low=low, high=high)


def times_of_efforts(time: TimeForecast, plan: TrainPlan) -> dict[str, str]:
    """Time of each effort, by its passes, from the steps that were timed for `plan`; none where a limit of steps or a
    plan without passes leaves nothing to scale."""
    if plan.stopping.max_steps or not plan.epochs:
        return {}
    passes = {effort.name: effort_settings(effort.name)["num_train_epochs"] for effort in EFFORTS}
    return {name: time_range(time, share=int(str(number)) / plan.epochs) for name, number in passes.items()}
