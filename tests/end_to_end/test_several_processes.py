"""A training on two devices, here two processes that meet by gloo, is the training on one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sciapp.engine.training.distributed import PeerLost
from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.machine.liveness import process_of
from sciapp.records.plan.plan import PretrainPlan, with_settings
from sciapp.records.run.events import CheckpointSaved, StepTaken, Validated
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_for, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

QUIET = {"dropout": 0.0, "num_train_epochs": 3, "save_steps": 4, "tokens_per_batch": 256, "threads": 2}

pytestmark = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor core")


def losses(run: Run) -> list[float]:
    return [event.loss for event in run.events() if isinstance(event, StepTaken)]


def trained(run: Run) -> Run:
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    return run


# In bf16 each product of a batch's rows is rounded to eight bits before the processes' are added: up to half of the
# last bit (2⁻⁹) in the loss of a step, and what the steps after it make of that.
@pytest.mark.parametrize(("precision", "off"), [("fp32", 1e-4), ("bf16", 2**-8)])
def test_two_processes_give_the_loss_curve_and_the_scores_of_one(tmp_path: Path, precision: str, off: float) -> None:
    project, card = tiny_project(tmp_path / "project")
    plan = with_settings(tiny_plan(card, tiny_model(tmp_path / "model")), {**QUIET, "precision": precision})

    one, two = (trained(project.new_run(plan.model_copy(update={"devices": n}))) for n in (1, 2))

    assert losses(two) == pytest.approx(losses(one), rel=off)
    scores = [[event.score for event in run.events() if isinstance(event, Validated)] for run in (one, two)]
    assert scores[1] == pytest.approx(scores[0], rel=10 * off)
    assert (two.model_folder / "model.safetensors").is_file()
    assert two.evaluation() is not None


def test_a_killed_team_leaves_no_process_behind_and_goes_on_together(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "project")
    plan = with_settings(tiny_plan(card, tiny_model(tmp_path / "model")), {**QUIET, "dropout": 0.1, "devices": 2})
    whole, killed = trained(project.new_run(plan)), project.new_run(plan)

    started_and_killed_when(killed, lambda event: isinstance(event, CheckpointSaved))
    assert wait_for(lambda: not processes_on(killed), 20), "a follower outlived its leader"
    launcher.resume(killed)
    assert wait_until_over(killed) is RunStatus.FINISHED, killed.log_file.read_text()

    # Each of the two had its own random state put back: the dropout is the same too.
    weights = [(run.model_folder / "model.safetensors").read_bytes() for run in (whole, killed)]
    assert weights[0] == weights[1]


def test_a_process_that_dies_ends_the_run_with_a_clear_word(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "project")
    plan = with_settings(
        tiny_plan(card, tiny_model(tmp_path / "model")), {**QUIET, "devices": 2, "num_train_epochs": 2000}
    )
    run = project.new_run(plan)
    launcher.start(run)
    assert wait_for(lambda: any(isinstance(event, StepTaken) for event in run.events()))

    leader = process_of(run.state())
    assert leader is not None
    (follower,) = leader.children()
    os.kill(follower.pid, signal.SIGKILL)

    assert wait_until_over(run) is RunStatus.FAILED
    assert says(run.state().message, PeerLost)


def test_more_devices_than_there_are_cores_are_refused(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "project")
    run = project.new_run(tiny_plan(card, tiny_model(tmp_path / "model")).model_copy(update={"devices": 64}))

    launcher.start(run)

    assert wait_until_over(run) is RunStatus.FAILED
    assert "64 devices" in run.state().message


@pytest.mark.prove
def test_torchrun_starts_the_same_run_folder(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "project")
    plan = with_settings(tiny_plan(card, tiny_model(tmp_path / "model")), QUIET)
    one, launched = trained(project.new_run(plan)), project.new_run(plan)

    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    done = subprocess.run(
        [*torchrun, "-m", "sciapp", "run-child", str(launched.folder)],
        env=processes.run_environment(), capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert losses(launched) == pytest.approx(losses(one), rel=1e-4)


@pytest.mark.prove
def test_two_processes_learn_from_unlabelled_rows_as_one_does(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "project")
    model = tiny_plan(card, tiny_model(tmp_path / "model")).model
    plan = with_settings(
        PretrainPlan(dataset=card.id, model=model),
        {"num_train_epochs": 2, "tokens_per_batch": 256, "threads": 2, "save_steps": 4},
    )

    one, two = (trained(project.new_run(plan.model_copy(update={"devices": n}))) for n in (1, 2))

    # Each process draws its own dropout, which this network has: alike, not the same.
    assert losses(two) == pytest.approx(losses(one), rel=2e-2)


def processes_on(run: Run) -> list[int]:
    """Living processes that were started for the run."""
    import psutil

    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if str(run.folder) in (process.info["cmdline"] or []) and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found
