"""The session and the one door for messages."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.errors import ProjectProblem
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from tests.helpers.made_projects import made_dataset, made_run


def test_opening_a_project_tells_its_datasets_and_runs_and_selects_the_newest_dataset(
    session: Session, opened: Project
) -> None:
    assert session.project is opened
    assert [card.id for card in session.datasets] == ["made-1"]
    assert [run.id for run in session.runs] == ["001-train", "002-train", "003-compress"]
    assert session.selected_dataset == "made-1"


def test_closing_gives_the_lock_back(session: Session, opened: Project, project_folder: Path) -> None:
    second = Project.open(project_folder, lock=True)
    assert second.read_only
    session.close()
    assert (session.project, session.runs, session.datasets, session.selected_dataset) == (None, [], [], "")
    third = Project.open(project_folder, lock=True)
    assert not third.read_only
    third.close()


def test_a_run_and_a_dataset_made_by_another_process_appear(
    qtbot: QtBot, session: Session, opened: Project, project_folder: Path
) -> None:
    other = Project.open(project_folder)
    with qtbot.waitSignals([session.runsChanged, session.datasetsChanged]):
        made_dataset(other, "made-2")
        made_run(other, TrainPlan(dataset="made-2"))
        session.refresh()
    qtbot.waitUntil(lambda: session.runs[-1].id == "004-train")
    assert session.datasets[-1].id == "made-2"


def test_an_edited_name_is_on_disk_before_it_is_announced(
    qtbot: QtBot, session: Session, opened: Project, project_folder: Path
) -> None:
    seen: list[str] = []
    session.projectChanged.connect(lambda _: seen.append(Project.open(project_folder).name))
    session.edit(opened.record.model_copy(update={"name": "Solubility"}))
    session.edit(opened.record)  # nothing new: nothing is said
    assert seen == ["Solubility"]


def test_another_project_takes_over_and_the_last_word_of_the_old_one_is_not_heard(
    qtbot: QtBot, session: Session, opened: Project, tmp_path: Path
) -> None:
    empty = Project.create(tmp_path / "empty", domain="text", lock=True)
    with qtbot.waitSignal(session.runsChanged):
        session.open(empty)
    assert session.project is empty
    assert session.runs == []
    assert session.datasets == []


def test_an_error_shows_message_and_hint_and_no_traceback(qtbot: QtBot, messages: Messages) -> None:
    error = ProjectProblem("The disk is full.", hint="Make room.", context="/x/y")
    box = messages.error(error)
    assert messages.lastMessage == box.text() == error.message
    assert box.informativeText() == error.hint
    assert not box.isModal() or box.windowModality() is not Qt.WindowModality.NonModal
    box.close()


def test_an_unexpected_error_has_its_traceback_only_in_the_details(qtbot: QtBot, messages: Messages) -> None:
    try:
        raise KeyError("secret-key")
    except KeyError as error:
        box = messages.error(error)
    assert "Traceback" not in box.text() + box.informativeText()
    copy = box.findChild(QPushButton, "copyDetails")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert box.isVisible()
    assert "Traceback" in QGuiApplication.clipboard().text()
    assert "secret-key" in QGuiApplication.clipboard().text()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_the_same_error_again_opens_no_second_dialog(qtbot: QtBot, messages: Messages) -> None:
    first = messages.error(ProjectProblem("Once."))
    assert messages.error(ProjectProblem("Once.")) is first
    first.close()
    second = messages.error(ProjectProblem("Once."))
    assert second is not first
    second.close()


def test_a_system_error_names_the_file_in_plain_words(qtbot: QtBot, messages: Messages) -> None:
    box = messages.error(PermissionError(13, "Permission denied", "/locked/file"))
    assert "Permission denied" in box.text()
    assert box.informativeText() == "/locked/file"


def test_escape_on_a_question_means_the_answer_that_does_nothing(qtbot: QtBot, messages: Messages) -> None:
    said: list[str] = []
    box: QMessageBox = messages.ask("Sure?", "", {"Do it": lambda: said.append("done"), "Leave it": None})
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.isVisible()
    assert said == []
    again = messages.ask("Sure?", "", {"Do it": lambda: said.append("done"), "Leave it": None})
    qtbot.mouseClick(again.buttons()[0], Qt.MouseButton.LeftButton)
    assert said == ["done"]
