"""The question on closing the window while runs are on."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

from sciapp.i18n import joined, msg, plural
from sciapp.records.run.summary import RunSummary
from sciapp.ui.messages import Messages


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
    question = plural(
        "Run {names} is still on.",
        "{n} runs are still on: {names}.",
        len(live),
        names=", ".join(summary.id for summary in live),
    )
    hint = plural(
        "It can go on without this window; open the project again to see it. Stopped, it keeps the best model so far "
        "and evaluates it in the background.",
        "They can go on without this window; open the project again to see it. Stopped, they keep their best models so "
        "far in the background.",
        len(live),
    )
    if waiting:
        more = plural(
            "{n} more run waits and goes on with the window closed.",
            "{n} more runs wait and go on with the window closed.",
            waiting,
        )
        hint = joined([hint, more])
    answers: dict[str, Callable[[], object] | None] = {plural("&Let it go on", "&Let them go on", len(live)): let_go_on}
    if any(summary.is_training for summary in live):
        answers[msg("&Stop, keep the best model")] = stop
    answers[msg("Stay &here")] = None
    return messages.ask(question, hint, answers, window)
