"""`sciapp clean` as a person types it, on a project with a real finished run."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sciapp.cli import clean as cli_clean
from sciapp.jobs.clean_up import disk_pieces
from sciapp.jobs.launch import launcher, processes
from sciapp.records.formatting import size_text
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("clean")
    project, card = tiny_project(folder / "project")
    made = project.new_run(tiny_plan(card, tiny_model(folder / "model"), num_train_epochs=1))
    launcher.start(made)
    assert wait_until_over(made) is RunStatus.FINISHED, made.log_file.read_text()
    return made


def command(run: Run, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = processes.own_command("clean", str(run.project_folder), *arguments)
    return subprocess.run(line, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def said(run: Run, *arguments: str) -> Any:
    answer = command(run, *arguments, "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_first_it_says_then_it_asks_then_it_removes(run: Run) -> None:
    listed = {f"{one['kind']}:{one['owner']}": one["bytes"] for one in said(run)}
    assert listed[f"checkpoints:{run.id}"] > 0 and listed[f"tensorboard:{run.id}"] > 0
    dry = said(run, "--checkpoints", "--dry-run")
    assert (dry["removed"], dry["bytes"]) == (False, listed[f"checkpoints:{run.id}"])
    asked = command(run, "--checkpoints")
    assert asked.returncode == 1 and "--yes" in asked.stderr
    assert run.checkpoints.is_dir()
    done = said(run, "--checkpoints", "--yes")
    assert (done["removed"], done["bytes"]) == (True, dry["bytes"])
    assert not run.checkpoints.exists() and (run.model_folder / "model.safetensors").exists()


def test_a_whole_run_goes_by_its_number(run: Run, tmp_path: Path) -> None:
    project = Project.open(Project.open(run.project_folder).save_as(tmp_path / "copy"))
    copy = project.run(run.id)
    size = size_text(said(copy, "--run", "1", "--dry-run")["bytes"])
    assert says(command(copy, "--run", "1", "--yes").stdout, cli_clean, size=size)
    assert project.runs() == []
    assert all(piece.kind == "dataset" for piece in disk_pieces(project))
