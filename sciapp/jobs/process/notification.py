"""Tell by the desktop that a run has ended, whether or not the window is open."""

import asyncio
import html
import logging
import os
import sys
from pathlib import Path

from sciapp import settings
from sciapp.errors import SciAppError
from sciapp.i18n import joined, msg
from sciapp.jobs.runs.follow_up import run_after
from sciapp.jobs.runs.summary import summarise
from sciapp.records.project.project import Project
from sciapp.records.run.progress import duration
from sciapp.records.run.run import Run, RunStatus
from sciapp.records.run.score_format import score_title, with_interval
from sciapp.records.run.summary import RunSummary

_PATIENCE = 5.0  # seconds that a desktop may take to answer
_TITLES = {
    RunStatus.FINISHED: msg("finished"),
    RunStatus.STOPPED: msg("is stopped and evaluated"),
    RunStatus.FAILED: msg("failed"),
}


def tell_ended(run: Run, *, seconds: float) -> bool:
    """Show a notification of a run that took `seconds` in this sitting; True when a desktop was asked to.

    Nothing is said of short runs, of those that a person cancelled, and of those that another goes on from by itself.
    A machine without a desktop is none to complain about.
    """
    preferences = settings.load()
    if not preferences.notify_when_run_ends or seconds < preferences.notify_after_seconds or not _has_desktop():
        return False
    try:
        summary = summarise(run)
        if summary.standing not in _TITLES or _goes_on(run, summary):
            return False
        asyncio.run(asyncio.wait_for(_send(_title(run, summary), _message(summary, seconds)), _PATIENCE))
    except Exception:
        # Whatever a desktop does wrong, the run has ended well.
        logging.info("the desktop could not be told", exc_info=True)
        return False
    return True


def _has_desktop() -> bool:
    """True if a notification is worth a try: elsewhere than on Linux there always is a desktop."""
    variables = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform != "linux" or any(os.environ.get(name) for name in variables)


async def _send(title: str, message: str) -> None:
    from desktop_notifier import DesktopNotifier, Icon

    logging.getLogger("desktop_notifier").setLevel(logging.ERROR)  # it logs a traceback where nobody listens
    icon = settings.resources_folder() / "icons" / "sciapp.svg"
    notifier = DesktopNotifier(app_name="SciApp", app_icon=Icon(path=icon) if icon.is_file() else None)
    # Of the systems only the freedesktop one reads the text as markup.
    await notifier.send(title, html.escape(message, quote=False) if sys.platform == "linux" else message)


def _title(run: Run, summary: RunSummary) -> str:
    return msg(
        "{project}: run {run} {ending}",
        project=_project_name(run.project_folder),
        run=run.id,
        ending=_TITLES[summary.standing],
    )


def _message(summary: RunSummary, seconds: float) -> str:
    sentences = [summary.message] if summary.standing is RunStatus.FAILED else []
    if summary.score is not None:
        sentences.append(
            msg("{score} {value}.", score=score_title(summary.score.name), value=with_interval(summary.score))
        )
    return joined([*sentences, msg("It took {time}.", time=duration(seconds))])


def _goes_on(run: Run, summary: RunSummary) -> bool:
    if not summary.standing.has_model:
        return False
    following = run_after(Project.open(run.project_folder), run)
    return following is not None and not summarise(following).standing.is_over


def _project_name(folder: Path) -> str:
    try:
        return Project.open(folder).name
    except SciAppError:
        return folder.name
