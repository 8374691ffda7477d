"""The import dialog: several columns as one input, and ids looked up by columns that a person chooses."""

import shlex
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.cli import main as cli
from sciapp.records.dataset.card import DatasetCard, DatasetFolder
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.data.importing.read_options import ReadingEditor
from tests.helpers.import_dialogs import ImportDialogs

WORDS = "river stone cloud engine paper yellow quick lemon window market garden silver".split()
SEQUENCES = ["MKTAYIAKQR"[i % 5 :] * (2 + i % 3) + "ACDEFGHIKL"[: i % 9] for i in range(40)]


def choose(qtbot: QtBot, dialog: ImportDialog, button: str, *columns: str) -> QDialog:
    """Press the button and tick these columns in the list that it opens."""
    pressed = dialog.findChild(QPushButton, button)
    pressed.click()
    name = button.removesuffix("Choose")
    asked = dialog.findChild(QDialog, f"{name}Dialog")
    entries = asked.findChild(QListWidget, f"{name}List")
    for column in columns:
        for item in entries.findItems(column, Qt.MatchFlag.MatchExactly):
            ticked = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
    asked.accept()
    qtbot.waitUntil(lambda: not dialog.busy.busy, timeout=20_000)
    return asked


def rows_of(project: Project, card: DatasetCard) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(
        DatasetFolder(project.datasets_folder / card.id).table_file
    ).to_pylist()
    return rows


def newest(project: Project) -> DatasetCard:
    folders = sorted(project.datasets_folder.iterdir(), key=lambda folder: folder.stat().st_mtime_ns)
    return DatasetFolder(folders[-1]).card()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    path = tmp_path / "papers.csv"
    rows = [
        f"{' '.join(WORDS[(i + k) % 12] for k in range(3))} {i},{' '.join(WORDS[(i * k) % 12] for k in range(1, 12))},"
        f"J{i % 3},{i / 7:.2f}"
        for i in range(60)
    ]
    path.write_text("\n".join(["title,abstract,journal,cited", *rows]) + "\n", encoding="utf-8")
    return path


