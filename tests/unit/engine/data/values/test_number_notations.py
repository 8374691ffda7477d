"""Cells that hold more or less than one number are named for what they are, and never read as another number."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.values.cells import number, read_number
from sciapp.engine.data.values.number_formats import content_of, numbers_of
from sciapp.engine.data.values.number_notations import DESCRIBED, ERRORS, LIMITS, PARENTHESES, RANGES, written
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, ImportRequest, Roles
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.project.project import Project

ALL = NumberFormat(notations=(ERRORS, RANGES, PARENTHESES))


@pytest.mark.parametrize(
    ("cell", "notation", "value"),
    [
        ("7.9 ± 0.6", ERRORS, 7.9), ("7.9 +/- 0.6", ERRORS, 7.9), ("7.9+-0.6", ERRORS, 7.9),
        ("(7.9 ± 0.6)", ERRORS, 7.9),
        ("-7.9 ± 5 %", ERRORS, -7.9), ("1.2e-3 ± 1e-4", ERRORS, 0.0012), ("7.9 (±0.6)", ERRORS, 7.9),
        ("7.9 (0.6)", ERRORS, 7.9), ("7.9 (n=3)", ERRORS, 7.9), ("7.9 [7.1-8.3]", ERRORS, 7.9),
        ("7.9 ± 0.6 (n = 3)", ERRORS, 7.9), ("1,250 ± 30", ERRORS, 1250.0),
        ("199-201", RANGES, 200.0), ("199–201", RANGES, 200.0), ("199 - 201", RANGES, 200.0),
        ("0.5 to 1", RANGES, 0.75),
        ("-5 to -3", RANGES, -4.0), ("-5--3", RANGES, -4.0), ("10-3", RANGES, None), ("1.125 – 1.126", RANGES, 1.1255),
        ("(9.08)", PARENTHESES, -9.08), ("$(1,234.50)", PARENTHESES, -1234.5), ("$ (9)", None, None),
        ("BLQ", LIMITS, None), ("bloq", LIMITS, None), ("<LOQ", LIMITS, None), ("< LLOQ", LIMITS, None),
        ("> ULOQ", LIMITS, None), ("below detection limit", LIMITS, None), ("not detected", LIMITS, None),
        ("BDL", LIMITS, None), ("OVRFLW", LIMITS, None), ("below the limit of quantification", LIMITS, None),
        ("12", None, 12.0), ("1e-5", None, 1e-5), ("-5", None, -5.0), ("2020-01-05", None, None), (">10", None, None),
        ("high", None, None), ("4.2×10-9", None, 4.2e-9), ("3-Oct", None, None), ("+5", None, 5.0), ("(R)", None, None),
    ],
)  # fmt: skip
def test_each_notation_has_its_name_and_its_number(cell: str, notation: str | None, value: float | None) -> None:
    found = written(cell)
    assert (found and found.notation) == notation
    if value is None:
        with pytest.raises(ValueError):
            read_number(cell, ALL)
    else:
        assert read_number(cell, ALL) == pytest.approx(value, abs=1e-12)
    if notation:
        with pytest.raises(ValueError):
            read_number(cell, NumberFormat())


def test_units_and_decimal_commas_are_read_in_them_too() -> None:
    assert read_number("7,9 ± 0,6", NumberFormat(decimal=",", notations=(ERRORS,))) == 7.9
    metres = NumberFormat(unit="µM", notations=(ERRORS, RANGES))
    assert [read_number(cell, metres) for cell in ("7.9 ± 0.6 µM", "500 nM ± 20", "1–2 µM", "500-700 nM")] == [
        7.9,
        0.5,
        1.5,
        pytest.approx(0.6),
    ]
    assert numbers_of([f"{n},5 ± 0,2" for n in range(30)]).format.decimal == ","


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,23,456.7", 123456.7), ("12,34,56,789", 123456789.0), ("-1,00,000", -100000.0), ("1,234", 1234.0)],
)
def test_lakhs_are_numbers(cell: str, value: float) -> None:
    assert number(cell) == value
    assert numbers_of([cell, "45.5", "99,999.25", "7"]).format.decimal == "."
    assert read_number("99,999.25", numbers_of([cell, "45.5", "99,999.25"]).format) == 99999.25


@pytest.mark.parametrize("cell", ["1,2,3", "1,23,45", "01,23,456", "1,23,4567"])
def test_other_groups_are_no_numbers(cell: str) -> None:
    with pytest.raises(ValueError):
        number(cell)


def test_classes_of_ranges_stay_classes() -> None:
    assert content_of(["0-9", "10-19", "20-29", "30-39"] * 10).class_like
    assert content_of([f"{n}0-{n}9" for n in range(1, 13)] * 5).class_like
    assert not content_of([f"{150 + n / 2}-{152 + n / 2}" for n in range(40)]).class_like


def imported(folder: Path, cells: list[str], repairs: dict[str, str]) -> tuple[DatasetCard, DatasetFolder]:
    path = folder / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["x", "y"], *([f"word {n}", cell] for n, cell in enumerate(cells))])
    project = Project.create(folder / f"p{len(list(folder.iterdir()))}", domain="text")
    request = ImportRequest(file=str(path), roles=Roles(input="x", targets=("y",)), repairs=repairs)
    card = import_table(project, request)
    project.close()
    assert isinstance(card, DatasetCard)
    return card, project.dataset_folder(card.id)


PLAIN = [f"{n}.25" for n in range(1, 31)]


@pytest.mark.parametrize(
    ("cells", "repairs", "kind", "values", "reason"),
    [
        (["7.9 ± 0.6", "8.1 +/- 1"], {}, ERRORS, [7.9, 8.1], ""),
        (["7.9 ± 0.6", "8.1 +/- 1"], {ERRORS: "set_aside"}, ERRORS, [], DESCRIBED[ERRORS]),
        (["19-21", "22–23"], {}, RANGES, [], DESCRIBED[RANGES]),
        (["19-21", "22–23"], {RANGES: "middle"}, RANGES, [20.0, 22.5], ""),
        (["(9.08)", "(1.5)"], {}, PARENTHESES, [], DESCRIBED[PARENTHESES]),
        (["(9.08)", "(1.5)"], {PARENTHESES: "negative"}, PARENTHESES, [-9.08, -1.5], ""),
        (["BLQ", "<LOQ"], {}, LIMITS, [], DESCRIBED[LIMITS]),
    ],
)
def test_an_import_names_them_and_does_as_it_is_told(
    tmp_path: Path, cells: list[str], repairs: dict[str, str], kind: str, values: list[float], reason: str
) -> None:
    card, folder = imported(tmp_path, PLAIN + cells, repairs)
    (finding,) = (one for one in card.findings if one.kind == kind)
    assert (finding.count, finding.lines, finding.examples) == (2, (32, 33), tuple(cells))
    assert pq.read_table(folder.table_file)["target:y"].to_pylist() == [float(cell) for cell in PLAIN] + values
    assert not [one for one in card.findings if one.kind == "unusable"]
    rejected = folder.rejected_file.read_text(encoding="utf-8")
    assert rejected.count(reason) == (2 if reason else rejected.count(""))


def test_a_column_of_nothing_but_ranges_is_one_of_numbers(tmp_path: Path) -> None:
    card, folder = imported(tmp_path, [f"{150 + n}-{152 + n}" for n in range(30)], {RANGES: "middle"})
    assert card.task == "regression"
    assert pq.read_table(folder.table_file)["target:y"].to_pylist() == [151.0 + n for n in range(30)]


def test_n_d_is_told_to_mean_two_things(tmp_path: Path) -> None:
    card, _ = imported(tmp_path, [*PLAIN, "n.d.", "ND", "?"], {})
    (finding,) = (one for one in card.findings if one.kind == "gap_words")
    assert finding.count == 3
    assert " 2 say “n.d.”" in finding.consequence
