"""Turns a run's events into what the training tab shows: curves, log lines, progress."""

from collections.abc import Sequence

import numpy as np

from sciapp.i18n import joined, msg, term
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
from sciapp.records.run.score_format import in_sentence
from sciapp.ui.training.monitor.load import LoadStrip
from sciapp.ui.training.monitor.log import LogPane
from sciapp.ui.widgets.bars import RunProgress
from sciapp.ui.widgets.plots.training_curves import LossPlot

_SCORE_NAMES = {"masked_loss": msg("held-out masked loss")}
_NEWEST = 51  # steps by which the pace now is told


class RunReplay:
    """Plays events into a plot, a log and a progress bar; live and from last year alike."""

    def __init__(self, plot: LossPlot, log: LogPane, progress: RunProgress, load: LoadStrip) -> None:
        self._plot, self._log, self._progress, self._load = plot, log, progress, load
        self._time_left, self._stage_left, self._pace = RemainingTime(), RemainingStageTime(), Throughput()
        self._stage = ""
        self.has_events = False

    def clear(self) -> None:
        self.has_events = False
        self._plot.clear_curves()
        self._log.clear()
        self._progress.clear_progress()
        self._time_left.reset()

    def play(self, events: Sequence[Event]) -> None:
        """Take a batch in. Steps go to the plot together: one array per batch, not one call per event."""
        self.has_events = self.has_events or bool(events)
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
        parts = [
            msg("step {step:,} of {steps:,}", step=last.step, steps=last.total_steps),
            msg("pass {passes:.1f}", passes=last.epoch),
            tokens_per_second(last),
        ]
        if left is not None:
            parts.append(msg("at most {time} left", time=duration(left)))
        self._progress.show_share(last.step, last.total_steps, joined(parts, " · "))

    def _tell(self, event: Event) -> None:
        match event:
            case RunStarted(resumed_at_step=int() as step):
                self._plot.drop_after(step)
                self._time_left.reset()
                self._log.tell(event.time, msg("Resumed after step {step:,}.", step=step))
            case RunStarted():
                self._plot.clear_curves()
                self._log.tell(event.time, msg("Started."))
            case StageBegan():
                self._stage = event.title
                self._stage_left.reset()
                self._log.tell(event.time, event.title)
                self._progress.show_share(0, 0, event.title)
            case Progressed():
                left = self._stage_left.update(event)
                done = msg("{stage} · {done:,} of {total:,}", stage=self._stage, done=event.done, total=event.total)
                rest = msg("{time} left", time=duration(left)) if left is not None else ""
                self._progress.show_share(event.done, event.total, joined([done, rest], " · "))
            case Validated():
                self._validated(event)
            case CheckpointSaved(best=True):
                self._log.tell(event.time, msg("Best model so far saved (step {step:,}).", step=event.step))
            case Noted(level="info"):
                self._log.tell(event.time, event.message)
            case Noted():
                self._log.tell(event.time, msg("Mind: {remark}", remark=event.message))
            case ResourcesUsed():
                self._log.tell(event.time, msg("Needed: {resources}.", resources=event))
            case RunEnded():
                self._log.tell(event.time, joined([msg("Run {status}.", status=term(event.ending)), event.message]))
                ended = msg("Run {status}", status=term(event.ending))
                self._progress.show_share(int(event.ending in {"finished", "stopped"}), 1, ended)
            case _:
                pass

    def _validated(self, event: Validated) -> None:
        name = _SCORE_NAMES.get(event.score_name, msg("validation {name}", name=in_sentence(event.score_name)))
        self._plot.set_score_name(name)
        self._plot.append_validation(np.array([event.step]), np.array([event.loss]), np.array([event.score]))
        result = msg("Step {step:,}: {name} {score:.4g}", step=event.step, name=name, score=event.score)
        if event.score != event.loss:
            result = msg("{result}, loss {loss:.4g}", result=result, loss=event.loss)
        self._log.tell(event.time, msg("{result}  ← best so far", result=result) if event.best else result)
