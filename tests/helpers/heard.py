"""Progress that is noted down, and work that is cancelled or left at a chosen moment."""

import contextlib
from collections.abc import Callable
from typing import Any

from sciapp.engine.runtime.progress import Progress, RunProgress, StopFlag
from sciapp.errors import Cancelled
from sciapp.records.run.events import Event
from sciapp.records.run.run import Run

Step = tuple[str, int, int]


def noted(steps: list[Step]) -> Progress:
    """Adds (stage, done, total) of every announcement to `steps`."""
    return Progress(lambda *step: steps.append(step))


def cancelled_when(asked: Callable[[str, int, int], bool]) -> Progress:
    """Raises Cancelled at the first announcement for which `asked(stage, done, total)` is true."""

    def announce(stage: str, done: int, total: int) -> None:
        if asked(stage, done, total):
            raise Cancelled

    return Progress(announce)


class _Left(BaseException):
    """The work ends here, as if its process had been killed."""


def carried_out(
    story: Callable[..., None],
    plan: Any,
    run: Run,
    *,
    stop: StopFlag | None = None,
    until: Callable[[Event], bool] = lambda event: False,
) -> list[Event]:
    """The events of a run's story; `until` is asked after each whether to leave it there."""
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if until(event):
            raise _Left

    with contextlib.suppress(_Left):
        story(plan, run, RunProgress(emit, stop))
    return events
