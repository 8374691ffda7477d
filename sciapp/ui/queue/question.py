"""The question at the start of the window when runs wait and nobody starts them: after a reboot, a kill, a crash."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from sciapp.records.machine.queue_view import EntryStatus, QueueLine, QueueView
from sciapp.ui.messages import Messages

_NAMED = 5


def ask_about_queue(
    messages: Messages, view: QueueView, go_on: Callable[[], object], forget: Callable[[], object], window: QWidget
) -> QMessageBox | None:
    """Go on, leave it for now (which Escape means as well), or forget them; None where there is nothing to ask."""
    if not view.is_stranded:
        return None
    broken, waiting = view.of(EntryStatus.INTERRUPTED), view.of(EntryStatus.WAITING)
    lines = [f"{_names(broken)}: interrupted; goes on first, from the last checkpoint."] if broken else []
    lines += [f"{_names(waiting)}: waiting."] if waiting else []
    hint = "\n".join([*lines, "Forgotten runs stay in their projects and can be resumed there."])
    answers: dict[str, Callable[[], object] | None] = {
        "&Go on": go_on,
        "&Forget them" if len(broken) + len(waiting) > 1 else "&Forget it": forget,
        "&Not now": None,
    }
    return messages.ask(_question(len(broken), len(waiting)), hint, answers, window)


def _question(broken: int, waiting: int) -> str:
    them = "it" if broken + waiting == 1 else "them"
    interrupted = f"{broken} {'run was' if broken == 1 else 'runs were'} interrupted"
    if not waiting:
        return f"{interrupted}. Go on with {them}?"
    left = f"{waiting} {'run is' if waiting == 1 else 'runs are'} waiting"
    return f"{interrupted} and {left}. Go on with {them}?" if broken else f"{left} in the queue. Go on with {them}?"


def _names(lines: list[QueueLine]) -> str:
    names = [f"{line.project}, {line.run}" for line in lines[:_NAMED]]
    more = len(lines) - len(names)
    return "; ".join(names) + (f" and {more} more" if more else "")
