"""Second input and weight in the window: proposed, changed, on the command line, and in the table of the dataset."""

import shlex
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from sciapp.records.dataset.card import Roles
from sciapp.records.project.project import Project
from sciapp.ui.data.dataset_panel import DatasetPanel
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.data.importing.roles import RolesEditor
from sciapp.ui.data.rows import RowsPane
from tests.helpers.import_dialogs import ImportDialogs


@pytest.fixture
def project(imports: ImportDialogs) -> Project:
    return imports.project("molecule")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Solubilities in two solvents, with how sure each is."""
    file = tmp_path / "solubility.csv"
    rows = [f"{'C' * (i % 20 + 1)}O,{'O' if i < 20 else 'CS(C)=O'},{i / 7:.2f},{0.2 + i / 100:.2f}" for i in range(40)]
    file.write_text("\n".join(["solute_smiles,solvent_smiles,logS,sample_weight", *rows]), encoding="utf-8")
    return file


def chips(dialog: ImportDialog) -> dict[str, str]:
    """Column → the role that its head shows."""
    return {column.title: dialog.preview.role(column.title).name for column in dialog.preview.items.columns()}


def test_both_roles_are_proposed_marked_and_on_the_command_line(
    imports: ImportDialogs, project: Project, table: Path
) -> None:
    dialog = imports.ready(project, table)
    request = dialog.request()
    assert request is not None
    wanted = Roles(input="solute_smiles", second_input="solvent_smiles", targets=("logS",), weight="sample_weight")
    assert request.roles == wanted
    roles = {"solute_smiles": "input", "solvent_smiles": "second input", "logS": "target", "sample_weight": "weight"}
    assert chips(dialog) == roles
    words = shlex.split(dialog.command_line.text())
    assert words[words.index("--second-input") + 1] == "solvent_smiles"
    assert words[words.index("--weight") + 1] == "sample_weight"
    for name in ("secondInputColumn", "weightColumn"):
        dialog.findChild(QComboBox, name).setCurrentIndex(0)
    request = dialog.request()
    assert request is not None
    assert request.roles == Roles(input="solute_smiles", targets=("logS",))
    assert "--weight" not in dialog.command_line.text() and "--second-input" not in dialog.command_line.text()


def test_what_is_imported_so_is_told_and_shown_in_the_data_tab(
    qtbot: QtBot, imports: ImportDialogs, project: Project, table: Path
) -> None:
    dialog = imports.ready(project, table)
    card = imports.accept(dialog)
    assert card.rows_kept == 40
    panel = DatasetPanel()
    qtbot.addWidget(panel)
    panel.show_dataset(card, project, [card])
    said = panel.findChild(QLabel, "datasetRows").text()
    assert "pairs: “solute_smiles” and “solvent_smiles”." in said
    assert "weighted by “sample_weight”." in said
    rows = panel.findChild(RowsPane)
    qtbot.waitUntil(lambda: rows.table.items.rowCount() > 0, timeout=10_000)
    keys = [column.key for column in rows.table.items.columns()]
    assert keys[:3] == ["line", "input", "input2"] and "weight" in keys
    qtbot.waitUntil(lambda: rows.draw.isVisibleTo(rows), timeout=10_000)
    rows.draw.setChecked(True)
    drawn = [place for place in range(len(keys)) if rows.table.itemDelegateForColumn(place) is not None]
    assert [keys[place] for place in drawn] == ["input", "input2"]
    rows.clear()


def test_a_column_has_one_role(qtbot: QtBot) -> None:
    editor = RolesEditor()
    qtbot.addWidget(editor)
    editor.setColumns(["a", "b", "y", "w"], ["y", "w"])
    whole = Roles(input="a", second_input="b", targets=("y",), weight="w")
    editor.setValue(whole)
    assert editor.value() == whole
    editor.setValue(Roles(input="a", second_input="a", targets=("y",), weight="y"))
    assert editor.value() == Roles(input="a", targets=("y",))
    editor.setValue(Roles(input="a", second_input="w", targets=("y",), weight="w"))
    assert editor.value() == Roles(input="a", second_input="w", targets=("y",))
