"""Longer proofs, run by `make prove`: kills at random moments, several in one run; about ten minutes each.

SCIAPP_KILLS (200) and SCIAPP_KILLS_SECONDS (900) bound the second.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.runs.follow import standing
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.run.events import CheckpointSaved, Event, StepTaken
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.runs import started_and_killed_when, wait_for, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

pytestmark = pytest.mark.fresh_processes


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_twenty_runs_killed_up_to_three_times_each_end_with_the_same_weights(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "p")
    plan = tiny_plan(card, tiny_model(tmp_path / "model"), dropout=0.2)
    undisturbed = project.new_run(plan)
    launcher.start(undisturbed)
    assert wait_until_over(undisturbed) is RunStatus.FINISHED
    steps = max(event.step for event in undisturbed.events() if isinstance(event, StepTaken))
    wanted = (undisturbed.model_folder / "model.safetensors").read_bytes()
    rng = random.Random(0)
    for number in range(20):
        run = project.new_run(plan)
        moments = sorted(rng.sample(range(1, steps), rng.randint(1, 3)))
        for step in moments:
            started_and_killed_when(run, lambda event, step=step: _reached(event, step))
        launcher.resume(run)
        assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
        assert (run.model_folder / "model.safetensors").read_bytes() == wanted, moments
        print(f"run {number + 1}: killed at {moments}, same weights")


# Torch is loaded once; each line names a run, which a process of its own then executes, so that a kill costs a tenth of
# a second. It ends like a run process, its children too.
_FORKS = """
import os, sys
import sciapp.engine.runs.train
from sciapp.jobs.process.run_process import main
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        os._exit(main(line.strip()))
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_two_hundred_kills_at_any_time_lose_no_checkpoint_and_change_no_bit(tmp_path: Path) -> None:
    """By the clock, not by events: while data is read, a checkpoint is written, the model saved or judged."""
    wanted = int(os.environ.get("SCIAPP_KILLS", "200"))
    last = time.monotonic() + float(os.environ.get("SCIAPP_KILLS_SECONDS", "900"))
    project, card = tiny_project(tmp_path / "p")
    plan = tiny_plan(card, tiny_model(tmp_path / "model"), dropout=0.2)
    rng, kills, runs = random.Random(1), 0, 0
    with (tmp_path / "log.txt").open("w") as log, subprocess.Popen(
        [sys.executable, "-c", _FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        stderr=log, env=processes.run_environment(),
    ) as forks:  # fmt: skip
        for _ in range(2):  # the first takes longer: torch is loaded
            undisturbed, began = project.new_run(plan), time.monotonic()
            assert _sitting(forks, undisturbed, 600) == 0, (tmp_path / "log.txt").read_text()
            usual = time.monotonic() - began
        expected = (undisturbed.model_folder / "model.safetensors").read_bytes()
        while kills < wanted and time.monotonic() < last:
            run = project.new_run(plan)
            while standing(run) is not RunStatus.FINISHED:
                code = _sitting(forks, run, rng.uniform(0, usual))
                assert code in {0, -signal.SIGKILL}, (tmp_path / "log.txt").read_text()
                kills += code != 0
                _no_checkpoint_is_lost(run)
            assert (run.model_folder / "model.safetensors").read_bytes() == expected, run.id
            assert run.evaluation() == undisturbed.evaluation()
            runs += 1
    print(f"{kills} kills in {runs} runs of {usual:.1f} s; every one ended with the same weights and scores")
    assert kills >= min(wanted, 20), "too slow a machine to say anything"


def _sitting(forks: "subprocess.Popen[str]", run: Run, seconds: float) -> int:
    """Let a process work on the run for so long, then kill it; its exit code."""
    assert forks.stdin is not None and forks.stdout is not None
    forks.stdin.write(f"{run.folder}\n")
    forks.stdin.flush()
    pid = int(forks.stdout.readline())
    if not wait_for(lambda: _is_over(pid), seconds):
        with contextlib.suppress(ProcessLookupError):  # it ended in this very moment
            os.kill(pid, signal.SIGKILL)
    return int(forks.stdout.readline())


def _is_over(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def _no_checkpoint_is_lost(run: Run) -> None:
    """Of the checkpoints that were announced, the newest are there, or newer ones in their place."""
    announced = {event.step for event in run.events() if isinstance(event, CheckpointSaved)}
    there = {int(path.name.removeprefix("step-")) for path in run.checkpoints.glob("step-*")}
    there |= {int(path.name.removeprefix(".next-step-")) for path in run.checkpoints.glob(".next-step-*")}
    newest = sorted(announced | there)[-_kept(run) :]
    assert announced.intersection(newest) <= there, (announced, there)


def _kept(run: Run) -> int:
    plan = run.plan()
    assert isinstance(plan, TrainPlan)
    return plan.stopping.save_total_limit


def _reached(event: Event, step: int) -> bool:
    return isinstance(event, StepTaken | CheckpointSaved) and event.step >= step
