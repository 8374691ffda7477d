"""A backend whose runs are carried out on a computer that nobody here can look into, as a cluster's are."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sciapp.errors import RunProblem
from sciapp.jobs.backends import registry
from sciapp.jobs.backends.base import Backend, HandOver, RunRequest
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import outcome, standing
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import LOCAL, Run, RunHandle, RunState, RunStatus


class Cluster:
    """Jobs by number; what is asked of it is written down. Its results arrive when they are collected."""

    name = "cluster"
    title = "A cluster"

    def __init__(self) -> None:
        self.jobs: dict[int, str] = {}

    def start(self, run: Run, *, environment: Mapping[str, str], hand_over: HandOver | None = None) -> RunHandle:
        number = len(self.jobs) + 41
        self.jobs[number] = "waits"
        return RunHandle.model_validate({"backend": self.name, "job": number, "partition": "gpu"})

    def is_gone(self, run: Run, state: RunState, handle: RunHandle | None) -> bool:
        return self.jobs[self._number(handle)] == "gone"

    def ask(self, run: Run, handle: RunHandle | None, request: RunRequest) -> None:
        self.jobs[self._number(handle)] = request

    def kill(self, run: Run, handle: RunHandle | None) -> None:
        self.jobs[self._number(handle)] = "gone"

    def collect(self, run: Run, handle: RunHandle | None) -> None:
        (run.folder / "collected.txt").write_text(str(self._number(handle)), encoding="utf-8")

    def wait(self, runs: Sequence[Run], seconds: float) -> None:
        """Everything has happened."""

    def _number(self, handle: RunHandle | None) -> int:
        assert handle is not None
        return int(handle.identity["job"])


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster()
    added: Backend = made
    monkeypatch.setattr(registry, "BACKENDS", {**registry.BACKENDS, made.name: added})
    monkeypatch.setattr(launcher, "BACKENDS", registry.BACKENDS)
    return made


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Project.create(tmp_path / "p", domain="molecule").new_run(TrainPlan(dataset="x"))


def signed_on_a_node(run: Run) -> None:
    on = {"status": "running", "pid": 7, "process_started": 1.0, "host": "node-17"}
    run.write_state(run.state().model_copy(update=on))


def test_a_run_is_known_by_the_handle_of_its_backend(cluster: Cluster, run: Run) -> None:
    launcher.start(run, backend="cluster")
    assert json.loads(run.launched_file.read_text()) == {"backend": "cluster", "job": 41, "partition": "gpu"}
    assert standing(run) is RunStatus.WAITING
    again = Run(run.folder)  # another window, another day
    assert again.launched() == RunHandle.model_validate({"backend": "cluster", "job": 41, "partition": "gpu"})


def test_the_scheduler_elsewhere_says_whether_a_run_is_gone(cluster: Cluster, run: Run) -> None:
    launcher.start(run, backend="cluster")
    signed_on_a_node(run)
    assert standing(run) is RunStatus.RUNNING
    launcher.kill_tree(run)
    assert standing(run) is RunStatus.INTERRUPTED


@pytest.mark.parametrize(("ask", "request_"), [(launcher.ask_to_stop, "stop"), (launcher.ask_to_cancel, "cancel")])
def test_a_request_goes_to_the_backend(cluster: Cluster, run: Run, ask: object, request_: str) -> None:
    assert callable(ask)
    launcher.start(run, backend="cluster")
    ask(run)
    assert cluster.jobs == {41: request_}
    assert run.request() is None, "a job that still waits reads no file"


def test_what_a_run_left_elsewhere_is_collected_before_its_end_is_told(cluster: Cluster, run: Run) -> None:
    launcher.start(run, backend="cluster")
    signed_on_a_node(run)
    assert outcome(run).ending is RunStatus.RUNNING
    assert not (run.folder / "collected.txt").exists()
    run.write_state(run.state().model_copy(update={"status": "finished"}))
    assert outcome(run).ending is RunStatus.FINISHED
    assert (run.folder / "collected.txt").read_text() == "41"


def test_a_run_of_a_backend_that_is_not_known_here_is_believed_and_not_asked(run: Run) -> None:
    run.launched_file.write_text(json.dumps({"backend": "grid", "ticket": "a7"}))
    signed_on_a_node(run)
    assert standing(run) is RunStatus.RUNNING
    with pytest.raises(RunProblem, match="grid"):
        launcher.ask_to_cancel(run)


def test_a_run_that_an_earlier_version_started_is_one_of_this_computer(run: Run) -> None:
    run.launched_file.write_text(json.dumps({"pid": 2**22 + 5, "process_started": 1.0, "host": ""}))
    handle = run.launched()
    assert handle is not None and handle.backend == LOCAL
    assert standing(run) is RunStatus.INTERRUPTED, "no process has that number"
