"""The window keeps a process ready while nothing is on, as the settings say."""

from pathlib import Path

import psutil
from pytestqt.qtbot import QtBot

from sciapp import settings
from sciapp.jobs.queue import queue
from sciapp.jobs.runs.follow import standing
from sciapp.records.project.project import Project
from sciapp.records.run.run import RunStatus
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.workers.standby_watch import StandbyWatch
from tests.helpers.light_runs import light_engine, light_run
from tests.helpers.queued import wait_until_idle

__all__ = ["light_engine"]  # a fixture


def test_one_stands_by_while_nothing_is_on_and_as_the_settings_say(
    qtbot: QtBot, tmp_path: Path, session: Session, messages: Messages, light_engine: None
) -> None:
    run = light_run(Project.create(tmp_path / "p", domain="text"), "long")
    watch = StandbyWatch()
    window = MainWindow(session, messages, watch)
    qtbot.addWidget(window)
    queue.start_now(run)
    watch.tend()
    qtbot.waitUntil(lambda: not watch.busy, timeout=10_000)
    assert watch.pid is None  # a run is on
    queue.cancel(run)
    qtbot.waitUntil(lambda: standing(run) is RunStatus.CANCELLED, timeout=20_000)
    watch.tend()
    qtbot.waitUntil(lambda: watch.pid is not None, timeout=10_000)
    window.set_standby(False)
    qtbot.waitUntil(lambda: watch.pid is None, timeout=10_000)
    assert settings.load().standby is False
    window.set_standby(True)
    qtbot.waitUntil(lambda: watch.pid is not None, timeout=10_000)
    pid = watch.pid
    assert pid is not None
    watch.end()
    assert not psutil.pid_exists(pid)
    wait_until_idle()
