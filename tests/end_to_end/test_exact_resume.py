"""The promise of the run process: killed at any moment and resumed, a run ends with the same bits.

On a processor, with the same number of threads, and where the memory is enough for whole batches: pieces of batches are
summed in another order. Two runs that are compared have one number format: the plan's, or what `auto` is remembered to
mean on this computer.
"""

import hashlib
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import standing
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.events import CheckpointSaved, Event, RunStarted, StageBegan, StepTaken, Validated
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.runs import started_and_killed_when, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run]:
    """A project and its run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("reference")
    project, card = tiny_project(folder / "project")
    run = project.new_run(tiny_plan(card, tiny_model(folder / "model"), dropout=0.2))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    return project, run


def weights(run: Run) -> str:
    return hashlib.sha256((run.model_folder / "model.safetensors").read_bytes()).hexdigest()


MOMENTS: dict[str, Callable[[Event], bool]] = {
    "while the simple method is fitted": lambda e: isinstance(e, StageBegan) and e.stage == "simple",
    "before the first checkpoint": lambda e: isinstance(e, StepTaken) and e.step == 2,
    "right after a checkpoint": lambda e: isinstance(e, CheckpointSaved) and e.step >= 3,
    "in the middle": lambda e: isinstance(e, StepTaken) and e.step == 11,
    "after a look at validation": lambda e: isinstance(e, Validated) and e.step >= 8,
    "while the model is saved": lambda e: isinstance(e, StageBegan) and e.stage == "saving",
    "while it is judged": lambda e: isinstance(e, StageBegan) and e.stage == "baselines",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_killed_and_resumed_ends_with_the_same_weights(reference: tuple[Project, Run], moment: str) -> None:
    project, undisturbed = reference
    run = project.new_run(undisturbed.plan())
    started_and_killed_when(run, MOMENTS[moment])
    assert standing(run) is RunStatus.INTERRUPTED
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert weights(run) == weights(undisturbed)
    assert run.evaluation() == undisturbed.evaluation()


def resumes_as_exactly(project: Project, plain: Run, plan: TrainPlan) -> None:
    """A run of `plan` that is killed ends as one that is not, and otherwise than `plain`."""
    undisturbed = project.new_run(plan)
    launcher.start(undisturbed)
    assert wait_until_over(undisturbed) is RunStatus.FINISHED, undisturbed.log_file.read_text()
    run = project.new_run(undisturbed.plan())
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == 11)
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert weights(run) == weights(undisturbed) != weights(plain)
    assert run.evaluation() == undisturbed.evaluation()


def test_a_training_that_is_made_harder_resumes_as_exactly(reference: tuple[Project, Run]) -> None:
    """What a row is written into follows from seed, pass and row; what the objective draws, from states that are kept.

    Every other way to make it harder: test_augmented_training.py.
    """
    project, plain = reference
    plan = plain.plan()
    assert isinstance(plan, TrainPlan)
    harder = {"augmentations": "blosum_substitutions,end_crops", "token_masking": 0.1, "regularizer": "fgm"}
    resumes_as_exactly(project, plain, with_settings(plan, harder))


def test_a_training_in_bf16_resumes_as_exactly(reference: tuple[Project, Run]) -> None:
    project, plain = reference
    plan = plain.plan()
    assert isinstance(plan, TrainPlan)
    resumes_as_exactly(project, plain, with_settings(plan, {"precision": "bf16"}))


def test_averaged_weights_layers_unfrozen_and_a_lowered_rate_are_taken_up_again(reference: tuple[Project, Run]) -> None:
    """Every other method, without a process: tests/unit/engine/training/test_methods_in_detail.py."""
    project, plain = reference
    plan = plain.plan()
    assert isinstance(plan, TrainPlan)
    methods = {
        "tuning_method": "gradual", "optimizer": "lion", "weight_averaging": "ema", "ema_decay": 0.9,
        "lr_scheduler_type": "reduce_lr_on_plateau", "plateau_patience": 1, "eval_steps": 2,
    }  # fmt: skip
    resumes_as_exactly(project, plain, with_settings(plan, methods))


def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(reference: tuple[Project, Run]) -> None:
    project, undisturbed = reference
    run = project.new_run(undisturbed.plan())
    started_and_killed_when(run, lambda e: isinstance(e, CheckpointSaved) and e.step >= 9)
    newest = sorted(run.checkpoints.glob("step-*"))[-1]
    (newest / "model.safetensors").write_bytes(b"torn")
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert weights(run) == weights(undisturbed)
    assert any("damaged" in getattr(event, "message", "") for event in run.events())


def test_a_moved_project_resumes_where_it_now_lies(reference: tuple[Project, Run], tmp_path: Path) -> None:
    project, undisturbed = reference
    run = project.new_run(undisturbed.plan())
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == 7)
    copy = Project.open(project.save_as(tmp_path / "verschoben 分子 🧪")).run(run.id)
    launcher.resume(copy)
    assert wait_until_over(copy) is RunStatus.FINISHED, copy.log_file.read_text()
    assert weights(copy) == weights(undisturbed)


def test_curves_of_a_resumed_run_say_from_where_it_went_on(reference: tuple[Project, Run]) -> None:
    project, undisturbed = reference
    run = project.new_run(undisturbed.plan())
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == 7)
    launcher.resume(run)
    wait_until_over(run)
    starts = [event for event in run.events() if isinstance(event, RunStarted)]
    assert [start.resumed_at_step for start in starts] == [None, 6]


def test_a_process_that_aborts_by_itself_is_an_interrupted_run(reference: tuple[Project, Run]) -> None:
    project, undisturbed = reference
    run = project.new_run(undisturbed.plan())
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken), by=signal.SIGABRT)
    assert standing(run) is RunStatus.INTERRUPTED
    assert any(run.folder.iterdir())
