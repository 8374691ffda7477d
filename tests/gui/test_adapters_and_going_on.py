"""Adapters in the form of a training, “Train on…”, and a model from a run of another project."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from sciapp.actions import command_line as commands
from sciapp.actions import models as models_actions
from sciapp.actions import training as training_actions
from sciapp.actions.runs import Start, Started
from sciapp.cli import parser as cli_parser
from sciapp.cli import train as cli_runs
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run, RunStatus
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.continue_dialog import ContinueDialog
from sciapp.ui.training.model.other_project import OtherProjectRunsDialog
from sciapp.ui.training.model.picker import ModelPicker
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.training.start_bar import ClickGuard, RunBar
from sciapp.ui.training.tab import TrainingTab
from sciapp.ui.widgets.banner import Banner
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import names, numbers_in
from tests.helpers.tiny import tiny_model

LORA = ("lora_r", "lora_alpha", "lora_dropout", "lora_target", "use_rslora", "use_dora", "base_weights")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Project, DatasetCard]]:
    project = made_project(tmp_path / "p")
    yield project, made_dataset(project)
    project.close()


@pytest.fixture
def editor(qtbot: QtBot, made: tuple[Project, DatasetCard]) -> TrainPlanEditor:
    editor = TrainPlanEditor()
    qtbot.addWidget(editor)
    editor.setModels(models_actions.models_for(domain="molecule"))
    editor.setDatasets([made[1]])
    editor.show()
    return editor


def shown(editor: TrainPlanEditor, name: str) -> bool:
    control = editor.findChild(object, name)
    return bool(control.isVisibleTo(control.parentWidget()))


def choose(editor: TrainPlanEditor, name: str, value: object) -> None:
    box = editor.findChild(QComboBox, name)
    box.setCurrentIndex(box.findData(value))


def test_settings_of_an_adapter_are_shown_with_their_method_only(editor: TrainPlanEditor) -> None:
    assert not any(shown(editor, name) for name in (*LORA, "num_virtual_tokens"))
    choose(editor, "tuning_method", "lora")
    assert all(shown(editor, name) for name in LORA) and not shown(editor, "num_virtual_tokens")
    choose(editor, "tuning_method", "prompt")
    assert shown(editor, "num_virtual_tokens") and not any(shown(editor, name) for name in LORA)


def test_the_share_of_weights_that_learn_and_the_memory_are_said_before_start(editor: TrainPlanEditor) -> None:
    line = editor.findChild(QLabel, "modelFacts")
    assert " trains " not in line.text() and "memory" in line.text()
    choose(editor, "tuning_method", "lora")
    assert "LoRA trains 0.25" in line.text() and "3.4 million" in line.text() and "(7.47%)" in line.text()
    choose(editor, "use_dora", True)
    assert "DoRA trains 0.26" in line.text()
    editor.setValue(with_settings(editor.value(), {"lora_r": 64}))
    assert "DoRA trains 1.02" in line.text() and "memory" in line.text()
    choose(editor, "tuning_method", "head")
    assert "head" in line.text() and "3.1 million" in line.text() and " trains " not in line.text()


def test_an_adapter_goes_through_the_form_and_the_command_line(
    editor: TrainPlanEditor, made: tuple[Project, DatasetCard]
) -> None:
    settings = {"tuning_method": "lora", "lora_r": 4, "use_dora": True, "lora_target": "attention"}
    plan = with_settings(TrainPlan(dataset=made[1].id, model="molecule-starter"), settings)
    editor.setValue(plan)
    assert editor.value() == plan
    words = shlex.split(commands.as_text(commands.train_arguments(made[0], plan)))[1:]
    options = cli_parser.parser().parse_args(words)
    assert cli_runs.design_of(options, made[0]).plan == plan


@pytest.mark.parametrize(
    ("standing", "can"),
    [
        (RunStatus.FINISHED, True),
        (RunStatus.STOPPED, True),
        (RunStatus.RUNNING, False),
        (RunStatus.FAILED, False),
        (None, False),
    ],
)
def test_a_training_that_ended_well_can_be_trained_on(qtbot: QtBot, standing: RunStatus | None, can: bool) -> None:
    bar = RunBar(ClickGuard())
    qtbot.addWidget(bar)
    button = bar.findChild(QPushButton, "trainOn")
    bar.show_standing(standing, read_only=False)
    assert button.isEnabled() is can
    for more in ({"read_only": True}, {"read_only": False, "fine_tuning": False}):
        bar.show_standing(standing, **more)
        assert not button.isEnabled()


def test_train_on_asks_for_passes_and_starts_a_run(
    qtbot: QtBot,
    made: tuple[Project, DatasetCard],
    session: Session,
    messages: Messages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project, card = made
    run = made_run(project, TrainPlan(dataset=card.id))
    tab = TrainingTab(session, messages)
    qtbot.addWidget(tab)
    asked: list[tuple[str, int]] = []

    def train_on(*, project: Project, run: Run, epochs: int, start: Start) -> Started:
        asked.append((run.id, epochs))
        return Started(run, "cpu", queued=False)

    monkeypatch.setattr(training_actions, "train_on", train_on)
    session.open(project)
    button = tab.run_bar.findChild(QPushButton, "trainOn")
    qtbot.waitUntil(button.isEnabled, timeout=10_000)
    button.click()
    dialog = tab.findChild(ContinueDialog)
    assert run.id in dialog.findChild(QLabel).text() and "higher" in dialog.findChild(QLabel).text()
    dialog.findChild(QSpinBox, "trainOnPasses").setValue(7)
    dialog.findChild(QPushButton, "startTrainingOn").click()
    qtbot.waitUntil(lambda: asked == [(run.id, 7)], timeout=10_000)


def test_train_on_says_from_which_pass_to_what_total(qtbot: QtBot) -> None:
    dialog = ContinueDialog("001-train", epochs_begun=2, planned=20)
    qtbot.addWidget(dialog)
    said = dialog.findChild(QLabel, "trainOnSum")
    assert numbers_in(said.text()) == ["2", "20", "10", "12"]
    dialog.findChild(QSpinBox, "trainOnPasses").setValue(1)
    assert numbers_in(said.text()) == ["2", "20", "1", "3"]


def test_a_run_that_was_asked_to_stop_cannot_be_asked_again(qtbot: QtBot) -> None:
    bar = RunBar(ClickGuard())
    qtbot.addWidget(bar)
    bar.show_standing(RunStatus.RUNNING, read_only=False, stopping=True)
    assert not bar.findChild(QPushButton, "stopRun").isEnabled() and bar.findChild(QPushButton, "cancelRun").isEnabled()


def test_a_run_without_checkpoints_is_told_in_a_message(
    qtbot: QtBot, made: tuple[Project, DatasetCard], session: Session, messages: Messages
) -> None:
    project, card = made
    run = made_run(project, TrainPlan(dataset=card.id))
    tab = TrainingTab(session, messages)
    qtbot.addWidget(tab)
    session.open(project)
    tab.train_on(run, 3)
    qtbot.waitUntil(lambda: bool(messages.lastMessage), timeout=10_000)
    assert names(messages.lastMessage, run=run.id) and "no checkpoints" in messages.lastMessage


def test_a_run_of_another_project_is_chosen_as_the_model(qtbot: QtBot, editor: TrainPlanEditor, tmp_path: Path) -> None:
    other = made_project(tmp_path / "solubility")
    card = made_dataset(other, "esol-1")
    first, learnt = made_run(other, TrainPlan(dataset=card.id)), made_run(other, PretrainPlan(dataset=card.id))
    tiny_model(first.model_folder)
    picker = editor.findChild(ModelPicker)
    picker.offerRunsOf(str(other.file))
    qtbot.waitUntil(lambda: picker.findChild(OtherProjectRunsDialog) is not None, timeout=10_000)
    dialog = picker.findChild(OtherProjectRunsDialog)
    runs = dialog.findChild(QListWidget)
    assert [runs.item(row).text().partition(":")[0] for row in range(runs.count())] == [learnt.id, first.id]
    assert "esol-1" in runs.item(1).text() and "molecule-starter" in runs.item(1).text()
    runs.setCurrentRow(1)
    dialog.findChild(QPushButton, "chooseOtherRun").click()
    plan = editor.value()
    assert plan is not None and plan.model == str(first.folder)
    qtbot.waitUntil(lambda: "longest row 64 tokens" in editor.findChild(QLabel, "modelFacts").text(), timeout=10_000)
    other.close()


def test_a_project_without_models_is_told_under_the_choice(
    qtbot: QtBot, editor: TrainPlanEditor, tmp_path: Path
) -> None:
    empty = made_project(tmp_path / "empty")
    editor.findChild(ModelPicker).offerRunsOf(str(empty.file))
    warning = editor.findChild(Banner, "modelWarning")
    qtbot.waitUntil(lambda: "“empty”" in warning.text(), timeout=10_000)
    empty.close()
