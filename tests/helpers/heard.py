"""Progress that is noted down, and cancelled at a chosen moment."""

from collections.abc import Callable

from sciapp.engine.runtime.progress import Progress
from sciapp.errors import Cancelled

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
