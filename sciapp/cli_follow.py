"""Follow a run in the terminal until it is over."""

import sys
import time

from sciapp.cli_output import Printer
from sciapp.errors import BadInput
from sciapp.jobs import launcher
from sciapp.jobs.follow import Follower, outcome, standing
from sciapp.records.events import Event, Noted, Progressed, ResourcesUsed, RunStarted, StageBegan, StepTaken, Validated
from sciapp.records.number_words import steady_text
from sciapp.records.pace import StageLeft, TimeLeft, duration, tokens_per_second
from sciapp.records.run import Run

_POLL = 0.1  # seconds
_INTERRUPTED = 130
_SPEAK_EVERY = 30.0  # seconds between two lines where no bar can be drawn


def follow(run: Run, printer: Printer) -> int:
    """Tell what happens until the run is over. Ctrl-C cancels the run; it can be resumed."""
    follower, teller = Follower(run), _Teller(printer)
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
            printer.say("Cancelling; press Ctrl-C again to leave it to itself.")
            launcher.ask_to_cancel(run)
    printer.end_progress()
    if now.has_model:
        return 0
    if cancelled:
        printer.say(f"{outcome(run)} Go on with: sciapp resume {run.project_folder} {run.id}")
        return _INTERRUPTED
    printer.error(_failure(run))
    return 1


def _failure(run: Run) -> BadInput:
    ended = outcome(run)
    return BadInput(ended.message or str(ended), hint=ended.hint, context=str(run.log_file))


class _Teller:
    """Events as lines and bars for people."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._title = ""
        self._last = 0.0
        self._spoken = time.monotonic()
        self._time_left, self._stage_left = TimeLeft(), StageLeft()

    def tell(self, event: Event) -> None:
        match event:
            case RunStarted(resumed_at_step=int() as step):
                self._printer.say(f"Resumed after step {step:,}.")
            case StageBegan():
                self._title = event.title
                self._stage_left.reset()
                self._printer.progress(event.title, 0, 0)
            case Progressed():
                self._progressed(event)
            case StepTaken():
                self._step(event)
            case Validated():
                best = "  best so far" if event.best else ""
                scored = f"validation {event.score_name} {steady_text(event.score)}"
                self._printer.say(f"step {event.step:>6,}  {scored}  loss {steady_text(event.loss)}{best}")
            case Noted():
                self._printer.say(event.message)
            case ResourcesUsed():
                self._printer.say(f"Needed: {event}.")
            case _:
                pass

    def _progressed(self, event: Progressed) -> None:
        self._printer.progress(self._title, event.done, event.total)  # a bar says itself how long it will take
        left, now = self._stage_left.update(event), time.monotonic()
        if left is not None and not sys.stderr.isatty() and now - self._spoken >= _SPEAK_EVERY:
            self._spoken = now
            self._printer.say(f"{event.done:,} of {event.total:,}, {duration(left)} left")

    def _step(self, event: StepTaken) -> None:
        now, left = time.monotonic(), self._time_left.update(event)
        if now - self._last < 1.0 and event.step != event.total_steps:
            return
        self._last = now
        pace = ", ".join(part for part in (tokens_per_second(event), f"{duration(left)} left" if left else "") if part)
        drawn = sys.stderr.isatty()
        title = f"Training (loss {event.loss:.3f}, {pace})" if drawn else "Training"
        self._printer.progress(title, event.step, event.total_steps)
        if not drawn and now - self._spoken >= _SPEAK_EVERY:
            self._spoken = now
            self._printer.say(f"step {event.step:>6,} of {event.total_steps:,}  loss {steady_text(event.loss)}  {pace}")
