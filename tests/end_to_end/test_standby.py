"""The process that stands by: it becomes a run as if freshly started, and is never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from sciapp import settings
from sciapp.jobs.launch import launcher
from sciapp.jobs.launch.standby import Standby
from sciapp.jobs.machine import devices as lanes
from sciapp.jobs.queue import queue
from sciapp.jobs.queue.view import look
from sciapp.jobs.runs.follow import standing
from sciapp.records.project.project import Project
from sciapp.records.run.events import StepTaken
from sciapp.records.run.run import RunStatus
from tests.helpers.light_runs import light_engine, light_run
from tests.helpers.queued import times_started, wait_until_idle
from tests.helpers.runs import wait_for, wait_for_event, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

pytestmark = pytest.mark.fresh_processes

__all__ = ["light_engine"]  # a fixture


@pytest.fixture
def standby() -> Iterator[Standby]:
    made = Standby()
    yield made
    made.close()


@pytest.fixture
def project(tmp_path: Path, light_engine: None) -> Project:
    """Its run processes are real ones, but train nothing."""
    return Project.create(tmp_path / "p", domain="text")


def has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_real_training_by_the_process_that_stood_by(standby: Standby, tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "p", rows=60)
    run = project.new_run(tiny_plan(card, tiny_model(tmp_path / "model"), num_train_epochs=1))
    assert standby.bring_up()
    pid = standby.pid
    assert queue.start_or_add(run, hand_over=standby.hand_over)
    assert standby.pid is None
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert run.state().pid == pid and times_started(run) == 1
    assert pid is not None and wait_for(lambda: has_ended(pid), 60)
    assert f"run {run.id}: finished" in run.log_file.read_text()
    assert look().lines == ()


def test_a_run_that_was_handed_over_is_stopped_and_killed_like_any_other(standby: Standby, project: Project) -> None:
    first, second = light_run(project, "long"), light_run(project, "long")
    for run in (first, second):
        assert standby.bring_up()
        launcher.start(run, hand_over=standby.hand_over)
        wait_for_event(run, lambda event: isinstance(event, StepTaken))
    launcher.ask_to_stop(first)
    os.kill(second.state().pid or 0, signal.SIGKILL)
    assert wait_until_over(first) is RunStatus.STOPPED
    assert wait_until_over(second) is RunStatus.INTERRUPTED


def test_it_stands_by_for_one_device_and_others_get_a_fresh_process(
    standby: Standby, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "_torch_has_cuda", lambda: True)
    monkeypatch.setattr(lanes, "_count", lambda: 8)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert standby.bring_up()
    pid = standby.pid
    for lane, device in (("cuda:7", "7"), ("cuda:0", "0")):
        run = light_run(project)
        launcher.start(run, environment=lanes.environment_of(lane), hand_over=standby.hand_over)
        assert wait_until_over(run) is RunStatus.FINISHED
        assert f"sees device {device}" in run.log_file.read_text()
        assert (run.state().pid == pid) is (lane == "cuda:0")


def test_without_one_and_with_a_dead_one_a_fresh_process_is_started(standby: Standby, project: Project) -> None:
    for kill in (False, True):
        run = light_run(project)
        if kill:
            assert standby.bring_up()
            dead = standby.pid
            assert dead is not None
            os.kill(dead, signal.SIGKILL)
            assert wait_for(lambda dead=dead: has_ended(dead), 20)
        launcher.start(run, hand_over=standby.hand_over)
        assert wait_until_over(run) is RunStatus.FINISHED


def test_it_ends_when_whoever_kept_it_is_killed(project: Project, tmp_path: Path) -> None:
    words = (
        "import sys; from sciapp.jobs.launch.standby import Standby; kept = Standby(); assert kept.bring_up();"
        "print(kept.pid, flush=True); sys.stdin.read()"
    )
    keeper = subprocess.Popen([sys.executable, "-c", words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert keeper.stdin is not None and keeper.stdout is not None
    pid = int(keeper.stdout.readline())
    assert not has_ended(pid)
    keeper.kill()
    keeper.wait()
    assert wait_for(lambda: has_ended(pid), 20)
    keeper.stdin.close()
    keeper.stdout.close()
    assert list(project.runs()) == []


def test_it_is_not_brought_up_where_memory_is_scarce_or_when_it_dies_again_and_again(
    standby: Standby, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert standby.bring_up()
        pid = standby.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert wait_for(lambda: standby.pid is None, 20)
    assert not standby.bring_up()
    scarce = SimpleNamespace(total=16 << 30, available=1 << 20)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: scarce)
    other = Standby()
    assert not other.bring_up()
    other.close()


def test_a_closed_one_is_gone_and_stays_gone(standby: Standby, project: Project) -> None:
    assert standby.bring_up() and standby.bring_up()  # the second time there is one
    pid = standby.pid
    assert pid is not None
    standby.close()
    assert has_ended(pid) and standby.pid is None
    assert not standby.bring_up()
    assert (settings.log_folder() / "standby.log").exists()


def test_a_queued_run_is_not_handed_over(standby: Standby, project: Project) -> None:
    first, second = light_run(project, "long"), light_run(project)
    queue.start_now(first)
    assert standby.bring_up()
    assert not queue.start_or_add(second, hand_over=standby.hand_over)
    assert standby.pid is not None
    wait_for_event(first, lambda event: isinstance(event, StepTaken))
    queue.stop(first)
    wait_until_idle()
    assert standing(second) is RunStatus.FINISHED
