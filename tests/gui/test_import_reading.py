"""What the import dialog can be told of a file: what the command line can be told, where it means anything."""

import shlex
import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.data.importing.read_options import ReadingEditor
from sciapp.ui.messages import Messages
from sciapp.workers.thread import end_all

MOLECULES = [f"{'C' * i}O" for i in range(1, 40)]

owners: list[QWidget] = []


@pytest.fixture(autouse=True)
def threads_ended():
    yield
    end_all()
    owners.clear()


@pytest.fixture
def project(tmp_path: Path):
    made = Project.create(tmp_path / "project", domain="molecule", lock=True)
    yield made
    made.close()


def opened(qtbot: QtBot, project: Project, path: Path, messages: Messages | None = None) -> ImportDialog:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    dialog = ImportDialog(project, path, messages or Messages(), parent)
    owners.append(parent)
    dialog.begin()
    read(qtbot, dialog)
    return dialog


def read(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.busy.busy and dialog.preview.items.rowCount() > 0, timeout=20_000)


def box(dialog: ImportDialog, name: str) -> QComboBox:
    return dialog.findChild(QComboBox, name)


def shown(dialog: ImportDialog) -> set[str]:
    names = ("Format", "Encoding", "Delimiter", "Header", "Decimal", "Quote", "Sheet")
    boxes = {name for name in names if box(dialog, f"read{name}").isVisible()}
    lines = {name for name in ("Lines", "Labels") if dialog.findChild(QLineEdit, f"read{name}").isVisible()}
    return boxes | lines


def imported(qtbot: QtBot, dialog: ImportDialog) -> DatasetCard:
    with qtbot.waitSignal(dialog.imported, timeout=60_000) as heard:
        dialog.accept()
    card: DatasetCard = heard.args[0]
    return card


