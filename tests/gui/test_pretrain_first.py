"""“Learn from unlabelled rows first” in the Training tab: the form, the command, and both runs one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.actions import command_line as commands
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import standing
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, before_training, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.run import RunStatus
from sciapp.ui.messages import Messages
from sciapp.ui.results.tab import ResultsTab
from sciapp.ui.session import Session
from sciapp.ui.training.pretrain_editor import PretrainEditor
from sciapp.ui.training.tab import TrainingTab
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.fixture
def tab(
    qtbot: QtBot, session: Session, messages: Messages, tmp_path: Path
) -> Iterator[tuple[TrainingTab, ResultsTab, Project, Path]]:
    project, _ = tiny_project(tmp_path / "p")
    training, results = TrainingTab(session, messages), ResultsTab(session, messages)
    for part in (training, results):
        qtbot.addWidget(part)
    session.open(Project.open(project.folder, lock=True))
    qtbot.waitUntil(lambda: training.editor.value() is not None, timeout=10_000)
    yield training, results, project, tiny_model(tmp_path / "model")
    for run in project.runs():
        launcher.kill_tree(run)


Tab = tuple[TrainingTab, ResultsTab, Project, Path]


@pytest.mark.parametrize("period", [1.0, 6.0])  # seconds; in the second the training begins and ends between two looks
def test_both_runs_are_watched_one_after_the_other(
    qtbot: QtBot, session: Session, tab: Tab, monkeypatch: pytest.MonkeyPatch, period: float
) -> None:
    monkeypatch.setattr("sciapp.workers.thread.PERIOD", period)
    training, results, project, model = tab
    plan = tiny_plan(project.datasets()[0], model, num_train_epochs=2)
    training.editor.setValue(plan)
    training.pretraining.findChild(QCheckBox, "pretrainFirst").setChecked(True)
    training.pretraining.findChild(object, "pretrain_num_train_epochs").setValue(40)
    said = training.command_line.text()
    assert said.startswith("sciapp pretrain ") and "--then-train" in said and "--set num_train_epochs=40" in said
    training.start()
    if period > 1.0:
        qtbot.waitUntil(lambda: bool(project.runs()), timeout=30_000)
        monkeypatch.setattr(session, "refresh", lambda: None)
    seen = training.panel.log.toPlainText
    qtbot.waitUntil(lambda: "held-out masked loss" in seen(), timeout=90_000)
    assert training.panel.plot.point_counts()["train"] > 0
    stop = training.run_bar.findChild(QPushButton, "stopRun")
    assert "go on" in stop.toolTip()
    learning = project.runs()[0]
    # Not in the log: what follows may be in view before anybody could read it there.
    qtbot.waitUntil(lambda: "fine-tunes this model" in learning.events_file.read_text("utf-8"), timeout=90_000)
    qtbot.waitUntil(lambda: "validation RMSE" in seen(), timeout=90_000)
    first, second = project.runs()
    assert isinstance(first.plan(), PretrainPlan)
    assert second.plan() == plan.model_copy(update={"model": f"run:{first.id}"})
    qtbot.waitUntil(lambda: "evaluate it" in stop.toolTip(), timeout=10_000)
    assert wait_until_over(second) is RunStatus.FINISHED, second.log_file.read_text()
    assert standing(first) is RunStatus.FINISHED

    models = training.editor.findChild(QComboBox, "trainingModel")
    qtbot.waitUntil(lambda: f"run {first.id}" in models.itemText(0), timeout=10_000)
    hint = results.panel.findChild(object, "resultsHint")
    results.runs.select(first.id)
    session.select_run(first.id)
    qtbot.waitUntil(lambda: "Masked loss on" in hint.text(), timeout=10_000)
    assert not results.report_button.isEnabled() and not results.predict_button.isEnabled()


def test_without_the_file_that_is_wanted_nothing_can_be_started(qtbot: QtBot, tab: Tab, tmp_path: Path) -> None:
    training, _, project, model = tab
    training.editor.setValue(tiny_plan(project.datasets()[0], model))
    training.pretraining.findChild(QCheckBox, "pretrainFirst").setChecked(True)
    training.pretraining.findChild(QComboBox, "pretrainRows").setCurrentIndex(1)
    start = training.start_bar.findChild(object, "startTraining")
    assert not start.isEnabled() and training.command_line.text() == ""
    training.pretraining.findChild(QLineEdit, "pretrainFile").setText(str(tmp_path / "more.fasta"))
    assert start.isEnabled() and "more.fasta" in training.command_line.text()
    training.pretraining.findChild(QCheckBox, "pretrainFirst").setChecked(False)
    assert training.command_line.text().startswith("sciapp train ")


def test_the_editor_gives_back_what_it_was_given(qtbot: QtBot) -> None:
    editor = PretrainEditor()
    qtbot.addWidget(editor)
    assert editor.value() is None
    plan = with_settings(PretrainPlan(file="/data/rows.smi"), {"num_train_epochs": 7, "masked_share": 0.3})
    with qtbot.waitSignal(editor.valueChanged):
        editor.setValue(plan)
    assert editor.value() == plan
    editor.setValue(None)
    assert editor.value() is None


def test_the_command_shown_makes_the_same_plan(tmp_path: Path) -> None:
    """What `sciapp pretrain` makes of the words is the plan that the button starts, but for the base of the training,
    which is the run itself."""
    from sciapp.cli import parser as cli_parser
    from sciapp.cli import pretrain as cli_pretrain

    project, card = tiny_project(tmp_path / "p")
    rows = tmp_path / "rows.fasta"
    rows.write_text(">a\nMKT\n", encoding="utf-8")
    training = with_settings(TrainPlan(dataset=card.id, model="protein-starter"), {"seed": 5, "dropout": 0.2})
    for first in (PretrainPlan(), with_settings(PretrainPlan(file=str(rows)), {"masked_share": 0.3})):
        plan = before_training(first, training)
        design = StudyDesign(plan=plan, kind="pretraining_first", then=StudyDesign(plan=training))
        options = cli_parser.parser().parse_args(commands.run_arguments(project, design))
        made = cli_pretrain.design_of(options, project, None)
        assert (made.plan, made.kind) == (plan, "pretraining_first")
        assert made.training is not None
        assert made.training.model_copy(update={"model": training.model}) == training
