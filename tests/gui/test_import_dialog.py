"""The import dialog: what it proposes, what it makes of changes, and that an import can be cancelled."""

import shlex
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from sciapp.actions import datasets as datasets_actions
from sciapp.records.dataset.card import Roles, SplitPlan
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.data.importing.roles import RolesEditor
from sciapp.ui.data.importing.split import SplitEditor
from sciapp.ui.messages import Messages
from tests.helpers.import_dialogs import ImportDialogs
from tests.helpers.messages import names, numbers_in

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def project(imports: ImportDialogs) -> Project:
    return imports.project("molecule")


def said(dialog: ImportDialog, name: str) -> str:
    return dialog.findChild(QLabel, name).text()


def test_roles_and_task_are_proposed_and_the_reason_is_told(imports: ImportDialogs, project: Project) -> None:
    dialog = imports.ready(project, DATA / "bbbp.csv")
    request = dialog.request()
    assert request is not None
    assert request.roles == Roles(input="smiles", targets=("p_np",))
    assert request.split.method == "scaffold"
    assert said(dialog, "taskReason").startswith("Classification: “p_np”")
    assert numbers_in(said(dialog, "taskReason")) == ["2", "0", "1"]
    assert dialog.preview.items.rowCount() == 200


def test_the_command_line_says_what_the_form_says(imports: ImportDialogs, project: Project) -> None:
    dialog = imports.ready(project, DATA / "bbbp.csv")
    dialog.findChild(QComboBox, "splitMethod").setCurrentIndex(0)
    dialog.findChild(QSpinBox, "splitSeed").setValue(7)
    dialog.findChild(QLineEdit, "datasetName").setText("Blood & brain")
    words = shlex.split(dialog.command_line.text())
    assert words[:2] == ["sciapp", "import"]
    assert words[words.index("--split") + 1] == "random"
    assert words[words.index("--seed") + 1] == "7"
    assert words[words.index("--name") + 1] == "Blood & brain"


def test_a_long_command_line_is_whole_and_can_be_copied(qtbot: QtBot, imports: ImportDialogs, project: Project) -> None:
    dialog = imports.ready(project, DATA / "bbbp.csv")
    dialog.resize(1500, 720)
    dialog.findChild(QToolButton, "importCommandLine").click()
    command = dialog.findChild(QPlainTextEdit, "commandLine")
    one_line = command.height()
    dialog.findChild(QLineEdit, "datasetName").setText("Blood & brain " * 12)
    assert command.document().size().height() > 1
    assert command.height() > one_line
    assert command.toPlainText() == dialog.command_line.text()
    assert dialog.height() <= 860
    dialog.findChild(QLineEdit, "datasetName").setText("Blood & brain " * 200)
    bar = command.verticalScrollBar()
    assert bar.maximum() > 0 and bar.value() == 0
    with qtbot.waitSignal(dialog.command_line.copied) as copied:
        dialog.findChild(QPushButton, "copyCommandLine").click()
    assert copied.args == [dialog.command_line.text()]


def test_typing_a_name_leaves_the_preview_where_it_was_scrolled_to(
    qtbot: QtBot, imports: ImportDialogs, project: Project
) -> None:
    dialog = imports.ready(project, DATA / "bbbp.csv")
    bar = dialog.preview.verticalScrollBar()
    bar.setValue(40)
    dialog.preview.setColumnWidth(0, 123)
    qtbot.keyClicks(dialog.findChild(QLineEdit, "datasetName"), "brain")
    assert bar.value() == 40
    assert dialog.preview.columnWidth(0) == 123


def test_without_a_target_nothing_can_be_imported_and_the_form_says_what_is_missing(
    imports: ImportDialogs, project: Project
) -> None:
    dialog = imports.ready(project, DATA / "bbbp.csv")
    targets = dialog.findChild(QListWidget, "targetColumns")
    targets.findItems("p_np", Qt.MatchFlag.MatchExactly)[0].setCheckState(Qt.CheckState.Unchecked)
    assert dialog.request() is None
    assert not dialog.findChild(QPushButton, "importAccept").isEnabled()
    assert "one target" in said(dialog, "taskReason")
    assert dialog.command_line.text() == ""


