"""`sciapp rename`, `annotate`, `tag`, `delete`, `restore` and `trash` as a person types them, on a real run."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sciapp.actions.results import build_report
from sciapp.engine.runtime.progress import SILENT
from sciapp.jobs.launch import launcher, processes
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("items")
    project, card = tiny_project(folder / "project")
    made = project.new_run(tiny_plan(card, tiny_model(folder / "model"), num_train_epochs=1))
    launcher.start(made)
    assert wait_until_over(made) is RunStatus.FINISHED, made.log_file.read_text()
    return made


@pytest.fixture
def run(finished: Run, tmp_path: Path) -> Run:
    """A copy for each test."""
    return Project.open(Project.open(finished.project_folder).save_as(tmp_path / "copy")).run("1")


def command(run: Run, verb: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    line = processes.own_command(verb, str(run.project_folder), *arguments)
    return subprocess.run(line, capture_output=True, text=True, input=typed)


def answered(run: Run, verb: str, *arguments: str, typed: str = "") -> Any:
    answer = command(run, verb, *arguments, "--json", typed=typed)
    assert answer.returncode == 0, answer.stderr + answer.stdout
    return json.loads(answer.stdout)


def content(run: Run) -> dict[str, bytes]:
    files = [file for file in run.folder.rglob("*") if file.is_file() and file.name != ".lock"]
    return {str(file.relative_to(run.folder)): file.read_bytes() for file in files}


def test_a_name_is_seen_wherever_the_run_is_named(run: Run, tmp_path: Path) -> None:
    answered(run, "rename", "1", "Shake <flask>")
    answered(run, "tag", run.id, "paper", "25 °C")
    answered(run, "annotate", run.id, "--notes", "-", typed="measured by hand\n")
    listed = answered(run, "runs")
    assert [(one["id"], one["name"], one["tags"]) for one in listed] == [
        ("001-train", "Shake <flask>", ["paper", "25 °C"])
    ]
    assert answered(run, "show", "1")["notes"] == "measured by hand"
    assert "Shake <flask>" in command(run, "runs").stdout
    project = Project.open(run.project_folder)
    page = build_report(project=project, run_id=run.id, out=tmp_path / "report.html", progress=SILENT).read_text()
    assert "Shake &lt;flask&gt;" in page and "measured by hand" in page


def test_a_dataset_with_its_runs_is_deleted_and_restored(run: Run) -> None:
    project = Project.open(run.project_folder)
    dataset = project.datasets()[0].id
    before = content(run)
    refused = command(run, "delete", dataset)
    assert refused.returncode == 1 and "--yes" in refused.stderr
    deleted = answered(run, "delete", dataset, "--yes")
    assert {item["id"] for item in deleted["items"]} == {dataset, run.id}
    assert project.datasets() == [] and project.runs() == []
    assert answered(run, "trash")["deletions"] == [deleted]
    answered(run, "restore")
    assert [card.id for card in project.datasets()] == [dataset] and [one.id for one in project.runs()] == [run.id]
    assert content(run) == before


def test_a_restored_run_still_predicts(run: Run, tmp_path: Path) -> None:
    answered(run, "delete", "1")
    assert command(run, "show", "1").returncode == 1
    answered(run, "restore", "1")
    (tmp_path / "new.csv").write_text("sequence\nACDEFGHIKW\n")
    answered(run, "predict", "1", str(tmp_path / "new.csv"), "--out", str(tmp_path / "out.csv"))
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 2


def test_the_trash_is_emptied_when_it_is_confirmed(run: Run) -> None:
    answered(run, "delete", "1")
    assert command(run, "trash", "--empty").returncode == 1
    assert len(answered(run, "trash", "--empty", "--yes")["deletions"]) == 1
    assert answered(run, "trash")["deletions"] == []
    assert command(run, "restore").returncode == 1
