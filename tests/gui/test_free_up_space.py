"""Project tab → Free up space…: sizes, boxes, a question with bytes, and the project afterwards."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from sciapp.records.project.project import Project
from sciapp.ui.messages import Messages
from sciapp.ui.project.clean_up import CleanUpDialog
from sciapp.ui.project.tab import ProjectTab
from sciapp.ui.session import Session
from tests.helpers.messages import names


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages) -> ProjectTab:
    made = ProjectTab(session, messages)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def with_checkpoints(tab: ProjectTab, opened: Project) -> Project:
    folder = opened.run("001-train").checkpoints / "step-000010"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"x" * 1_500_000)
    return opened


def dialog_of(qtbot: QtBot, tab: ProjectTab) -> CleanUpDialog:
    tab.page.clean_up.click()
    dialog = tab.cleaning.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.tree.topLevelItemCount() > 0)
    return dialog


def answer(text: str) -> None:
    box = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible())
    button: QAbstractButton = next(b for b in box.buttons() if text in b.text())
    button.click()


def test_checkpoints_of_finished_runs_are_ticked_asked_about_and_removed(
    qtbot: QtBot, tab: ProjectTab, messages: Messages, with_checkpoints: Project
) -> None:
    dialog = dialog_of(qtbot, tab)
    assert not dialog.remove.isEnabled()
    dialog.usual.click()
    assert dialog.chosen() == {"checkpoints:001-train"}
    assert dialog.total_label.text().startswith("1.5 MB of ")
    dialog.remove.click()
    assert names(messages.lastMessage, owner="001-train", size="1.5 MB")
    answer("Remove")
    qtbot.waitUntil(lambda: not with_checkpoints.run("001-train").checkpoints.exists())
    qtbot.waitUntil(lambda: "1.5 MB are" in messages.lastMessage)
    qtbot.waitUntil(lambda: not dialog.usual.isEnabled() and dialog.tree.isEnabled())
    dialog.reject()


def test_escape_keeps_everything(qtbot: QtBot, tab: ProjectTab, with_checkpoints: Project) -> None:
    dialog = dialog_of(qtbot, tab)
    dialog.usual.click()
    dialog.remove.click()
    answer("Keep")
    assert with_checkpoints.run("001-train").checkpoints.is_dir()
    dialog.reject()


def test_what_depends_on_a_run_must_be_ticked_too(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    dialog = dialog_of(qtbot, tab)
    dialog.tick("run:002-train")
    assert dialog.total_label.text().startswith("Run 002-train")
    assert "needed by" in dialog.total_label.text() and "003-compress" in dialog.total_label.text()
    assert not dialog.remove.isEnabled()
    dialog.tick("run:003-compress")
    assert dialog.remove.isEnabled()
    dialog.remove.click()
    answer("Remove")
    qtbot.waitUntil(lambda: [run.id for run in opened.runs()] == ["001-train"])
    qtbot.waitUntil(lambda: [entry.key for entry in tab.page.timeline.entries if entry.is_run] == ["run:001-train"])
    dialog.reject()


def test_a_read_only_project_offers_nothing(qtbot: QtBot, tab: ProjectTab, session: Session, opened: Project) -> None:
    second = Session()
    other = ProjectTab(second, Messages())
    qtbot.addWidget(other)
    with qtbot.waitSignal(second.runsChanged):
        second.open(Project.open(opened.folder, lock=True))
    assert not other.page.clean_up.isEnabled()
    other.cleaning.open()
    assert other.cleaning.dialog is None
    second.close()


def test_closing_the_project_closes_the_dialog(
    qtbot: QtBot, tab: ProjectTab, session: Session, with_checkpoints: Project
) -> None:
    dialog = dialog_of(qtbot, tab)
    assert dialog.windowModality() is not Qt.WindowModality.NonModal
    session.close()
    assert tab.cleaning.dialog is None
