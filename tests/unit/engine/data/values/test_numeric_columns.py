"""Which carried columns hold numbers, found at import and looked up for older cards."""

from pathlib import Path

import pytest

from sciapp.engine.data.dataset.table import read_covariates
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.values.numeric_columns import numeric_columns
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project

HEADER = "sequence;y;T;pH;who;fold;nothing;late"


def imported(folder: Path) -> tuple[Project, DatasetCard]:
    """Decimal commas, gaps, a column of words, one of gaps, and one that turns out to hold a word in its last row."""
    rows = [
        f"{'ACDEFGHIKL' * 2}{'W' * n};{n},5;{300 + n};{'' if n % 3 else '7,2'};Ann;{'train' if n % 4 else 'test'};;"
        f"{'soon' if n == 39 else n}"
        for n in range(40)
    ]
    file = folder / "table.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    project = Project.create(folder / "p", domain="protein")
    roles = Roles(input="sequence", targets=("y",), split="fold")
    request = ImportRequest(file=str(file), roles=roles, split=SplitPlan(method="column", column="fold"))
    return project, import_table(project, request)


def test_the_card_names_columns_of_numbers_and_gaps(tmp_path: Path) -> None:
    project, card = imported(tmp_path)
    assert card.numeric_columns == ("T", "pH")
    assert project.dataset(card.id).numeric_columns == ("T", "pH")


def test_an_older_cards_columns_are_found_in_its_table(tmp_path: Path) -> None:
    project, card = imported(tmp_path)
    older = card.model_copy(update={"numeric_columns": None})
    table = project.dataset_folder(card.id).table_file
    assert numeric_columns(table, older) == ("T", "pH")
    assert numeric_columns(table, card.model_copy(update={"numeric_columns": ()})) == ()


@pytest.mark.parametrize("content", [None, b"no parquet"])
def test_a_table_that_cannot_be_read_offers_nothing(tmp_path: Path, content: bytes | None) -> None:
    _, card = imported(tmp_path)
    table = tmp_path / "gone.parquet"
    if content is not None:
        table.write_bytes(content)
    assert numeric_columns(table, card.model_copy(update={"numeric_columns": None})) == ()


def test_covariates_may_be_called_like_our_own_columns_and_be_named_twice(tmp_path: Path) -> None:
    rows = [f"{'ACDEFGHIKL' * 2}{'W' * n},{n}.5,{n},{n}" for n in range(40)]
    file = tmp_path / "table.csv"
    file.write_text("\n".join(["sequence,y,line,input", *rows]) + "\n", encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="protein")
    request = ImportRequest(file=str(file), roles=Roles(input="sequence", targets=("y",)))
    card = import_table(project, request)
    found = read_covariates(project.dataset_folder(card.id), card, "train", ("line", "input", "line"))
    assert found.shape[1] == 3
    assert (found == found[:, :1]).all()
