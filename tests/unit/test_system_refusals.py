"""What the system refuses is said with the file and its reason, at every door, and never as something unexpected."""

from pathlib import Path

import pytest

from sciapp.cli import main as cli
from sciapp.errors import system_refusal
from sciapp.jobs.process import run_process as child
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import RunStarted
from sciapp.ui import messages
from tests.helpers.made_projects import made_dataset, made_run
from tests.helpers.messages import named, names


def test_the_file_is_named_and_of_a_renaming_the_place_it_was_to_get_to() -> None:
    message, file = system_refusal(PermissionError(13, "Permission denied", "/a/b.json")) or ("", "")
    assert dict(named(message)) == {"name": "b.json", "reason": "Permission denied"} and file == "/a/b.json"
    renaming = IsADirectoryError(21, "Is a directory", "/a/.x.tmp", None, "/a/state.json")
    message, file = system_refusal(renaming) or ("", "")
    assert dict(named(message)) == {"name": "state.json", "reason": "Is a directory"} and file == "/a/state.json"
    message, file = system_refusal(OSError(5, "Input/output error")) or ("", "")
    assert dict(named(message)) == {"reason": "Input/output error"} and file == ""


@pytest.mark.parametrize("error", [KeyError("x"), OSError("no reason"), OSError(9, "Bad file descriptor", 3)])
def test_what_is_no_refusal_of_a_file_names_none(error: Exception) -> None:
    refusal = system_refusal(error)
    assert refusal is None or (dict(named(refusal[0])), refusal[1]) == ({"reason": error.strerror}, "3")


def test_each_door_says_the_same() -> None:
    error = PermissionError(13, "Permission denied", "/a/b.json")
    sentence, _ = system_refusal(error) or ("", "")
    assert messages.phrased(error)[0] == child.phrased(error)[0] == sentence
    assert names(sentence, name="b.json")


def test_a_folder_in_the_place_of_a_run_s_state_is_named_when_it_is_resumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.create(tmp_path / "p", domain="molecule", name="p")
    made_dataset(project, rows=60)
    run = made_run(project, TrainPlan(dataset="made-1"))
    run.evaluation_file.unlink()
    run.append_event(RunStarted(total_steps=10))  # so that it had begun, and was interrupted
    run.state_file.unlink()
    run.state_file.mkdir()
    monkeypatch.setattr("sciapp.jobs.launch.processes.spawn", lambda *words, **more: 1)
    assert cli.main(["resume", str(project.folder), "1", "--background"]) == cli.FAILED
    said = capsys.readouterr().err
    assert "“state.json”" in said and "Is a directory" in said
    assert str(run.state_file) in said
