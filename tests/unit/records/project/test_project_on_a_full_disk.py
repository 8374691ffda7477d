"""A project that cannot be made leaves nothing half-made behind."""

import errno
import shutil
from pathlib import Path

import pytest

from sciapp.errors import OutOfSpace, ProjectProblem
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project import file as project_file
from sciapp.records.project.project import Project


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, _: object) -> None:
        path.write_bytes(b"")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(project_file, "write", write)


@pytest.mark.usefixtures("full")
def test_nothing_is_left_of_a_new_folder_and_of_those_above_it(tmp_path: Path) -> None:
    with pytest.raises(OutOfSpace, match="another place"):
        Project.create(tmp_path / "lab" / "2026" / "p", domain="text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("full")
def test_an_empty_folder_that_was_there_stays_and_stays_empty(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    before = folder.stat().st_ino
    with pytest.raises(OutOfSpace):
        Project.create(folder, domain="text")
    assert folder.stat().st_ino == before
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_leaves_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Path.mkdir

    def mkdir(path: Path, *more: object, **options: object) -> None:
        if path.name == "runs":
            raise OSError(errno.EDQUOT, "Disk quota exceeded")
        usual(path, *more, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with pytest.raises((OutOfSpace, ProjectProblem)):
        Project.create(tmp_path / "p", domain="text")
    assert list(tmp_path.iterdir()) == []


def test_a_run_for_which_there_is_no_room_to_say_how_it_ended_is_refused_when_it_is_made(small_disk: Path) -> None:
    project = Project.create(small_disk / "p", domain="text")
    ballast, left = small_disk / "ballast", 6 << 10
    ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - left))
    with pytest.raises(OutOfSpace, match="no run"):
        project.new_run(TrainPlan(dataset="x"))
    assert project.runs() == [] and list(project.runs_folder.iterdir()) == []
    ballast.unlink()
    assert project.new_run(TrainPlan(dataset="x")).id == "001-train"
