"""Whose turn it is, as the run folders say; and what the queue's file survives."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sciapp import settings
from sciapp.errors import BadInput, NotFound, RunProblem
from sciapp.jobs.launch import processes
from sciapp.jobs.machine import devices as lanes
from sciapp.jobs.machine.liveness import this_process
from sciapp.jobs.queue import queue
from sciapp.jobs.queue.duration import expected_seconds
from sciapp.jobs.queue.entries import due, settled, turn_of
from sciapp.jobs.queue.view import look
from sciapp.jobs.runs.follow import standing
from sciapp.jobs.runs.follow_up import begin, left_waiting, next_run
from sciapp.records.machine.queue import Entry, Queue, QueueFile
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.messages import names, refused

LONG_AGO = datetime.now(UTC) - timedelta(minutes=10)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="text")


@pytest.fixture
def nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs stay where they are: no process is started."""
    monkeypatch.setattr(processes, "spawn", lambda *_, **__: 1)


def made(project: Project, **state: object) -> Run:
    run = project.new_run(TrainPlan(dataset="d"))
    run.write_state(run.state().model_copy(update=state))
    return run


def entry(run: Run, **more: object) -> Entry:
    return Entry(folder=str(run.folder), **more)  # type: ignore[arg-type]


def on() -> dict[str, object]:
    pid, moment, host = this_process()
    return {"status": "running", "pid": pid, "process_started": moment, "host": host, "started": LONG_AGO}


DEAD = {"status": "running", "pid": None, "started": LONG_AGO, "created": LONG_AGO}


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        ({"queued": True, "created": LONG_AGO}, EntryStatus.WAITING),
        ({"created": LONG_AGO}, EntryStatus.WAITING),
        ({"launched": "now"}, EntryStatus.ON),
        ({"launched": LONG_AGO, "created": LONG_AGO}, EntryStatus.WAITING),
        (DEAD, EntryStatus.INTERRUPTED),
        ({"status": "cancelled", "queued": True, "started": LONG_AGO}, EntryStatus.WAITING),
        ({"status": "finished"}, EntryStatus.OVER),
        ({"status": "failed"}, EntryStatus.OVER),
    ],
)
def test_a_runs_folder_says_what_it_is_at(project: Project, state: dict[str, object], turn: EntryStatus) -> None:
    state = {name: datetime.now(UTC) if value == "now" else value for name, value in state.items()}
    assert turn_of(entry(made(project, **state))) is turn


def test_a_run_that_is_on_keeps_its_lane_and_the_next_of_each_free_lane_is_due(project: Project) -> None:
    running, first, second, other = made(project, **on()), made(project), made(project), made(project)
    entries = [
        entry(running),
        entry(first),
        entry(second, lane="cuda:0"),
        entry(other, lane="cuda:0"),
    ]
    waiting = Queue().with_entries(entries)
    assert [one.run.id for one in due(waiting)] == [second.id]
    assert due(waiting.model_copy(update={"paused": True})) == []
    assert [one.run.id for one in due(waiting.without(running))] == [first.id, second.id]


def test_a_run_on_all_gpus_waits_for_each_of_them_and_is_not_overtaken(project: Project) -> None:
    running, together, single, other = made(project, **on()), made(project), made(project), made(project)
    waiting = [entry(together, lane="cuda"), entry(single, lane="cuda:1"), entry(other, lane="cpu")]
    assert [one.run.id for one in due(Queue().with_entries([entry(running, lane="cuda:0"), *waiting]))] == [other.id]
    assert [one.run.id for one in due(Queue().with_entries(waiting))] == [together.id, other.id]


def test_an_interrupted_run_is_due_only_when_a_person_wants_it(project: Project) -> None:
    dead = made(project, **DEAD)
    assert due(Queue().with_entry(entry(dead))) == []
    assert [one.run.id for one in due(Queue().with_entry(entry(dead, resume=True)))] == [dead.id]


