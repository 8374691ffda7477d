"""Whatever was judged on the validation rows is compared there, by the same score: nothing worse is kept than that."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.reports.text.methods import LINEAR_KEPT
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.training.initial_scores import LINEAR, InitialScores
from sciapp.engine.training.setup import feature_selection as joining
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.events import StageBegan, Validated
from sciapp.records.run.run import Run
from tests.helpers.heard import carried_out
from tests.helpers.printed import says
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

# A rate at which every method only makes it worse.
RUINED = {"learning_rate": 0.9, "warmup_ratio": 0.0, "num_train_epochs": 2, "max_grad_norm": 0}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard, Path]:
    folder = tmp_path_factory.mktemp("kept")
    return *tiny_project(folder / "project", classes=True), tiny_model(folder / "model")


@pytest.fixture
def descriptors_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folds say that descriptors do not help."""
    monkeypatch.setattr(joining, "best_choice", lambda task, choices: choices[0])


def trained(project: Project, plan: TrainPlan, run: Run | None = None) -> tuple[Run, Evaluation]:
    run = run or project.new_run(plan)
    train(plan, run, RunProgress(run.append_event))
    evaluation = run.evaluation()
    assert evaluation is not None
    return run, evaluation


def after(evaluation: Evaluation) -> float:
    assert evaluation.validation_after is not None
    score = evaluation.validation_after.get(evaluation.main_score)
    assert score is not None
    return score.value


def steps_best(run: Run) -> float:
    return max(event.score for event in run.events() if isinstance(event, Validated))


@pytest.mark.usefixtures("descriptors_left_out")
@pytest.mark.parametrize(
    "method",
    [
        {"tuning_method": "lora"},
        {"tuning_method": "full", "weight_averaging": "ema"},
        {"tuning_method": "gradual", "weight_averaging": "swa"},
        {"tuning_method": "prefix"},
        {"tuning_method": "prompt", "num_virtual_tokens": 3},
    ],
    ids=lambda method: "_".join(map(str, method.values())),
)
def test_the_linear_model_that_was_fitted_to_ask_about_descriptors_is_kept_where_training_did_worse(
    made: tuple[Project, DatasetCard, Path], method: dict[str, Any]
) -> None:
    project, card, model = made
    run, evaluation = trained(project, tiny_plan(card, model, descriptors="auto", **RUINED, **method))

    known = json.loads(run.feature_selection_file.read_text())["linear"]
    assert steps_best(run) < known
    assert after(evaluation) == pytest.approx(known, abs=1e-6)
    assert evaluation.model.predictor.lower() == LINEAR
    assert evaluation.validation_after is not None and LINEAR_KEPT in evaluation.validation_after.predictor
    told = {"linear": known, "best": steps_best(run)}
    assert any(says(remark, InitialScores.linear_message, **told) for remark in evaluation.remarks)
    assert np.asarray(SavedModel.open(run.model_folder).values(["ACDWWW"])).shape == (1, 2)


@pytest.mark.usefixtures("descriptors_left_out")
def test_a_run_that_is_killed_while_it_is_saved_keeps_it_too(made: tuple[Project, DatasetCard, Path]) -> None:
    project, card, model = made
    plan = tiny_plan(card, model, descriptors="auto", tuning_method="lora", **RUINED)
    undisturbed, whole = trained(project, plan)
    run = project.new_run(plan)
    carried_out(train, plan, run, until=lambda event: isinstance(event, StageBegan) and event.stage == "saving")
    _, evaluation = trained(project, plan, run)
    assert evaluation == whole
    for name in ("model.safetensors", "head.safetensors"):
        assert (run.model_folder / name).read_bytes() == (undisturbed.model_folder / name).read_bytes()


def test_a_training_in_which_nothing_was_learnt_says_so(
    made: tuple[Project, DatasetCard, Path], tmp_path: Path
) -> None:
    project, card = tiny_project(tmp_path / "project")
    run, evaluation = trained(project, tiny_plan(card, made[2], **RUINED))

    judged = [event for event in run.events() if isinstance(event, Validated)]
    assert evaluation.validation_before is not None and judged
    before = evaluation.validation_before.get(evaluation.main_score)
    assert before is not None and not judged[0].greater_is_better
    assert before.value < min(event.score for event in judged)
    assert any(says(remark, InitialScores.untrained_message, begun=before.value) for remark in evaluation.remarks)


def test_a_step_that_is_as_good_is_kept(made: tuple[Project, DatasetCard, Path]) -> None:
    project, card, model = made
    run, evaluation = trained(project, tiny_plan(card, model, num_train_epochs=10, learning_rate=3e-3))
    assert evaluation.model.predictor == "Fine-tuned model"
    assert after(evaluation) == pytest.approx(steps_best(run), abs=1e-6)
