"""A table of thousands of columns in the import dialog."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sciapp.engine.data import number_formats
from sciapp.ui.editors.import_form import ImportForm
from sciapp.workers.proposals import offer_import

COLUMNS = 3000


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """40 rows of a molecule, thousands of numbers and what was measured."""
    names = ",".join(f"x_{place:04d}" for place in range(COLUMNS))
    rows = [
        f"{'C' * (row % 9 + 1)}{'O' * (row // 9)}N,"
        + ",".join(f"{(row * 37 + place) % 101 / 7:.3f}" for place in range(COLUMNS))
        + f",{row * 0.37 + 0.1:.2f}"
        for row in range(40)
    ]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([f"smiles,{names},y", *rows]), encoding="utf-8")
    return path


def test_every_column_of_thousands_is_looked_at_once_and_few_are_listed(
    wide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    look = number_formats._Column.first_look

    def counted(column: number_formats._Column, rows: list[int], cells: list[str]) -> None:
        looks.append(len(cells))
        look(column, rows, cells)

    monkeypatch.setattr(number_formats._Column, "first_look", counted)
    offer = offer_import(path=wide, domain="molecule")
    assert (offer.proposal.input, offer.proposal.targets) == ("smiles", ("y",))
    assert offer.numeric == tuple(f"x_{place:04d}" for place in range(200))
    assert "first 200 of numbers are listed as conditions" in offer.proposal.explanation
    assert COLUMNS <= len(looks) < 1.2 * COLUMNS


def test_the_form_comes_up_for_thousands_of_columns(qtbot: QtBot, wide: Path) -> None:
    offer = offer_import(path=wide, domain="molecule")
    form = ImportForm(str(wide), "molecule", "wide")
    qtbot.addWidget(form)
    form.setOffer(offer)
    request = form.value()
    assert request is not None
    assert (request.roles.input, request.roles.targets) == ("smiles", ("y",))
    # The last of them can be a target still, and what is read cannot.
    form.roles.setValue(request.roles.model_copy(update={"targets": ("smiles", f"x_{COLUMNS - 1}")}))
    changed = form.value()
    assert changed is not None
    assert changed.roles.targets == (f"x_{COLUMNS - 1}",)
