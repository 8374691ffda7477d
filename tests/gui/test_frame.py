"""The frame: areas with their states, the footer's job, the palette, and the next step."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sciapp.records.machine.job import JobProgress
from sciapp.records.machine.queue_view import EntryStatus, QueueLine, QueueView
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Score
from sciapp.records.run.run import RunStatus
from sciapp.records.run.summary import RunSummary, best_training
from sciapp.ui.frame.area_bar import AreaBar
from sciapp.ui.frame.areas import AREA_NAMES, AreaState, area_states
from sciapp.ui.frame.commands import DO, GO_TO, Command, dataset_commands, run_commands, verb_commands
from sciapp.ui.frame.footer import Footer, job_score
from sciapp.ui.frame.next_steps import NextSteps
from sciapp.ui.frame.palette import CommandPalette
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from tests.helpers.made_projects import made_dataset, made_run

JOB = JobProgress(
    folder="/p/runs/003-train", project_folder="/p", project="Solubility", run="003-train", kind="train", done=13,
    total=30, passes=12.4, epochs=30, seconds_left=350, score_name="rmse", greater_is_better=False, scores=(0.8, 0.71),
    baseline=0.74, trains=True,
)  # fmt: skip


@pytest.fixture
def bar(qtbot: QtBot) -> AreaBar:
    made = AreaBar()
    qtbot.addWidget(made)
    made.setFixedWidth(200)
    made.set_project_open(True)
    made.show()
    return made


def test_areas_are_page_tabs_that_say_their_states(bar: AreaBar) -> None:
    bar.set_states({name: AreaState(f"state of {name}") for name in AREA_NAMES})
    interface = QAccessible.queryAccessibleInterface(bar)
    tabs = [interface.child(index) for index in range(bar.count())]
    assert all(tab.role() == QAccessible.Role.PageTab for tab in tabs)
    assert ["state of " + name in bar.accessibleTabName(place) for place, name in enumerate(AREA_NAMES)] == [True] * 5


def test_arrows_choose_an_area_and_enter_asks_for_the_chosen_one_again(qtbot: QtBot, bar: AreaBar) -> None:
    with qtbot.waitSignal(bar.areaRequested) as wanted:
        qtbot.keyClick(bar, Qt.Key.Key_Down)
    assert wanted.args == [1]
    with qtbot.waitSignal(bar.areaRequested) as again:
        qtbot.keyClick(bar, Qt.Key.Key_Return)
    assert again.args == [1]
    bar.set_project_open(False)
    with qtbot.assertNotEmitted(bar.areaRequested):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(3).center())
    assert bar.currentIndex() == 1


def test_a_click_on_the_chosen_area_asks_for_it_too(qtbot: QtBot, bar: AreaBar) -> None:
    with qtbot.waitSignal(bar.areaRequested) as wanted:
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    assert wanted.args == [0]


def test_states_come_from_the_project(session: Session, opened: Project) -> None:
    states = area_states(session)
    assert states["data"].line.values == {"rows": 2500}
    assert states["training"].line.values == {"n": 2}
    assert states["results"].line.values["value"] == "0.50"
    session.close()
    assert set(area_states(session).values()) == {AreaState()}


def test_the_best_training_is_of_the_dataset_that_was_trained_on_last() -> None:
    def summary(id: str, subject: str, value: float | None) -> RunSummary:
        score = Score(name="rmse", value=value, greater_is_better=False)
        return RunSummary(
            id=id, kind="train", subject=subject, model="m", standing=RunStatus.FINISHED, created=datetime.now(UTC),
            score=score,
        )  # fmt: skip

    runs = [summary("1", "old", 0.1), summary("2", "new", 0.6), summary("3", "new", 0.5), summary("4", "new", None)]
    best = best_training(runs)
    assert best is not None and best.id == "3"
    assert best_training([]) is None


def test_the_footer_shows_the_job_beside_the_simple_method_and_stops_it(qtbot: QtBot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    footer.show()
    stop = footer.findChild(QWidget, "stopJob")
    assert footer.findChild(QLabel, "noJob").isVisible() and not stop.isVisible()
    footer.show_jobs((JOB,))
    assert job_score(JOB).values["baseline"].values == {"number": 0.74}
    assert footer.findChild(QLabel, "jobLeft").text() == JOB.left
    with qtbot.waitSignal(footer.stopRequested) as stopped:
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert stopped.args == [JOB.folder]
    footer.show_jobs((JOB,))
    assert not stop.isEnabled()  # it was asked already
    footer.show_jobs(())
    assert footer.findChild(QLabel, "noJob").isVisible()


def test_the_footer_counts_what_waits(qtbot: QtBot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    line = QueueLine(folder="/p", project="P", run="001-train", lane="cpu", turn=EntryStatus.WAITING, position=1)
    before = footer.queue.text()
    footer.show_queue(QueueView(lines=(line, line)))
    assert footer.queue.text() != before and "2" in footer.queue.text()
    with qtbot.waitSignal(footer.queueRequested):
        footer.queue.click()


@pytest.fixture
def palette(qtbot: QtBot) -> Iterator[tuple[CommandPalette, list[str]]]:
    done: list[str] = []
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    commands = [
        Command(GO_TO, "Data", lambda: done.append("data"), detail="1,111 rows", shortcut="Ctrl+2"),
        Command(DO, "Start training", lambda: done.append("start"), reason="there is no data yet"),
        Command(DO, "Export the report", lambda: done.append("report"), words="html pdf"),
    ]
    made = CommandPalette(commands, window)
    made.open()
    yield made, done  # it goes with the window


def test_words_in_any_order_find_a_command_and_enter_does_it(
    qtbot: QtBot, palette: tuple[CommandPalette, list[str]]
) -> None:
    shown, done = palette
    qtbot.keyClicks(shown.line, "PDF exp")
    assert [command.title for command in shown.commands()] == ["Export the report"]
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert done == ["report"]


def test_what_cannot_be_done_is_there_and_enter_leaves_it(
    qtbot: QtBot, palette: tuple[CommandPalette, list[str]]
) -> None:
    shown, done = palette
    qtbot.keyClicks(shown.line, "training")
    assert [command.reason for command in shown.commands()] == ["there is no data yet"]
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert done == [] and shown.isVisible()
    shown.line.setText("zebra")
    assert shown.commands() == [] and shown.findChild(QLabel, "paletteEmpty").isVisible()


def test_arrows_pass_over_titles_and_escape_closes(qtbot: QtBot, palette: tuple[CommandPalette, list[str]]) -> None:
    shown, done = palette
    assert shown.chosen() is not None and shown.chosen().title == "Data"
    qtbot.keyClick(shown.line, Qt.Key.Key_Down)
    assert shown.chosen().title == "Export the report"  # what can be done comes first
    qtbot.keyClick(shown.line, Qt.Key.Key_Up)
    assert shown.chosen().title == "Data"
    qtbot.keyClick(shown.line, Qt.Key.Key_Escape)
    assert not shown.isVisible() and done == []


def test_verbs_runs_and_datasets_are_commands(qtbot: QtBot, session: Session, opened: Project) -> None:
    action = QAction("&Export Report…")
    action.setShortcut("Ctrl+E")
    action.setEnabled(False)
    action.setProperty("paletteIcon", "file-text")
    (verb,) = verb_commands([action], lambda name: "no run yet")
    assert (verb.title, verb.shortcut, verb.reason, verb.icon) == ("Export Report", "Ctrl+E", "no run yet", "file-text")
    assert [command.words for command in run_commands(session)] == ["003-compress", "002-train", "001-train"]
    (dataset,) = dataset_commands(session)
    with qtbot.waitSignals([session.datasetSelected, session.tabRequested]):
        dataset.does()


def test_what_came_while_the_project_is_open_offers_the_next_step(
    qtbot: QtBot, session: Session, project_folder: Path
) -> None:
    steps = NextSteps(session)
    offers: list[str] = []
    steps.offered.connect(lambda text, button, does: offers.append(button))
    project = Project.open(project_folder, lock=True)
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged]):
        session.open(project)
    assert offers == []
    with qtbot.waitSignal(steps.offered) as imported:
        made_dataset(project, "made-2")
    assert imported.args[0].values == {"name": "made-2", "rows": 2500}
    with qtbot.waitSignal(session.tabRequested) as shown:
        imported.args[2]()
    assert shown.args == ["training"] and session.selected_dataset == "made-2"
    with qtbot.waitSignal(steps.offered) as trained:
        made_run(project, TrainPlan(dataset="made-2"))
    with qtbot.waitSignal(session.tabRequested) as shown:
        trained.args[2]()
    assert shown.args == ["results"]


def test_ctrl_k_in_a_field_opens_the_palette_and_finds_a_setting(
    qtbot: QtBot, session: Session, messages: Messages, project_folder: Path
) -> None:
    window = MainWindow(session, messages)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignals([window.project_controller.opened, session.runsChanged]):
        window.open_path(project_folder)
    notes = window.findChild(QPlainTextEdit, "projectNotes")
    notes.setFocus()
    qtbot.keyClick(notes, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(CommandPalette)
    assert palette is not None
    qtbot.keyClicks(palette.line, "learning_rate")
    assert palette.chosen() is not None
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert AREA_NAMES[window.tabs.currentIndex()] == "training"
    assert window.training_tab.all_settings.search.text()
    session.end()
