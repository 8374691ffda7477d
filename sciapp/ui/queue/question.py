"""The question at the start of the window when runs wait and nobody starts them: after a reboot, a kill, a crash."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from sciapp.i18n import joined, msg, plural
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
    lines: list[str] = []
    if broken:
        lines.append(msg("{runs}: interrupted; goes on first, from the last checkpoint.", runs=_names(broken)))
    if waiting:
        lines.append(msg("{runs}: waiting.", runs=_names(waiting)))
    hint = joined([*lines, msg("Forgotten runs stay in their projects and can be resumed there.")], "\n")
    answers: dict[str, Callable[[], object] | None] = {
        msg("&Go on"): go_on,
        plural("&Forget it", "&Forget them", len(broken) + len(waiting)): forget,
        msg("&Not now"): None,
    }
    return messages.ask(_question(len(broken), len(waiting)), hint, answers, window)


def _question(broken: int, waiting: int) -> str:
    if not waiting:
        return plural("{n} run was interrupted. Go on with it?", "{n} runs were interrupted. Go on with them?", broken)
    if not broken:
        return plural(
            "{n} run is waiting in the queue. Go on with it?",
            "{n} runs are waiting in the queue. Go on with them?",
            waiting,
        )
    interrupted = plural("{n} run was interrupted", "{n} runs were interrupted", broken)
    left = plural("{n} run is waiting", "{n} runs are waiting", waiting)
    return msg("{interrupted} and {waiting}. Go on with them?", interrupted=interrupted, waiting=left)


def _names(lines: list[QueueLine]) -> str:
    names = joined(
        (msg("{project}, {run}", project=line.project, run=line.display_name) for line in lines[:_NAMED]), "; "
    )
    left = len(lines) - _NAMED
    return msg("{names} and {left} more", names=names, left=left) if left > 0 else names
