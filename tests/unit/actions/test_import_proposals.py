"""What is proposed for a file can be imported as it is proposed."""

import csv
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sciapp.actions.import_request import ImportWishes, proposed_request
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.records.project.project import Project
from tests.helpers.bace import ROWS, write_bace

MOLECULES = Path(__file__).parent.parent.parent / "data" / "bbbp.csv"
Rows = list[list[str]]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "project", domain="molecule", lock=True)
    yield made
    made.close()


def _without(rows: Rows, name: str) -> Rows:
    index = rows[0].index(name)
    return [[cell for n, cell in enumerate(row) if n != index] for row in rows]


def _shuffled(rows: Rows) -> Rows:
    rest = rows[1:]
    random.Random(3).shuffle(rest)
    return [rows[0], *rest]


def _with_gaps(rows: Rows) -> Rows:
    draw = random.Random(4)
    return [rows[0], *([c if n < 5 or draw.random() > 0.02 else "" for n, c in enumerate(r)] for r in rows[1:])]


@pytest.mark.parametrize(
    ("change", "target"),
    [
        (lambda rows: rows, "pIC50"),
        (lambda rows: _without(rows, "pIC50"), "Class"),
        (lambda rows: _shuffled(_without(rows, "pIC50")), "Class"),
        (lambda rows: _with_gaps(_without(rows, "pIC50")), "Class"),
    ],
    ids=["as distributed", "classes, sorted", "classes, shuffled", "classes, descriptors with gaps"],
)
def test_of_hundreds_of_descriptors_none_is_a_target(
    project: Project, tmp_path: Path, change: Callable[[Rows], Rows], target: str
) -> None:
    file = write_bace(tmp_path / "bace.csv", MOLECULES)
    with file.open(encoding="utf-8", newline="") as source:
        rows = change(list(csv.reader(source)))
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    request = proposed_request(project=project, wishes=ImportWishes(file))
    assert (request.roles.input, request.roles.targets) == ("mol", (target,))
    assert request.split.column == "Model"
    card = import_table(project, request)
    assert card.rows_kept > 0.9 * min(ROWS, len(rows) - 1)


def test_an_assay_that_is_no_yes_or_no_further_down_is_not_proposed(project: Project, tmp_path: Path) -> None:
    file, assays = tmp_path / "panel.csv", [f"assay_{n}" for n in range(200)]
    lines = [",".join(["smiles", *assays])]
    for row in range(1_300):
        cells = [str((row * n + row // 7) % 2) if (row + n) % 5 else "" for n in range(1, len(assays) + 1)]
        cells[3] = "2" if row > 1_200 and cells[3] else cells[3]
        lines.append(",".join([f"{'C' * (row % 30 + 1)}{'O' * (row // 30 + 1)}", *cells]))
    file.write_text("\n".join(lines), encoding="utf-8")
    request = proposed_request(project=project, wishes=ImportWishes(file))
    assert set(request.roles.targets) == set(assays) - {"assay_3"}
    assert import_table(project, request).task == "multilabel"