def test_a_folder_that_is_gone_or_damaged_is_left_out_and_stays_in_the_list(project: Project, tmp_path: Path) -> None:
    gone, damaged, fine = Run(tmp_path / "gone" / "runs" / "001-train"), made(project), made(project)
    damaged.plan_file.write_text("{")
    entries = [entry(gone), entry(damaged), entry(fine)]
    assert [one.run.id for one in due(settled(Queue().with_entries(entries)))] == [fine.id]
    with queue.held() as file:
        file.write(Queue().with_entries(entries))
    lines = look().of(EntryStatus.MISSING)
    assert [line.run for line in lines] == ["001-train", damaged.id]
    assert "gone" in lines[0].state


def test_a_run_that_follows_takes_the_place_of_the_one_that_ended(project: Project) -> None:
    then = StudyDesign(plan=TrainPlan(dataset="d"))
    first = begin(project, StudyDesign(plan=PretrainPlan(dataset="d"), kind="pretraining_first", then=then))
    first.write_state(first.state().model_copy(update={"status": "finished"}))
    waiting = made(project, queued=True)
    before = Queue().with_entries([entry(first, lane="cuda:1"), entry(waiting, lane="cuda:1")])
    assert settled(before).entries == before.entries[1:]  # nothing was made to follow
    then = next_run(first)
    assert then is not None and left_waiting(first) is not None
    after = settled(before)
    assert [(one.run.id, one.lane) for one in after.entries] == [(then.id, "cuda:1"), (waiting.id, "cuda:1")]
    assert [one.run.id for one in due(after)] == [then.id]


def test_a_run_that_waits_for_its_turn_is_waiting_however_long(project: Project) -> None:
    assert standing(made(project, queued=True, created=LONG_AGO)) is RunStatus.WAITING


@pytest.mark.usefixtures("nothing_begins")
def test_a_started_run_takes_its_lane_and_the_second_waits(project: Project) -> None:
    first, second, third = (made(project) for _ in range(3))
    assert queue.start_or_add(first)
    assert not queue.start_or_add(second)
    queue.add(third)
    view = look()
    assert [(line.run, line.turn, line.position) for line in view.lines] == [
        (first.id, EntryStatus.ON, 0), (second.id, EntryStatus.WAITING, 1), (third.id, EntryStatus.WAITING, 2)
    ]  # fmt: skip
    assert view.must_wait
    assert second.state().queued and not first.state().queued


@pytest.mark.usefixtures("nothing_begins")
def test_the_order_is_changed_and_a_run_is_taken_out(project: Project) -> None:
    runs = [made(project) for _ in range(4)]
    queue.pause()
    for run in runs:
        queue.add(run)
    queue.move(runs[3], 1)
    queue.move(runs[0], 99)
    assert [line.run for line in look().lines] == [runs[3].id, runs[1].id, runs[2].id, runs[0].id]
    queue.remove(runs[1])
    assert [line.run for line in look().lines] == [runs[3].id, runs[2].id, runs[0].id]
    assert standing(runs[1]) is RunStatus.CANCELLED
    with refused(NotFound, run=runs[1].id):
        queue.move(runs[1], 1)
    queue.forget()
    assert not look().lines
    assert all(standing(run) is RunStatus.CANCELLED for run in runs)


@pytest.mark.usefixtures("nothing_begins")
def test_a_run_that_is_on_is_not_taken_out_and_one_that_waits_is_not_stopped(project: Project) -> None:
    first, second = made(project), made(project)
    queue.start_now(first)
    queue.add(second)
    with pytest.raises(RunProblem, match="is on"):
        queue.remove(first)
    with refused(RunProblem, "turn", run=second.id):
        queue.stop(second)
    queue.cancel(second)
    assert standing(second) is RunStatus.CANCELLED
    assert [line.run for line in look().lines] == [first.id]


