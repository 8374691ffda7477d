"""The queue in the window: Start while a run is on, the list and its order, the question at the start, variations."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.jobs.launch import processes
from sciapp.jobs.queue import queue
from sciapp.jobs.queue.view import look
from sciapp.jobs.runs.follow import standing
from sciapp.jobs.runs.follow_up import begin
from sciapp.records.machine.queue import Entry, Queue
from sciapp.records.machine.queue_view import EntryStatus, QueueLine, QueueView
from sciapp.records.plan.plan import CompressPlan, PretrainPlan, TrainPlan, before_training, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.study import Study, StudyDesign, write_study
from sciapp.records.run.run import RunStatus, usual_name
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.project.run_list import RunList
from sciapp.ui.queue.drawer import QueueDrawer
from sciapp.ui.queue.question import ask_about_queue
from sciapp.ui.queue.queue_list import QueueList
from sciapp.ui.session import Session
from sciapp.ui.training.tab import TrainingTab
from tests.helpers.light_runs import light_engine
from tests.helpers.made_projects import made_dataset
from tests.helpers.messages import numbers_in
from tests.helpers.queued import wait_until_idle

__all__ = ["light_engine"]  # a fixture


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "Löslichkeit", domain="molecule")
    made_dataset(made, "d")
    return made


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages, project: Project) -> TrainingTab:
    made = TrainingTab(session, messages)
    qtbot.addWidget(made)
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged, session.queueChanged]):
        session.open(Project.open(project.folder, lock=True))
    return made


@pytest.fixture
def nothing_begins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs stay where they are: no process is started."""
    monkeypatch.setattr(processes, "spawn", lambda *_, **__: 1)
    yield


def lines(*turns: EntryStatus) -> list[QueueLine]:
    found = []
    for number, turn in enumerate(turns):
        place = sum(one is EntryStatus.WAITING for one in turns[: number + 1]) if turn is EntryStatus.WAITING else 0
        found.append(
            QueueLine(
                folder=f"/p/{number}", project="P", run=f"00{number}-train", subject="d", model="m", lane="cpu",
                turn=turn, position=place,
            )
        )  # fmt: skip
    return found


def test_start_while_a_run_is_on_adds_to_the_queue_and_says_so(
    qtbot: QtBot, tab: TrainingTab, project: Project, messages: Messages, light_engine: None
) -> None:
    start = tab.findChild(QPushButton, "startTraining")
    assert start.text() == "Start training"
    tab.editor.setValue(TrainPlan(dataset="d", model="long"))
    start.click()
    qtbot.waitUntil(lambda: tab.start_bar.must_wait, timeout=20_000)
    first = project.runs()[0]
    qtbot.waitUntil(lambda: standing(first) is RunStatus.RUNNING, timeout=20_000)
    tab.editor.setValue(TrainPlan(dataset="d", model="short"))
    qtbot.waitUntil(tab.start_bar.settled)
    start.click()
    qtbot.waitUntil(lambda: "is in the queue" in messages.lastMessage, timeout=20_000)
    qtbot.waitUntil(lambda: "1 running, 1 waiting" in tab.findChild(QLabel, "queueStripSaid").text(), timeout=20_000)
    assert "001-train" in tab.panel.findChild(QLabel, "statusLabel").text()  # what is watched stays in view
    tab.stop()
    second = project.runs()[1]
    qtbot.waitUntil(lambda: standing(second) is RunStatus.FINISHED, timeout=30_000)
    qtbot.waitUntil(lambda: not tab.start_bar.must_wait, timeout=20_000)
    wait_until_idle()


