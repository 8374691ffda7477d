"""The Compression tab, with a run that the test writes in place of the run process."""

import os
import platform
from datetime import UTC, datetime

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from sciapp.actions import runs as runs_actions
from sciapp.errors import RunProblem
from sciapp.records.plan.compression import CompressionName
from sciapp.records.plan.plan import CompressPlan
from sciapp.records.project.project import Project
from sciapp.records.project.studies.registry import kind_of
from sciapp.records.project.study import Study, write_study
from sciapp.records.run.events import Progressed, RunStarted, StageBegan
from sciapp.records.run.run import Run, RunState
from sciapp.ui.messages import Messages
from sciapp.ui.project.run_list import RunList
from sciapp.ui.results.compression_tab import CompressionTab
from sciapp.ui.results.compression_table import CompressionTable
from sciapp.ui.session import Session
from sciapp.ui.widgets.page import EmptyState
from tests.helpers.made_projects import evaluation
from tests.helpers.messages import numbers_in


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages) -> CompressionTab:
    made = CompressionTab(session, messages)
    qtbot.addWidget(made)
    made.resize(1000, 620)
    made.show()
    return made


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """Runs that Compress started; this very process seems to execute them."""
    runs: list[Run] = []

    def compress_run(*, project: Project, run_id: str, method: CompressionName) -> Run:
        run = project.new_run(CompressPlan(run=run_id, method=method))
        take_up(run)
        runs.append(run)
        return run

    monkeypatch.setattr(runs_actions, "compress_run", compress_run)
    return runs


def take_up(run: Run) -> None:
    run.append_event(RunStarted())
    run.write_state(
        RunState(
            status="running",
            created=datetime.now(UTC),
            pid=os.getpid(),
            process_started=psutil.Process().create_time(),
            host=platform.node(),
        )
    )


def end(run: Run, status: str, message: str = "") -> None:
    ended = {"status": status, "pid": None, "ended": datetime.now(UTC), "message": message}
    run.write_state(run.state().model_copy(update=ended))


def button(tab: CompressionTab, name: str) -> QPushButton:
    return tab.findChild(QPushButton, name)


def choose(tab: CompressionTab, id: str) -> None:
    offered = tab.findChild(QComboBox, "compressionRun")
    offered.setCurrentIndex(offered.findData(id))


def verdict(tab: CompressionTab) -> str:
    return str(tab.findChild(QLabel, "compressionVerdict").text())


def cells(tab: CompressionTab) -> dict[str, list[str]]:
    table = tab.findChild(QTableWidget, "compressionTable")
    return {
        table.item(row, 0).text(): [table.item(row, column).text() for column in (1, 2, 3)]
        for row in range(table.rowCount())
    }


def test_without_a_finished_training_it_says_what_is_missing(tab: CompressionTab) -> None:
    assert "Finish a training" in verdict(tab)
    assert not button(tab, "startCompression").isEnabled()


def test_an_opened_project_offers_every_run_with_a_model_and_shows_its_last_comparison(
    qtbot: QtBot, tab: CompressionTab, opened: Project
) -> None:
    offered = tab.findChild(QComboBox, "compressionRun")
    ids = [offered.itemData(index) for index in range(offered.count())]
    assert ids == ["003-compress", "002-train", "001-train"]
    assert offered.currentData() == "002-train"
    qtbot.waitUntil(lambda: "RMSE" in cells(tab))
    shown = cells(tab)
    size, time, *_ = shown.values()
    assert size[:2] == ["9.0 MB", "3.0 MB"] and numbers_in(size[2]) == ["3"] and "smaller" in size[2]
    assert time[2] == "same"
    assert shown["RMSE"] == ["0.550 (0.495 to 0.605)", "0.550 (0.495 to 0.605)", "same"]


def test_the_picture_shows_the_models_by_size_with_the_recommended_one_ringed(
    qtbot: QtBot, tab: CompressionTab, opened: Project
) -> None:
    qtbot.waitUntil(lambda: tab.findChild(QWidget, "compressionPlot") is not None)
    original, smaller = tab.findChild(QWidget, "compressionPlot").bubbles()
    assert (original.x, smaller.x) == (9.0, 3.0) and original.original
    assert smaller.ringed and not original.ringed
    assert "3×" in text_of(tab, "verdictDetail"), "three times smaller"
    offered = tab.findChild(QComboBox, "compressionRun")
    index = offered.findData("001-train")
    offered.setCurrentIndex(index)
    offered.activated.emit(index)
    qtbot.waitUntil(lambda: tab.findChild(EmptyState).isVisible())
    assert cells(tab) == {}


def text_of(tab: CompressionTab, name: str) -> str:
    return str(tab.findChild(QLabel, name).text())


def test_a_compression_is_started_watched_and_compared(
    qtbot: QtBot, tab: CompressionTab, session: Session, opened: Project, begun: list[Run]
) -> None:
    choose(tab, "001-train")
    qtbot.mouseClick(button(tab, "startCompression"), Qt.MouseButton.LeftButton)
    assert not button(tab, "startCompression").isEnabled()
    qtbot.waitUntil(lambda: button(tab, "cancelCompression").isEnabled())
    run = begun[0]
    assert run.plan() == CompressPlan(run="001-train")
    run.append_event(StageBegan(stage="timing", title="Measuring the time for a row"))
    run.append_event(Progressed(stage="timing", done=3, total=10))
    said = tab.findChild(QLabel, "runProgressText")
    qtbot.waitUntil(lambda: said.isVisible() and "Measuring" in said.text())
    run.write_evaluation(evaluation(value=0.7, compressed=True))
    end(run, "finished")
    qtbot.waitUntil(lambda: cells(tab).get("RMSE", [""])[0].startswith("0.7"))
    qtbot.waitUntil(lambda: tab.findChild(RunList, "compressionRuns").rowCount() == 2)
    assert not said.isVisible()
    assert button(tab, "startCompression").isEnabled()
    assert session.selected_run == run.id


