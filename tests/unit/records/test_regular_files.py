"""What is read of a project is a regular file, bounded in size and depth; all else has one clear sentence."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

import sciapp
from sciapp.errors import DamagedProject, NewerProject, ProjectProblem, RunProblem
from sciapp.jobs.runs.follow import Follower, standing
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.regular import bytes_in, json_in, json_of, lines_in, open_regular, text_in
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.messages import refused


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="molecule")


@pytest.fixture
def run(project: Project) -> Run:
    return project.new_run(TrainPlan(dataset="x"))


def changed(file: Path, **values: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def test_pipes_devices_and_folders_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for place, kind in (("pipe", "a pipe"), ("link", "a pipe"), ("zero", "a device"), (".", "a folder")):
        with pytest.raises(OSError, match=kind):
            open_regular(tmp_path / place)
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OSError, match="round"):
        open_regular(tmp_path / "round")


def test_more_than_any_record_has_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.touch()
    os.truncate(file, 1 << 40)
    with pytest.raises(ValueError, match="larger than"):
        text_in(file)
    file.write_bytes(b"12345")
    assert bytes_in(file, 5) == b"12345"
    with pytest.raises(ValueError, match="4 bytes"):
        bytes_in(file, 4)


@pytest.mark.parametrize("levels", [101, 1000, 100_000])
def test_what_lies_too_deep_is_refused(levels: int) -> None:
    with pytest.raises(ValueError, match="too deep"):
        json_of("[" * levels + "]" * levels)
    with pytest.raises(ValueError, match="too deep"):
        json_of('{"a":' * levels + "1" + "}" * levels)
    assert json_of("[" * 99 + "]" * 99)


@pytest.mark.parametrize("text", ['["\\ud800"]', '{"\\uDFFF x": 1}'])
def test_halves_of_letters_are_refused_and_whole_ones_are_read(text: str) -> None:
    with pytest.raises(ValueError):
        json_of(text)
    assert json_of('["\\ud83e\\uddea"]') == ["🧪"]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert json_in(tmp_path / "a.json") == {"a": 1}


def test_a_project_of_a_version_to_come_is_told_as_that(project: Project) -> None:
    changed(project.file, schema_version=99)
    with pytest.raises(NewerProject):
        Project.open(project.folder)


@pytest.mark.parametrize(
    "values",
    [
        {"domain": 3},
        {"domain": "../x"},
        {"name": None},
        {"created": "2020-01-01T00:00:00"},
        {"created": 1e308},
        {"notes": []},
    ],
)
def test_a_project_file_with_wrong_values_is_damaged(project: Project, values: dict[str, Any]) -> None:
    changed(project.file, **values)
    with pytest.raises(DamagedProject):
        Project.open(project.folder)


@pytest.mark.parametrize("content", [b"\xff\xfe{\0}\0", b"[" * 100_000, b"\0", b"", b'{"a": "\xe9"}'])
def test_a_project_file_with_other_content_is_damaged(project: Project, content: bytes) -> None:
    project.file.write_bytes(content)
    with pytest.raises(DamagedProject):
        Project.open(project.folder)


def test_a_project_file_that_is_a_pipe_is_said(project: Project) -> None:
    project.file.unlink()
    os.mkfifo(project.file)
    with pytest.raises(ProjectProblem, match="a pipe"):
        Project.open(project.folder)


@pytest.mark.parametrize("values", [{"pid": -1}, {"pid": 0}, {"pid": 1 << 80}, {"created": "2020-01-01T00:00:00"}])
def test_a_run_whose_state_is_absurd_stands_somehow(run: Run, values: dict[str, Any]) -> None:
    changed(run.state_file, status="running", host=os.uname().nodename, **values)
    standing(run)


def test_a_history_that_is_no_file_is_said(run: Run) -> None:
    os.mkfifo(run.events_file)
    with refused(RunProblem, "history", run="001-train"):
        run.events()
    assert Follower(run).read_new() == []


def test_a_lock_that_is_a_pipe_stops_nobody_who_looks(run: Run) -> None:
    os.mkfifo(run.lock_file)
    changed(run.state_file, status="running", host=os.uname().nodename, pid=(1 << 31) - 1)
    assert standing(run) is RunStatus.INTERRUPTED


def test_lines_of_any_length_are_passed_over(run: Run) -> None:
    run.events_file.write_bytes(b"x" * (9 << 20) + b'\n{"event": "noted", "time": 1, "message": "a"}\n{"event": "no')
    assert [event.event for event in run.events()] == ["noted"]
    run.drop_torn_event()
    assert run.events_file.read_bytes().endswith(b'"a"}\n')


def test_a_line_is_read_up_to_a_length(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("abc\nabcd\n\nab", encoding="utf-8")
    with file.open(encoding="utf-8") as lines:
        assert list(lines_in(lines, 5)) == ["abc\n", "abcd\n", "\n", "ab"]
    with file.open(encoding="utf-8") as lines, pytest.raises(ValueError, match="4 letters"):
        list(lines_in(lines, 4))


def test_a_history_that_goes_on_without_an_end_is_not_read_to_it(run: Run) -> None:
    run.events_file.write_bytes(b'{"event": "noted", "time": 1, "message": "a"}\n')
    os.truncate(run.events_file, 1 << 33)
    assert [event.event for event in run.events()] == ["noted"]


def test_no_parquet_file_is_opened_before_it_is_known_to_be_a_file() -> None:
    """A library opens whatever has the name, and waits for ever at a pipe."""
    sources = Path(sciapp.__file__).parent.rglob("*.py")
    bare = re.compile(r"pq\.(read_table|ParquetFile|read_schema|read_metadata)\((?!\s*regular\()")
    found = [str(file) for file in sources if file.name != "arrow.py" and bare.search(file.read_text("utf-8"))]
    assert found == [], "arrow reads what a person chose, and looks at it before"
