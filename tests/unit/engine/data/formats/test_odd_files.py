"""Every odd or broken file ends in a right import or in one clear sentence, and no row vanishes."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.schema.infer import propose
from sciapp.errors import SciAppError
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.project.project import Project
from tests.helpers.odd_files import Odd, odd_files

ALL = list(odd_files())


def imported(project: Project, path: Path) -> DatasetCard:
    """As `sciapp import` does it without options."""
    found = propose(preview(path), "text")
    if not found.targets:  # what reads as no table is told, as on the command line
        raise SciAppError(found.reason)
    roles = Roles(input=found.input, targets=found.targets)
    card = import_table(project, ImportRequest(file=str(path), roles=roles, name="odd"))
    assert isinstance(card, DatasetCard)
    return card


def test_there_are_some_sixty_of_them_and_more() -> None:
    assert len(ALL) >= 60
    assert len({odd.name for odd in ALL}) == len(ALL)


@pytest.mark.parametrize("odd", ALL, ids=lambda odd: odd.name)
def test_a_right_import_or_one_clear_sentence(odd: Odd, tmp_path: Path) -> None:
    path = tmp_path / odd.name
    path.write_bytes(odd.content)
    project = Project.create(tmp_path / "project", domain="text")
    if odd.rows is None:
        with pytest.raises(SciAppError) as caught:
            imported(project, path)
        assert odd.said in str(caught.value)
        assert caught.value.message.endswith((".", "…")) and "Traceback" not in str(caught.value)
        assert not list(project.datasets_folder.iterdir())
        return
    card = imported(project, path)
    assert card.rows_read == odd.rows == card.rows_kept + card.rows_set_aside
    assert odd.kept is None or card.rows_kept == odd.kept
    assert card.task == "regression"
    folder = project.dataset_folder(card.id)
    rejected = folder.rejected_file.read_text(encoding="utf-8").count("\n") - 1
    assert rejected == card.rows_set_aside or "\n" in odd.content.decode("latin-1")
    table = pq.read_table(folder.table_file)
    if odd.first:
        name = next(column for column in table.column_names if column in {"column:name", "column:column 2"})
        assert set(table.column(name).to_pylist()) == {odd.first}
    values = table.column(next(c for c in table.column_names if c.startswith("target:"))).to_pylist()
    assert min(values) >= 0 and max(values) < 40


@pytest.mark.parametrize("odd", [odd for odd in ALL if odd.rows is not None], ids=lambda odd: odd.name)
def test_the_card_says_how_to_read_the_same_rows_again(odd: Odd, tmp_path: Path) -> None:
    from sciapp.engine.data.readers.table_reader import read_rows, settled_reading

    path = tmp_path / odd.name
    path.write_bytes(odd.content)
    seen = preview(path)
    assert list(read_rows(path, settled_reading(seen.format))) == list(read_rows(path))
