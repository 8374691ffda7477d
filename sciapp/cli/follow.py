"""Follow a run in the terminal until it is over."""

import sys
import time

from sciapp.cli.output import Printer
from sciapp.errors import BadInput
from sciapp.i18n import joined, msg
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import Follower, outcome, standing
from sciapp.records.formatting import steady_text
from sciapp.records.run.events import (
    BaselineMeasured,
    Event,
    Noted,
    Progressed,
    ResourcesUsed,
    RunStarted,
    StageBegan,
    StepTaken,
    Validated,
)
from sciapp.records.run.progress import RemainingStageTime, RemainingTime, duration, tokens_per_second
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import in_sentence

_POLL = 0.1  # seconds
_INTERRUPTED = 130
_SPEAK_EVERY = 30.0  # seconds between two lines where no bar can be drawn


def follow(run: Run, printer: Printer) -> int:
    """Tell what happens until the run is over. Ctrl-C cancels the run; it can be resumed."""
    follower, teller = Follower(run), _EventPrinter(printer)
    cancelled = False
    while True:
        try:
            now = standing(run)
            for event in follower.read_new():
                teller.tell(event)
            if now.is_over:
                break
            time.sleep(_POLL)
        except KeyboardInterrupt:
            if cancelled:
                raise
            cancelled = True
            printer.say(msg("Cancelling; press Ctrl-C again to leave it to itself."))
            launcher.ask_to_cancel(run)
    printer.end_progress()
    if now.has_model:
        return 0
    if cancelled:
        printer.say(
            joined(
                [
                    str(outcome(run)),
                    msg("Go on with: sciapp resume {project} {run}", project=run.project_folder, run=run.id),
                ]
            )
        )
        return _INTERRUPTED
    printer.error(_failure(run))
    return 1


def _failure(run: Run) -> BadInput:
    ended = outcome(run)
    return BadInput(ended.message or str(ended), hint=ended.hint, context=str(run.log_file))


class _EventPrinter:
    """Events as lines and bars for people."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._title = ""
        self._last = 0.0
        self._spoken = time.monotonic()
        self._time_left, self._stage_left = RemainingTime(), RemainingStageTime()

    def tell(self, event: Event) -> None:
        match event:
            case RunStarted(resumed_at_step=int() as step):
                self._printer.say(msg("Resumed after step {step:,}.", step=step))
            case StageBegan():
                self._title = event.title
                self._stage_left.reset()
                self._printer.show_progress(event.title, 0, 0)
            case Progressed():
                self._progressed(event)
            case StepTaken():
                self._step(event)
            case Validated():
                words = msg(
                    "step {step}  validation {score} {value}  loss {loss}",
                    step=f"{event.step:>6,}",
                    score=in_sentence(event.score_name),
                    value=steady_text(event.score),
                    loss=steady_text(event.loss),
                )
                self._printer.say(msg("{validation}  best so far", validation=words) if event.best else words)
            case BaselineMeasured():
                name, score = event.name, in_sentence(event.score_name)
                words = msg("simple method ({name:l}): validation {score}", name=name, score=score)
                self._printer.say(msg("{words} {value}", words=words, value=steady_text(event.score)))
            case Noted():
                self._printer.say(event.message)
            case ResourcesUsed():
                self._printer.say(msg("Needed: {resources}.", resources=str(event)))
            case _:
                pass

    def _progressed(self, event: Progressed) -> None:
        self._printer.show_progress(self._title, event.done, event.total)  # a bar says itself how long it will take
        left, now = self._stage_left.update(event), time.monotonic()
        if left is not None and not sys.stderr.isatty() and now - self._spoken >= _SPEAK_EVERY:
            self._spoken = now
            self._printer.say(
                msg(
                    "{done:,} of {total:,}, {time} left",
                    done=event.done,
                    total=event.total,
                    time=duration(left),
                )
            )

    def _step(self, event: StepTaken) -> None:
        now, left = time.monotonic(), self._time_left.update(event)
        if now - self._last < 1.0 and event.step != event.total_steps:
            return
        self._last = now
        remaining = msg("{time} left", time=duration(left)) if left else ""
        pace = joined([tokens_per_second(event), remaining], ", ")
        drawn = sys.stderr.isatty()
        title = msg("Training (loss {loss:.3f}, {pace})", loss=event.loss, pace=pace) if drawn else msg("Training")
        self._printer.show_progress(title, event.step, event.total_steps)
        if not drawn and now - self._spoken >= _SPEAK_EVERY:
            self._spoken = now
            self._printer.say(
                msg(
                    "step {step} of {steps:,}  loss {loss}  {pace}",
                    step=f"{event.step:>6,}",
                    steps=event.total_steps,
                    loss=steady_text(event.loss),
                    pace=pace,
                )
            )
