"""What the import dialog can be told of a file: what the command line can be told, where it means anything."""

import shlex
import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListWidget
from pytestqt.qtbot import QtBot

from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.data.importing.read_options import ReadingEditor
from tests.helpers.import_dialogs import ImportDialogs

MOLECULES = [f"{'C' * i}O" for i in range(1, 40)]


@pytest.fixture
def project(imports: ImportDialogs) -> Project:
    return imports.project("molecule")


def box(dialog: ImportDialog, name: str) -> QComboBox:
    return dialog.findChild(QComboBox, name)


def shown(dialog: ImportDialog) -> set[str]:
    dialog.details.setOpen(True)
    names = ("Format", "Encoding", "Delimiter", "Header", "Decimal", "Quote", "Sheet")
    boxes = {name for name in names if box(dialog, f"read{name}").isVisible()}
    lines = {name for name in ("Lines", "Labels") if dialog.findChild(QLineEdit, f"read{name}").isVisible()}
    return boxes | lines


def test_only_what_means_something_for_the_file_is_shown(
    imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("smiles,y\n" + "".join(f"{s},{i}\n" for i, s in enumerate(MOLECULES)), encoding="utf-8")
    dialog = imports.preview(project, table)
    assert shown(dialog) == {"Format", "Encoding", "Delimiter", "Header", "Decimal", "Quote", "Lines"}
    assert dialog.findChild(QLineEdit, "readLines").placeholderText().endswith("all lines")
    assert not dialog.findChild(QLabel, "readNote").isVisible()
    dialog.reject()
    fasta = tmp_path / "s.fasta"
    fasta.write_text("".join(f">p{i}\n{'MKT' * (i + 2)}\n" for i in range(20)), encoding="utf-8")
    dialog = imports.preview(project, fasta)
    assert shown(dialog) == {"Format", "Encoding", "Labels"}


def test_labels_beside_sequences_are_chosen_and_imported(imports: ImportDialogs, tmp_path: Path) -> None:
    proteins = imports.project("protein")
    sequences = {f"p{i}": "MKTAYIAKQR"[i % 5 :] * (2 + i % 3) + "ACDEFGHIKL"[: i % 9] for i in range(40)}
    (tmp_path / "s.fasta").write_text("".join(f">{k}\n{v}\n" for k, v in sequences.items()), encoding="utf-8")
    labels = tmp_path / "labels of s.fasta"
    labels.write_text("".join(f">{k}\n{('HEC' * 40)[: len(v)]}\n" for k, v in sequences.items()), encoding="utf-8")
    dialog = imports.preview(proteins, tmp_path / "s.fasta")
    assert dialog.request() is None
    line = dialog.findChild(QLineEdit, "readLabels")
    line.setText(str(labels)[:-3])
    assert dialog.findChild(QLabel, "readNote").text().endswith("of labels.")
    line.setText(str(labels))
    imports.wait_for_request(dialog)
    request = dialog.request()
    assert request is not None
    assert request.reading == Reading(labels=str(labels))
    assert request.roles.targets == ("label",)
    words = shlex.split(dialog.command_line.text())
    assert words[words.index("--labels") + 1] == str(labels)
    card = imports.accept(dialog)
    assert card.task == "tagging"
    assert set(card.class_names) == {"H", "E", "C"}


def test_the_quotation_mark_is_chosen(imports: ImportDialogs, project: Project, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = "".join(f"{s},'a {i}',{i / 7:.2f}\n" for i, s in enumerate(MOLECULES))
    table.write_text("smiles,note,y\n" + rows, encoding="utf-8")
    dialog = imports.preview(project, table)
    quote = box(dialog, "readQuote")
    assert quote.currentText() == "Detected: single: '"
    quote.setCurrentIndex(quote.findData("none"))
    imports.wait_for_rows(dialog)
    assert "--quote none" in dialog.command_line.text()
    assert imports.accept(dialog).source.reading.quote == "none"


def test_a_quote_that_is_never_closed_is_read_without_quotes_and_said(
    imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    rows = [f"{'C' * (i % 40 + 1)}{'N' * (i // 40)}O,a {i},{i / 7:.2f}" for i in range(220)]
    rows[190] = 'CCN,"5 inch,3.1'
    table.write_text("\n".join(["smiles,note,y", *rows]) + "\n", encoding="utf-8")
    dialog = imports.preview(project, table)
    note = dialog.findChild(QLabel, "readNote").text()
    assert "quotation mark" in note and "line 192" in note and "“t.csv”" in note
    assert box(dialog, "readQuote").currentText() == "none"
    assert "--quote none" in dialog.command_line.text()


def test_a_range_of_lines_is_typed_and_what_is_none_is_told(
    qtbot: QtBot, imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    table = "".join(f"{s},{i / 7:.2f}\n" for i, s in enumerate(MOLECULES))
    page.write_text(f"Measured in 2019\n\nsmiles,y\n{table}\nThat was all.\n", encoding="utf-8")
    dialog = imports.preview(project, page)
    lines = dialog.findChild(QLineEdit, "readLines")
    lines.setFocus()
    qtbot.keyClicks(lines, "3")
    lines.clearFocus()
    assert dialog.findChild(QLabel, "readNote").text().startswith("“3” ")
    lines.setText("3-42")
    lines.editingFinished.emit()
    imports.wait_for_rows(dialog)
    imports.wait_for_request(dialog)
    assert "--lines 3-42" in dialog.command_line.text()
    card = imports.accept(dialog)
    assert (card.rows_read, card.roles.input, card.roles.targets) == (39, "smiles", ("y",))


def test_a_page_of_horizons_opens_with_its_lines(imports: ImportDialogs, tmp_path: Path) -> None:
    texts = imports.project("text")
    page = tmp_path / "h.txt"
    rows = "".join(f"24583{i}.5, 0.{i}, A.D. 2018-Oct-{i},\n" for i in range(10, 30))
    page.write_text(f"Ephemeris\nTarget: Earth\n$$SOE\n{rows}$$EOE\nx\n", encoding="utf-8")
    dialog = imports.preview(texts, page)
    assert dialog.findChild(QLineEdit, "readLines").text() == "4-23"
    note = dialog.findChild(QLabel, "readNote").text()
    assert note.startswith("“h.txt” ") and "JPL Horizons" in note
    assert dialog.preview.items.rowCount() == 20


def test_a_zip_of_several_tables_opens_with_one_and_offers_the_others(
    qtbot: QtBot, imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README", "Two tables.")
        for name in ("one.csv", "two.csv"):
            rows = "".join(f"{s},{i / 7:.2f}\n" for i, s in enumerate(MOLECULES))
            archive.writestr(f"in/{name}", f"smiles,{name[:3]}\n{rows}")
    dialog = imports.preview(project, path)
    sheet = box(dialog, "readSheet")
    assert sheet.currentText() == "in/one.csv"
    assert "“z.zip” has 3 files" in dialog.findChild(QLabel, "readNote").text()
    titles = [label.text() for label in dialog.reading.findChildren(QLabel) if label.buddy() is sheet]
    assert len(titles) == 1 and "arc&hive" in titles[0]
    sheet.setCurrentIndex(sheet.findData("in/two.csv"))
    imports.wait_for_rows(dialog)
    qtbot.waitUntil(lambda: (r := dialog.request()) is not None and r.roles.targets == ("two",), timeout=20_000)
    assert "--sheet in/two.csv" in dialog.command_line.text()
    assert imports.accept(dialog).rows_kept == 39


def test_another_format_drops_what_was_said_of_the_first(
    qtbot: QtBot, imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    table = tmp_path / "t.smi"
    table.write_text("".join(f"{s} mol{i}\n" for i, s in enumerate(MOLECULES)), encoding="utf-8")
    dialog = imports.preview(project, table)
    dialog.details.setOpen(True)
    format = box(dialog, "readFormat")
    assert format.currentText().endswith("of SMILES")
    format.setCurrentIndex(format.findData("table"))
    imports.wait_for_rows(dialog)
    cells = box(dialog, "readDelimiter")
    cells.setCurrentIndex(cells.findData("blank"))
    imports.wait_for_rows(dialog)
    qtbot.waitUntil(lambda: dialog.reading.value() == Reading(format="table", delimiter="blank"), timeout=20_000)
    format.setCurrentIndex(format.findData("smi"))
    qtbot.waitUntil(lambda: not dialog.busy.busy and not cells.isVisible(), timeout=20_000)
    assert dialog.reading.value() == Reading(format="smi")


def test_conditions_are_ticked_as_proposed_and_can_be_unticked(
    imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    rows = [f"{s},{t},{len(s) + t / 97:.3f}" for s in MOLECULES[:15] for t in (300, 400, 500)]
    table.write_text("\n".join(["smiles,T,Cp", *rows]) + "\n", encoding="utf-8")
    dialog = imports.preview(project, table)
    request = dialog.request()
    assert request is not None and request.roles.covariates == ("T",)
    assert "condition" in dialog.findChild(QLabel, "taskReason").text()
    assert "--covariate T" in dialog.command_line.text()
    conditions = dialog.findChild(QListWidget, "covariates")
    conditions.item(0).setCheckState(type(conditions.item(0).checkState()).Unchecked)
    request = dialog.request()
    assert request is not None and request.roles.covariates == ()
    assert "condition" not in dialog.findChild(QLabel, "taskReason").text()
    assert "--covariate" not in dialog.command_line.text()


@pytest.mark.parametrize(
    "reading",
    [
        Reading(),
        Reading(encoding="cp1252", delimiter="semicolon", quote="single", header="no", decimal=",", lines="3-40"),
        Reading(encoding="koi8_r", format="sdf"),
        Reading(sheet="Melting", download=True),
        Reading(labels=str(Path(__file__))),
    ],
)
def test_the_reading_editor_gives_back_what_it_was_given(qtbot: QtBot, reading: Reading) -> None:
    editor = ReadingEditor()
    qtbot.addWidget(editor)
    editor.setValue(reading)
    assert editor.value() == reading


def test_sequences_of_ids_are_looked_up_in_a_second_file(imports: ImportDialogs, tmp_path: Path) -> None:
    proteins = imports.project("protein")
    sequences = {f"p{i}": "MKTAYIAKQR"[i % 5 :] * (2 + i % 3) + "ACDEFGHIKL"[: i % 9] for i in range(40)}
    second = tmp_path / "sequences.fasta"
    second.write_text("".join(f">{k}\n{v}\n" for k, v in sequences.items()), encoding="utf-8")
    pairs = tmp_path / "pairs.csv"
    rows = "".join(f"p{i},p{(i * 7 + 3) % 40},{i % 2}\n" for i in range(40))
    pairs.write_text("first,second,binds\n" + rows, encoding="utf-8")
    dialog = imports.preview(proteins, pairs)
    assert dialog.request() is None
    line = dialog.findChild(QLineEdit, "readJoin")
    line.setText(str(second)[:-3])
    assert "look up" in dialog.findChild(QLabel, "readNote").text()
    line.setText(str(second))
    imports.wait_for_request(dialog)
    request = dialog.request()
    assert request is not None
    assert (request.roles.input, request.roles.second_input) == ("first sequence", "second sequence")
    words = shlex.split(dialog.command_line.text())
    assert words[words.index("--join") + 1] == str(second)
    card = imports.accept(dialog)
    assert card.source.joined is not None
    assert card.source.joined.file_name == "sequences.fasta"
