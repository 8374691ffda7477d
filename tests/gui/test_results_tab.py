"""The Results tab: which run is best, how good it is, reports and predictions."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sciapp.actions import results as results_actions
from sciapp.actions import runs as runs_actions
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import Cancelled, SciAppError
from sciapp.records.plan.plan import CompressPlan, PredictPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.project.requests import WrittenFile
from sciapp.records.project.studies.registry import kind_of
from sciapp.records.project.study import Study, write_study
from sciapp.records.run.run import Run
from sciapp.ui.messages import Messages
from sciapp.ui.results.tab import ResultsTab
from sciapp.ui.session import Session
from sciapp.ui.widgets.bar_rows import BarRows
from sciapp.ui.widgets.facts import NumberWithError, Verdict
from sciapp.ui.widgets.plots.confusion import ConfusionPlot
from sciapp.ui.widgets.plots.export import PlotExport
from sciapp.ui.widgets.plots.parity import ParityPlot
from sciapp.workers.thread import end_all
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import numbers_in


@pytest.fixture
def session():
    made = Session()
    yield made
    made.close()
    end_all()


@pytest.fixture
def messages() -> Messages:
    return Messages()


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages) -> ResultsTab:
    made = ResultsTab(session, messages)
    qtbot.addWidget(made)
    made.resize(1024, 600)
    made.show()
    return made


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A training (0.6), a better one (0.5), a compression, and a training that is still waiting."""
    made = made_project(tmp_path / "p")
    made_dataset(made)
    made_run(made, TrainPlan(dataset="made-1"), value=0.6)
    made_run(made, TrainPlan(dataset="made-1", model="other"), value=0.5)
    made_run(made, CompressPlan(run="002-train"), value=0.55)
    made.new_run(TrainPlan(dataset="made-1"))
    return made


