"""A dataset whose card cannot be read is told of, and the others stay usable."""

import json
import shutil
from pathlib import Path

import pytest

from sciapp.cli.main import main
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.errors import BadInput, NotFound
from sciapp.records.dataset.card import ImportRequest, Roles
from sciapp.records.project.project import Project

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", domain="molecule")
    for _ in range(2):
        request = ImportRequest(file=str(DATA / "freesolv.csv"), roles=Roles(input="smiles", targets=("expt",)))
        _ = import_table(made, request)
    return made


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"id": "freesolv-1", "na', "its card.json is not what SciApp wrote"),
        (b"\xff\xfe\x00", "its card.json is not what SciApp wrote"),
        (b"", "its card.json is empty"),
        (b"[]", "its card.json is not what SciApp wrote"),
        (None, "its card.json is missing"),
    ],
)
def test_a_damaged_card_is_told_and_the_other_dataset_is_there(
    project: Project, content: bytes | None, reason: str
) -> None:
    card = project.dataset_folder("freesolv-1").card_file
    card.unlink() if content is None else card.write_bytes(content)
    assert [one.id for one in project.datasets()] == ["freesolv-2"]
    (damage,) = project.damaged_datasets()
    assert (damage.id, damage.reason) == ("freesolv-1", reason)
    with pytest.raises(BadInput, match=f"“freesolv-1” is damaged: {reason}. Put datasets/freesolv-1/card.json back"):
        project.dataset("freesolv-1")
    assert project.dataset("freesolv-2").rows_kept > 600
    with pytest.raises(NotFound):
        project.dataset("freesolv-3")


def test_a_card_that_is_put_back_makes_the_dataset_whole(project: Project) -> None:
    card = project.dataset_folder("freesolv-1").card_file
    before = card.read_text(encoding="utf-8")
    card.write_text(json.dumps({"id": 3}), encoding="utf-8")
    assert len(project.damaged_datasets()) == 1
    card.write_text(before, encoding="utf-8")
    assert project.damaged_datasets() == []
    assert len(project.datasets()) == 2


def test_a_card_of_another_dataset_is_damage(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """By its id the rows of the other one would be found, and a training would read them."""
    shutil.copytree(project.datasets_folder / "freesolv-1", project.datasets_folder / "mine")
    (project.datasets_folder / "freesolv-2").rename(project.datasets_folder / "yours")
    assert [card.id for card in project.datasets()] == ["freesolv-1"]
    damaged = project.damaged_datasets()
    assert [one.id for one in damaged] == ["mine", "yours"]
    said = "its card.json is that of a dataset “freesolv-1”, as after a folder was copied or renamed"
    assert damaged[0].reason == said
    with pytest.raises(BadInput, match=f"The dataset “mine” is damaged: {said}. Put datasets/mine/card.json back"):
        project.dataset("mine")
    with pytest.raises(NotFound):
        project.dataset("freesolv-2")
    assert main(["datasets", str(project.folder)]) == 0
    assert f"mine  DAMAGED: {said}." in capsys.readouterr().out
    for words in (["leaks"], ["columns"], ["train", "--background"]):
        assert main([words[0], str(project.folder), "--dataset", "mine", *words[1:]]) == 1
        assert said in capsys.readouterr().err
    assert project.runs() == []


def test_odd_names_take_one_line_each(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project.dataset_folder("freesolv-1")
    card = folder.card()
    targets = ("a\nb", "c" * 400)
    roles = card.roles.model_copy(update={"targets": targets})
    folder.write_card(card.model_copy(update={"name": "first\nsecond" + "n" * 400, "roles": roles}))
    assert main(["datasets", str(project.folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and all(len(line) < 300 for line in lines)
    assert "“first second" in lines[0] and "…" in lines[0] and "regression of a b, c" in lines[0]
    assert main(["datasets", str(project.folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["datasets"][0]["roles"]["targets"] == list(targets)
