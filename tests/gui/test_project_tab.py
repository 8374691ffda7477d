"""The Project tab: notes are kept, runs and datasets lead to their tabs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Score
from sciapp.records.run.run import RunStatus
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.project.run_list import RunList
from sciapp.ui.project.tab import ProjectTab
from sciapp.ui.project.timeline_card import ItemCard
from sciapp.ui.session import Session
from sciapp.ui.widgets.labels import ElidedLabel
from tests.helpers.messages import names, numbers_in


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages) -> ProjectTab:
    made = ProjectTab(session, messages)
    qtbot.addWidget(made)
    made.resize(1000, 620)
    made.show()
    made.activateWindow()
    return made


def summary(number: int, standing: RunStatus = RunStatus.FINISHED, **more: object) -> RunSummary:
    usual = {"id": f"{number:03d}-train", "kind": "train", "subject": "esol-1", "model": "molecule-starter"}
    return RunSummary.model_validate(usual | {"standing": standing, "created": datetime.now(UTC)} | more)


def keys(tab: ProjectTab) -> list[str]:
    return [entry.key for entry in tab.page.timeline.entries]


def card(tab: ProjectTab, key: str) -> ItemCard:
    row = tab.page.timeline.row(key)
    assert row is not None, keys(tab)
    return row.card


def test_an_open_project_shows_what_it_is_and_what_happened(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    assert tab.findChild(QLineEdit, "projectName").text() == opened.name
    assert tab.findChild(QLabel, "projectFolder").text() == str(opened.folder)
    assert keys(tab) == ["dataset:made-1", "run:001-train", "run:002-train", "run:003-compress"]
    assert "made-1" in card(tab, "dataset:made-1").accessibleName()
    best = card(tab, "run:002-train")
    assert numbers_in(best.score.text()) == ["0.50", "0.05"]
    assert tab.findChild(QLabel, "bestTileValue").text() == "0.50 ± 0.05"
    qtbot.waitUntil(lambda: tab.findChild(QLabel, "diskUse").text().endswith("kB"))


def test_nothing_of_a_project_that_was_closed_stays(tab: ProjectTab, session: Session, opened: Project) -> None:
    session.close()
    assert keys(tab) == []


def test_notes_are_saved_when_the_field_is_left(
    qtbot: QtBot, tab: ProjectTab, opened: Project, project_folder: Path
) -> None:
    notes = tab.findChild(QPlainTextEdit, "projectNotes")
    notes.setFocus()
    qtbot.waitUntil(notes.hasFocus)
    qtbot.keyClicks(notes, "Shake-flask, 25 C")
    assert Project.open(project_folder).record.notes == ""
    qtbot.keyClick(notes, Qt.Key.Key_Tab)
    assert Project.open(project_folder).record.notes == "Shake-flask, 25 C"


def test_an_emptied_name_comes_back(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    name = tab.findChild(QLineEdit, "projectName")
    before = name.text()
    name.clear()
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert name.text() == before
    name.setText("  Solubility  ")
    tab.save()
    assert opened.name == name.text() == "Solubility"


def test_notes_that_cannot_be_written_are_said_and_stay_in_the_field(
    tab: ProjectTab, opened: Project, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = OSError(28, "No space left on device", "x.sciproj")

    def full(*_: object) -> None:
        raise refusal

    monkeypatch.setattr("sciapp.ui.session.projects_actions.save_project", lambda **_: full())
    notes = tab.findChild(QPlainTextEdit, "projectNotes")
    notes.setPlainText("precious")
    tab.save()
    assert names(messages.lastMessage, name="x.sciproj", reason=refusal.strerror)
    assert notes.toPlainText() == "precious"


@pytest.mark.parametrize(("id", "where"), [("002-train", "results"), ("003-compress", "compression")])
def test_enter_on_a_run_opens_the_tab_that_shows_it(
    qtbot: QtBot, tab: ProjectTab, session: Session, opened: Project, id: str, where: str
) -> None:
    run = card(tab, f"run:{id}")
    run.setFocus()
    with qtbot.waitSignal(session.tabRequested) as asked:
        qtbot.keyClick(run, Qt.Key.Key_Return)
    assert asked.args == [where]
    assert session.selected_run == id


def test_a_double_click_on_a_dataset_opens_it(qtbot: QtBot, tab: ProjectTab, session: Session, opened: Project) -> None:
    with qtbot.waitSignal(session.tabRequested) as asked:
        qtbot.mouseDClick(card(tab, "dataset:made-1"), Qt.MouseButton.LeftButton)
    assert asked.args == ["data"]


def test_the_next_step_is_one_click_away(qtbot: QtBot, tab: ProjectTab, session: Session, opened: Project) -> None:
    button = tab.findChild(QPushButton, "nextStepButton")
    with qtbot.waitSignal(session.tabRequested) as asked:
        button.click()
    assert asked.args[0] in {"training", "results"}


def test_show_folder_opens_the_project_s_folder(
    tab: ProjectTab, opened: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()))
    tab.findChild(QPushButton, "showProjectFolder").click()
    assert asked == [str(opened.folder)]


def test_the_selection_stays_on_its_run_and_nobody_is_told(qtbot: QtBot) -> None:
    runs = RunList()
    qtbot.addWidget(runs)
    runs.setRuns([summary(1), summary(2)])
    runs.select("001-train")
    told: list[str] = []
    runs.itemSelectionChanged.connect(lambda: told.append(runs.selected()))
    runs.setRuns([summary(1), summary(2), summary(3, RunStatus.RUNNING, step=5, total_steps=10)])
    assert runs.selected() == "001-train"
    assert told == []
    assert runs.item(0, 3).text() == "running, 50%"


def test_standings_have_words_and_colours_that_follow_the_theme(qtbot: QtBot) -> None:
    theme.apply("light")
    runs = RunList()
    qtbot.addWidget(runs)
    message = "The disk is full."
    runs.setRuns([summary(1, RunStatus.FAILED, message=message)])
    assert runs.item(0, 3).text() == "failed"
    assert runs.item(0, 3).toolTip() == message
    light = runs.item(0, 3).foreground().color()
    theme.apply("dark")
    qtbot.waitUntil(lambda: runs.item(0, 3).foreground().color() != light)
    theme.apply("light")


def test_a_file_that_was_predicted_shows_its_name_and_the_tooltip_its_path(qtbot: QtBot) -> None:
    runs = RunList()
    qtbot.addWidget(runs)
    score = Score(name="rmse", value=None)
    runs.setRuns([summary(1, kind="predict", subject="/a/very/long/way/new.csv", model="001-train", score=score)])
    assert runs.item(0, 1).text() == "new.csv"
    assert runs.item(0, 1).toolTip() == "/a/very/long/way/new.csv"
    assert runs.item(0, 4).text() == ""


def test_a_long_path_does_not_widen_its_window(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("/very/long" * 60)
    assert label.minimumSizeHint().width() < 120
    assert label.toolTip() == label.text()
