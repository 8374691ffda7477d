"""Runs as processes: stop, cancel, two at once, a full disk, an error said plainly."""

import errno
import os
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.runs.follow import outcome, standing
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.run.events import CheckpointSaved, StepTaken, Validated
from sciapp.records.run.run import RunStatus
from tests.helpers.runs import wait_for, wait_for_event, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

pytestmark = pytest.mark.fresh_processes

LONG = {"num_train_epochs": 5000, "early_stopping_patience": 0}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard, Path]:
    folder = tmp_path_factory.mktemp("runs")
    project, card = tiny_project(folder / "project")
    return project, card, tiny_model(folder / "model")


Made = tuple[Project, DatasetCard, Path]


def test_stop_keeps_the_best_model_and_evaluates_it(made: Made) -> None:
    project, card, model = made
    run = project.new_run(tiny_plan(card, model, **LONG))
    launcher.start(run)
    wait_for_event(run, lambda e: isinstance(e, Validated))
    launcher.ask_to_stop(run)
    assert wait_until_over(run) is RunStatus.STOPPED, run.log_file.read_text()
    assert run.evaluation() is not None
    assert (run.model_folder / "model.safetensors").exists()


def test_cancel_ends_soon_and_the_run_can_be_resumed_and_stopped(made: Made) -> None:
    project, card, model = made
    run = project.new_run(tiny_plan(card, model, **LONG))
    launcher.start(run)
    wait_for_event(run, lambda e: isinstance(e, StepTaken) and e.step >= 5)
    launcher.ask_to_cancel(run)
    assert wait_until_over(run, 30) is RunStatus.CANCELLED
    assert run.evaluation() is None
    launcher.resume(run)
    wait_for_event(run, lambda e: isinstance(e, StepTaken) and e.step > 8)
    launcher.ask_to_stop(run)
    assert wait_until_over(run) is RunStatus.STOPPED, run.log_file.read_text()


def test_a_polite_signal_cancels(made: Made) -> None:
    project, card, model = made
    run = project.new_run(tiny_plan(card, model, **LONG))
    pid = launcher.start(run).identity["pid"]
    wait_for_event(run, lambda e: isinstance(e, StepTaken))
    os.kill(pid, signal.SIGTERM)
    assert wait_until_over(run, 30) is RunStatus.CANCELLED


def test_a_run_whose_folder_is_removed_ends_and_leaves_nothing(made: Made) -> None:
    project, card, model = made
    run = project.new_run(tiny_plan(card, model, **LONG))
    process = psutil.Process(launcher.start(run).identity["pid"])
    wait_for_event(run, lambda e: isinstance(e, StepTaken) and e.step >= 5)
    run.folder.rename(elsewhere := project.folder / "removed")
    shutil.rmtree(elsewhere)
    assert wait_for(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, 60)
    assert not run.folder.exists()


def test_a_run_that_is_on_is_not_executed_twice(made: Made) -> None:
    project, card, model = made
    run = project.new_run(tiny_plan(card, model, **LONG))
    launcher.start(run)
    wait_for_event(run, lambda e: isinstance(e, StepTaken))
    second = subprocess.run(processes.own_command("run-child", str(run.folder)), capture_output=True)
    assert second.returncode == 2
    assert standing(run) is RunStatus.RUNNING
    launcher.kill_tree(run)
    assert standing(run) is RunStatus.INTERRUPTED


def test_a_missing_model_is_said_in_one_sentence(made: Made) -> None:
    project, card, _ = made
    run = project.new_run(tiny_plan(card, Path("no-such-model")))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert "no-such-model" in outcome(run).message
    assert "Traceback" not in outcome(run).message


def fill(file: Path) -> None:
    """Write until nothing more fits; the run writes at the same time, so the room cannot be known before."""
    with file.open("wb", buffering=0) as handle:
        try:
            while True:
                handle.write(b"x" * 4096)
        except OSError as error:
            assert error.errno == errno.ENOSPC


def test_a_disk_that_fills_up_during_a_checkpoint_loses_nothing(made: Made, tmp_path: Path) -> None:
    project, card, model = made
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.xfail("no right to mount a small disk here")
    try:
        small = Project.open(project.save_as(disk / "p"))
        for old in small.runs():
            shutil.rmtree(old.folder)
        ballast = disk / "ballast"
        run = small.new_run(tiny_plan(card, model, **LONG | {"save_steps": 2}))
        launcher.start(run)
        wait_for_event(run, lambda e: isinstance(e, CheckpointSaved) and e.step >= 4)
        fill(ballast)
        assert wait_until_over(run, 60) is RunStatus.FAILED
        assert "full" in outcome(run).message
        kept = sorted(run.checkpoints.glob("step-*"))
        assert kept
        ballast.unlink()
        launcher.resume(run)
        last = int(kept[-1].name.removeprefix("step-"))
        wait_for_event(run, lambda e: isinstance(e, StepTaken) and e.step > last + 2)
        launcher.ask_to_cancel(run)
        assert wait_until_over(run, 30) is RunStatus.CANCELLED
    finally:
        assert wait_for(lambda: not subprocess.run(["umount", str(disk)], capture_output=True).returncode, 20)
