"""Tables of workbooks wherever they stand, and cells that have no value."""

from pathlib import Path

import pytest

from sciapp.engine.data.formats.base import HEADER_AGAIN
from sciapp.engine.data.readers.table_reader import columns_of, preview, read_rows, settled_reading, sniff
from sciapp.records.read_options import Reading
from tests.helpers.sheets import Cell, write_workbook

DATA = Path(__file__).parents[4] / "data"
MOLECULES = ["CCO", "CCN", "c1ccccc1O", "CC(=O)O", "CCCl", "CC#N", "COC", "CCS", "CCCC", "OCCO"]
ROWS: list[list[Cell]] = [[smiles, place + 0.5] for place, smiles in enumerate(MOLECULES)]


def read(path: Path, reading: Reading | None = None) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Columns, and rows with their numbers; the settled reading must read the same again."""
    format = sniff(path, reading)
    rows = [(line, dict(cells)) for line, cells in read_rows(path, format)]
    again = sniff(path, settled_reading(format))
    assert [(line, dict(cells)) for line, cells in read_rows(path, again)] == rows
    return columns_of(path, format), rows


@pytest.mark.parametrize("name", ["old_excel.xls", "open_document.ods"])
def test_workbooks_of_other_programs_give_text_numbers_and_dates(name: str) -> None:
    columns, rows = read(DATA / "workbooks" / name)
    assert columns == ["smiles", "logS (mol/L)", "measured on", "class", "note"]
    assert [number for number, _ in rows] == list(range(2, 14))
    assert list(rows[0][1].values()) == ["CCO", "1.1", "2024-03-01", "hi", "α-phase"]
    assert rows[4][1]["note"] == "5 µM"


def test_a_table_below_a_title_and_to_the_right_is_found(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Results of March"], ["plate 7, method A"], [], [None, "smiles", "pIC50"]]
    path = write_workbook(tmp_path / "a.xlsx", {"Data": rows + [[None, *row] for row in ROWS]})
    columns, found = read(path)
    assert columns == ["smiles", "pIC50"]
    assert found[0] == (5, {"smiles": "CCO", "pIC50": "0.5"})
    assert len(found) == 10
    assert [finding.what for finding in sniff(path).passed_over] == ["title"]


def test_a_table_on_the_second_sheet_is_found(tmp_path: Path) -> None:
    notes: list[list[Cell]] = [["About this file"], ["Measured by A. Nobody"], ["See the second sheet"]]
    table: list[list[Cell]] = [["smiles", "y"], *ROWS]
    path = write_workbook(tmp_path / "a.xlsx", {"Read me": notes, "Data": table, "More": [["x", "y"], *ROWS]})
    format = sniff(path)
    assert (format.sheet, format.sheets) == ("Data", ("Read me", "Data", "More"))
    assert read(path)[0] == ["smiles", "y"]
    assert sniff(path, Reading(sheet="More")).sheet == "More"


def test_two_columns_of_notes_do_not_hide_the_table(tmp_path: Path) -> None:
    notes: list[list[Cell]] = [["Author", "Nobody"], ["Instrument", "seven"], ["Method", "A"], ["Remark", "none"]]
    path = write_workbook(tmp_path / "a.xlsx", {"Info": notes, "Data": [["smiles", "y"], *ROWS]})
    assert sniff(path).sheet == "Data"


def test_units_beneath_the_names_are_no_row(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Data": [["smiles", "y"], [None, "nmol/L"], *ROWS]})
    columns, rows = read(path)
    assert (columns, len(rows), rows[0][0]) == (["smiles", "y"], 10, 3)
    assert [(found.what, found.value) for found in sniff(path).passed_over] == [("units", "nmol/L")]


def test_cells_merged_down_are_filled_and_those_merged_across_are_not(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Results"], ["series", "smiles", "y"]]
    rows += [[f"S{place // 2}" if place % 2 == 0 else None, *row] for place, row in enumerate(ROWS)]
    merged = {"Data": ["A1:C1", *(f"A{place}:A{place + 1}" for place in range(3, 13, 2))]}
    path = write_workbook(tmp_path / "a.xlsx", {"Data": rows}, merged)
    columns, found = read(path)
    assert columns == ["series", "smiles", "y"]
    assert [cells["series"] for _, cells in found] == [f"S{place // 2}" for place in range(10)]
    assert ("merged cells", "5 cells") in [(finding.what, finding.value) for finding in sniff(path).passed_over]


def test_errors_and_formulas_without_results_are_named_in_their_cells(tmp_path: Path) -> None:
    odd: dict[int, Cell] = {2: "#REF!", 5: "=B2*2", 7: "#N/A"}
    rows = [[smiles, odd.get(place, value)] for place, (smiles, value) in enumerate(ROWS)]
    path = write_workbook(tmp_path / "a.xlsx", {"Data": [["smiles", "y"], *rows]})
    _, found = read(path)
    assert {place: cells["y"] for place, (_, cells) in enumerate(found) if place in odd} == {
        2: "#REF!",
        5: "#FORMULA!",
        7: "#N/A",
    }
    said = {finding.what: finding.value for finding in sniff(path).passed_over}
    assert said == {"errors": "2 cells: #N/A, #REF!", "formulas": "1 cell"}
    assert sniff(path).unsaved == ()


def test_a_column_of_formulas_without_results_is_named(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[*row, f"=9-LOG10(B{place})"] for place, row in enumerate(ROWS, start=2)]
    path = write_workbook(tmp_path / "a.xlsx", {"Data": [["smiles", "raw", "pIC50"], *rows]})
    assert preview(path).format.unsaved == ("pIC50",)


def test_the_header_once_more_is_no_row_of_a_sheet(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Data": [["smiles", "y"], *ROWS, ["smiles", "y"], *ROWS]})
    problems = [(line, cells.problem) for line, cells in read_rows(path) if cells.problem]
    assert problems == [(12, HEADER_AGAIN)]
    assert len(preview(path).rows) == 20
