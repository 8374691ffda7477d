"""Turns a run's events into what the training tab shows: curves, log lines, progress."""

from collections.abc import Sequence

import numpy as np

from sciapp.records.run.events import (
    CheckpointSaved,
    Event,
    Noted,
    Progressed,
    ResourcesUsed,
    RunEnded,
    RunStarted,
    StageBegan,
    StepTaken,
    Validated,
)
from sciapp.records.run.progress import RemainingStageTime, RemainingTime, Throughput, duration, tokens_per_second
from sciapp.ui.training.monitor.load import LoadStrip
from sciapp.ui.training.monitor.log import LogPane
from sciapp.ui.widgets.bars import RunProgress
from sciapp.ui.widgets.plots.training_curves import LossPlot

_SCORE_NAMES = {
    "rmse": "validation RMSE",
    "macro_f1": "validation macro F1",
    "roc_auc": "validation ROC-AUC",
    "masked_loss": "held-out masked loss",
}


_NEWEST = 51  # steps by which the pace now is told


class RunStory:
    """Plays events into a plot, a log and a progress bar; live and from last year alike."""

    def __init__(self, plot: LossPlot, log: LogPane, progress: RunProgress, load: LoadStrip) -> None:
        self._plot, self._log, self._progress, self._load = plot, log, progress, load
        self._time_left, self._stage_left, self._pace = RemainingTime(), RemainingStageTime(), Throughput()
        self._stage = ""
        self.begun = False

    def clear(self) -> None:
        self.begun = False
        self._plot.clear_curves()
        self._log.clear()
        self._progress.clear_progress()
        self._time_left.reset()

    def play(self, events: Sequence[Event]) -> None:
        """Take a batch in. Steps go to the plot together: one array per batch, not one call per event."""
        self.begun = self.begun or bool(events)
        steps: list[StepTaken] = []
        for event in events:
            if isinstance(event, StepTaken):
                steps.append(event)
                continue
            if isinstance(event, RunStarted | Validated):
                self._draw(steps)
                steps = []
            self._tell(event)
        self._draw(steps)

    def _draw(self, steps: list[StepTaken]) -> None:
        if not steps:
            return
        columns = np.array([(e.step, e.loss, e.learning_rate) for e in steps])
        self._plot.append_steps(columns[:, 0], columns[:, 1], columns[:, 2])
        last = steps[-1]
        left = self._time_left.update(last)
        # All of the newest: a run that is opened late brings its steps in one batch.
        self._load.show_pace([self._pace.update(step) for step in steps[-_NEWEST:]][-1])
        said = [f"step {last.step:,} of {last.total_steps:,}", f"pass {last.epoch:.1f}", tokens_per_second(last)]
        if left is not None:
            said.append(f"at most {duration(left)} left")
        self._progress.show_share(last.step, last.total_steps, " · ".join(part for part in said if part))

    def _tell(self, event: Event) -> None:
        match event:
            case RunStarted(resumed_at_step=int() as step):
                self._plot.drop_after(step)
                self._time_left.reset()
                self._log.tell(event.time, f"Resumed after step {step:,}.")
            case RunStarted():
                self._plot.clear_curves()
                self._log.tell(event.time, "Started.")
            case StageBegan():
                self._stage = event.title
                self._stage_left.reset()
                self._log.tell(event.time, event.title)
                self._progress.show_share(0, 0, event.title)
            case Progressed():
                left = self._stage_left.update(event)
                said = f"{self._stage} · {event.done:,} of {event.total:,}"
                said += f" · {duration(left)} left" if left is not None else ""
                self._progress.show_share(event.done, event.total, said)
            case Validated():
                self._validated(event)
            case CheckpointSaved(best=True):
                self._log.tell(event.time, f"Best model so far saved (step {event.step:,}).")
            case Noted():
                self._log.tell(event.time, event.message if event.level == "info" else f"Mind: {event.message}")
            case ResourcesUsed():
                self._log.tell(event.time, f"Needed: {event}.")
            case RunEnded():
                self._log.tell(event.time, f"Run {event.ending}. {event.message}".strip())
                self._progress.show_share(int(event.ending in {"finished", "stopped"}), 1, f"Run {event.ending}")
            case _:
                pass

    def _validated(self, event: Validated) -> None:
        name = _SCORE_NAMES.get(event.score_name, f"validation {event.score_name}")
        self._plot.set_score_name(name)
        self._plot.append_validation(np.array([event.step]), np.array([event.loss]), np.array([event.score]))
        best = "  ← best so far" if event.best else ""
        loss = "" if event.score == event.loss else f", loss {event.loss:.4g}"
        self._log.tell(event.time, f"Step {event.step:,}: {name} {event.score:.4g}{loss}{best}")
