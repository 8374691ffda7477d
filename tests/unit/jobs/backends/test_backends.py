"""A backend whose runs are carried out on a computer that nobody here can look into, as a cluster's are."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sciapp.actions.runs import Start, start_run
from sciapp.errors import BadInput, RunProblem
from sciapp.jobs.backends import registry
from sciapp.jobs.backends.base import Backend, HandOver, RunRequest
from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.queue.view import look
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

    def lane(self, wanted: str, taken: Sequence[str], *, devices: int = 1) -> str:
        return f"job {len(self.jobs) + 1}"  # the cluster lets jobs wait itself

    def environment(self, lane: str) -> Mapping[str, str]:
        return {}

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


def test_the_queue_names_the_backend_and_keeps_no_device_of_this_computer_for_it(
    cluster: Cluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "spawn", lambda *_, **__: 1)
    project = Project.open(run.project_folder)
    first, second = (project.new_run(TrainPlan(dataset="x")) for _ in range(2))
    here = start_run(run=run, start=Start(lane="cpu"))
    assert not here.queued
    for other in (first, second):
        assert not start_run(run=other, start=Start(backend="cluster")).queued, "they wait for nobody here"
    assert [(line.backend, line.run) for line in look().lines] == [
        ("local", run.id), ("cluster", first.id), ("cluster", second.id),
    ]  # fmt: skip
    assert cluster.jobs == {41: "waits", 42: "waits"}
    assert look().must_wait, "another run of this computer waits for the one that is on"
    cluster.jobs[41] = "gone"
    assert start_run(run=first).run.launched() == RunHandle.model_validate(
        {"backend": "cluster", "job": 43, "partition": "gpu"}
    ), "it goes on where it was"


def test_a_backend_that_is_not_known_is_refused_before_anything_begins(cluster: Cluster, run: Run) -> None:
    with pytest.raises(BadInput, match="slurm"):
        Start(backend="slurm").check()
    with pytest.raises(BadInput) as caught:
        start_run(run=run, start=Start(backend="clutser"))
    assert "cluster" in caught.value.hint
    assert run.launched() is None and run.state().launched is None


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
