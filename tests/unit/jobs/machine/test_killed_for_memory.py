"""A run whose process the kernel ended for memory says so, and no other does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sciapp.jobs.machine.oom_killer import KILLED_FOR_MEMORY, memory_watched, was_killed_for_memory
from sciapp.jobs.runs.follow import outcome
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run, RunStatus

_GROUPS = Path("/sys/fs/cgroup/memory")
_CHILD = """
import sys
from pathlib import Path
Path(sys.argv[2]).write_text(str(__import__("os").getpid()))
from sciapp.jobs.process.run_process import _sign
from sciapp.records.run.run import Run
assert _sign(Run(Path(sys.argv[1]))) is not None
if sys.argv[3] == "eat":
    held = [bytearray(b"x" * 10_000_000) for _ in range(100)]
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group of 200 MB, where we may make one."""
    folder = _GROUPS / f"sciapp-test-{os.getpid()}"
    try:
        folder.mkdir()
        (folder / "memory.limit_in_bytes").write_text("200000000")
    except OSError:
        pytest.skip("no right to make a control group here")
    yield folder
    folder.rmdir()


def run_in(group: Path, project: Project, what: str) -> Run:
    run = project.new_run(TrainPlan(dataset="d"))
    ended = subprocess.run(
        [sys.executable, "-c", _CHILD, str(run.folder), str(group / "cgroup.procs"), what], capture_output=True
    )
    assert ended.returncode == -9, ended.stderr.decode()
    return run


def test_a_process_that_took_too_much_is_said_to_have_been_ended_for_memory(group: Path, tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="molecule")
    ended = outcome(run_in(group, project, "eat"))
    assert (ended.ending, ended.message) == (RunStatus.INTERRUPTED, KILLED_FOR_MEMORY)
    assert "fewer tokens" in ended.hint
    after = outcome(run_in(group, project, "be killed"))  # the count of before is not held against it
    assert (after.ending, after.message) == (RunStatus.INTERRUPTED, "")


def test_a_count_from_before_the_last_start_of_the_system_says_nothing(tmp_path: Path) -> None:
    events = tmp_path / "memory.events"
    events.write_text("oom 1\noom_kill 1\n")
    run = Project.create(tmp_path / "p", domain="molecule").new_run(TrainPlan(dataset="d"))
    here = run.state().model_copy(update={"memory_group": str(tmp_path), "boot": memory_watched()["boot"] or ""})
    assert not was_killed_for_memory(here.model_copy(update={"boot": "another"}))
    assert not was_killed_for_memory(here.model_copy(update={"memory_kills": 1}))
    assert was_killed_for_memory(here) == (here.boot != "" or memory_watched()["boot"] == "")