def test_dragged_rows_ask_for_the_place_where_they_are_dropped(qtbot: QtBot) -> None:
    shown = QueueList()
    qtbot.addWidget(shown)
    shown.setLines(lines(EntryStatus.ON, EntryStatus.WAITING, EntryStatus.WAITING, EntryStatus.WAITING))
    items = shown.model()
    assert not items.flags(items.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert items.flags(items.index(1, 0)) & Qt.ItemFlag.ItemIsDragEnabled

    def dropped(row: int, before: int) -> list[object]:
        data: QMimeData = items.mimeData([items.index(row, column) for column in range(3)])
        with qtbot.waitSignal(shown.moveWanted) as wanted:
            assert not items.dropMimeData(data, Qt.DropAction.MoveAction, before, 0, QModelIndex())
        return list(wanted.args)

    assert dropped(1, 3) == ["/p/1", 2]  # behind the one that was second
    assert dropped(1, -1) == ["/p/1", 3]  # below all rows
    assert dropped(3, 1) == ["/p/3", 1]
    assert dropped(3, 0) == ["/p/3", 1]  # not before what is on
    assert dropped(2, 2) == ["/p/2", 2]  # where it was


def test_the_keyboard_moves_and_takes_out(qtbot: QtBot) -> None:
    shown = QueueList()
    qtbot.addWidget(shown)
    shown.setLines(lines(EntryStatus.ON, EntryStatus.WAITING, EntryStatus.WAITING))
    shown.choose("/p/2")
    with qtbot.waitSignal(shown.moveWanted) as wanted:
        qtbot.keyClick(shown, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert wanted.args == ["/p/2", 1]
    with qtbot.waitSignal(shown.removeWanted) as taken:
        qtbot.keyClick(shown, Qt.Key.Key_Delete)
    assert taken.args == ["/p/2"]
    shown.choose("/p/0")
    with qtbot.assertNotEmitted(shown.removeWanted):
        qtbot.keyClick(shown, Qt.Key.Key_Delete)  # what is on is not taken out


@pytest.mark.usefixtures("nothing_begins")
def test_the_drawer_changes_the_order_pauses_and_goes_on(
    qtbot: QtBot, session: Session, messages: Messages, project: Project
) -> None:
    queue.pause()
    runs = [project.new_run(TrainPlan(dataset="d", model=name)) for name in ("a", "b", "c")]
    for run in runs:
        queue.add(run)
    drawer = QueueDrawer(messages)
    qtbot.addWidget(drawer)
    session.queueChanged.connect(drawer.setView)
    drawer.changed.connect(session.refresh)
    session.follow_queue()
    drawer.show()
    button = {name: drawer.findChild(QPushButton, f"queue{name}") for name in ("Up", "Down", "Remove", "Pause", "GoOn")}
    rows = drawer.list.model()
    qtbot.waitUntil(lambda: rows.rowCount() == 3, timeout=10_000)
    assert not button["Pause"].isEnabled() and button["GoOn"].isEnabled()
    drawer.list.choose(str(runs[2].folder))
    assert button["Up"].isEnabled() and not button["Down"].isEnabled()
    button["Up"].click()
    qtbot.waitUntil(lambda: rows.index(1, 2).data() == usual_name(runs[2].id), timeout=10_000)
    drawer.list.choose(str(runs[0].folder))
    button["Remove"].click()
    qtbot.waitUntil(lambda: rows.rowCount() == 2, timeout=10_000)
    button["GoOn"].click()
    qtbot.waitUntil(button["Pause"].isEnabled, timeout=10_000)
    assert look().paused is False


def test_runs_that_nobody_starts_are_a_question(qtbot: QtBot, messages: Messages) -> None:
    asked: list[str] = []
    window = QLabel()
    qtbot.addWidget(window)

    def ask(*turns: EntryStatus, **more: object) -> str | None:
        view = QueueView(lines=tuple(lines(*turns)), **more)  # type: ignore[arg-type]
        box = ask_about_queue(messages, view, lambda: asked.append("go on"), lambda: asked.append("forget"), window)
        if box is None:
            return None
        said = box.text()
        next(button for button in box.buttons() if "Go on" in button.text()).click()
        return said

    waiting = ask(EntryStatus.WAITING, EntryStatus.WAITING, EntryStatus.WAITING)
    assert waiting is not None and numbers_in(waiting) == ["3"] and "waiting" in waiting
    both = ask(EntryStatus.INTERRUPTED, EntryStatus.WAITING)
    assert both is not None and numbers_in(both) == ["1", "1"] and "interrupted" in both and "waiting" in both
    interrupted = ask(EntryStatus.INTERRUPTED)
    assert interrupted is not None and numbers_in(interrupted) == ["1"] and "waiting" not in interrupted
    assert asked == ["go on"] * 3
    assert ask(EntryStatus.WAITING, moving=True) is None
    assert ask(EntryStatus.WAITING, paused=True) is None
    assert ask(EntryStatus.ON, EntryStatus.MISSING) is None


def test_the_window_asks_when_it_starts_and_goes_on(
    qtbot: QtBot, session: Session, messages: Messages, project: Project, light_engine: None
) -> None:
    run = project.new_run(TrainPlan(dataset="d", model="short"))
    with queue.held() as file:
        file.write(Queue().with_entry(Entry(folder=str(run.folder), added=datetime.now(UTC))))
    window = MainWindow(session, messages)
    qtbot.addWidget(window)
    window.show()
    window.queue_controller.ask()
    qtbot.waitUntil(lambda: "waiting" in messages.lastMessage, timeout=10_000)
    box = window.findChild(QMessageBox, "message")
    assert usual_name(run.id) in box.informativeText() and "Löslichkeit" in box.informativeText()
    next(button for button in box.buttons() if "Go on" in button.text()).click()
    qtbot.waitUntil(lambda: standing(run) is RunStatus.FINISHED, timeout=30_000)
    wait_until_idle()
    window.show_queue()
    assert window.frame.drawer.isVisible()
    qtbot.keyClick(window.frame.drawer.list, Qt.Key.Key_Escape)
    assert not window.frame.drawer.isVisible()


def test_the_settings_of_any_run_are_used_again(
    qtbot: QtBot, session: Session, tab: TrainingTab, project: Project
) -> None:
    plan = with_settings(TrainPlan(dataset="d", model="some/model"), {"learning_rate": 2e-5, "seed": 7})
    first = project.new_run(with_settings(plan, {"augmentations": "end_crops"}))
    run = project.new_run(plan)
    study = Study(id="001-ablation", kind="ablation", plan=first.plan(), runs=(first.id, run.id))
    write_study(project.folder, study)
    smaller = project.new_run(CompressPlan(run=run.id))
    pretraining = before_training(with_settings(PretrainPlan(), {"masked_share": 0.3}), plan)
    design = StudyDesign(plan=pretraining, kind="pretraining_first", then=StudyDesign(plan=plan))
    learnt = begin(project, design)
    for wanted in (run, smaller):
        tab.editor.setValue(TrainPlan(dataset="d"))
        session.request_settings(wanted.id)
        qtbot.waitUntil(lambda: tab.editor.value() == plan, timeout=10_000)
        assert tab.pretraining.value() is None
    tab.editor.setValue(TrainPlan(dataset="d"))
    session.request_settings(learnt.id)
    qtbot.waitUntil(lambda: tab.editor.value() == plan, timeout=10_000)
    assert tab.pretraining.value().masking.masked_share == 0.3


def test_a_list_of_runs_offers_their_settings(qtbot: QtBot, opened_list: RunList) -> None:
    action = next(one for one in opened_list.actions() if one.objectName() == "useSettings")
    with qtbot.assertNotEmitted(opened_list.settingsWanted):
        action.trigger()  # nothing is chosen
    opened_list.select("001-train")
    with qtbot.waitSignal(opened_list.settingsWanted) as wanted:
        action.trigger()
    assert wanted.args == ["001-train"]


@pytest.fixture
def opened_list(qtbot: QtBot, project: Project) -> RunList:
    from sciapp.jobs.runs.summary import summarise

    shown = RunList()
    qtbot.addWidget(shown)
    shown.setRuns([summarise(project.new_run(TrainPlan(dataset="d")))])
    return shown
