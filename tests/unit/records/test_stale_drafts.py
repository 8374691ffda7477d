"""Drafts of killed processes go, those of living ones stay; a full disk spoils neither a project nor its backup."""

import errno
import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from sciapp.errors import OutOfSpace
from sciapp.jobs.process import folder_watch as folder_gone
from sciapp.records import atomic
from sciapp.records.atomic import new_file, new_folder
from sciapp.records.lock import ProjectLock
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project import file as project_file
from sciapp.records.project.project import Project
from sciapp.records.stale_drafts import sweep


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="molecule")


def old(path: Path) -> Path:
    os.utime(path, (0, 0))
    return path


def left_in(project: Project) -> list[Path]:
    """As killed reports, saves, runs, imports and clean-ups leave them."""
    run = project.new_run(TrainPlan(dataset="x"))
    files = [
        project.reports_folder / ".r.html.abcd_123.tmp",
        project.folder / f".{project.file.name}.a1b2c3d4.tmp",
        run.folder / ".state.json.a1b2c3d4.tmp",
    ]
    folders = [
        project.runs_folder / ".new-002-train-a1b2c3d4",
        project.datasets_folder / ".new-t-1-a1b2c3d4",
        project.runs_folder / ".removed-001-train",
        run.folder / ".new-model-a1b2c3d4",
    ]
    for file in files:
        file.write_text("half")
    for folder in folders:
        folder.mkdir()
        (folder / "part").write_text("half")
    return [old(path) for path in (*files, *folders)]


def test_whoever_opens_a_project_to_write_sweeps_what_the_dead_left(project: Project) -> None:
    left = left_in(project)
    Project.open(project.folder)
    assert all(path.exists() for path in left)
    Project.open(project.folder, lock=True).close()
    assert not any(path.exists() for path in left)
    assert (project.runs_folder / "001-train" / ".last-words.tmp").exists()


def test_living_drafts_and_young_ones_stay(project: Project) -> None:
    with new_file(project.reports_folder / "r.html") as file, new_folder(project.runs_folder / "7-train") as draft:
        file.write("half")
        for path in (*project.reports_folder.iterdir(), draft):
            old(path)
        sweep(project.folder)
        assert draft.is_dir() and len(list(project.reports_folder.iterdir())) == 1
    assert (project.reports_folder / "r.html").read_text() == "half"
    young = project.reports_folder / ".r.html.abcd_123.tmp"
    young.write_text("half")
    sweep(project.folder)
    assert young.exists()


def test_a_draft_is_alive_until_it_has_its_name(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bringing the weights of a large model to the disk takes minutes, in which nothing is new in its folder."""

    def slowly(file: Path) -> None:
        old(file.parent)
        sweep(project.folder)

    monkeypatch.setattr(atomic, "_sync_file", slowly)
    with new_folder(project.runs_folder / "7-train") as draft:
        (draft / "model.safetensors").write_text("whole")
    assert (project.runs_folder / "7-train" / "model.safetensors").read_text() == "whole"


def test_a_folder_that_a_shared_disk_numbers_anew_is_still_the_runs_own(project: Project) -> None:
    run = project.new_run(TrainPlan(dataset="x"))
    assert folder_gone.is_gone(run, (0, 0))
    lock = ProjectLock(run.lock_file)
    lock.acquire()
    assert not folder_gone.is_gone(run, (0, 0))
    lock.release()


def test_a_draft_with_a_held_lock_stays(project: Project) -> None:
    draft = project.datasets_folder / ".new-t-1-a1b2c3d4"
    draft.mkdir()
    lock = ProjectLock(draft / "importing.lock")
    lock.acquire()
    old(draft)
    sweep(project.folder)
    assert draft.is_dir()
    lock.release()
    old(draft)
    sweep(project.folder)
    assert not draft.exists()


def test_what_a_link_leads_to_is_swept_by_nobody(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    theirs = elsewhere / ".a.abcd_123.tmp"
    theirs.write_text("x")
    old(theirs)
    shutil.rmtree(project.reports_folder)
    project.reports_folder.symlink_to(elsewhere)
    (project.runs_folder / ".new-1-train-a1b2c3d4").symlink_to(elsewhere)
    sweep(project.folder)
    assert theirs.exists()


def test_a_full_disk_leaves_project_and_backup_whole(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.save(project.record.model_copy(update={"notes": "first"}))
    kept, backup = project.file.read_text(), project_file.backup_of(project.file)
    before = backup.read_text()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(OutOfSpace, match="was changed"):
        project.save(project.record.model_copy(update={"notes": "second"}))
    assert project.file.read_text() == kept and backup.read_text() == before
    assert json.loads(before)["name"] == "p"
    assert not list(project.folder.glob(".*.tmp"))


def test_a_removed_or_exchanged_folder_is_seen(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run = project.new_run(TrainPlan(dataset="x"))
    ended = threading.Event()
    codes: list[int] = []

    def leave(code: int) -> None:
        codes.append(code)
        ended.set()

    monkeypatch.setattr(folder_gone.os, "_exit", leave)
    monkeypatch.setattr(folder_gone.psutil.Process, "children", lambda *a, **k: [])
    with folder_gone.ends_with_folder(run, look=0.01):
        assert not ended.wait(0.1)
        shutil.rmtree(run.folder)
        assert ended.wait(10)
    assert set(codes) == {folder_gone.GONE}
    assert not run.folder.exists()
