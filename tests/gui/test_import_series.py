"""Long tables in the import dialog: what was found out is shown, and can be said otherwise."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from sciapp.records.read_options import SeriesAxis
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.widgets.labels import PlainTextLabel
from tests.helpers.import_dialogs import ImportDialogs
from tests.helpers.small_sets import SERIES_DATA


@pytest.fixture
def dialog(imports: ImportDialogs, tmp_path: Path) -> ImportDialog:
    for name in ("snpcc_lightcurves.csv.gz", "snpcc_labels.csv"):
        shutil.copy(SERIES_DATA / name, tmp_path / name)
    return imports.preview(imports.project("series"), tmp_path / "snpcc_lightcurves.csv.gz")


def box(dialog: ImportDialog, name: str) -> QComboBox:
    return dialog.findChild(QComboBox, name)


def columns(dialog: ImportDialog) -> int:
    return dialog.preview.items.columnCount()


def test_a_long_table_is_shown_as_a_row_per_object_and_imported_so(
    imports: ImportDialogs, dialog: ImportDialog
) -> None:
    assert box(dialog, "readSeriesRows").currentIndex() == 1
    named = {name: box(dialog, f"readSeries{name}").currentText() for name in ("Time", "Band", "Error")}
    assert named == {"Time": "mjd", "Band": "band", "Error": "flux_err"}
    assert dialog.findChild(QLineEdit, "readSeriesId").text() == "snid"
    assert dialog.findChild(QLineEdit, "readJoin").text().endswith("snpcc_labels.csv")
    card = imports.accept(dialog)
    assert (card.roles.input, card.rows_kept) == ("series", 79)


def test_rows_can_be_left_as_they_are_and_gathered_again(qtbot: QtBot, dialog: ImportDialog) -> None:
    gathered = columns(dialog)
    box(dialog, "readSeriesRows").setCurrentIndex(0)
    qtbot.waitUntil(lambda: not dialog.busy.busy and columns(dialog) == 5, timeout=60_000)
    assert not box(dialog, "readSeriesTime").isVisible()
    rows = box(dialog, "readSeriesRows")
    assert rows.width() > rows.fontMetrics().horizontalAdvance(rows.currentText()), "the sentence is cut"
    box(dialog, "readSeriesRows").setCurrentIndex(1)
    qtbot.waitUntil(lambda: not dialog.busy.busy and columns(dialog) == gathered, timeout=60_000)
    assert box(dialog, "readSeriesTime").isVisible()


def test_a_series_without_errors_can_be_chosen(imports: ImportDialogs, dialog: ImportDialog) -> None:
    box(dialog, "readSeriesError").setCurrentIndex(0)
    imports.wait_for_rows(dialog)
    series = dialog.reading.value().series
    assert series is not None and (series.error, series.time, series.id) == ("", "mjd", ("snid",))


# The axis of a wide table.


def typed(dialog: ImportDialog, **texts: str) -> None:
    for name, text in texts.items():
        field = dialog.findChild(QLineEdit, f"readAxis{name.capitalize()}")
        assert field.isVisible()
        field.setText(text)
        field.editingFinished.emit()


def test_the_axis_of_spectra_is_stated_and_kept(imports: ImportDialogs, tmp_path: Path) -> None:
    file = tmp_path / "spectra.csv"
    names = ",".join(f"x_{number:03}" for number in range(1, 12))
    rows = "".join(
        ",".join(f"{(row * 7 % 41) + index * row / 10:.2f}" for index in range(12)) + "\n" for row in range(1, 41)
    )
    file.write_text(f"{names},fat\n{rows}", "utf-8")
    dialog = imports.preview(imports.project("series"), file)
    typed(dialog, start="850")  # alone it says nothing yet
    assert not dialog.busy.busy
    typed(dialog, end="1050")
    imports.wait_for_rows(dialog)
    typed(dialog, unit="nm", step="wide")
    imports.wait_for_rows(dialog)
    axis = SeriesAxis(start=850, end=1050, unit="nm")
    assert dialog.reading.value().axis == axis
    assert "--axis-start 850.0 --axis-end 1050.0 --axis-unit nm" in dialog.command_line.text()
    assert names_in(dialog.reading.findChild(PlainTextLabel, "readNote").text())
    card = imports.accept(dialog)
    assert card.source.reading is not None and card.source.reading.axis == axis


def names_in(note: str) -> bool:
    return "850" in note and "1050 nm" in note


def test_what_headings_tell_of_the_axis_is_shown(imports: ImportDialogs, dialog: ImportDialog) -> None:
    unit = dialog.findChild(QLineEdit, "readAxisUnit")
    assert (unit.text(), unit.placeholderText()) == ("", "d")
