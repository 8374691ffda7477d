"""Writes leave the old file or the new one; a full disk says so and loses nothing."""

import os
from pathlib import Path

import pytest

from sciapp.errors import OutOfSpace
from sciapp.records.atomic import new_folder, write_bytes, write_text


def test_a_full_disk_keeps_the_old_file_and_leaves_no_half_one(small_disk: Path) -> None:
    file = small_disk / "a.json"
    write_text(file, "old")
    with pytest.raises(OutOfSpace, match="full"):
        write_bytes(file, b"x" * 2_000_000)
    assert file.read_text() == "old"
    assert list(small_disk.iterdir()) == [file]


def test_a_full_disk_leaves_no_half_folder(small_disk: Path) -> None:
    with pytest.raises(OutOfSpace), new_folder(small_disk / "checkpoint") as draft:
        (draft / "model").write_bytes(b"x" * 2_000_000)
    assert list(small_disk.iterdir()) == []


def test_a_folder_that_fails_half_way_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), new_folder(tmp_path / "f") as draft:
        (draft / "part").write_text("x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_files_can_be_read_by_the_group_as_the_users_mask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "a", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
