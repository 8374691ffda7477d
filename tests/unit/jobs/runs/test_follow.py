"""Followers read whole lines once; a dead process is an interruption."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import psutil
import pytest

from sciapp.engine.runtime.out_of_memory import NothingFits
from sciapp.errors import MEMORY_NOT_ENOUGH, USE_LESS_MEMORY, RunProblem
from sciapp.jobs.launch import launcher
from sciapp.jobs.machine.liveness import LocalProcess, this_process
from sciapp.jobs.process.run_process import phrased
from sciapp.jobs.runs.follow import Follower, outcome, standing, standing_of
from sciapp.jobs.runs.summary import summarise
from sciapp.records.lock import ProjectLock
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import CheckpointSaved, Noted, RunEnded, RunStarted, to_line
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.messages import names, refused
from tests.helpers.runs import wait_for


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("CUDA out of memory. Tried to allocate"), RuntimeError("std::bad_alloc")],
    ids=["python", "cuda", "c++"],
)
def test_memory_that_ran_out_is_said_in_one_way_that_can_be_followed(error: Exception) -> None:
    message, hint = phrased(error)
    assert names(message, problem=MEMORY_NOT_ENOUGH) and hint == USE_LESS_MEMORY
    assert "start a new run" in USE_LESS_MEMORY, "the plan of a run never changes"
    assert NothingFits("a row").hint == USE_LESS_MEMORY


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Project.create(tmp_path / "p", domain="text").new_run(TrainPlan(dataset="none"))


def test_a_follower_reads_each_whole_line_once(run: Run) -> None:
    follower = Follower(run)
    assert follower.read_new() == []
    lines = [to_line(Noted(message=text)) for text in ("one", "two ü", "three")]
    with run.events_file.open("ab") as file:
        file.write(lines[0].encode() + lines[1].encode()[:10])
        file.flush()
        assert [event.message for event in follower.read_new()] == ["one"]
        file.write(lines[1].encode()[10:] + lines[2].encode())
    assert [event.message for event in follower.read_new()] == ["two ü", "three"]
    assert follower.read_new() == []


def test_a_running_run_of_this_process_is_running(run: Run) -> None:
    pid, moment, host = this_process()
    state = run.state().model_copy(update={"status": "running", "pid": pid, "process_started": moment, "host": host})
    run.write_state(state)
    assert standing(run) is RunStatus.RUNNING


def test_a_number_that_another_process_got_is_not_the_run(run: Run) -> None:
    pid, moment, host = this_process()
    other = {"status": "running", "pid": pid, "process_started": moment - 3600, "host": host}
    run.write_state(run.state().model_copy(update=other))
    assert standing(run) is RunStatus.INTERRUPTED


def test_a_zombie_is_dead(run: Run) -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    process = psutil.Process(child.pid)
    started = process.create_time()
    assert wait_for(lambda: process.status() == psutil.STATUS_ZOMBIE, 20)
    host = this_process()[2]
    run.write_state(
        run.state().model_copy(update={"status": "running", "pid": child.pid, "process_started": started, "host": host})
    )
    assert standing(run) is RunStatus.INTERRUPTED
    child.wait()


def test_a_run_of_another_computer_is_taken_at_its_word(run: Run) -> None:
    update = {"status": "running", "pid": 1, "host": "cluster-node-7"}
    run.write_state(run.state().model_copy(update=update))
    assert standing(run) is RunStatus.RUNNING


def test_a_run_whose_process_never_came_is_interrupted_after_a_minute(run: Run) -> None:
    assert standing(run) is RunStatus.WAITING
    run.write_state(run.state().model_copy(update={"created": datetime.now(UTC) - timedelta(minutes=2)}))
    assert standing(run) is RunStatus.INTERRUPTED


def test_a_process_that_needs_minutes_to_come_up_is_waited_for(run: Run) -> None:
    """A busy machine: launched long ago, not signed, alive."""
    pid, moment, host = this_process()
    run.write_state(run.state().model_copy(update={"launched": datetime.now(UTC) - timedelta(minutes=20)}))
    run.launched_file.write_text(LocalProcess(pid=pid, process_started=moment, host=host).model_dump_json())
    assert standing(run) is RunStatus.WAITING
    run.launched_file.write_text(LocalProcess(pid=pid, process_started=moment - 3600, host=host).model_dump_json())
    assert standing(run) is RunStatus.INTERRUPTED
    assert not outcome(run).began and "resumed" in str(outcome(run))


def test_whoever_holds_the_runs_lock_executes_it_whatever_the_clock_says(run: Run) -> None:
    """A clock that is put right moves the moments at which processes began."""
    pid, moment, host = this_process()
    moved = {"status": "running", "pid": pid, "process_started": moment - 3600, "host": host}
    run.write_state(run.state().model_copy(update=moved))
    lock = ProjectLock(run.lock_file)
    assert lock.acquire()
    assert standing(run) is RunStatus.RUNNING
    lock.release()
    assert standing(run) is RunStatus.INTERRUPTED


@pytest.mark.parametrize(
    ("then", "stands"),
    [
        ({"status": "finished"}, RunStatus.FINISHED),
        ({"status": "cancelled"}, RunStatus.CANCELLED),
        ({"status": "waiting", "pid": None, "host": "", "launched": "now"}, RunStatus.WAITING),
        ({"status": "waiting", "queued": True}, RunStatus.WAITING),
        ({"status": "running", **dict(zip(("pid", "process_started", "host"), this_process(), strict=True))},
         RunStatus.RUNNING),
    ],
)  # fmt: skip
def test_what_ended_or_began_between_two_looks_is_not_called_interrupted(
    run: Run, then: dict[str, Any], stands: RunStatus
) -> None:
    pid, moment, host = this_process()
    gone = {"status": "running", "pid": pid, "process_started": moment - 3600, "host": host}
    before = run.state().model_copy(update=gone)
    now = {"launched": datetime.now(UTC)} if "launched" in then else {}  # not when the tests were collected
    run.write_state(before.model_copy(update=then | now))
    assert standing_of(run, before) is stands


def test_a_question_that_the_system_does_not_answer_is_no_evidence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pid, moment, host = this_process()
    state = {"status": "running", "pid": pid, "process_started": moment, "host": host}
    run.write_state(run.state().model_copy(update=state))

    def denied(process: psutil.Process) -> float:
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(psutil.Process, "create_time", denied)
    assert standing(run) is RunStatus.RUNNING


LOST: dict[str, Callable[[Path], object]] = {
    "lost": lambda file: file.unlink(),
    "torn": lambda file: file.write_text('{"status": "run'),
    "empty": lambda file: file.write_bytes(b""),
    "no text": lambda file: file.write_bytes(b"\xff\x00\x80"),
    "no record": lambda file: file.write_text("[1, 2]"),
}


@pytest.mark.parametrize("damage", LOST)
def test_a_state_that_is_lost_is_read_from_events_and_checkpoints(run: Run, damage: str) -> None:
    (run.checkpoints / "step-000040").mkdir(parents=True)
    run.append_event(RunStarted(total_steps=90))
    run.append_event(CheckpointSaved(step=40, path="checkpoints/step-000040"))
    LOST[damage](run.state_file)

    assert standing(run) is RunStatus.INTERRUPTED
    state = run.state()
    assert (state.step, state.total_steps, state.started is not None) == (40, 90, True)
    summary = summarise(run)
    assert summary.standing.can_resume and summary.subject == "none" and "state.json" in summary.message
    launcher.must_be_resumable(run)

    run.append_event(RunEnded(ending="finished"))
    assert standing(run) is RunStatus.FINISHED


def test_a_lost_state_of_a_run_that_is_on_is_that_of_a_running_one(run: Run) -> None:
    run.append_event(RunStarted(total_steps=90))
    run.state_file.unlink()
    lock = ProjectLock(run.lock_file)
    assert lock.acquire()
    assert standing(run) is RunStatus.RUNNING
    lock.release()


@pytest.mark.parametrize("ending", ["finished", "stopped", "cancelled", "failed"])
def test_a_lost_state_is_how_the_last_sitting_ended(
    run: Run, ending: Literal["finished", "stopped", "cancelled", "failed"]
) -> None:
    for event in (RunStarted(), RunEnded(ending="failed", message="The disk was full."), RunStarted(resumed_at_step=3)):
        run.append_event(event)
    run.state_file.unlink()
    assert standing(run) is RunStatus.INTERRUPTED
    message = "It was told so."
    run.append_event(RunEnded(ending=ending, message=message))
    assert standing(run) is RunStatus(ending)
    assert run.state().message.endswith(message)


def test_without_events_too_checkpoints_and_scores_tell(run: Run) -> None:
    run.state_file.unlink()
    assert run.state().status == "waiting"
    (run.checkpoints / "step-000007").mkdir(parents=True)
    assert (run.state().status, run.state().step) == ("running", 7)
    run.evaluation_file.write_text("{}")
    assert run.state().status == "finished"


def test_a_run_without_state_and_plan_is_a_failed_one(run: Run) -> None:
    run.state_file.write_text("{")
    run.plan_file.write_text("{")
    assert standing(run) is RunStatus.FAILED
    assert "resumed" not in str(outcome(run))


@pytest.mark.parametrize("status", ["finished", "stopped"])
def test_a_run_that_ended_well_is_not_resumed(run: Run, status: str) -> None:
    run.write_state(run.state().model_copy(update={"status": status}))
    with refused(RunProblem, "resumed", run=run.id, now=status) as caught:
        launcher.resume(run)
    assert f"--continue {run.id} --epochs N" in caught.value.hint


def test_a_run_that_is_over_cannot_be_stopped(run: Run) -> None:
    run.write_state(run.state().model_copy(update={"status": "finished"}))
    with pytest.raises(RunProblem, match="not on"):
        launcher.ask_to_stop(run)


def test_a_damaged_evaluation_is_said_and_leaves_the_list_of_runs_whole(run: Run) -> None:
    run.evaluation_file.write_text("x")
    with refused(RunProblem, run=run.id) as caught:
        run.evaluation()
    assert caught.value.context.startswith(str(run.evaluation_file))
    assert summarise(run).score is None