def test_several_columns_make_one_input_as_on_the_command_line(
    qtbot: QtBot, imports: ImportDialogs, tmp_path: Path, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = imports.project("text")
    dialog = imports.preview(project, papers)
    choose(qtbot, dialog, "inputSeveral", "abstract", "title")
    request = dialog.request()
    assert request is not None
    assert request.roles.input == "abstract + title"
    assert request.reading.together == ("abstract", "title")
    assert request.roles.targets == ("cited",)
    assert dialog.form.marks()["abstract"].startswith("part")
    targets = dialog.findChild(QListWidget, "targetColumns")
    barred = [targets.item(row) for row in range(targets.count())]
    barred = [item.text() for item in barred if not item.flags() & Qt.ItemFlag.ItemIsEnabled]
    assert barred == ["title", "abstract", "abstract + title"]
    for box in (dialog.findChild(QComboBox, name) for name in ("secondInputColumn", "maskColumn", "weightColumn")):
        box.setCurrentIndex(box.findText("title"))  # a part of the input is nothing else besides
    assert dialog.request() == request
    words = shlex.split(dialog.command_line.text())
    card = imports.accept(dialog)
    assert card.roles.input == "abstract + title"
    rows = rows_of(project, card)
    project.close()
    first = papers.read_text(encoding="utf-8").splitlines()[1].split(",")
    assert rows[0]["input"] == f"{first[1]} {first[0]}"
    again = Project.create(tmp_path / "again", domain="text")
    assert cli.main(["import", str(again.folder), str(papers), "--input", "abstract,title"]) == 0
    assert rows_of(again, newest(again)) == rows
    assert newest(again).roles == card.roles
    shown = Project.create(tmp_path / "shown", domain="text")
    assert cli.main(["import", str(shown.folder), *words[3:]]) == 0
    assert rows_of(shown, newest(shown)) == rows
    capsys.readouterr()


def test_one_ticked_column_or_none_is_a_single_input_again(
    qtbot: QtBot, imports: ImportDialogs, tmp_path: Path, papers: Path
) -> None:
    project = imports.project("text")
    dialog = imports.preview(project, papers)
    choose(qtbot, dialog, "inputSeveral", "title", "abstract")
    assert dialog.request().roles.input == "title + abstract"
    choose(qtbot, dialog, "inputSeveral", "abstract")
    request = dialog.request()
    assert request is not None
    assert (request.reading, request.roles.input) == (Reading(), "title")
    assert "--together" not in dialog.command_line.text()


def test_columns_that_another_header_takes_away_are_said_to_be_chosen_again(
    qtbot: QtBot, imports: ImportDialogs, tmp_path: Path, papers: Path
) -> None:
    project = imports.project("text")
    dialog = imports.preview(project, papers)
    choose(qtbot, dialog, "inputSeveral", "title", "abstract")
    header = dialog.findChild(QComboBox, "readHeader")
    header.setCurrentIndex(header.findData("no"))
    qtbot.waitUntil(lambda: not dialog.busy.busy, timeout=20_000)
    note = dialog.findChild(QLabel, "readNote").text()
    assert "“title”" in note and note.endswith("again.")
    assert dialog.reading.value() == Reading(header="no")


def test_the_columns_of_a_spectrum_are_one_line_until_somebody_wants_them_apart(
    qtbot: QtBot, imports: ImportDialogs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "spectra.csv"
    names = [f"nm_{number}" for number in range(850, 880, 2)]
    rows = [",".join([*(f"{(i * k * 0.37) % 5:.3f}" for k in range(1, 16)), f"{i / 7:.2f}"]) for i in range(60)]
    path.write_text("\n".join([",".join([*names, "fat"]), *rows]) + "\n", encoding="utf-8")
    project = imports.project("series")
    dialog = imports.preview(project, path)
    targets = dialog.findChild(QListWidget, "targetColumns")
    assert [targets.item(row).text() for row in range(targets.count())] == ["nm_850 … nm_878", "fat"]
    request = dialog.request()
    assert request is not None
    assert (request.roles.input, request.roles.targets) == ("nm_850 … nm_878", ("fat",))
    words = shlex.split(dialog.command_line.text())
    assert "--together" not in words
    choose(qtbot, dialog, "inputSeveral", *names)
    assert targets.count() == 16
    choose(qtbot, dialog, "inputSeveral", *names[2:12])
    part = dialog.request()
    assert part is not None and part.roles.input == "nm_854 … nm_872"
    assert (part.reading.together, part.reading.joined_as) == (tuple(names[2:12]), "series")
    card = imports.accept(dialog)
    rows_read = rows_of(project, card)
    assert str(rows_read[0]["input"]).startswith('{"t":{"start":854,"step":2},"v":[')
    project.close()
    again = Project.create(tmp_path / "again", domain="series")
    assert cli.main(["import", str(again.folder), *words[3:]]) == 0
    assert newest(again).roles == request.roles
    capsys.readouterr()


def test_molecules_have_no_input_of_several_columns(
    imports: ImportDialogs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "m.csv"
    table.write_text("a,b,y\n" + "".join(f"{'C' * i}O,{'C' * i}N,{i}\n" for i in range(1, 40)), encoding="utf-8")
    project = imports.project("molecule")
    dialog = imports.preview(project, table)
    assert not dialog.findChild(QPushButton, "inputSeveral").isVisible()
    dialog.reject()
    project.close()
    assert cli.main(["import", str(project.folder), str(table), "--input", "a,b", "--target", "y"]) != 0
    assert "several columns" in capsys.readouterr().err


@pytest.fixture
def pairs(tmp_path: Path) -> tuple[Path, Path]:
    """Ids of two kinds: the entries of the second file, and aliases that only it has."""
    first, second = tmp_path / "kd.csv", tmp_path / "sequences.csv"
    first.write_text("name,code,kd\n" + "".join(f"p{i},x{39 - i},{i / 7:.2f}\n" for i in range(40)), encoding="utf-8")
    rows = "".join(f"p{i},x{i},{sequence}\n" for i, sequence in enumerate(SEQUENCES))
    second.write_text("entry,alias,sequence\n" + rows, encoding="utf-8")
    return first, second


def looked_up(qtbot: QtBot, dialog: ImportDialog, second: Path) -> None:
    dialog.findChild(QLineEdit, "readJoin").setText(str(second))
    qtbot.waitUntil(lambda: not dialog.busy.busy, timeout=20_000)


def test_the_columns_with_ids_are_chosen_as_on_the_command_line(
    qtbot: QtBot, imports: ImportDialogs, tmp_path: Path, pairs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pairs
    project = imports.project("protein")
    dialog = imports.preview(project, first)
    assert not dialog.findChild(QLineEdit, "readOn").isVisible()
    looked_up(qtbot, dialog, second)
    assert dialog.findChild(QLineEdit, "readOn").placeholderText().startswith("Detected: ")
    choose(qtbot, dialog, "readOnChoose", "code")
    assert dialog.reading.value().on == ("code",)
    there = dialog.findChild(QComboBox, "readThere")
    assert there.currentText() == "Detected: alias" or there.currentIndex() == 0
    there.setCurrentIndex(there.findData("alias"))
    qtbot.waitUntil(lambda: not dialog.busy.busy, timeout=20_000)
    request = dialog.request()
    assert request is not None
    assert request.reading == Reading(join=str(second), on=("code=alias",))
    assert "--on code=alias" in dialog.command_line.text()
    card = imports.accept(dialog)
    rows = rows_of(project, card)
    project.close()
    assert [row["input"] for row in rows] == SEQUENCES[::-1]
    again = Project.create(tmp_path / "again", domain="protein")
    told = ["import", str(again.folder), str(first), "--join", str(second), "--on", "code=alias"]
    assert cli.main(told) == 0
    assert rows_of(again, newest(again)) == rows
    capsys.readouterr()


def test_ids_that_cannot_be_found_are_asked_for_before_the_import(
    qtbot: QtBot, imports: ImportDialogs, tmp_path: Path, pairs: tuple[Path, Path]
) -> None:
    first, second = pairs
    lines = first.read_text(encoding="utf-8").splitlines()
    # Few of the ids are in the second file, so that nothing is found out.
    first.write_text("\n".join([lines[0], *lines[1:11], *(f"q{i},z{i},{i}" for i in range(30))]), encoding="utf-8")
    project = imports.project("protein")
    dialog = imports.preview(project, first)
    looked_up(qtbot, dialog, second)
    note = dialog.findChild(QLabel, "readNote")
    assert note.isVisible() and "“kd.csv”" in note.text() and "“sequences.csv”" in note.text()
    assert dialog.findChild(QLineEdit, "readJoin").text() == str(second)
    assert dialog.request() is None and not dialog.findChild(QPushButton, "importAccept").isEnabled()
    there = dialog.findChild(QComboBox, "readThere")
    there.setCurrentIndex(there.findData("entry"))  # one alone says nothing, and is not forgotten
    choose(qtbot, dialog, "readOnChoose", "name")
    assert dialog.reading.value().on == ("name=entry",)
    assert not note.isVisible()
    imports.wait_for_request(dialog)
    card = imports.accept(dialog)
    ((reason, count),) = card.set_aside_reasons.items()
    assert count == 30 and "second file" in reason
    assert card.rows_kept == 10


@pytest.mark.parametrize("on", [(), ("a",), ("a=id",), ("a=id", "b=id"), ("a=id", "b=name"), ("a", "b=id")])
def test_columns_of_ids_come_back_as_they_were_given(qtbot: QtBot, on: tuple[str, ...]) -> None:
    editor = ReadingEditor()
    qtbot.addWidget(editor)
    editor.setValue(Reading(join=str(Path(__file__)), on=on, together=("x", "y")))
    assert editor.value() == Reading(join=str(Path(__file__)), on=on, together=("x", "y"))
