"""What every test of the window gets: a session, messages, and a guard against what a test leaves behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.workers import thread
from tests.helpers.import_dialogs import ImportDialogs
from tests.helpers.made_projects import made_dataset, made_project, made_run


@pytest.fixture(autouse=True)
def no_thread_left_behind(qtbot: QtBot) -> Iterator[None]:
    """A test that leaves a thread or an open window behind fails itself."""
    yield
    # Closing a session asks its threads to end; they say so through the event loop.
    try:
        qtbot.waitUntil(lambda: not thread.running(), timeout=15_000)
    except Exception:
        names = sorted(type(left).__name__ for left in thread.running())
        thread.end_all()
        pytest.fail(f"threads left running: {names}")


@pytest.fixture(autouse=True)
def nothing_is_measured_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is shown tries its training out in a process of its own, which takes longer than most tests."""
    monkeypatch.setattr("sciapp.ui.training.new_run.forecast.ForecastController.automatic", False)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    yield made
    made.end()


@pytest.fixture
def messages(qtbot: QtBot) -> Iterator[Messages]:
    yield Messages()
    for widget in QApplication.topLevelWidgets():
        if widget.objectName() == "message":
            widget.close()


@pytest.fixture
def imports(qtbot: QtBot, messages: Messages, tmp_path: Path) -> Iterator[ImportDialogs]:
    made = ImportDialogs(qtbot, messages, tmp_path)
    yield made
    made.close()


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    """A closed project: one dataset, two trainings (0.6 and 0.5), one compression."""
    folder = tmp_path / "Löslichkeit 溶解度 🧪"
    project = made_project(folder)
    made_dataset(project)
    made_run(project, TrainPlan(dataset="made-1"), value=0.6)
    made_run(project, TrainPlan(dataset="made-1", model="other"), value=0.5)
    made_run(project, CompressPlan(run="002-train"), value=0.55)
    project.close()
    return folder


@pytest.fixture
def opened(qtbot: QtBot, session: Session, project_folder: Path) -> Project:
    """The project, open in the session, with its datasets and runs read. Ask for the tab before this fixture."""
    project = Project.open(project_folder, lock=True)
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged]):
        session.open(project)
    return project


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning that Qt logs fails the test that caused it; remarks of the offscreen platform do not."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