def test_what_was_compressed_can_be_compressed_again(
    qtbot: QtBot, tab: CompressionTab, opened: Project, begun: list[Run]
) -> None:
    choose(tab, "003-compress")
    button(tab, "startCompression").click()
    qtbot.waitUntil(lambda: button(tab, "cancelCompression").isEnabled())
    assert begun[0].plan() == CompressPlan(run="003-compress")
    end(begun[0], "cancelled")
    qtbot.waitUntil(lambda: button(tab, "startCompression").isEnabled())


def test_the_runs_of_a_study_are_offered_below_its_name(
    qtbot: QtBot, tab: CompressionTab, session: Session, opened: Project
) -> None:
    study = Study(id="001-study", kind="ablation", plan=opened.run("001-train").plan(), runs=("001-train", "002-train"))
    write_study(opened.folder, study)
    session.refresh()
    offered = tab.findChild(QComboBox, "compressionRun")
    qtbot.waitUntil(lambda: offered.count() == 4)
    assert [offered.itemData(index) for index in range(4)] == ["003-compress", None, "002-train", "001-train"]
    assert offered.itemText(1).startswith(kind_of(study).title)
    assert not offered.model().index(1, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    assert offered.currentData() == "002-train"


def test_cancel_asks_the_run_to_end(qtbot: QtBot, tab: CompressionTab, opened: Project, begun: list[Run]) -> None:
    button(tab, "startCompression").click()
    qtbot.waitUntil(lambda: button(tab, "cancelCompression").isEnabled())
    button(tab, "cancelCompression").click()
    qtbot.waitUntil(lambda: begun[0].request() == "cancel")
    end(begun[0], "cancelled")
    qtbot.waitUntil(lambda: "was cancelled" in verdict(tab))
    assert not button(tab, "cancelCompression").isEnabled()


def test_a_failure_says_why_and_can_be_tried_again(
    qtbot: QtBot, tab: CompressionTab, opened: Project, begun: list[Run]
) -> None:
    button(tab, "startCompression").click()
    qtbot.waitUntil(lambda: button(tab, "cancelCompression").isEnabled())
    end(begun[0], "failed", "The disk is full.")
    qtbot.waitUntil(lambda: "The disk is full." in verdict(tab))
    assert button(tab, "startCompression").isEnabled()


def test_a_start_that_is_refused_goes_through_the_one_door(
    qtbot: QtBot, tab: CompressionTab, opened: Project, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> Run:
        raise RunProblem("The run process could not be started.")

    monkeypatch.setattr(runs_actions, "compress_run", refused)
    button(tab, "startCompression").click()
    qtbot.waitUntil(lambda: "could not be started" in messages.lastMessage)
    assert button(tab, "startCompression").isEnabled()


def test_a_compression_that_was_on_before_the_window_is_taken_up(
    qtbot: QtBot, tab: CompressionTab, session: Session, opened: Project
) -> None:
    run = opened.new_run(CompressPlan(run="001-train"))
    take_up(run)
    session.refresh()
    qtbot.waitUntil(lambda: button(tab, "cancelCompression").isEnabled())
    assert not button(tab, "startCompression").isEnabled()
    session.close()
    assert not button(tab, "cancelCompression").isEnabled()
    assert cells(tab) == {}


def test_a_chosen_compression_is_shown_again(qtbot: QtBot, tab: CompressionTab, opened: Project) -> None:
    qtbot.waitUntil(lambda: bool(cells(tab)))
    tab.findChild(CompressionTable).clear_rows()
    tab.findChild(RunList, "compressionRuns").select("003-compress")
    qtbot.waitUntil(lambda: "RMSE" in cells(tab))


def test_a_change_within_the_spread_is_said_to_be_so_and_gets_no_colour(qtbot: QtBot) -> None:
    table = CompressionTable()
    qtbot.addWidget(table)
    compared = evaluation(value=0.6, compressed=True)
    before = compared.model.model_copy(
        update={"scores": tuple(s.model_copy(update={"value": 0.62}) for s in compared.model.scores)}
    )
    slow, fast = compared.footprints
    prints = (slow, fast.model_copy(update={"milliseconds_per_row": 1.6}))
    table.show_evaluation(compared.model_copy(update={"before_compression": before, "footprints": prints}))
    plain = table.item(0, 0).foreground()
    changes = [table.item(row, 3).text() for row in (0, 1, 2, 4)]
    assert [numbers_in(change) for change in changes] == [["3"], ["1.2"], ["0.02"], ["0.02"]]
    words = ("smaller", "faster", "better", "worse")
    assert all(word in change for word, change in zip(words, changes, strict=True))
    assert ["spread" in change for change in changes] == [False, True, True, True]
    assert table.item(0, 3).foreground() != plain
    assert all(table.item(row, 3).foreground() == plain for row in range(1, table.rowCount()))
    far = (
        slow,
        fast.model_copy(update={"milliseconds_per_row": 0.5, "milliseconds_low": 0.4, "milliseconds_high": 0.6}),
    )
    table.show_evaluation(compared.model_copy(update={"footprints": far}))
    assert table.item(1, 3).text() == "4 times faster"
    assert table.item(1, 3).foreground() != plain
