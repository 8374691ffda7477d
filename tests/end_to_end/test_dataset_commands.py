"""`sciapp datasets`, `--dataset`, and two imports into one project, as people type them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sciapp.actions.datasets import must_be_named
from sciapp.cli import datasets as cli_datasets
from sciapp.engine.data.ingest import import_table
from sciapp.jobs.launch.processes import own_command
from sciapp.records.dataset.damage import DamagedDataset
from sciapp.records.lock import ProjectLock
from sciapp.records.project.project import Project
from tests.helpers.printed import says

DATA = Path(__file__).parent.parent / "data"


def sciapp(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(own_command(*words), capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "p"
    Project.create(folder, domain="molecule")
    said = sciapp("import", str(folder), str(DATA / "freesolv.csv"))
    assert said.returncode == 0, said.stderr
    return folder


@pytest.fixture
def project(imported: Path, tmp_path: Path) -> Project:
    return Project.open(Path(shutil.copytree(imported, tmp_path / "p")))


def test_damaged_datasets_are_listed_and_the_others_are_used(project: Project) -> None:
    shutil.copytree(project.datasets_folder / "freesolv-1", project.datasets_folder / "freesolv-2")
    (project.datasets_folder / "freesolv-2" / "card.json").write_text('{"id": "frees', encoding="utf-8")
    said = sciapp("datasets", str(project.folder))
    assert said.returncode == 0, said.stderr
    assert "freesolv-1  “freesolv”  6" in said.stdout
    assert says(said.stdout, cli_datasets, id="freesolv-2", problem=...)
    assert says(said.stdout, DamagedDataset, id="freesolv-2"), "what to do"
    value = json.loads(sciapp("datasets", str(project.folder), "--json").stdout)
    assert [card["id"] for card in value["datasets"]] == ["freesolv-1"]
    assert [one["id"] for one in value["damaged"]] == ["freesolv-2"]
    (damaged,) = project.damaged_datasets()
    assert damaged.reason in said.stdout
    assert sciapp("leaks", str(project.folder)).returncode == 0
    refused = sciapp("leaks", str(project.folder), "--dataset", "freesolv-2")
    assert refused.returncode == 1
    assert says(refused.stderr, DamagedDataset, id="freesolv-2", reason=damaged.reason)


@pytest.mark.parametrize(
    "words",
    [
        ("leaks",),
        ("columns",),
        ("split", "export"),
        ("train", "--model", "starter"),
        ("augment",),
        ("pretrain",),
    ],
)
def test_an_empty_dataset_is_refused_by_every_command_alike(project: Project, words: tuple[str, ...]) -> None:
    first = 2 if words[0] == "split" else 1
    more = ("--out", str(project.folder / "s.csv")) if words[0] == "split" else ()
    said = sciapp(*words[:first], str(project.folder), *words[first:], *more, "--dataset", "")
    assert said.returncode == 1
    assert says(said.stderr, must_be_named) and "--dataset" in said.stderr
    assert list(project.runs_folder.iterdir()) == []


def test_a_second_import_of_the_same_name_says_who_is_at_work_and_what_to_do(project: Project) -> None:
    draft = project.datasets_folder / ".new-freesolv-2-abcd1234"
    draft.mkdir()
    lock = ProjectLock(draft / "importing.lock")
    assert lock.acquire()
    try:
        said = sciapp("import", str(project.folder), str(DATA / "freesolv.csv"))
        holder = lock.holder()
        assert said.returncode == 1
        assert says(said.stderr, import_table, id="freesolv-2", who=holder)
        assert "--name" in said.stderr
        other = sciapp("import", str(project.folder), str(DATA / "freesolv.csv"), "--name", "again")
        assert other.returncode == 0, other.stderr
    finally:
        lock.release()
    assert sciapp("import", str(project.folder), str(DATA / "freesolv.csv")).returncode == 0
    assert {card.id for card in project.datasets()} == {"freesolv-1", "freesolv-2", "again-1"}
