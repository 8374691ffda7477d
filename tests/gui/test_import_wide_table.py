"""A table of thousands of columns in the import dialog."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget
from pytestqt.qtbot import QtBot

from sciapp.actions.import_preview import offer_import
from sciapp.engine.data.values import number_formats
from sciapp.ui.data.importing.form import ImportForm
from sciapp.ui.forms.covariates_editor import CovariatesEditor
from tests.helpers.import_dialogs import ImportDialogs

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
    look = number_formats.ColumnReader.first_look

    def counted(column: number_formats.ColumnReader, rows: list[int], cells: list[str]) -> None:
        looks.append(len(cells))
        look(column, rows, cells)

    monkeypatch.setattr(number_formats.ColumnReader, "first_look", counted)
    offer = offer_import(path=wide, domain="molecule")
    assert (offer.proposal.input, offer.proposal.targets) == ("smiles", ("y",))
    assert offer.numeric == tuple(f"x_{place:04d}" for place in range(200))
    assert "first 200 of" in offer.proposal.explanation
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


def test_a_click_in_the_form_looks_only_at_the_columns_that_change(
    imports: ImportDialogs, wide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = imports.begin(imports.project("molecule"), wide)
    changes: list[object] = []
    dialog.form.valueChanged.connect(changes.append)
    imports.wait_for_request(dialog)
    assert len(changes) == 1  # of all that an offer brings
    boxes = [dialog.findChild(QComboBox, name) for name in ("secondInputColumn", "maskColumn", "weightColumn")]
    assert len({id(box.model()) for box in boxes}) == 1
    fitted: set[int] = set()
    fit = dialog.preview.setColumnWidth
    monkeypatch.setattr(
        dialog.preview, "setColumnWidth", lambda column, width: fitted.add(column) or fit(column, width)
    )
    boxes[2].setCurrentIndex(boxes[2].findText("x_1500"))
    targets = dialog.findChild(QListWidget, "targetColumns")
    targets.item(5).setCheckState(Qt.CheckState.Checked)
    assert fitted <= {5, 1501}, "only columns whose role has changed may become wider for it"
    shown = [dialog.preview.role(name).name for name in ("x_0004", "x_1500", "y", "x_0005")]
    assert shown == ["target", "weight", "target", ""]
    request = dialog.request()
    assert request is not None
    assert (request.roles.weight, request.roles.targets) == ("x_1500", ("x_0004", "y"))


def test_thousands_of_conditions_are_ticked_and_told_in_the_files_order(qtbot: QtBot) -> None:
    editor = CovariatesEditor()
    qtbot.addWidget(editor)
    names = [f"c{place}" for place in range(COLUMNS)]
    editor.setColumns(names)
    with qtbot.waitSignal(editor.valueChanged):
        editor.setValue((names[7], names[3], "not there"))
    assert editor.value() == (names[3], names[7])
    editor.setColumns([*names, "not there"])
    assert editor.value() == (names[3], names[7], "not there")
    editor.setValue(())
    assert editor.value() == ()