def test_only_what_means_something_for_the_file_is_shown(qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("smiles,y\n" + "".join(f"{s},{i}\n" for i, s in enumerate(MOLECULES)), encoding="utf-8")
    dialog = opened(qtbot, project, table)
    assert shown(dialog) == {"Format", "Encoding", "Delimiter", "Header", "Decimal", "Quote", "Lines"}
    assert dialog.findChild(QLineEdit, "readLines").placeholderText() == "Detected: all lines"
    assert not dialog.findChild(QLabel, "readNote").isVisible()
    dialog.reject()
    fasta = tmp_path / "s.fasta"
    fasta.write_text("".join(f">p{i}\n{'MKT' * (i + 2)}\n" for i in range(20)), encoding="utf-8")
    dialog = opened(qtbot, project, fasta)
    assert shown(dialog) == {"Format", "Encoding", "Labels"}
    dialog.reject()


def test_labels_beside_sequences_are_chosen_and_imported(qtbot: QtBot, tmp_path: Path) -> None:
    proteins = Project.create(tmp_path / "proteins", domain="protein", lock=True)
    sequences = {f"p{i}": "MKTAYIAKQR"[i % 5 :] * (2 + i % 3) + "ACDEFGHIKL"[: i % 9] for i in range(40)}
    (tmp_path / "s.fasta").write_text("".join(f">{k}\n{v}\n" for k, v in sequences.items()), encoding="utf-8")
    labels = tmp_path / "labels of s.fasta"
    labels.write_text("".join(f">{k}\n{('HEC' * 40)[: len(v)]}\n" for k, v in sequences.items()), encoding="utf-8")
    dialog = opened(qtbot, proteins, tmp_path / "s.fasta")
    assert dialog.request() is None
    line = dialog.findChild(QLineEdit, "readLabels")
    line.setText(str(labels)[:-3])
    assert dialog.findChild(QLabel, "readNote").text() == "There is no such file of labels."
    line.setText(str(labels))
    qtbot.waitUntil(lambda: not dialog.busy.busy and dialog.request() is not None, timeout=20_000)
    request = dialog.request()
    assert request is not None
    assert request.reading == Reading(labels=str(labels))
    assert request.roles.targets == ("label",)
    words = shlex.split(dialog.command_line.text())
    assert words[words.index("--labels") + 1] == str(labels)
    card = imported(qtbot, dialog)
    assert card.task == "tagging"
    assert set(card.class_names) == {"H", "E", "C"}
    proteins.close()


def test_the_quotation_mark_is_chosen(qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = "".join(f"{s},'a {i}',{i / 7:.2f}\n" for i, s in enumerate(MOLECULES))
    table.write_text("smiles,note,y\n" + rows, encoding="utf-8")
    dialog = opened(qtbot, project, table)
    quote = box(dialog, "readQuote")
    assert quote.currentText() == "Detected: single: '"
    quote.setCurrentIndex(quote.findData("none"))
    read(qtbot, dialog)
    assert "--quote none" in dialog.command_line.text()
    assert imported(qtbot, dialog).source.reading.quote == "none"


def test_a_quote_that_is_never_closed_is_read_without_quotes_and_said(
    qtbot: QtBot, project: Project, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    rows = [f"{'C' * (i % 40 + 1)}{'N' * (i // 40)}O,a {i},{i / 7:.2f}" for i in range(220)]
    rows[190] = 'CCN,"5 inch,3.1'
    table.write_text("\n".join(["smiles,note,y", *rows]) + "\n", encoding="utf-8")
    dialog = opened(qtbot, project, table)
    note = dialog.findChild(QLabel, "readNote").text()
    assert note.startswith("A quotation mark is opened on line 192 of “t.csv” and never closed.")
    assert box(dialog, "readQuote").currentText() == "none"
    assert "--quote none" in dialog.command_line.text()
    dialog.reject()


def test_a_range_of_lines_is_typed_and_what_is_none_is_told(qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    table = "".join(f"{s},{i / 7:.2f}\n" for i, s in enumerate(MOLECULES))
    page.write_text(f"Measured in 2019\n\nsmiles,y\n{table}\nThat was all.\n", encoding="utf-8")
    dialog = opened(qtbot, project, page)
    lines = dialog.findChild(QLineEdit, "readLines")
    lines.setFocus()
    qtbot.keyClicks(lines, "3")
    lines.clearFocus()
    assert dialog.findChild(QLabel, "readNote").text().startswith("“3” names no lines; write the first and the last")
    lines.setText("3-42")
    lines.editingFinished.emit()
    read(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.request() is not None, timeout=20_000)
    assert "--lines 3-42" in dialog.command_line.text()
    card = imported(qtbot, dialog)
    assert (card.rows_read, card.roles.input, card.roles.targets) == (39, "smiles", ("y",))


def test_a_page_of_horizons_opens_with_its_lines(qtbot: QtBot, tmp_path: Path) -> None:
    texts = Project.create(tmp_path / "texts", domain="text", lock=True)
    page = tmp_path / "h.txt"
    rows = "".join(f"24583{i}.5, 0.{i}, A.D. 2018-Oct-{i},\n" for i in range(10, 30))
    page.write_text(f"Ephemeris\nTarget: Earth\n$$SOE\n{rows}$$EOE\nx\n", encoding="utf-8")
    dialog = opened(qtbot, texts, page)
    assert dialog.findChild(QLineEdit, "readLines").text() == "4-23"
    note = dialog.findChild(QLabel, "readNote").text()
    assert note.startswith("“h.txt” is a page of JPL Horizons, not a table. See above what was chosen")
    assert dialog.preview.items.rowCount() == 20
    dialog.reject()
    texts.close()


def test_a_zip_of_several_tables_opens_with_one_and_offers_the_others(
    qtbot: QtBot, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README", "Two tables.")
        for name in ("one.csv", "two.csv"):
            rows = "".join(f"{s},{i / 7:.2f}\n" for i, s in enumerate(MOLECULES))
            archive.writestr(f"in/{name}", f"smiles,{name[:3]}\n{rows}")
    dialog = opened(qtbot, project, path)
    sheet = box(dialog, "readSheet")
    assert sheet.currentText() == "in/one.csv"
    assert dialog.findChild(QLabel, "readNote").text().startswith("The archive “z.zip” has 3 files. See above")
    titles = [label.text() for label in dialog.reading.findChildren(QLabel) if label.buddy() is sheet]
    assert titles == ["File in arc&hive"]
    sheet.setCurrentIndex(sheet.findData("in/two.csv"))
    read(qtbot, dialog)
    qtbot.waitUntil(lambda: (r := dialog.request()) is not None and r.roles.targets == ("two",), timeout=20_000)
    assert "--sheet in/two.csv" in dialog.command_line.text()
    assert imported(qtbot, dialog).rows_kept == 39


def test_another_format_drops_what_was_said_of_the_first(qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    table = tmp_path / "t.smi"
    table.write_text("".join(f"{s} mol{i}\n" for i, s in enumerate(MOLECULES)), encoding="utf-8")
    dialog = opened(qtbot, project, table)
    format = box(dialog, "readFormat")
    assert format.currentText() == "Detected: list of SMILES"
    format.setCurrentIndex(format.findData("table"))
    read(qtbot, dialog)
    cells = box(dialog, "readDelimiter")
    cells.setCurrentIndex(cells.findData("blank"))
    read(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.reading.value() == Reading(format="table", delimiter="blank"), timeout=20_000)
    format.setCurrentIndex(format.findData("smi"))
    qtbot.waitUntil(lambda: not dialog.busy.busy and not cells.isVisible(), timeout=20_000)
    assert dialog.reading.value() == Reading(format="smi")
    dialog.reject()


def test_conditions_are_ticked_as_proposed_and_can_be_unticked(qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = [f"{s},{t},{len(s) + t / 97:.3f}" for s in MOLECULES[:15] for t in (300, 400, 500)]
    table.write_text("\n".join(["smiles,T,Cp", *rows]) + "\n", encoding="utf-8")
    dialog = opened(qtbot, project, table)
    request = dialog.request()
    assert request is not None and request.roles.covariates == ("T",)
    assert "so it is a condition" in dialog.findChild(QLabel, "taskReason").text()
    assert "--covariate T" in dialog.command_line.text()
    conditions = dialog.findChild(QListWidget, "covariates")
    conditions.item(0).setCheckState(type(conditions.item(0).checkState()).Unchecked)
    request = dialog.request()
    assert request is not None and request.roles.covariates == ()
    assert "condition" not in dialog.findChild(QLabel, "taskReason").text()
    assert "--covariate" not in dialog.command_line.text()
    dialog.reject()


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


def test_sequences_of_ids_are_looked_up_in_a_second_file(qtbot: QtBot, tmp_path: Path) -> None:
    proteins = Project.create(tmp_path / "proteins", domain="protein", lock=True)
    sequences = {f"p{i}": "MKTAYIAKQR"[i % 5 :] * (2 + i % 3) + "ACDEFGHIKL"[: i % 9] for i in range(40)}
    second = tmp_path / "sequences.fasta"
    second.write_text("".join(f">{k}\n{v}\n" for k, v in sequences.items()), encoding="utf-8")
    pairs = tmp_path / "pairs.csv"
    rows = "".join(f"p{i},p{(i * 7 + 3) % 40},{i % 2}\n" for i in range(40))
    pairs.write_text("first,second,binds\n" + rows, encoding="utf-8")
    dialog = opened(qtbot, proteins, pairs)
    assert dialog.request() is None
    line = dialog.findChild(QLineEdit, "readJoin")
    line.setText(str(second)[:-3])
    assert dialog.findChild(QLabel, "readNote").text() == "There is no such file to look up in."
    line.setText(str(second))
    qtbot.waitUntil(lambda: not dialog.busy.busy and dialog.request() is not None, timeout=20_000)
    request = dialog.request()
    assert request is not None
    assert (request.roles.input, request.roles.second_input) == ("first sequence", "second sequence")
    words = shlex.split(dialog.command_line.text())
    assert words[words.index("--join") + 1] == str(second)
    card = imported(qtbot, dialog)
    assert card.source.joined is not None
    assert card.source.joined.file_name == "sequences.fasta"
    proteins.close()
