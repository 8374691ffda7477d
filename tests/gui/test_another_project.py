"""Nothing of a project is left in the window when another one is opened, on no page, hidden or in view."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sciapp.records.plan.plan import CompressPlan, PretrainPlan, TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.events import Noted
from sciapp.ui.main_window import TAB_NAMES, MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from tests.helpers.made_projects import made_dataset, made_project, made_run

MARK = "zebra"


@pytest.fixture
def window(qtbot: QtBot, session: Session, messages: Messages) -> Iterator[MainWindow]:
    made = MainWindow(session, messages)
    qtbot.addWidget(made)
    made.show()
    made.complete()
    yield made
    session.close()  # or the window asks about runs that are on


@pytest.fixture
def marked(tmp_path: Path) -> Project:
    """A project in which every name and text has the mark in it."""
    project = Project.create(tmp_path / MARK, domain="protein", name=f"{MARK} name", notes=f"{MARK} notes", lock=True)
    made_dataset(project, f"{MARK}-1")
    training = TrainPlan(dataset=f"{MARK}-1", model=f"{MARK}/model")
    run = made_run(project, training)
    run.append_event(Noted(level="info", message=f"{MARK} was noted"))
    evaluation = run.evaluation()
    assert evaluation is not None
    about = {"verdict": f"{MARK} verdict", "remarks": (f"{MARK} remark",)}
    run.write_evaluation(evaluation.model_copy(update=about))
    smaller = made_run(project, CompressPlan(run=run.id))
    compared = smaller.evaluation()
    assert compared is not None
    smaller.write_evaluation(compared.model_copy(update=about))
    project.close()
    return project


def open_project(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignals([window.project_controller.opened, window.session.runsChanged]):
        window.open_path(path)


def texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Everything that a widget says → by which means."""
    yield "tooltip", widget.toolTip()
    match widget:
        case QLabel() | QLineEdit() | QAbstractButton():
            yield "text", widget.text()
        case QPlainTextEdit() | QTextEdit():
            yield "text", widget.toPlainText()
        case QComboBox():
            for index in range(widget.count()):
                yield "item", widget.itemText(index)
        case QGroupBox():
            yield "title", widget.title()
        case QTabBar():
            for index in range(widget.count()):
                yield "tab", widget.tabText(index)
        case QAbstractItemView() if widget.model() is not None:
            yield from (("cell", text) for text in cells(widget.model()))


def cells(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    parent = parent or QModelIndex()
    for row in range(min(model.rowCount(parent), 50)):
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
        for column in range(columns):
            index = model.index(row, column, parent)
            yield from (str(model.data(index, role) or "") for role in (0, Qt.ItemDataRole.ToolTipRole))
        yield from cells(model, model.index(row, 0, parent))


def marked_texts(window: MainWindow) -> list[str]:
    """Those with the mark in them; the lists of recent projects name a project of which nothing is shown."""
    recent = {*window.home.page.findChildren(QWidget), window.home.page}
    widgets = [widget for widget in window.findChildren(QWidget) if widget not in recent]
    return [
        f"{type(widget).__name__} {_name(widget)} {kind}: {text}"
        for widget in widgets
        for kind, text in texts(widget)
        if MARK in text
    ]


def _name(widget: QWidget) -> str:
    parent = widget
    while parent is not None and not parent.objectName():
        parent = parent.parentWidget()
    return parent.objectName() if parent is not None else ""


def filled(qtbot: QtBot, window: MainWindow, project: Project) -> None:
    """Every page of the project looked at, and every form filled in."""
    open_project(qtbot, window, project.folder)
    window.request_tab("data")
    panel = window.data_tab.panel
    qtbot.waitUntil(lambda: panel.findChild(QLabel, "datasetTitle").text() == f"{MARK}-1")
    for index in range(panel.tabs.count()):
        panel.tabs.setCurrentIndex(index)
    window.request_tab("training")
    plan = with_settings(TrainPlan(dataset=f"{MARK}-1", model=f"{MARK}/model"), {"learning_rate": 0.123, "seed": 7})
    window.training_tab.editor.setDesign(StudyDesign(plan=plan))
    window.training_tab.pretraining.setValue(PretrainPlan(file=f"/{MARK}.csv"))
    window.request_tab("results")
    window.session.select_run("001-train")
    scores = window.results_tab.panel.scores
    qtbot.waitUntil(lambda: scores.verdict.text() == f"{MARK} verdict")
    window.request_tab("compression")
    window.session.select_run("002-compress")
    compared = window.compression_tab.findChild(QLabel, "compressionVerdict")
    qtbot.waitUntil(lambda: MARK in compared.text())
    window.results_tab.saved.show_saved(project.folder / "report.html")
    assert len(marked_texts(window)) > 20


@pytest.mark.parametrize("tab", TAB_NAMES)
def test_no_page_keeps_what_it_showed_of_the_first_project(
    qtbot: QtBot, window: MainWindow, marked: Project, tmp_path: Path, tab: str
) -> None:
    filled(qtbot, window, marked)
    made_project(tmp_path / "second").close()
    window.request_tab(tab)
    open_project(qtbot, window, tmp_path / "second")
    qtbot.waitUntil(lambda: not window.busy.busy)
    assert "\n".join(marked_texts(window)) == ""


def test_no_page_keeps_what_it_showed_of_a_project_that_was_closed(
    qtbot: QtBot, window: MainWindow, marked: Project
) -> None:
    filled(qtbot, window, marked)
    window.project_controller.close_project()
    assert "\n".join(marked_texts(window)) == ""
