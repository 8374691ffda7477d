"""What was set for one project stays out of the next; one click is one wish; what gives the answer away is marked."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.findings import Finding
from sciapp.records.machine.queue_view import QueueView
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.run import RunStatus
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.training.start_bar import ClickGuard, RunBar, StartBar
from sciapp.ui.training.tab import TrainingTab
from sciapp.ui.widgets.file_dialogs import ask_for_file, ask_for_folder, ask_where, files_folder, set_files_folder
from tests.helpers.made_projects import made_dataset, made_project


@pytest.fixture
def bars(qtbot: QtBot) -> tuple[StartBar, RunBar]:
    """The buttons of the next run and of the watched one, as a window has them."""
    guard = ClickGuard()
    start, run = StartBar(guard), RunBar(guard)
    for bar in (start, run):
        qtbot.addWidget(bar)
        bar.show()
    start.set_ready(True, "")
    return start, run


def counted(bars: tuple[StartBar, RunBar], *names: str) -> list[str]:
    """The requests with these names, as they come."""
    seen: list[str] = []
    for name in names:
        bar = next(bar for bar in bars if hasattr(bar, name))
        getattr(bar, name).connect(lambda name=name: seen.append(name))
    return seen


def test_a_double_click_on_start_is_one_start(bars: tuple[StartBar, RunBar]) -> None:
    seen = counted(bars, "startRequested", "cancelRequested", "stopRequested")
    QTest.mouseDClick(start := button(bars[0], "startTraining"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    assert seen == ["startRequested"]


def test_what_comes_under_the_pointer_after_start_is_not_clicked_by_the_same_double_click(
    qtbot: QtBot, bars: tuple[StartBar, RunBar]
) -> None:
    seen = counted(bars, "startRequested", "cancelRequested")
    QTest.mouseClick(button(bars[0], "startTraining"), Qt.MouseButton.LeftButton)
    bars[1].show_standing(RunStatus.RUNNING, read_only=False)
    cancel = button(bars[1], "cancelRun")
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert seen == ["startRequested"]
    # A person who reads first and clicks then is heard.
    qtbot.waitUntil(lambda: cancel.click() or "cancelRequested" in seen, timeout=5000)
    assert seen == ["startRequested", "cancelRequested"]


def test_the_buttons_stay_where_they_are_when_the_queue_has_something_to_say(qtbot: QtBot) -> None:
    tab = TrainingTab(Session(), Messages())
    qtbot.addWidget(tab)
    tab.resize(1100, 700)
    tab.show()
    before = tab.start_bar.mapToGlobal(tab.start_bar.rect().topLeft())
    tab.queue_strip.setView(QueueView())
    tab.queue_strip.setVisible(True)
    qtbot.waitUntil(tab.queue_strip.isVisible)
    tab.layout().activate()
    assert tab.start_bar.mapToGlobal(tab.start_bar.rect().topLeft()) == before


def test_the_form_of_the_next_project_begins_with_what_is_usual(qtbot: QtBot, tmp_path: Path) -> None:
    session = Session()
    tab = TrainingTab(session, Messages())
    qtbot.addWidget(tab)
    for name in ("first", "second"):
        made_dataset(made := made_project(tmp_path / name))
        made.close()
        session.open(Project.open(tmp_path / name, lock=True))
        qtbot.waitUntil(lambda: tab.editor.value() is not None, timeout=10_000)
        if name == "first":
            usual = tab.editor.value()
            odd = with_settings(
                usual, {"learning_rate": 0.5, "num_train_epochs": 77, "optimizer": "sgd", "descriptors": "off"}
            ).model_copy(update={"model": "some/other-model"})
            tab.editor.setValue(odd)
            tab.pretraining.setValue(PretrainPlan())
            assert tab.editor.value() == odd and tab.pretraining.value() is not None
    qtbot.waitUntil(lambda: tab.editor.value() == usual, timeout=10_000)
    assert tab.pretraining.value() is None
    session.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda parent, chosen: ask_for_file(parent, "asked", "A file", "All files (*)", chosen),
        lambda parent, chosen: ask_for_folder(parent, "asked", "A folder", chosen),
        lambda parent, chosen: ask_where(parent, "asked", "Save", Path("out.csv"), chosen),
    ],
    ids=["file", "folder", "save"],
)
def test_dialogs_begin_in_the_folder_of_the_open_project_and_remember_what_was_chosen(
    qtbot: QtBot, tmp_path: Path, ask: Callable[[QWidget, Callable[[Path], object]], None]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    inner = QWidget(QWidget(window))
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    elsewhere = QFileDialog(window, "Another project's", str(tmp_path / "three"))
    elsewhere.open()
    elsewhere.accept()
    set_files_folder(window, tmp_path / "one")
    chosen: list[Path] = []
    ask(inner, chosen.append)
    dialog = inner.findChild(QFileDialog, "asked")
    assert Path(dialog.directory().absolutePath()) == tmp_path / "one"
    dialog.fileSelected.emit(str(tmp_path / "two" / "table.csv"))
    assert chosen == [tmp_path / "two" / "table.csv"]
    assert files_folder(inner) == tmp_path / "two"
    dialog.close()


def test_a_condition_that_gives_the_answer_away_stands_last_and_is_warned_about(
    qtbot: QtBot, leaking_card: DatasetCard
) -> None:
    editor = TrainPlanEditor()
    qtbot.addWidget(editor)
    editor.setDatasets([leaking_card])
    shown = editor.findChild(QListWidget, "covariates")
    warning = editor.findChild(QLabel, "leakingConditions")
    assert shown.item(0).text() == "pH" and shown.item(0).toolTip() == ""
    assert shown.item(1).text().startswith("log y (") and "rises" in shown.item(1).toolTip()
    assert warning.isHidden()
    editor.setValue(TrainPlan(dataset=leaking_card.id, model="m", covariates=("log y", "pH")))
    assert set(editor.value().covariates) == {"log y", "pH"}
    assert "“log y”" in warning.text() and "pH" not in warning.text() and not warning.isHidden()
    shown.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert editor.value().covariates == ("pH",) and warning.isHidden()


@pytest.fixture
def leaking_card(tmp_path: Path) -> DatasetCard:
    card = made_dataset(project := made_project(tmp_path / "leaking"))
    project.close()
    finding = Finding(kind="leaks", title="“log y” rises and falls with “y”", count=9, column="log y", weight="note")
    return card.model_copy(update={"numeric_columns": ("log y", "pH"), "findings": (finding,)})


def button(parent: QWidget, name: str) -> QPushButton:
    found = parent.findChild(QPushButton, name)
    assert found is not None
    return found


def test_a_second_project_shows_nothing_of_the_first_in_any_tab(
    qtbot: QtBot, session: Session, messages: Messages, project_folder: Path, tmp_path: Path
) -> None:
    window = MainWindow(session, messages)
    qtbot.addWidget(window)
    window.show()
    window.complete()
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged]):
        session.open(Project.open(project_folder, lock=True))
    for index in range(window.tabs.count()):
        window.tabs.setCurrentIndex(index)
    window.request_tab("data")
    qtbot.waitUntil(lambda: any("made-1" in text for text in _visible(window)))
    second = Project.create(tmp_path / "second", domain="text", lock=True)
    with qtbot.waitSignals([session.datasetsChanged, session.runsChanged]):
        session.open(second)
    of_first = ("made-1", "001-train", "002-train", "003-compress", "0.55", "0.500", project_folder.name)
    for index in range(window.tabs.count()):
        window.tabs.setCurrentIndex(index)
        qtbot.waitUntil(lambda: not any(word in text for text in _visible(window) for word in of_first))
    window.close()


def _visible(window: QWidget) -> list[str]:
    """All that can be read in the window."""
    texts = [window.windowTitle()]
    for part in window.findChildren(QWidget):
        if not part.isVisible():
            continue
        if isinstance(part, QLabel | QPushButton | QLineEdit):
            texts.append(part.text())
        elif isinstance(part, QPlainTextEdit):
            texts.append(part.toPlainText())
        elif isinstance(part, QComboBox):
            texts += [part.itemText(place) for place in range(part.count())]
        elif isinstance(part, QAbstractItemView) and (model := part.model()) is not None:
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
            places = [(row, column) for row in range(model.rowCount()) for column in range(columns)]
            texts += [str(model.index(*place).data()) for place in places[:500]]
    return texts
