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
from tests.helpers.messages import names, refused

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
        (b'{"id": "freesolv-1", "na', "SciApp wrote"),
        (b"\xff\xfe\x00", "SciApp wrote"),
        (b"", "empty"),
        (b"[]", "SciApp wrote"),
        (None, "missing"),
    ],
)
def test_a_damaged_card_is_told_and_the_other_dataset_is_there(
    project: Project, content: bytes | None, reason: str
) -> None:
    card = project.dataset_folder("freesolv-1").card_file
    card.unlink() if content is None else card.write_bytes(content)
    assert [one.id for one in project.datasets()] == ["freesolv-2"]
    (damage,) = project.damaged_datasets()
    assert damage.id == "freesolv-1" and "card.json" in damage.reason and damage.reason.endswith(reason)
    with refused(BadInput, "datasets/freesolv-1/card.json", id="freesolv-1", reason=damage.reason):
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
    reason = damaged[0].reason
    assert names(reason, other="freesolv-1")
    with refused(BadInput, "datasets/mine/card.json", id="mine", reason=reason):
        project.dataset("mine")
    with pytest.raises(NotFound):
        project.dataset("freesolv-2")
    assert main(["datasets", str(project.folder)]) == 0
    assert f"mine  DAMAGED: {reason}." in capsys.readouterr().out
    for words in (["leaks"], ["columns"], ["train", "--background"]):
        assert main([words[0], str(project.folder), "--dataset", "mine", *words[1:]]) == 1
        assert reason in capsys.readouterr().err
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
