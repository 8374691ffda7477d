"""What a run's folder keeps when the disk is full or the power was cut."""

from pathlib import Path

import pytest

from sciapp.errors import OutOfSpace, RunProblem
from sciapp.records import atomic
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run import run as run_module
from sciapp.records.run.checkpoints import stored_checkpoints
from sciapp.records.run.events import Noted, StepTaken
from sciapp.records.run.run import Run
from tests.helpers.messages import refused


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Project.create(tmp_path / "p", name="p", domain="molecule").new_run(TrainPlan(dataset="d"))


def test_how_a_run_ended_is_written_on_a_full_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.keep_room_for_last_words()
    message = "The disk is full."

    def full(*_: object) -> None:
        raise OutOfSpace(message, hint="", context="")

    monkeypatch.setattr(run_module, "write_text", full)
    monkeypatch.setattr(atomic, "write_bytes", full)
    run.write_last_state(run.state().model_copy(update={"status": "failed", "message": message}))
    assert (run.state().status, run.state().message) == ("failed", message)
    assert not list(run.folder.glob(".*"))


def test_the_room_is_given_back_when_it_was_not_needed(run: Run) -> None:
    run.keep_room_for_last_words()
    run.write_last_state(run.state().model_copy(update={"status": "finished"}))
    assert run.state().status == "finished"
    assert not list(run.folder.glob(".*"))


def test_an_event_after_a_torn_line_is_read(run: Run) -> None:
    run.append_event(Noted(message="before"))
    with run.events_file.open("ab") as file:
        file.write(b'{"event": "step_ta')
    run.drop_torn_event()
    run.append_event(Noted(message="after"))
    assert [event.message for event in run.events() if isinstance(event, Noted)] == ["before", "after"]
    assert not any(isinstance(event, StepTaken) for event in run.events())


def test_a_run_without_events_has_no_torn_one(run: Run) -> None:
    run.drop_torn_event()
    assert run.events() == []


@pytest.mark.parametrize("step", ["Infinity", "NaN", "1e999", '"x"', "[]", "null", "{}"])
def test_a_checkpoint_whose_step_is_no_number_is_none(tmp_path: Path, step: str) -> None:
    run = Project.create(tmp_path / "p", domain="text").new_run(TrainPlan(dataset="d"))
    for number, said in ((1, "1"), (2, step)):
        folder = run.checkpoints / f"step-{number:06d}"
        folder.mkdir(parents=True)
        for name in ("model.safetensors", "training.pt"):
            (folder / name).write_bytes(b"x")
        (folder / "state.json").write_text(f'{{"step": {said}, "epoch": 1, "batch": 0}}', encoding="utf-8")
    assert [place.step for place in stored_checkpoints(run)] == [1]


def test_a_run_that_lost_its_plan_does_not_vanish(run: Run) -> None:
    run.plan_file.unlink()
    project = Project.open(run.project_folder)
    assert [one.id for one in project.runs()] == [run.id]
    with refused(RunProblem, "plan", run="001-train"):
        project.run("1").plan()


def test_a_folder_without_anything_of_a_run_is_none(run: Run) -> None:
    (run.folder.parent / "notes").mkdir()
    assert [one.id for one in Project.open(run.project_folder).runs()] == [run.id]
