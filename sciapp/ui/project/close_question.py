"""The question on closing the window while runs are on."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

from sciapp.records.run.summary import RunSummary
from sciapp.ui.messages import Messages

_HINT = (
    "It can go on without this window; open the project again to see it. Stopped, it keeps the best model so far and "
    "evaluates it in the background."
)


def ask_about_runs(
    messages: Messages,
    live: Sequence[RunSummary],
    let_go_on: Callable[[], object],
    stop: Callable[[], object],
    window: QWidget,
    *,
    waiting: int = 0,
) -> QMessageBox:
    """Let them go on, stop those that train, or stay (which Escape means as well).

    waiting: runs that the queue starts later.
    """
    names = ", ".join(summary.id for summary in live)
    said = f"Run {names} is still on." if len(live) == 1 else f"{len(live)} runs are still on: {names}."
    hint = (
        _HINT
        if len(live) == 1
        else _HINT.replace("It can", "They can").replace(
            "Stopped, it keeps the best model so far and evaluates it", "Stopped, they keep their best models so far"
        )
    )
    if waiting:
        more = "1 more run waits and goes" if waiting == 1 else f"{waiting} more runs wait and go"
        hint += f" {more} on with the window closed."
    answers: dict[str, Callable[[], object] | None] = {
        "&Let it go on" if len(live) == 1 else "&Let them go on": let_go_on
    }
    if any(summary.is_training for summary in live):
        answers["&Stop, keep the best model"] = stop
    answers["Stay &here"] = None
    return messages.ask(said, hint, answers, window)
