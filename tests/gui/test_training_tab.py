"""The Training tab with a real run: start, curves, stop, resume, what the form says."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import standing
from sciapp.records.model.info import ModelFacts
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.events import Validated
from sciapp.records.run.run import Outcome, RunStatus
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.monitor.panel import RunPanel
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.training.tab import TrainingTab
from sciapp.ui.widgets.plots.series import Series, smoothed
from sciapp.ui.widgets.plots.training_curves import LossPlot
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.fixture
def tab(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[TrainingTab, Project, Path]]:
    project, _ = tiny_project(tmp_path / "p")
    session, messages = Session(), Messages()
    tab = TrainingTab(session, messages)
    qtbot.addWidget(tab)
    session.open(Project.open(project.folder, lock=True))
    qtbot.waitUntil(lambda: tab.editor.value() is not None, timeout=10_000)
    yield tab, project, tiny_model(tmp_path / "model")
    for run in project.runs():
        launcher.kill_tree(run)
    session.close()


Tab = tuple[TrainingTab, Project, Path]


def test_a_run_is_started_watched_and_stopped(qtbot: QtBot, tab: Tab) -> None:
    tab_, project, model = tab
    card = project.datasets()[0]
    tab_.editor.setValue(tiny_plan(card, model, num_train_epochs=5000))
    assert str(model) in tab_.command_line.text()
    tab_.start()
    points = tab_.panel.plot.point_counts
    qtbot.waitUntil(lambda: points()["train"] > 5 and points()["validation"] > 0, timeout=60_000)
    before = points()["train"]
    qtbot.waitUntil(lambda: points()["train"] > before, timeout=10_000)
    tab_.stop()
    run = project.runs()[0]
    qtbot.waitUntil(lambda: standing(run) is RunStatus.STOPPED, timeout=60_000)
    qtbot.waitUntil(lambda: "stopped" in tab_.panel.log.toPlainText(), timeout=10_000)
    assert run.evaluation() is not None

    again = TrainingTab(session := Session(), Messages())
    qtbot.addWidget(again)
    session.open(Project.open(project.folder))
    qtbot.waitUntil(lambda: again.panel.plot.point_counts() == points(), timeout=10_000)
    assert "stopped" in again.panel.log.toPlainText()
    session.close()


def test_a_killed_run_offers_resume_with_the_whole_curve(qtbot: QtBot, tab: Tab) -> None:
    tab_, project, model = tab
    tab_.editor.setValue(tiny_plan(project.datasets()[0], model, num_train_epochs=5000))
    tab_.start()
    points = tab_.panel.plot.point_counts
    qtbot.waitUntil(lambda: points()["train"] > 8, timeout=60_000)
    run = project.runs()[0]
    launcher.kill_tree(run)
    qtbot.waitUntil(lambda: standing(run) is RunStatus.INTERRUPTED, timeout=10_000)
    resume = tab_.run_bar.findChild(object, "resumeRun")
    qtbot.waitUntil(resume.isEnabled, timeout=10_000)
    tab_.resume()
    qtbot.waitUntil(lambda: "Resumed after step" in tab_.panel.log.toPlainText(), timeout=60_000)
    count = points()["train"]
    qtbot.waitUntil(lambda: points()["train"] > count, timeout=60_000)
    tab_.cancel()
    qtbot.waitUntil(lambda: standing(run) is RunStatus.CANCELLED, timeout=30_000)


def test_the_form_gives_back_the_plan_that_it_was_given(qtbot: QtBot, tmp_path: Path) -> None:
    _, card = tiny_project(tmp_path / "p")
    editor = TrainPlanEditor()
    qtbot.addWidget(editor)
    editor.setDatasets([card])
    plan = with_settings(
        TrainPlan(dataset=card.id, model="molecule-starter"),
        {
            "learning_rate": 2e-5, "optimizer": "sgd", "max_grad_norm": 0.5, "seed": 3, "eval_steps": 10,
            "descriptors": "off",
        },
    )  # fmt: skip
    editor.setValue(plan)
    assert editor.value() == plan


def test_each_project_begins_with_the_starter_of_its_domain(qtbot: QtBot, tmp_path: Path) -> None:
    session = Session()
    tab = TrainingTab(session, Messages())
    qtbot.addWidget(tab)
    models = tab.editor.findChild(QComboBox, "trainingModel")
    for domain in ("protein", "text"):
        folder = Project.create(tmp_path / domain, domain=domain).folder
        session.open(Project.open(folder, lock=True))
        qtbot.waitUntil(lambda domain=domain: models.currentData() == f"{domain}-starter", timeout=10_000)
    session.close()


def test_a_model_that_was_chosen_stays_when_the_list_of_models_arrives(qtbot: QtBot, tmp_path: Path) -> None:
    _, card = tiny_project(tmp_path / "p")
    editor = TrainPlanEditor()
    qtbot.addWidget(editor)
    editor.setDatasets([card])
    editor.setValue(TrainPlan(dataset=card.id, model="some/model"))
    editor.setModels([ModelFacts(name="text-starter", origin="starter"), ModelFacts(name="a/b", origin="hub")])
    assert editor.value().model == "some/model"


def test_without_a_dataset_there_is_no_plan_and_nothing_can_be_started(qtbot: QtBot) -> None:
    tab = TrainingTab(Session(), Messages())
    qtbot.addWidget(tab)
    assert tab.editor.value() is None
    tab.start()
    assert tab.command_line.text() == ""


def test_a_resumed_runs_curve_forgets_what_is_trained_again(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.append_steps(np.arange(1.0, 11), np.ones(10), np.ones(10))
    plot.append_validation(np.array([5.0, 10.0]), np.ones(2), np.ones(2))
    plot.drop_after(6)
    assert plot.point_counts() == {"train": 6, "train_smooth": 6, "validation": 1, "score": 1, "rate": 6}


def test_what_was_read_off_one_runs_curves_is_gone_with_them(qtbot: QtBot) -> None:
    panel = RunPanel()
    qtbot.addWidget(panel)
    panel.resize(800, 600)
    panel.show()
    panel.begin("001-train")
    panel.details.folds[0].setOpen(True)
    plot, said = panel.plot, panel.findChild(QLabel, "curveReadOut")
    hair = next(item for item in plot.getItem(0, 0).items if isinstance(item, pg.InfiniteLine))
    for forget in (plot.clear_curves, lambda: plot.leaveEvent(QEvent(QEvent.Type.Leave))):
        plot.append_steps(np.arange(1.0, 11), np.ones(10), np.ones(10))
        plot.scene().sigMouseMoved.emit(plot.getItem(0, 0).sceneBoundingRect().center())
        assert said.text().startswith("step ") and hair.isVisible()
        forget()
        assert said.text() == "" and not hair.isVisible()


def test_the_best_of_half_a_pass_is_not_of_pass_0(qtbot: QtBot) -> None:
    panel = RunPanel()
    qtbot.addWidget(panel)
    panel.begin("run")
    looked = Validated(step=4, epoch=0.4, loss=1, score_name="rmse", score=1, greater_is_better=False, best=True)
    panel.play([looked])
    panel.show_outcome(Outcome(run="run", ending=RunStatus.INTERRUPTED))
    texts = [label.text() for label in panel.problem.findChildren(QLabel)]
    assert any(texts) and not any("0" in text for text in texts)


def drawn_counts(plot: LossPlot) -> dict[str, int]:
    """How many points of each curve are drawn at the moment."""
    curves = (curve for row in range(3) for curve in plot.getItem(row, 0).listDataItems())
    points = {name: curve.getData()[0] for name, curve in zip(plot.point_counts(), curves, strict=True)}
    return {name: 0 if x is None else len(x) for name, x in points.items()}


def viewed_steps(plot: LossPlot) -> tuple[float, float]:
    """The steps at the left and the right end of the plots, once everything is drawn."""
    plot.draw_all()
    view = plot.getItem(0, 0).getViewBox()
    view.updateAutoRange()
    low, high = view.viewRange()[0]
    return low, high


def test_the_view_follows_the_curves_in_jumps_and_shows_all_of_them(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(700, 500)
    plot.show()
    ranges: set[tuple[float, float]] = set()
    for step in range(1, 201):
        plot.append_steps(np.array([float(step)]), np.array([1.0 + step % 7]), np.array([1e-4]))
        low, high = viewed_steps(plot)
        assert low <= 1 and step <= high
        ranges.add((low, high))
    assert len(ranges) < 100
    plot.show_everything()
    plot.show_everything()
    low, high = viewed_steps(plot)
    for row in (1, 2):
        np.testing.assert_allclose(plot.getItem(row, 0).getViewBox().viewRange()[0], (low, high), atol=0.5)
    assert (200 - 1) / (high - low) > 0.85


def test_plots_take_turns_and_none_is_forgotten(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.append_steps(np.arange(1.0, 11), np.ones(10), np.ones(10))
    plot.append_validation(np.array([5.0, 10.0]), np.ones(2), np.ones(2))
    assert drawn_counts(plot)["train"] == 0
    drawn = []
    qtbot.waitUntil(lambda: drawn.append(tuple(drawn_counts(plot).values())) or all(drawn[-1]), timeout=3000)
    assert drawn_counts(plot) == plot.point_counts()
    assert len(set(drawn)) > 2  # not all at once


@pytest.mark.parametrize("points", [3_000, 100_000, 1_000_003])
def test_a_long_curve_is_drawn_from_few_points_and_keeps_every_spike(points: int) -> None:
    y = np.zeros(points)
    y[[17, points // 2 + 123, points - 2]] = [5.0, -7.0, 9.0]
    y[points // 3] = np.nan
    series = Series()
    for part in np.array_split(np.arange(points), 7):
        series.extend(part.astype(float), y[part])
    thin_x, thin_y = series.between(-np.inf, np.inf)
    assert len(thin_x) <= 3000
    assert {5.0, -7.0, 9.0} <= set(thin_y.tolist())
    assert (np.diff(thin_x) >= 0).all()
    assert (thin_x[0], thin_x[-1]) == (0.0, points - 1.0)


def test_a_long_curve_that_was_cut_and_grew_again_shows_what_is_there_now() -> None:
    series = Series()
    series.extend(np.arange(500_000.0), np.ones(500_000))
    series.drop_after(299_990.0)
    series.extend(np.arange(299_991.0, 600_000.0), np.full(300_009, 2.0))
    x, y = series.between(250_000.0, 350_000.0)
    assert set(y[x < 299_000]) == {1.0}
    assert set(y[x > 300_100]) == {2.0}
    assert x[0] <= 250_000 <= 350_000 <= x[-1]


def test_a_smoothed_curve_in_pieces_is_the_smoothed_whole() -> None:
    y = np.random.default_rng(0).random(300)
    whole = smoothed(None, 0, y)
    first = smoothed(None, 0, y[:100])
    rest = smoothed(float(first[-1]), 100, y[100:])
    np.testing.assert_allclose(np.concatenate([first, rest]), whole)


def test_a_series_finds_the_nearest_point() -> None:
    series = Series()
    assert series.nearest(3) is None
    series.extend(np.array([1.0, 5.0, 9.0]), np.array([10.0, 50.0, 90.0]))
    assert series.nearest(6.5) == (5.0, 50.0)
    assert series.nearest(100) == (9.0, 90.0)
