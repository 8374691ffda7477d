"""Runs and datasets are renamed, deleted, brought back and annotated on the project page, by keyboard alone."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sciapp.jobs import trash
from sciapp.jobs.runs.summary import summarise
from sciapp.records.project.deletions import deletions_in
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import PairedDifference
from sciapp.records.run.run import RunStatus
from sciapp.records.run.summary import RunSummary, StudySummary
from sciapp.ui.messages import Messages
from sciapp.ui.project.item_dialogs import NotesDialog, TrashDialog
from sciapp.ui.project.tab import ProjectTab
from sciapp.ui.project.timeline import next_step, timeline
from sciapp.ui.project.timeline_card import ItemCard
from sciapp.ui.project.timeline_view import TimelineView
from sciapp.ui.session import Session
from sciapp.ui.widgets.banner import UndoBar
from tests.helpers.made_projects import evaluation
from tests.helpers.messages import names


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages) -> ProjectTab:
    made = ProjectTab(session, messages)
    qtbot.addWidget(made)
    made.resize(1000, 620)
    made.show()
    made.activateWindow()
    return made


@pytest.fixture
def undo(tab: ProjectTab, messages: Messages) -> UndoBar:
    bar = UndoBar(tab)
    messages.undoOffered.connect(bar.offer)
    return bar


def card(tab: ProjectTab, id: str) -> ItemCard:
    row = tab.page.timeline.row(f"run:{id}")
    assert row is not None
    row.card.setFocus()
    return row.card


def shown(tab: ProjectTab) -> list[str]:
    return [entry.key for entry in tab.page.timeline.entries]


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key, modifier)


def summary(number: int, standing: RunStatus = RunStatus.FINISHED, **more: object) -> RunSummary:
    usual = {"id": f"{number:03d}-train", "kind": "train", "subject": "esol-1", "model": "molecule-starter"}
    moment = datetime.now(UTC) - timedelta(hours=10 - number)
    return RunSummary.model_validate(usual | {"standing": standing, "created": moment} | more)


def test_f2_renames_and_ctrl_z_brings_the_name_back(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    card(tab, "001-train")
    press(qtbot, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit) and editor.objectName() == "entryName"
    qtbot.keyClicks(editor, "First try")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.run("1").title == "First try")
    qtbot.waitUntil(lambda: card(tab, "001-train").heading.text() == "First try")
    press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opened.run("1").annotation.name == "")


def test_escape_leaves_the_name_and_the_focus_on_the_card(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    run = card(tab, "001-train")
    press(qtbot, Qt.Key.Key_F2)
    qtbot.keyClicks(QApplication.focusWidget(), "Wrong")
    press(qtbot, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is run
    assert opened.run("1").annotation.name == ""


def test_delete_deletes_and_undo_brings_it_back(qtbot: QtBot, tab: ProjectTab, undo: UndoBar, opened: Project) -> None:
    before = shown(tab)
    card(tab, "001-train")
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "run:001-train" not in shown(tab))
    assert undo.isVisible() and [run.id for run in opened.runs()] == ["002-train", "003-compress"]
    focused = QApplication.focusWidget()
    assert focused is not None and tab.page.timeline.isAncestorOf(focused)
    button = undo.findChild(QPushButton, "undo")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: shown(tab) == before)
    assert not undo.isVisible() and deletions_in(opened.folder) == []


def test_what_depends_on_a_run_is_asked_about_first(
    qtbot: QtBot, tab: ProjectTab, messages: Messages, undo: UndoBar, opened: Project
) -> None:
    card(tab, "002-train")
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(boxes()))
    assert names(messages.lastMessage, number=2) and names(boxes()[0].informativeText(), number=3) is not None
    boxes()[0].buttons()[0].click()
    qtbot.waitUntil(lambda: shown(tab) == ["dataset:made-1", "run:001-train"])
    tab.page.timeline.setFocus()
    tab.items.undo()
    qtbot.waitUntil(lambda: len(shown(tab)) == 4)


def boxes() -> list[QMessageBox]:
    return [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]


def test_a_run_that_is_on_is_not_deleted(qtbot: QtBot, tab: ProjectTab, messages: Messages, opened: Project) -> None:
    run = opened.run("1")
    run.write_state(run.state().model_copy(update={"status": "waiting", "queued": True}))
    card(tab, "001-train")
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(messages.lastMessage, id="001-train"))
    assert "run:001-train" in shown(tab)


def test_notes_and_tags_are_written_in_a_dialog_and_seen_on_the_card(
    qtbot: QtBot, tab: ProjectTab, opened: Project
) -> None:
    entry = next(entry for entry in tab.page.timeline.entries if entry.key == "run:001-train")
    menu = tab.page.timeline.menu(entry)
    next(action for action in menu.actions() if action.objectName() == "entryNotes").trigger()
    menu.close()
    dialog = tab.items.dialog
    assert isinstance(dialog, NotesDialog)
    dialog.findChild(QPlainTextEdit, "itemNotes").setPlainText("by hand")
    dialog.findChild(QLineEdit, "itemTags").setText("paper, to repeat")
    dialog.save.click()
    qtbot.waitUntil(lambda: opened.run("1").annotation.tags == ("paper", "to repeat"))
    qtbot.waitUntil(lambda: card(tab, "001-train").notes.text() == "by hand")
    assert tab.items.dialog is None


def test_the_trash_restores_what_was_deleted_earlier(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    trash.delete(opened, [Item(kind="run", id="001-train")], dependents=False)
    tab.findChild(QPushButton, "showTrash").click()
    dialog = tab.items.dialog
    assert isinstance(dialog, TrashDialog)
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    dialog.restore.click()
    qtbot.waitUntil(lambda: dialog.list.count() == 0)
    qtbot.waitUntil(lambda: "run:001-train" in shown(tab))
    assert not dialog.restore.isEnabled() and not dialog.empty.isEnabled()
    dialog.reject()


def test_what_is_older_than_thirty_days_is_gone_when_the_project_is_opened(
    qtbot: QtBot, tab: ProjectTab, session: Session, messages: Messages, opened: Project
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    trash.delete(opened, [Item(kind="run", id="001-train")], dependents=False, now=long_ago)
    session.close()
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged]):
        session.open(Project.open(opened.folder, lock=True))
    qtbot.waitUntil(lambda: deletions_in(opened.folder) == [])
    qtbot.waitUntil(lambda: names(messages.lastMessage, days=trash.KEPT_DAYS))


def test_a_read_only_project_changes_nothing(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    second = Session()
    other = ProjectTab(second, Messages())
    qtbot.addWidget(other)
    with qtbot.waitSignals([second.datasetsChanged, second.runsChanged]):
        second.open(Project.open(opened.folder, lock=True))
    row = other.page.timeline.row("run:001-train")
    assert row is not None and row.entry is not None
    qtbot.keyClick(row.card, Qt.Key.Key_Delete)
    qtbot.keyClick(row.card, Qt.Key.Key_F2)
    assert row.card.editor.isHidden()
    offered = {action.objectName() for action in other.page.timeline.menu(row.entry).actions()}
    assert "entryOpen" in offered and not offered & {"entryDelete", "entryRename", "entryNotes", "entryVersion"}
    second.close()


def test_arrows_go_from_card_to_card_and_tab_to_the_button(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    first = card(tab, "001-train")
    press(qtbot, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is not first and isinstance(QApplication.focusWidget(), ItemCard)
    press(qtbot, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is first
    press(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is first.button
    press(qtbot, Qt.Key.Key_End)
    assert QApplication.focusWidget() is tab.page.timeline.next_row.card


def test_a_new_version_is_asked_for_with_what_was_changed(qtbot: QtBot, tab: ProjectTab, opened: Project) -> None:
    tab.page.timeline.versionRequested.emit("made-1")
    qtbot.waitUntil(lambda: tab.findChild(QDialog, "versionDialog") is not None)
    dialog = tab.findChild(QDialog, "versionDialog")
    assert not dialog.make.isEnabled()
    dialog.targets.item(1).setCheckState(Qt.CheckState.Checked)
    assert dialog.make.isEnabled()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.make.click()
    assert chosen.args[0].targets == ("y", "note 0") and chosen.args[0].split is None
    qtbot.waitUntil(lambda: bool(boxes()))  # the file of a made-up dataset is not there


def test_studies_fold_out_with_the_right_arrow(qtbot: QtBot) -> None:
    study = StudySummary(
        id="001-cv", kind="cross_validation", title="Cross-validation", runs=("001-train", "002-train")
    )
    view = TimelineView()
    qtbot.addWidget(view)
    view.show()
    runs = [summary(1, study=study), summary(2, study=study), summary(3)]
    view.set_entries(timeline([], [], runs), next_step([], runs))
    assert view.row("run:001-train") is None
    row = view.row("study:001-cv")
    assert row is not None
    row.card.setFocus()
    qtbot.keyClick(row.card, Qt.Key.Key_Right)
    assert view.row("run:001-train") is not None
    qtbot.keyClick(row.card, Qt.Key.Key_Left)
    assert view.row("run:001-train") is None


def test_of_many_runs_the_newest_are_shown_and_the_others_on_demand(qtbot: QtBot) -> None:
    view = TimelineView()
    qtbot.addWidget(view)
    runs = [summary(number) for number in range(1, 61)]
    view.set_entries(timeline([], [], runs), None)
    assert view.row("run:060-train") is not None and view.row("run:001-train") is None
    view.findChild(QWidget, "showEarlier").click()
    assert view.row("run:001-train") is not None


def test_the_next_step_follows_from_what_there_is() -> None:
    assert next_step([], []).verb == "import"
    assert timeline([], [], []) == []


def test_a_model_that_lost_is_not_called_luck_and_more_of_the_same_is_not_advised(opened: Project) -> None:
    pills, titles = [], []
    for beats, difference in ((True, (-0.3, -0.4, -0.2)), (False, (0.1, -0.1, 0.3)), (False, (0.3, 0.2, 0.4))):
        numbers = PairedDifference(difference=difference[0], low=difference[1], high=difference[2])
        measured = evaluation().model_copy(update={"beats_simple_baseline": beats, "difference": numbers})
        opened.run("1").write_evaluation(measured)
        run = summarise(opened.run("1"))
        pills.append(timeline([], [], [run])[0].pill)
        titles.append(next_step([opened.dataset("made-1")], [run]).title)
    assert len(set(pills)) == 3 and len(set(titles)) == 3
