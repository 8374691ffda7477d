"""Long tables in the import dialog: what was found out is shown, and can be said otherwise."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from sciapp.ui.data.importing.dialog import ImportDialog
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
