"""Projects: made, opened, moved, locked, migrated, damaged."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sciapp.errors import DamagedProject, NewerProject, NotFound, ProjectProblem
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project import file as project_file
from sciapp.records.project.project import Project, free_folder, safe_name
from sciapp.records.project_paths import OutsideProject
from tests.helpers.messages import refused
from tests.helpers.runs import wait_for

ODD = "löslich 分子 🧪 it's"


def test_a_project_is_found_by_its_folder_and_by_its_file(tmp_path: Path) -> None:
    made = Project.create(tmp_path / ODD, domain="molecule", notes="ä\n分")
    for path in (made.folder, made.file):
        opened = Project.open(path)
        assert opened.record == made.record


def test_a_moved_project_has_everything(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "a", domain="text")
    run = made.new_run(TrainPlan(dataset="x"))
    made.folder.rename(tmp_path / ODD)
    moved = Project.open(tmp_path / ODD)
    assert [other.id for other in moved.runs()] == [run.id]
    assert moved.run("1").plan() == TrainPlan(dataset="x")


def test_a_folder_with_things_in_it_is_no_place_for_a_new_project(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(ProjectProblem, match="not empty"):
        Project.create(tmp_path, domain="text")


@pytest.mark.parametrize("what", ["nothing", "folder", "other file"])
def test_what_is_no_project_is_refused_in_one_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "thing"
    if what == "folder":
        path.mkdir()
    elif what == "other file":
        path.write_text("x")
    with pytest.raises(NotFound):
        Project.open(path)


def test_an_older_project_is_migrated_with_a_backup_beside_it(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "old", domain="protein", notes="kept")
    record = json.loads(made.file.read_text())
    record |= {"schema_version": 1, "modality": record.pop("domain"), "description": record.pop("notes")}
    made.file.write_text(json.dumps(record))
    opened = Project.open(made.folder)
    assert (opened.record.domain, opened.record.notes) == ("protein", "kept")
    backup = made.file.with_name(f"{made.file.name}.v1.bak")
    assert json.loads(backup.read_text())["modality"] == "protein"
    assert json.loads(made.file.read_text())["schema_version"] == project_file.SCHEMA_VERSION


def test_a_newer_project_is_refused_and_left_alone(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "new", domain="text")
    record = json.loads(made.file.read_text()) | {"schema_version": 99}
    made.file.write_text(json.dumps(record))
    with pytest.raises(NewerProject, match="newer SciApp"):
        Project.open(made.folder)
    assert json.loads(made.file.read_text()) == record


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"schema_version": 2}'])
def test_a_damaged_project_offers_the_version_before(tmp_path: Path, damage: bytes) -> None:
    made = Project.create(tmp_path / "p", domain="text")
    made.save(made.record.model_copy(update={"notes": "one"}))
    made.save(made.record.model_copy(update={"notes": "two"}))
    made.file.write_bytes(damage)
    with pytest.raises(DamagedProject) as caught:
        Project.open(made.folder)
    assert caught.value.backup is not None
    project_file.restore_backup(made.file)
    assert Project.open(made.folder).record.notes == "one"
    assert made.file.with_name(f"{made.file.name}.damaged").read_bytes() == damage


def test_a_second_writer_gets_the_project_read_only_and_learns_who_has_it(tmp_path: Path) -> None:
    first = Project.create(tmp_path / "p", domain="text", lock=True)
    second = Project.open(first.folder, lock=True)
    assert not first.read_only
    assert second.read_only
    assert second.holder is not None and second.holder.pid == os.getpid()
    with pytest.raises(ProjectProblem, match="open elsewhere"):
        second.save(second.record)
    first.close()
    third = Project.open(first.folder, lock=True)
    assert not third.read_only
    third.close()


def test_a_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "p", domain="text")
    script = (
        "import sys, time; from pathlib import Path; from sciapp.records.project.project import Project\n"
        "p = Project.open(Path(sys.argv[1]), lock=True); print(p.read_only, flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(made.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdin is not None
    assert holder.stdout.readline() == "False\n"
    blocked = Project.open(made.folder, lock=True)
    assert blocked.holder is not None and blocked.holder.pid == holder.pid
    holder.send_signal(signal.SIGKILL)
    assert wait_for(lambda: holder.poll() is not None, 10)
    holder.stdout.close()
    holder.stdin.close()
    taken = Project.open(made.folder, lock=True)
    assert not taken.read_only
    taken.close()


def test_save_as_copies_everything_under_a_new_identity(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "p", domain="text", notes="n", lock=True)
    made.new_run(TrainPlan(dataset="x"))
    copy = Project.open(made.save_as(tmp_path / ODD))
    assert copy.record.id != made.record.id
    assert (copy.name, copy.record.notes) == (ODD, "n")
    assert [run.id for run in copy.runs()] == ["001-train"]
    assert len(list(copy.folder.glob("*.sciproj"))) == 1
    with pytest.raises(ProjectProblem):
        made.save_as(made.folder / "inside")
    made.close()


def test_runs_that_are_made_at_once_get_numbers_of_their_own(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "p", domain="text")
    assert [made.new_run(TrainPlan(dataset="x")).id for _ in range(3)] == ["001-train", "002-train", "003-train"]


def test_names_become_safe_file_names_and_keep_their_script() -> None:
    assert safe_name('a/b:c*"<>|?.') == "a-b-c------"
    assert safe_name("分子 löslich") == "分子 löslich"
    assert safe_name("...") == "project"


def test_a_taken_folder_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    assert free_folder(tmp_path / "demo") == tmp_path / "demo"
    (tmp_path / "demo" / "x").write_text("")
    assert free_folder(tmp_path / "demo") == tmp_path / "demo-2"


def test_a_folder_of_runs_that_leads_elsewhere_is_said(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "p", domain="text")
    made.runs_folder.rmdir()
    made.runs_folder.symlink_to(tmp_path / "a disk that is not there")
    with refused(OutsideProject, named="runs"):
        made.new_run(TrainPlan(dataset="x"))
    made.runs_folder.unlink()
    assert made.new_run(TrainPlan(dataset="x")).id == "001-train"


def test_numbers_that_anything_has_taken_are_passed_over(tmp_path: Path) -> None:
    made = Project.create(tmp_path / "p", domain="text")
    (made.runs_folder / "001-train").symlink_to(tmp_path / "nowhere")
    (made.runs_folder / "002-train").write_text("a file")
    (made.runs_folder / "²-x").mkdir()
    assert made.new_run(TrainPlan(dataset="x")).id == "003-train"
