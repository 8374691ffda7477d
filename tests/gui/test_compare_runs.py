"""Runs beside each other in the window."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.ui.messages import Messages
from sciapp.ui.results.panel import COMPARE
from sciapp.ui.results.run_ranges import RangeRow, RunRanges
from sciapp.ui.results.tab import ResultsTab
from sciapp.ui.session import Session
from tests.helpers.made_projects import made_dataset, made_project, made_run


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = made_project(tmp_path / "p")
    made_dataset(made)
    made_run(made, TrainPlan(dataset="made-1"), value=0.6)
    made_run(made, TrainPlan(dataset="made-1", seed=4), value=0.5)
    return made


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages, project: Project) -> Iterator[ResultsTab]:
    made = ResultsTab(session, messages)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    with qtbot.waitSignal(session.runsChanged):
        session.open(project)
    made.panel.tabs.setCurrentIndex(COMPARE)
    yield made


def test_runs_are_compared_as_soon_as_the_page_is_in_sight(qtbot: QtBot, tab: ResultsTab) -> None:
    page = tab.compare_page
    qtbot.waitUntil(lambda: page.comparison is not None)
    assert [row.name for row in page.ranges.rows()][:2] == ["Run 2", "Run 1"]
    assert page.ranges.rows()[2].token == "second", "the simple method has a line of its own"
    assert page.verdict.status == "caution", "the same predictions: it may be luck"
    assert len(page.gains.gains()) == 80
    differing = tab.findChild(QTableWidget, "differingSettings")
    assert [differing.item(0, column).text() for column in (1, 2)] == ["4", "0"], "the seeds"
    assert differing.rowCount() == 1 and differing.item(0, 0).text() != "seed", "labels are those of the forms"
    assert "Run 2" in page.ranges.accessibleDescription()


def test_one_run_alone_is_nothing_to_compare(qtbot: QtBot, tab: ResultsTab) -> None:
    page = tab.compare_page
    qtbot.waitUntil(lambda: page.comparison is not None)
    page.findChild(object, "compare_001-train").setChecked(False)
    assert page.comparison is None and not page.empty.isHidden()
    page.findChild(object, "compare_001-train").setChecked(True)
    qtbot.waitUntil(lambda: page.comparison is not None)
    assert page.empty.isHidden()


def test_runs_of_another_dataset_are_not_offered(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    made_dataset(project, "made-2")
    made_run(project, TrainPlan(dataset="made-2"), value=0.3)
    made_run(project, CompressPlan(run="003-train"), value=0.31)
    session.refresh()
    qtbot.waitUntil(lambda: tab.compare_page.ticked() == ["004-compress", "003-train"])


def test_runs_with_other_test_rows_are_not_ranked(qtbot: QtBot, tab: ResultsTab, project: Project) -> None:
    page = tab.compare_page
    qtbot.waitUntil(lambda: page.comparison is not None)
    file = project.run("002-train").predictions_file
    pq.write_table(pq.read_table(file).slice(0, 90), file)
    page.findChild(object, "compare_001-train").setChecked(False)
    page.findChild(object, "compare_001-train").setChecked(True)
    qtbot.waitUntil(lambda: page.comparison is not None)
    assert page.verdict.status == "info"


def test_a_range_is_painted_whatever_its_width(qtbot: QtBot) -> None:
    ranges = RunRanges("Runs")
    qtbot.addWidget(ranges)
    alone = RangeRow("Run 1", "", 0.5, None, None, "0.50", "", "", None)
    for rows, line in (([], None), ([alone], None), ([alone], 0.5), ([alone, alone], 90.0)):
        ranges.set_rows(rows, line)
        assert not ranges.grab().isNull()
