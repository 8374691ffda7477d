"""Verbs on runs and datasets wait for each other, belong to the project they were asked in, and lose nothing."""

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sciapp.actions import items as items_actions
from sciapp.errors import OutOfSpace
from sciapp.jobs import trash
from sciapp.records.annotation import LONGEST_TAG, Annotation
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.deletions import Deletion, deletions_in
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project
from sciapp.ui.messages import Messages
from sciapp.ui.project.item_controller import ItemController
from sciapp.ui.project.item_dialogs import NotesDialog
from sciapp.ui.session import Session
from sciapp.workers.query import OrderedQueries
from tests.helpers.made_projects import made_project, made_run
from tests.helpers.messages import names

FIRST, SECOND = Item(kind="run", id="001-train"), Item(kind="run", id="003-compress")


@pytest.fixture
def items(qtbot: QtBot, session: Session, messages: Messages, opened: Project) -> ItemController:
    window = QWidget()
    qtbot.addWidget(window)
    made = ItemController(session, messages, window)
    made.setProperty("window", window)  # a reference, as the tab holds one
    return made


@pytest.fixture
def another(tmp_path: Path) -> Project:
    """A project with a run of the same id."""
    project = made_project(tmp_path / "another")
    made_run(project, TrainPlan(dataset="made-1"))
    return project


def test_works_are_carried_out_one_at_a_time_in_order_and_each_is_answered(qtbot: QtBot) -> None:
    queue, gate = OrderedQueries(), Event()
    log: list[str] = []
    answers: list[str] = []

    def work(name: str, *, fails: bool = False) -> str:
        log.append(f"{name} begins")
        assert gate.wait(10)
        log.append(f"{name} ends")
        if fails:
            raise OSError(name)
        return name

    queue.ask(lambda _: work("a"), answers.append)
    queue.ask(lambda _: work("b", fails=True), answers.append, lambda error: answers.append(str(error)))
    queue.ask(lambda _: work("c"), answers.append)
    qtbot.waitUntil(lambda: log == ["a begins"])
    gate.set()
    qtbot.waitUntil(lambda: answers == ["a", "b", "c"])
    assert log == [f"{name} {end}" for name in "abc" for end in ("begins", "ends")] and not queue.busy


def test_of_two_quick_deletions_both_can_be_undone(
    qtbot: QtBot, items: ItemController, messages: Messages, opened: Project
) -> None:
    offered: list[str] = []
    messages.undoOffered.connect(lambda text, _: offered.append(text))
    items.delete([FIRST])
    items.delete([SECOND])
    qtbot.waitUntil(lambda: len(offered) == 2)
    assert {item.id for deletion in deletions_in(opened.folder) for item in deletion.items} == {FIRST.id, SECOND.id}
    items.undo()
    items.undo()
    qtbot.waitUntil(lambda: deletions_in(opened.folder) == [])
    qtbot.waitUntil(lambda: len(opened.runs()) == 3)


def test_undo_after_a_new_name_undoes_once(
    qtbot: QtBot, items: ItemController, messages: Messages, opened: Project
) -> None:
    items.rename(FIRST, "First try")
    with qtbot.waitSignal(items.changed):
        pass
    with qtbot.waitSignal(items.changed):
        items.undo()
    assert opened.run("1").annotation.name == ""
    with qtbot.waitSignal(messages.posted):  # there is nothing more to undo
        items.undo()
    assert opened.run("1").annotation.name == ""


def test_an_answer_that_comes_after_another_project_was_opened_undoes_nothing_there(
    qtbot: QtBot,
    items: ItemController,
    session: Session,
    another: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, rename = Event(), items_actions.rename
    done: list[str] = []

    def slow_name(*, project: Project, item: Item, name: str) -> Annotation:
        annotation = rename(project=project, item=item, name=name)
        done.append("rename")
        assert gate.wait(10)
        return annotation

    monkeypatch.setattr(items_actions, "rename", slow_name)
    items.rename(FIRST, "First try")
    qtbot.waitUntil(lambda: done == ["rename"])
    rename(project=another, item=FIRST, name="Another")
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged]):
        session.open(another)
    with qtbot.waitSignal(items.changed):
        gate.set()
    items.undo()
    qtbot.waitUntil(lambda: not items._writing.busy)
    assert another.run("1").annotation.name == "Another"


def test_the_undo_of_a_deletion_belongs_to_its_project(
    qtbot: QtBot, items: ItemController, session: Session, messages: Messages, opened: Project, another: Project
) -> None:
    undos: list[object] = []
    messages.undoOffered.connect(lambda _, undo: undos.append(undo))
    items.delete([FIRST])
    qtbot.waitUntil(lambda: len(undos) == 1)
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged]):
        session.open(another)
    undo = undos[0]
    assert callable(undo)
    undo()
    qtbot.waitUntil(lambda: not items._writing.busy)
    assert len(deletions_in(opened.folder)) == 1 and len(another.runs()) == 1


def test_restore_is_over_before_the_trash_is_emptied(
    qtbot: QtBot, items: ItemController, opened: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    deletion = trash.delete(opened, [FIRST], dependents=False)
    gate, begun, restore = Event(), Event(), items_actions.restore

    def slow(*, project: Project, id: str) -> Deletion:
        begun.set()
        assert gate.wait(10)
        return restore(project=project, id=id)

    monkeypatch.setattr(items_actions, "restore", slow)
    items.restore(deletion.id)
    items._empty(opened)
    qtbot.waitUntil(begun.is_set)
    gate.set()
    qtbot.waitUntil(lambda: not items._writing.busy)
    assert opened.run("1").id == FIRST.id and deletions_in(opened.folder) == []


def typed(items: ItemController, notes: str, tags: str) -> NotesDialog:
    items.edit_notes(FIRST, "Run 1")
    dialog = items.dialog
    assert isinstance(dialog, NotesDialog)
    dialog.findChild(QPlainTextEdit, "itemNotes").setPlainText(notes)
    dialog.findChild(QLineEdit, "itemTags").setText(tags)
    dialog.save.click()
    return dialog


def test_notes_that_are_refused_stay_in_the_dialog(
    qtbot: QtBot, items: ItemController, messages: Messages, opened: Project
) -> None:
    dialog = typed(items, "by hand", "t" * (LONGEST_TAG + 1))
    qtbot.waitUntil(lambda: names(messages.lastMessage, tag="t" * LONGEST_TAG))
    assert items.dialog is dialog and dialog.isVisible() and dialog.notes() == "by hand"
    assert opened.run("1").annotation == Annotation()
    dialog.findChild(QLineEdit, "itemTags").setText("paper")
    dialog.save.click()
    qtbot.waitUntil(lambda: items.dialog is None)
    assert (opened.run("1").annotation.notes, opened.run("1").annotation.tags) == ("by hand", ("paper",))


def test_notes_stay_in_the_dialog_while_the_disk_is_full(
    qtbot: QtBot, items: ItemController, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OutOfSpace("full")

    monkeypatch.setattr(items_actions, "annotate", full)
    dialog = typed(items, "by hand", "paper")
    qtbot.waitUntil(lambda: messages.lastMessage == "full")
    assert items.dialog is dialog and dialog.notes() == "by hand" and dialog.save.isEnabled()
    dialog.reject()
