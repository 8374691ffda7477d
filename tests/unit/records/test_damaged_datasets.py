"""A dataset whose card cannot be read is told of, and the others stay usable."""

import json
from pathlib import Path

import pytest

from sciapp.engine.data.importing import import_table
from sciapp.errors import BadInput, NotFound
from sciapp.records.dataset import ImportRequest, Roles
from sciapp.records.project import Project

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", domain="molecule")
    for _ in range(2):
        request = ImportRequest(file=str(DATA / "freesolv.csv"), roles=Roles(input="smiles", targets=("expt",)))
        *_, _ = import_table(made, request)
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