def test_a_run_whose_process_cannot_be_started_does_not_stay_in_the_queue(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = RunProblem("no more processes")

    def refuse(*_: object, **__: object) -> int:
        raise refusal

    monkeypatch.setattr(processes, "spawn", refuse)
    with pytest.raises(RunProblem) as caught:
        queue.start_or_add(made(project))
    assert caught.value is refusal
    assert not look().lines


@pytest.mark.usefixtures("nothing_begins")
def test_without_a_folder_for_the_queue_runs_begin_at_once(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("SCIAPP_HOME", str(tmp_path / "no folder"))
    first, second, third = made(project), made(project), made(project)
    queue.start_now(first)
    assert queue.start_or_add(second)
    queue.follow_on(second, third)
    assert all(run.state().launched is not None for run in (first, second, third))


@pytest.mark.usefixtures("nothing_begins")
def test_interrupted_runs_go_first_or_are_dropped_as_a_person_says(project: Project) -> None:
    waiting, dead = made(project), made(project, **DEAD)
    with queue.held() as file:
        file.write(Queue().with_entries([entry(waiting), entry(dead)]))
    view = look()
    assert view.is_stranded and [line.run for line in view.of(EntryStatus.INTERRUPTED)] == [dead.id]
    queue.go_on()
    with queue.held() as file:
        assert [one.run.id for one in due(file.read())] == [dead.id]
        file.write(Queue().with_entries([entry(waiting), entry(dead)]))
    queue.go_on(resume=False)
    assert [line.run for line in look().lines] == [waiting.id]
    assert standing(dead) is RunStatus.INTERRUPTED


def test_a_damaged_file_is_put_aside_and_said(tmp_path: Path) -> None:
    with queue.held() as file:
        file.file.write_text("{", encoding="utf-8")
    look()
    view = look()
    assert view.lines == ()
    assert names(view.remarks[0], aside=str(settings.data_folder() / "queue" / "queue.damaged.json"))
    assert (settings.data_folder() / "queue" / "queue.damaged.json").read_text() == "{"
    assert QueueFile(tmp_path / "none.json").read() == Queue()


def test_a_lane_sees_its_own_device_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_torch_has_cuda", lambda: True)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(lanes, "_count", lambda: 2)
    assert lanes.lanes() == ("cuda:0", "cuda:1", "cpu")
    assert lanes.environment_of("cuda:1")["CUDA_VISIBLE_DEVICES"] == "1"
    assert lanes.environment_of("cpu")["CUDA_VISIBLE_DEVICES"] == ""
    assert lanes.choose_lane(["cuda:0", "cpu"]) == "cuda:1"
    assert lanes.choose_lane([], devices=2) == "cuda" and lanes.environment_of("cuda") == {}
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,5")
    assert lanes.environment_of("cuda:1")["CUDA_VISIBLE_DEVICES"] == "5"
    with pytest.raises(BadInput, match="cuda:7"):
        lanes.check_lane("cuda:7")
    monkeypatch.setattr(lanes, "_torch_has_cuda", lambda: False)
    assert lanes.lanes() == ("cpu",) and lanes.environment_of("cpu") == {}


def test_a_run_that_follows_is_no_member_of_the_team_before(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE", "MASTER_PORT"):
        monkeypatch.setenv(name, "0")
    assert not {"RANK", "WORLD_SIZE", "MASTER_PORT"} & set(processes.run_environment())


def test_a_training_is_expected_to_last_as_long_as_the_same_one_did(project: Project) -> None:
    now = datetime.now(UTC)
    made(project, status="finished", started=now - timedelta(seconds=60), ended=now)
    longer = project.new_run(with_settings(TrainPlan(dataset="d"), {"num_train_epochs": 60}))
    other = project.new_run(TrainPlan(dataset="d", model="other"))
    assert expected_seconds(longer) == pytest.approx(120)
    assert expected_seconds(other) is None


def test_a_run_whose_place_in_the_queue_was_lost_may_go_on(project: Project) -> None:
    run = project.new_run(TrainPlan(dataset="d"))
    run.write_state(run.state().model_copy(update={"queued": True}))
    queue.must_be_resumable(run)

    queue.pause()
    queue.add(run)
    with pytest.raises(RunProblem):
        queue.must_be_resumable(run)
