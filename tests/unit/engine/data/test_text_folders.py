"""Folders of texts: nothing of a file is lost, an empty file loses nothing else."""

from pathlib import Path

import pytest

from sciapp.engine.data.readers import read_records
from sciapp.errors import BadInput


def test_every_line_of_a_long_file_is_a_row(tmp_path: Path) -> None:
    for name in ("pos", "neg"):
        (tmp_path / f"{name}.txt").write_text(f"{name} {'x' * 1000}\r\n" * 20_000, encoding="utf-8")
    rows = list(read_records(tmp_path))[1:]
    assert len(rows) == 40_000
    assert {len(row.cells[1]) for row in rows} == {1004}


def test_a_text_that_is_too_long_is_told_instead_of_cut(tmp_path: Path) -> None:
    for name, letters in (("a", 10), ("b", 17 << 20)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text("x" * letters, encoding="utf-8")
    with pytest.raises(BadInput, match="more than 16 million letters"):
        list(read_records(tmp_path))


def test_a_blank_file_is_an_empty_row(tmp_path: Path) -> None:
    for name, text in (("a", "words\n"), ("b", "\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(text, encoding="utf-8")
    assert [row.cells[1] for row in list(read_records(tmp_path))[1:]] == ["words", ""]