def test_a_split_column_must_be_chosen_and_cannot_be_the_target(imports: ImportDialogs, project: Project) -> None:
    dialog = imports.ready(project, DATA / "bbbp.csv")
    method = dialog.findChild(QComboBox, "splitMethod")
    method.setCurrentIndex(method.findData("column"))
    column = dialog.findChild(QComboBox, "splitColumn")
    column.setCurrentText("p_np")
    assert dialog.request() is None
    column.setCurrentText("name")
    request = dialog.request()
    assert request is not None and request.roles.split == "name"


def test_a_file_that_is_no_table_is_refused_and_the_dialog_goes(
    qtbot: QtBot, imports: ImportDialogs, project: Project, messages: Messages, tmp_path: Path
) -> None:
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\x03\x04 and so on")
    dialog = imports.begin(project, tmp_path / "sheet.xlsx")
    with qtbot.waitSignal(dialog.finished):
        pass
    assert names(messages.lastMessage, file="sheet.xlsx") and "zip archive" in messages.lastMessage


def test_how_the_file_is_read_is_shown_and_another_way_renews_the_preview(
    qtbot: QtBot, imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    table = tmp_path / "löslich.csv"
    rows = "".join(f"{'C' * i}O;{i},5;Müller\n" for i in range(1, 30))
    table.write_bytes(("smiles;Löslichkeit;von\n" + rows).encode("cp1252"))
    dialog = imports.ready(project, table)
    encoding, cells = dialog.findChild(QComboBox, "readEncoding"), dialog.findChild(QComboBox, "readDelimiter")
    assert dialog.findChild(QComboBox, "readFormat").currentText().endswith("text table")
    assert encoding.currentText() == "Detected: Windows-1252"
    assert cells.currentText() == "Detected: semicolon"
    assert dialog.findChild(QComboBox, "readDecimal").currentText() == "Detected: 3,14"
    assert not dialog.findChild(QComboBox, "readSheet").isVisible()
    assert dialog.request().reading == Reading()
    first = dialog.findChild(QComboBox, "readHeader")
    first.setCurrentIndex(first.findData("no"))
    qtbot.waitUntil(lambda: not dialog.busy.busy and dialog.preview.items.rowCount() == 30, timeout=20_000)
    assert dialog.request().reading == Reading(header="no")
    assert "--no-header" in dialog.command_line.text()


def test_a_way_to_read_that_does_not_fit_is_told_and_taken_back(
    qtbot: QtBot, imports: ImportDialogs, project: Project, messages: Messages, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes("smiles,y\nCCO,é1\nCCC,2\n".encode("cp1252"))
    dialog = imports.ready(project, table)
    encoding = dialog.findChild(QComboBox, "readEncoding")
    encoding.setCurrentIndex(encoding.findData("utf-8"))
    qtbot.waitUntil(lambda: "UTF-8" in messages.lastMessage and "line 2" in messages.lastMessage, timeout=20_000)
    assert dialog.request().reading == Reading()
    assert dialog.isVisible() and not dialog.busy.busy


def test_a_workbook_offers_its_sheets(qtbot: QtBot, imports: ImportDialogs, project: Project) -> None:
    dialog = imports.ready(project, DATA / "two_sheets.xlsx")
    sheet = dialog.findChild(QComboBox, "readSheet")
    assert [sheet.itemText(i) for i in range(sheet.count())] == ["Detected: Solubility", "Solubility", "Melting"]
    assert not dialog.findChild(QComboBox, "readDelimiter").isVisible()
    sheet.setCurrentText("Melting")
    qtbot.waitUntil(
        lambda: not dialog.busy.busy and dialog.request().roles.targets == ("melting point",), timeout=20_000
    )
    assert "--sheet Melting" in dialog.command_line.text()


def test_an_import_ends_with_a_dataset(qtbot: QtBot, imports: ImportDialogs, project: Project) -> None:
    dialog = imports.ready(project, DATA / "freesolv.csv")
    with qtbot.waitSignal(dialog.imported, timeout=60_000) as heard:
        qtbot.mouseClick(dialog.findChild(QPushButton, "importAccept"), Qt.MouseButton.LeftButton)
        assert dialog.busy.busy
    card = heard.args[0]
    assert card.rows_kept > 600
    assert [found.id for found in project.datasets()] == [card.id]


def test_a_cancelled_import_leaves_nothing_and_the_form_can_be_used_again(
    qtbot: QtBot, imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    big = tmp_path / "big.csv"
    big.write_text("smiles,y\n" + "".join(f"{'C' * (1 + i % 40)}O{'N' * (i % 7)},{i}\n" for i in range(60_000)))
    dialog = imports.ready(project, big)
    dialog.accept()
    qtbot.waitUntil(lambda: "%" in dialog.findChild(QLabel, "importText").text(), timeout=60_000)
    qtbot.mouseClick(dialog.findChild(QPushButton, "importCancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.busy.busy, timeout=30_000)
    assert project.datasets() == []
    assert dialog.findChild(QPushButton, "importAccept").isEnabled()


def test_an_error_of_the_import_is_told_and_the_form_stays(
    qtbot: QtBot, imports: ImportDialogs, project: Project, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sciapp.errors import OutOfSpace

    refusal = OutOfSpace("The disk is full.", hint="Free some space.")

    def full(**_: object) -> object:
        raise refusal

    monkeypatch.setattr(datasets_actions, "import_table", full)
    dialog = imports.ready(project, DATA / "freesolv.csv")
    dialog.accept()
    qtbot.waitUntil(lambda: messages.lastMessage == refusal.message)
    assert dialog.isVisible()
    assert not dialog.busy.busy


def test_the_roles_editor_gives_back_what_it_was_given(qtbot: QtBot) -> None:
    editor = RolesEditor()
    qtbot.addWidget(editor)
    editor.setColumns(["a", "b", "c"])
    assert editor.value() is None
    with qtbot.waitSignal(editor.valueChanged):
        editor.setValue(Roles(input="b", targets=("a", "c")))
    assert editor.value() == Roles(input="b", targets=("a", "c"))


def test_the_input_cannot_be_a_target_too(qtbot: QtBot) -> None:
    editor = RolesEditor()
    qtbot.addWidget(editor)
    editor.setColumns(["a", "b"])
    editor.setValue(Roles(input="a", targets=("b",)))
    editor.findChild(QComboBox, "inputColumn").setCurrentText("b")
    assert editor.value() is None


@pytest.mark.parametrize(
    "plan",
    [
        SplitPlan(),
        SplitPlan(method="stratified", fractions=(0.7, 0.1, 0.2), seed=3),
        SplitPlan(method="column", column="part"),
        SplitPlan(method="group", column="part", seed=2),
        SplitPlan(method="time", column="part"),
        SplitPlan(method="cluster", threshold=0.55),
        SplitPlan(method="file", file="/some/split.csv"),
        SplitPlan(method="random", folds=5, fold=2),
    ],
)
def test_the_split_editor_gives_back_what_it_was_given(qtbot: QtBot, plan: SplitPlan) -> None:
    editor = SplitEditor()
    qtbot.addWidget(editor)
    editor.setMethods(("random", "stratified", "cluster", "group", "time", "column", "file"))
    editor.setColumns(["smiles", "part"])
    editor.setValue(plan)
    assert editor.value() == plan


def test_labels_of_residues_are_proposed_with_their_mask(imports: ImportDialogs, tmp_path: Path) -> None:
    proteins = imports.project("protein")
    dialog = imports.ready(proteins, DATA / "flip_secondary_structure_sample.csv.gz")
    request = dialog.request()
    assert request is not None
    assert request.roles == Roles(input="sequence", targets=("dssp3",), split="set", mask="mask")
    assert said(dialog, "taskReason").startswith("Tagging: “dssp3”")
    words = shlex.split(dialog.command_line.text())
    assert words[words.index("--mask") + 1] == "mask"
    dialog.findChild(QComboBox, "maskColumn").setCurrentIndex(0)
    request = dialog.request()
    assert request is not None
    assert request.roles.mask is None
    assert "--mask" not in dialog.command_line.text()


def test_a_screen_of_assays_is_proposed_as_several_targets(imports: ImportDialogs, project: Project) -> None:
    dialog = imports.ready(project, DATA / "tox21_sample.csv")
    request = dialog.request()
    assert request is not None
    assert len(request.roles.targets) == 12
    assert said(dialog, "taskReason").startswith("Multilabel: 12 targets")
    box = dialog.findChild(QComboBox, "importTask")
    box.setCurrentIndex(box.findData("multilabel"))
    assert "empty cell" in said(dialog, "taskReason")
    assert "--task multilabel" in dialog.command_line.text()


def test_groups_and_times_are_proposed_and_change_with_the_method(
    imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    file = tmp_path / "t.csv"
    rows = [f"{'C' * (i % 30 + 1)}{'O' * (i // 30 + 1)},p{i % 12},{2015 + i % 9}-01-02,{i / 7:.2f}" for i in range(100)]
    file.write_text("\n".join(["smiles,patient,measured_on,y", *rows]), encoding="utf-8")
    dialog = imports.ready(project, file)
    request = dialog.request()
    assert request is not None
    assert (request.split.method, request.split.column, request.roles.group) == ("group", "patient", "patient")
    method = dialog.findChild(QComboBox, "splitMethod")
    method.setCurrentIndex(method.findData("time"))
    request = dialog.request()
    assert request is not None
    assert (request.split.column, request.roles.time, request.roles.group) == ("measured_on", "measured_on", None)
    assert "--time measured_on" in dialog.command_line.text()
    method.setCurrentIndex(method.findData("file"))
    assert dialog.request() is None
    assert "the file" in said(dialog, "taskReason") and "the split" in said(dialog, "taskReason")
    dialog.findChild(QLineEdit, "splitFile").setText("/some/split.csv")
    assert "--split-file /some/split.csv" in dialog.command_line.text()


def test_a_forecast_asks_for_its_steps_and_needs_no_target(
    qtbot: QtBot, imports: ImportDialogs, tmp_path: Path
) -> None:
    file = tmp_path / "tracks.csv"
    rows = ["[" + " ".join(str(row + step) for step in range(12)) + "]" for row in range(20)]
    file.write_text("\n".join(["series", *rows]) + "\n", encoding="utf-8")
    dialog = imports.begin(imports.project("series"), file)
    columns, task = dialog.findChild(QComboBox, "inputColumn"), dialog.findChild(QComboBox, "importTask")
    qtbot.waitUntil(lambda: columns.currentText() == "series", timeout=20_000)
    assert dialog.request() is None, "there is nothing to learn but the series itself"
    task.setCurrentIndex(task.findData("forecasting"))
    for name, steps in (("horizon", 3), ("window", 4)):
        dialog.findChild(QSpinBox, f"taskOption-{name}").setValue(steps)
    request = dialog.request()
    assert request is not None
    assert (request.task, request.roles.input, request.roles.targets) == ("forecasting", "series", ())
    assert request.task_options == {"horizon": 3, "window": 4, "stride": 1}
    assert "--horizon 3 --window 4" in dialog.command_line.text()
    task.setCurrentIndex(0)
    assert dialog.request() is None
