"""A study is one row of the list of runs; it folds out to its runs."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sciapp.records.run.run import RunStatus
from sciapp.records.run.summary import RunSummary, StudySummary
from sciapp.ui.project.run_list import RunList

FOLDS = StudySummary(
    id="001-cross_validation",
    kind="cross_validation",
    title="Cross-validation",
    runs=("001-train", "003-train"),
    score="RMSE 0.520 ± 0.080",
    text="Cross-validation, 2 folds.",
)


def line(id: str, study: StudySummary | None = None) -> RunSummary:
    return RunSummary(
        id=id,
        kind="train",
        subject="made-1",
        model="starter",
        standing=RunStatus.FINISHED,
        created=datetime.now(UTC),
        study=study,
    )


@pytest.fixture
def runs(qtbot: QtBot) -> RunList:
    shown = RunList()
    qtbot.addWidget(shown)
    shown.setRuns([line("001-train", FOLDS), line("002-train"), line("003-train", FOLDS)])
    shown.show()
    return shown


def seen(runs: RunList) -> list[str]:
    return [runs.item(row, 0).text().strip() for row in range(runs.rowCount()) if not runs.isRowHidden(row)]


def test_a_study_is_one_row_with_its_sum(runs: RunList) -> None:
    assert seen(runs) == ["▸ Cross-validation (2)", "Run 2"]
    assert runs.item(0, 4).text() == FOLDS.score and runs.item(0, 4).toolTip() == FOLDS.text


def test_it_folds_out_and_in_by_keys_and_by_enter(qtbot: QtBot, runs: RunList) -> None:
    runs.setCurrentCell(0, 0)
    qtbot.keyClick(runs, Qt.Key.Key_Right)
    assert seen(runs) == ["▾ Cross-validation (2)", "Run 3", "Run 1", "Run 2"]
    qtbot.keyClick(runs, Qt.Key.Key_Left)
    assert len(seen(runs)) == 2
    with qtbot.assertNotEmitted(runs.runChosen):
        runs.cellActivated.emit(0, 0)
    assert len(seen(runs)) == 4
    with qtbot.waitSignal(runs.runChosen) as chosen:
        runs.cellActivated.emit(2, 0)
    assert chosen.args == ["001-train"]


def test_a_run_that_is_chosen_elsewhere_folds_its_study_out(runs: RunList) -> None:
    runs.select("001-train")
    assert runs.selected() == "001-train" and "Run 1" in seen(runs)
    runs.setCurrentCell(0, 0)
    assert runs.selected() == ""