def opened(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    with qtbot.waitSignal(session.runsChanged):
        session.open(project)


def choose(qtbot: QtBot, session: Session, tab: ResultsTab, id: str) -> None:
    """Select a run and wait until its results are read."""
    session.select_run(id)
    qtbot.waitUntil(lambda: tab.panel.run == id)


def text(tab: QWidget, name: str) -> str:
    return tab.findChild(QLabel, name).text()


def test_runs_with_results_are_listed_newest_first(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    opened(qtbot, session, tab, project)
    assert tab.runs.ids() == ["003-compress", "002-train", "001-train"]
    row = [tab.runs.model().index(1, column).data() for column in range(6)]
    assert row == ["Run 2", "training", "made-1", "other", "RMSE 0.500 (0.450 to 0.550)", "0.800"]


def test_runs_are_sorted_by_score(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    opened(qtbot, session, tab, project)
    tab.runs.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    assert tab.runs.ids() == ["002-train", "003-compress", "001-train"]


def test_a_study_is_one_line_with_its_runs_inside_and_its_sum_below(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    study = Study(
        id="001-study", kind="ablation", plan=project.run("001-train").plan(), runs=("001-train", "002-train")
    )
    write_study(project.folder, study)
    opened(qtbot, session, tab, project)
    model = tab.runs.model()
    assert model.rowCount() == 2
    line = model.index(1, 0)
    row = [model.index(1, column).data() for column in range(6)]
    assert row[:1] + row[2:] == [kind_of(study).title, "made-1", "other", "RMSE 0.500", ""] and "2 runs" in row[1]
    assert [model.index(index, 0, line).data() for index in range(2)] == ["Run 2", "Run 1"]
    assert not tab.runs.isExpanded(line)
    tab.runs.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    assert tab.runs.ids() == ["002-train", "001-train", "003-compress"]
    tab.runs.setCurrentIndex(model.index(0, 0))
    assert "RMSE 0.600 with" in text(tab, "resultsHint") and "RMSE 0.500 without" in text(tab, "resultsHint")
    assert text(tab, "pageSentence") == kind_of(study).title
    assert not tab.report_button.isEnabled()
    session.refresh()
    made_run(project, TrainPlan(dataset="made-1"), value=0.4)
    session.refresh()
    qtbot.waitUntil(lambda: "005-train" in tab.runs.ids())
    assert tab.runs.selected_study() == "001-study" and "RMSE 0.500 without" in text(tab, "resultsHint")
    choose(qtbot, session, tab, "001-train")
    assert tab.runs.selected() == "001-train"
    folded_out = [model.index(row, 0).data() for row in range(3) if tab.runs.isExpanded(model.index(row, 0))]
    assert folded_out == [kind_of(study).title]


def test_the_newest_run_is_shown_at_first(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    opened(qtbot, session, tab, project)
    qtbot.waitUntil(lambda: tab.panel.run != "")
    assert tab.panel.run == "003-compress"
    assert tab.runs.selected() == "003-compress"


def test_a_click_shows_verdict_cards_and_validation(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    opened(qtbot, session, tab, project)
    with qtbot.waitSignal(session.runSelected):
        tab.runs.setCurrentIndex(tab.runs.model().index(2, 0))
    qtbot.waitUntil(lambda: tab.panel.run == "001-train")
    assert text(tab, "verdict") == project.run("001-train").evaluation().verdict
    cards = tab.panel.scores.cards.cards()
    assert [card.objectName() for card in cards] == ["card_rmse", "card_mae", "card_r2", "card_spearman"]
    spoken = cards[0].accessibleName()
    assert numbers_in(spoken) == ["0.600", "95", "0.540", "0.660", "0.800", "2.00"] and "Random forest 0.800" in spoken
    assert tab.panel.scores.isHidden(), "plain words come first"
    tab.findChild(QPushButton, "showExactScores").click()
    assert not tab.panel.scores.isHidden()
    validation = tab.panel.scores.validation
    assert [validation.item(0, column).text() for column in range(3)] == [
        "RMSE", "1.90 (1.71 to 2.09)", "0.700 (0.630 to 0.770)",
    ]  # fmt: skip
    assert tab.panel.scores.footprints.isHidden()


def test_the_overview_judges_and_its_next_steps_lead_somewhere(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    run = project.run("001-train")
    run.write_evaluation(run.evaluation().model_copy(update={"beats_simple_baseline": False}))
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    verdict = tab.panel.overview.findChild(Verdict)
    assert verdict.status == "caution" and "0.60 ± 0.06" in text(tab.panel.overview, "verdictDetail")
    assert tab.findChild(NumberWithError).text() == "0.60 ± 0.06"
    compared, groups = tab.panel.overview.findChildren(BarRows)
    assert [row.text for row in compared.rows()] == ["2.00", "0.80", "0.60"]
    assert [row.low for row in compared.rows()] == pytest.approx([1.8, 0.72, 0.54])
    assert len(groups.rows()) > 1
    steps = {button.objectName(): button for button in tab.panel.overview.steps.buttons()}
    assert list(steps) == ["trainAgain", "seeWorstRows", "predictNext"]
    with qtbot.waitSignals([session.settingsRequested, session.tabRequested]):
        steps["trainAgain"].click()
    steps["seeWorstRows"].click()
    assert tab.panel.tabs.currentIndex() == 1


def test_plot_and_table_choose_the_same_rows(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.panel.tabs.setCurrentIndex(1)
    plot, rows = tab.panel.plot.parity, tab.panel.rows
    assert isinstance(plot, ParityPlot)
    plot.chosen.emit([3, 5])
    assert sorted(rows.chosen()) == [3, 5]
    rows.table.clearSelection()
    rows.table.selectRow(0)
    assert plot.ringed() == rows.chosen() and len(rows.chosen()) == 1
    rows.choose([3])
    assert plot.ringed() == [3] == rows.chosen()
    at = plot.position_of(3)
    assert plot.rect().contains(at.toPoint())
    plot.pointedAt.emit(3)
    card = tab.findChild(QWidget, "pointCard")
    assert card.isVisible() and "measured 1" in text(card, "pointValues")
    plot.pointedAt.emit(-1)
    assert not card.isVisible()


def test_a_drag_in_the_plot_chooses_and_the_wheel_zooms_until_everything_is_shown_again(qtbot: QtBot) -> None:
    plot = ParityPlot()
    qtbot.addWidget(plot)
    plot.show_points(np.arange(10.0), np.arange(10.0), "y", np.arange(10) + 2)
    view = plot.getPlotItem().vb
    with qtbot.waitSignal(plot.chosen) as caught:
        view.chosen.emit(QRectF(1.5, 1.5, 3.0, 3.0))
    assert caught.args == [[4, 5, 6]] == [plot.ringed()]
    whole = view.viewRange()
    view.scaleBy((0.5, 0.5))
    assert view.viewRange() != whole
    plot.show_all()
    assert np.allclose(view.viewRange(), whole)


def test_every_plot_is_saved_as_picture_drawing_page_and_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    plot = ParityPlot()
    qtbot.addWidget(plot)
    plot.show()
    plot.show_points(np.arange(4.0), np.arange(4.0) + 1, "y", np.arange(4) + 2)
    export = plot.findChild(PlotExport)
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "csv": b"\xef\xbb\xbfline,"}
    for suffix, begin in begins.items():
        out = tmp_path / f"figure.{suffix}"
        export.save(out)
        qtbot.waitUntil(out.exists)
        assert out.read_bytes().startswith(begin)
    assert (tmp_path / "figure.csv").read_text("utf-8-sig").splitlines()[1:] == [
        f"{n + 2},{n}.0,{n + 1}.0" for n in range(4)
    ]
    export.copy()
    assert not QApplication.clipboard().image().isNull()
    assert len(export.menu().actions()) == 7


def test_the_cell_of_a_confusion_matrix_chooses_its_rows(
    qtbot: QtBot, session: Session, tab: ResultsTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    made_run(project, TrainPlan(dataset="d"), task="classification")
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.panel.tabs.setCurrentIndex(1)
    tab.panel.plot.confusion.chosen.emit("high", "low")
    table = tab.panel.results.predictions.table
    sides = zip(*(table[key].to_pylist() for key in ("line", "target:y", "prediction:y")), strict=True)
    assert set(tab.panel.rows.chosen()) == {line for line, true, found in sides if (true, found) == ("high", "low")}


def test_runs_are_found_by_a_word_and_columns_can_be_hidden(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    opened(qtbot, session, tab, project)
    tab.runs_page.search.setText("compression")
    assert tab.runs.ids() == ["003-compress"]
    tab.runs_page.search.clear()
    assert len(tab.runs.ids()) == 3
    menu = tab.runs_page.columns_menu()
    menu.actions()[0].trigger()
    assert tab.runs.isColumnHidden(1)


def test_a_filter_of_the_list_takes_nothing_from_the_other_pages(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    opened(qtbot, session, tab, project)
    tab.runs_page.search.setText("matches nothing")
    made_run(project, TrainPlan(dataset="made-1"), value=0.4)
    session.refresh()
    qtbot.waitUntil(lambda: tab.picker.count() == 4)
    assert tab.picker.itemData(0) == "005-train" and not tab.runs.ids()
    assert tab.compare_page.ticked() == ["003-compress", "002-train", "001-train"]
    assert tab.findChild(QAbstractButton, "compare_005-train") is not None


def test_a_deleted_run_leaves_the_page(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    shutil.rmtree(project.run("001-train").folder)
    session.refresh()
    qtbot.waitUntil(lambda: tab.panel.run == "003-compress")
    assert tab.picker.currentData() == "003-compress"
    for id in ("002-train", "003-compress"):
        shutil.rmtree(project.run(id).folder)
    session.refresh()
    qtbot.waitUntil(lambda: not tab.report_button.isEnabled())
    assert not tab.predict_button.isEnabled() and tab.picker.count() == 0


def test_a_figure_overwrites_nothing_of_a_project_and_its_name_says_the_format(qtbot: QtBot, tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project)
    plot = ParityPlot()
    qtbot.addWidget(plot)
    plot.show()
    plot.show_points(np.arange(4.0), np.arange(4.0) + 1, "y", np.arange(4) + 2)
    export = plot.findChild(PlotExport)
    card = next(project.dataset_folder("made-1").folder.glob("*.json"))
    before = card.read_bytes()
    with qtbot.waitSignal(export._writing.failed):
        export.save(card, "png")
    assert card.read_bytes() == before
    named = tmp_path / "figure.svg"
    export.save(named, "png")
    qtbot.waitUntil(named.exists)
    assert named.read_bytes().startswith(b"<?xml")
    project.close()


def test_the_run_is_chosen_on_top(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    opened(qtbot, session, tab, project)
    qtbot.waitUntil(lambda: tab.panel.run == "003-compress")
    assert tab.picker.currentData() == "003-compress" and tab.picker.count() == 3
    index = tab.picker.findData("001-train")
    tab.picker.setCurrentIndex(index)
    tab.picker.activated.emit(index)
    qtbot.waitUntil(lambda: tab.panel.run == "001-train")


def test_a_compression_shows_what_it_saves(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "003-compress")
    footprints = tab.panel.scores.footprints
    assert not footprints.isHidden()
    assert [footprints.item(row, 1).text() for row in range(2)] == ["9.0 MB", "3.0 MB"]
    assert not tab.panel.scores.compressed.isHidden()


def test_the_parity_plot_has_a_point_for_each_test_row(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    assert tab.panel.plot.parity is None
    tab.panel.tabs.setCurrentIndex(1)
    assert isinstance(tab.panel.plot.parity, ParityPlot)
    assert tab.panel.plot.parity.point_count() == 80
    assert text(tab, "plotText").startswith("80 test rows")
    assert "80 rows" in tab.panel.plot.parity.accessibleDescription()


def test_a_classification_shows_its_confusion_matrix(
    qtbot: QtBot, session: Session, tab: ResultsTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    made_run(project, TrainPlan(dataset="d"), task="classification")
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.panel.tabs.setCurrentIndex(1)
    plot = tab.panel.plot.confusion
    assert isinstance(plot, ConfusionPlot)
    cells = [item.toPlainText() for item in plot.getPlotItem().items if isinstance(item, pg.TextItem)]
    assert cells == ["30\n88%", "4\n12%", "6\n9%", "60\n91%"]


def test_test_predictions_are_sorted_by_absolute_error(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project
) -> None:
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.panel.tabs.setCurrentIndex(1)
    items = tab.panel.table.items
    assert items.rowCount() == 80
    column = [column.key for column in items.columns()].index("error:y")
    assert [items.data(items.index(row, column)) for row in (0, 79)] == ["6", "0"], "the row furthest off comes first"
    tab.panel.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: items.data(items.index(0, column)) == "0")


def test_a_prediction_run_shows_its_table_and_can_be_saved(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_run(project, PredictPlan(run="001-train", file=str(tmp_path / "new.csv")))
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "005-predict")
    assert tab.panel.tabs.currentIndex() == 1, "there is nothing to judge"
    assert tab.panel.table.items.rowCount() == 100
    asked: list[Path] = []

    def export(*, out: Path, **_: object) -> WrittenFile:
        asked.append(out)
        return WrittenFile(file=out, rows=100)

    monkeypatch.setattr(results_actions, "export_predictions", export)
    qtbot.mouseClick(tab.save_button, Qt.MouseButton.LeftButton)
    dialog = tab.findChild(QFileDialog, "saveResultDialog")
    dialog.fileSelected.emit(str(tmp_path / "out.csv"))
    dialog.reject()
    qtbot.waitUntil(lambda: tab.saved.isVisible())
    assert asked == [tmp_path / "out.csv"]


def test_a_report_is_built_with_progress_and_can_then_be_opened(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*, run_id: str, out: Path, progress: Progress, **_: object) -> Path:
        progress.relay("Drawing figures", 1, 2)
        out.write_text(run_id)
        return out

    monkeypatch.setattr(results_actions, "build_report", build)
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.save_report(tmp_path / "r.html")
    assert tab.busy.busy
    assert not tab.report_button.isEnabled()
    qtbot.waitUntil(lambda: tab.saved.isVisible())
    assert tab.saved.path == tmp_path / "r.html"
    assert (tmp_path / "r.html").read_text() == "001-train"
    assert tab.report_button.isEnabled()


def test_a_report_that_cannot_be_built_is_told(
    qtbot: QtBot,
    session: Session,
    tab: ResultsTab,
    messages: Messages,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def build(**_: object) -> Path:
        raise SciAppError("The disk is full.")

    monkeypatch.setattr(results_actions, "build_report", build)
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.save_report(tmp_path / "r.html")
    qtbot.waitUntil(lambda: messages.lastMessage == "The disk is full.")
    assert not tab.busy.busy
    assert not tab.saved.isVisible()


def test_building_a_report_can_be_cancelled(
    qtbot: QtBot,
    session: Session,
    tab: ResultsTab,
    messages: Messages,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def build(*, progress: Progress, **_: object) -> Path:
        while not progress.cancelled:
            pass
        raise Cancelled("The report")

    monkeypatch.setattr(results_actions, "build_report", build)
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.save_report(tmp_path / "r.html")
    qtbot.mouseClick(tab.findChild(QPushButton, "resultsCancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.busy.busy)
    assert messages.lastMessage == "Cancelled."


def test_a_predicted_file_is_selected_and_offered_for_saving(
    qtbot: QtBot, session: Session, tab: ResultsTab, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def predict(*, project: Project, run_id: str, file: Path) -> Run:
        return made_run(project, PredictPlan(run=run_id, file=str(file)))

    monkeypatch.setattr(runs_actions, "predict_file", predict)
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.predict_file(tmp_path / "new.csv")
    qtbot.waitUntil(lambda: tab.findChild(QFileDialog, "saveResultDialog") is not None)
    assert tab.findChild(QFileDialog, "saveResultDialog").selectedFiles()[0].endswith("new predicted.csv")
    tab.findChild(QFileDialog, "saveResultDialog").reject()
    qtbot.waitUntil(lambda: tab.runs.selected() == "005-predict", timeout=10_000)


def test_a_prediction_that_fails_is_told(
    qtbot: QtBot,
    session: Session,
    tab: ResultsTab,
    messages: Messages,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def predict(*, project: Project, run_id: str, file: Path) -> Run:
        run = project.new_run(PredictPlan(run=run_id, file=str(file)))
        run.write_state(run.state().model_copy(update={"status": "failed", "message": "There is no column “smiles”."}))
        return run

    monkeypatch.setattr(runs_actions, "predict_file", predict)
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.predict_file(tmp_path / "new.csv")
    qtbot.waitUntil(lambda: messages.lastMessage == "There is no column “smiles”.")
    assert not tab.busy.busy


def test_a_prediction_cancelled_before_it_has_started_is_cancelled_all_the_same(
    qtbot: QtBot,
    session: Session,
    tab: ResultsTab,
    messages: Messages,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_start = threading.Event()

    def predict(*, project: Project, run_id: str, file: Path) -> Run:
        may_start.wait(10)
        return project.new_run(PredictPlan(run=run_id, file=str(file)))

    def cancel(*, run: Run) -> None:
        run.write_state(run.state().model_copy(update={"status": "cancelled"}))

    monkeypatch.setattr(runs_actions, "predict_file", predict)
    monkeypatch.setattr(runs_actions, "cancel_run", cancel)
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    tab.predict_file(tmp_path / "new.csv")
    qtbot.mouseClick(tab.findChild(QPushButton, "resultsCancel"), Qt.MouseButton.LeftButton)
    may_start.set()
    qtbot.waitUntil(lambda: messages.lastMessage == "Cancelled.")
    assert not tab.busy.busy


def test_the_axes_of_the_parity_plot_say_what_is_measured_and_what_is_predicted(qtbot: QtBot) -> None:
    plot = ParityPlot()
    qtbot.addWidget(plot)
    said = []
    for target in ("logP", "measured logS"):
        plot.show_points(np.array([1.0, 2.0]), np.array([1.5, 2.5]), target)
        said.append([plot.getPlotItem().getAxis(side).labelText for side in ("bottom", "left")])
    assert said == [["measured logP", "predicted logP"], ["measured logS", "predicted logS"]]


def test_damaged_results_are_told_and_the_tab_lives_on(
    qtbot: QtBot, session: Session, tab: ResultsTab, messages: Messages, project: Project
) -> None:
    project.run("001-train").predictions_file.write_bytes(b"PAR1 nonsense")
    opened(qtbot, session, tab, project)
    session.select_run("001-train")
    qtbot.waitUntil(lambda: "damaged" in messages.lastMessage)
    choose(qtbot, session, tab, "002-train")


def test_closing_the_project_empties_the_tab(qtbot: QtBot, session: Session, tab: ResultsTab, project: Project) -> None:
    opened(qtbot, session, tab, project)
    choose(qtbot, session, tab, "001-train")
    session.close()
    assert tab.runs.ids() == []
    assert not tab.report_button.isEnabled()
    assert "create a project" in tab.runs.placeholder


def test_an_empty_tab_says_what_to_do(qtbot: QtBot, session: Session, tab: ResultsTab, tmp_path: Path) -> None:
    assert "create a project" in tab.runs.placeholder
    opened(qtbot, session, tab, made_project(tmp_path / "p"))
    assert "Training tab" in tab.runs.placeholder
    assert text(tab, "resultsHint") == ""
    with qtbot.waitSignal(session.tabRequested) as asked:
        tab.panel.empty.button.click()
    assert asked.args == ["training"]


def test_every_control_has_a_name_for_people_who_cannot_see_it(tab: ResultsTab) -> None:
    for kind in (QAbstractButton, QComboBox, QAbstractItemView):
        for control in tab.findChildren(kind):
            if control.objectName() and not control.objectName().startswith("qt_"):
                assert control.accessibleName() or getattr(control, "text", str)(), control.objectName()
