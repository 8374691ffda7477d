"""A project from somebody else is data: no link in it leads anything that is written out of its folder."""

import json
import os
from pathlib import Path

import pytest

from sciapp.jobs.launch import launcher, processes
from sciapp.records.atomic import new_file, write_in_room, write_text
from sciapp.records.lock import ProjectLock
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project import file as project_file
from sciapp.records.project.project import Project
from sciapp.records.project_paths import NotAFile, OutsideProject, check_inside, check_tree, open_to_append
from sciapp.records.run.events import Noted
from sciapp.records.run.run import Run
from tests.helpers.made_projects import made_dataset
from tests.helpers.messages import names, refused

SECRET = "mine, and nobody else's\n"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.txt"
    file.write_text(SECRET)
    file.chmod(0o600)
    return file


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="molecule")


def unharmed(file: Path) -> bool:
    return file.read_text() == SECRET and file.stat().st_mode & 0o777 == 0o600


def test_migrating_an_old_project_writes_through_no_link(tmp_path: Path, mine: Path) -> None:
    old = {"schema_version": 1, "name": "x", "modality": "text", "description": "attacker's words", "id": "1"}
    file = tmp_path / "sent" / "x.sciproj"
    file.parent.mkdir()
    file.write_text(json.dumps(old))
    backup = file.with_name("x.sciproj.v1.bak")
    backup.symlink_to(mine)
    assert Project.open(file).record.domain == "text"
    assert unharmed(mine)
    assert not backup.is_symlink() and json.loads(backup.read_text()) == old


def test_saving_and_restoring_write_through_no_link(project: Project, mine: Path) -> None:
    backup = project_file.backup_of(project.file)
    backup.symlink_to(mine)
    project.save(project.record.model_copy(update={"notes": "new"}))
    assert unharmed(mine) and not backup.is_symlink()
    kept = project.file.read_text()
    damaged = project.file.with_name(f"{project.file.name}.damaged")
    damaged.symlink_to(mine)
    project.file.write_text("{")
    project_file.restore_backup(project.file)
    assert unharmed(mine) and json.loads(project.file.read_text())["id"] == json.loads(kept)["id"]


def test_a_lock_that_is_a_link_is_refused(project: Project, mine: Path) -> None:
    project.file.with_name(f".{project.file.name}.lock").symlink_to(mine)
    with refused(OutsideProject, named=f".{project.file.name}.lock"):
        Project.open(project.folder, lock=True)
    assert unharmed(mine)


@pytest.mark.parametrize("part", ["datasets", "runs", "reports"])
def test_nothing_is_written_into_a_linked_part(project: Project, tmp_path: Path, part: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (project.folder / part).rename(elsewhere)
    (project.folder / part).symlink_to(elsewhere)
    with pytest.raises(OutsideProject, match=f"“{part}”"):
        project.must_be_writable()
    with pytest.raises(OutsideProject):
        project.new_run(TrainPlan(dataset="x"))
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["state.json", "events.jsonl", "log.txt", "request.json", "evaluation.json", ".last-words.tmp", ".lock"]
)
def test_no_file_of_a_run_is_written_through_a_link(
    project: Project, mine: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "spawn", lambda *words, **more: pytest.fail("a process was started"))
    run = project.new_run(TrainPlan(dataset="x"))
    state, lock = run.state(), ProjectLock(run.folder / ".lock")
    writers = (
        lambda: run.write_state(state),
        lambda: run.append_event(Noted(message="x")),
        run.drop_torn_event,
        lambda: run.write_request("stop"),
        lambda: run.write_last_state(state),
        run.keep_room_for_last_words,
        lock.acquire,
        lambda: launcher.start(run),
        lambda: open_to_append(run.log_file).close(),
    )
    refused = 0
    for write in writers:
        (run.folder / name).unlink(missing_ok=True)
        (run.folder / name).symlink_to(mine)
        with pytest.raises(OutsideProject, match=name):
            run.check_inside()
        try:
            write()
        except OutsideProject:
            refused += 1
        finally:
            lock.release()
        assert unharmed(mine)
    assert refused


@pytest.mark.parametrize("part", ["checkpoints", "model", "tensorboard", "checkpoints/step-000010"])
def test_a_run_with_a_linked_part_is_refused_before_its_process_begins(
    project: Project, tmp_path: Path, part: str
) -> None:
    run = project.new_run(TrainPlan(dataset="x"))
    (run.folder / part).parent.mkdir(exist_ok=True)
    (run.folder / part).symlink_to(tmp_path)
    for use in (lambda: launcher.start(run), lambda: project.run(run.id), run.check_inside):
        with pytest.raises(OutsideProject, match=part):
            use()


@pytest.mark.parametrize(
    "part", ["tokens", "variants", "states", "descriptors.parquet", "variants/0123", "leakage.json"]
)
def test_a_dataset_with_a_linked_part_is_refused(project: Project, tmp_path: Path, part: str) -> None:
    made_dataset(project)
    place = project.dataset_folder("made-1").folder / part
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(tmp_path)
    with pytest.raises(OutsideProject, match=part):
        project.dataset("made-1")


def test_a_linked_dataset_is_shown_as_what_it_is(project: Project, tmp_path: Path) -> None:
    made_dataset(project)
    folder = project.dataset_folder("made-1").folder
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert project.datasets() == []
    (damage,) = project.damaged_datasets()
    assert names(damage.message, id="made-1") and "a link" in damage.reason


def test_save_as_brings_nothing_along_from_elsewhere(project: Project, mine: Path, tmp_path: Path) -> None:
    (project.reports_folder / "report.html").symlink_to(mine)
    with pytest.raises(OutsideProject, match=r"reports/report\.html"):
        project.save_as(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_project_on_another_disk_works_through_a_link_to_it(project: Project, tmp_path: Path) -> None:
    (tmp_path / "home").symlink_to(project.folder)
    reached = Project.open(tmp_path / "home", lock=True)
    run = reached.new_run(TrainPlan(dataset="x"))
    run.append_event(Noted(message="here"))
    reached.must_be_writable()
    assert [event.message for event in Run(project.runs_folder / run.id).events()] == ["here"]  # type: ignore[union-attr]
    reached.close()


def test_pipes_and_ways_up_are_no_part_of_a_project(project: Project) -> None:
    with pytest.raises(OutsideProject):
        check_inside(project.folder, project.folder / "runs" / ".." / ".." / "x")
    os.mkfifo(project.runs_folder / "pipe")
    with pytest.raises(NotAFile, match="runs/pipe"):
        check_tree(project.folder, project.runs_folder)


def test_a_result_takes_a_links_place(tmp_path: Path, mine: Path) -> None:
    out = tmp_path / "out.csv"
    for write in (lambda: write_text(out, "x"), lambda: _lines(out)):
        out.unlink(missing_ok=True)
        out.symlink_to(mine)
        write()
        assert unharmed(mine) and out.read_text() == "x"
    (tmp_path / "room").symlink_to(mine)
    with pytest.raises(OutsideProject):
        write_in_room(tmp_path / "room", out, "words")
    assert unharmed(mine)


def _lines(out: Path) -> None:
    with new_file(out) as file:
        file.write("x")
