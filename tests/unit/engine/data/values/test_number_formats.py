"""How columns write their numbers: signs between thousands, minus signs, codes for gaps, units behind numbers."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.dataset.table import read_covariates
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.values.cells import class_reader, is_binary, number, read_number, yes_or_no
from sciapp.engine.data.values.missing_codes import extremes_of
from sciapp.engine.data.values.number_formats import content_of, numbers_of
from sciapp.records.dataset.card import ImportRequest, Roles
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.project.project import Project

SPREAD = [f"{place / 7:.2f}" for place in range(60)]


def values(cells: Sequence[str], usual: str = ".", **repairs: str) -> list[float | None]:
    format = numbers_of(cells, usual, repairs).format  # type: ignore[arg-type]
    return [read_number(cell, format) for cell in cells]


def test_what_begins_with_a_dash_is_no_unit() -> None:
    assert not content_of([f"{plate}-A" for plate in range(24)]).numbers
    assert content_of([f"{plate} widgets" for plate in range(24)]).unit == "widgets"


@pytest.mark.parametrize("dash", ["-", "−", "–", "—", "‐", "‑", "－"])
def test_every_dash_before_a_number_is_a_minus(dash: str) -> None:
    assert number(f"{dash}5.75") == -5.75
    assert number(f"1.5e{dash}3") == 0.0015
    with pytest.raises(ValueError, match="5"):
        number(f"5{dash}10")  # a range is no number


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.001,25", "12,5", "251"], [1001.25, 12.5, 251]),
        (["1,001.25", "12.5", "1,237"], [1001.25, 12.5, 1237]),
        (["1 001,5", "12,5", "3 250"], [1001.5, 12.5, 3250]),
        (["1\u202f001,5", "1\u00a0250,25", "-2\u2009500"], [1001.5, 1250.25, -2500]),
        (["1'001.5", "12.5", "1’250"], [1001.5, 12.5, 1250]),
        (["1.234.567", "12.000", "3"], [1234567, 12000, 3]),
        (["12", "251", "1,001"], [12, 251, 1001]),
        (["0.123", "1.234", "2.345"], [0.123, 1.234, 2.345]),
        (["12.5", "1.234"], [12.5, 1.234]),
        (["1500", "251", "1.234"], [1500, 251, 1.234]),
        (["3.75", "3,75"], [3.75, 3.75]),
        (["-1.250,5", "–12,5"], [-1250.5, -12.5]),
    ],
)
def test_a_column_is_read_as_all_of_its_cells_allow(cells: list[str], numbers: list[float]) -> None:
    assert values(cells) == numbers


def test_what_may_be_either_is_asked_and_the_answer_is_taken() -> None:
    cells = ["12", "251", "1.001", "15.005"]
    signs = numbers_of(cells).signs
    assert (signs.sign, signs.weighty) == (".", True)
    assert values(cells, thousands="thousands") == [12, 251, 1001, 15005]
    assert values(cells, thousands="decimals") == [12, 251, 1.001, 15.005]
    assert not numbers_of(["5.123", "6.234", "7.100"]).signs.sign  # three decimals, as a program prints them
    assert not numbers_of(cells, typed=False).signs.sign  # true numbers of a workbook


def test_lists_and_dates_are_no_numbers_with_signs_between_thousands() -> None:
    for cells in (["1,2", "3,4", "1,2,3"], ["01.02.2021", "03.04.2021"]):
        assert not content_of(cells).numbers


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (["-999"] * 4, (-999.0,)),
        (["9999"] * 4 + ["-9999.0"] * 2, (-9999.0, 9999.0)),
        (["1e20", "1E+20"], (1e20,)),
        (["-999"], ()),  # once is a slip of the pen
        (["12.5"] * 9, ()),
    ],
)
def test_repeated_numbers_far_from_all_others_are_codes(cells: list[str], codes: tuple[float, ...]) -> None:
    assert tuple(sorted(numbers_of(SPREAD + cells).format.codes)) == codes
    assert not numbers_of(SPREAD + cells, ".", {"missing_codes": "keep"}).format.codes


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_codes_are_judged_by_the_scale_of_the_column(scale: float) -> None:
    numbers = [place * scale / 7 for place in range(1, 60)]
    codes = extremes_of(numbers + [-999.0] * 4).codes()
    assert [(code.value, code.count) for code in codes] == [(-999.0, 4)]
    inside = [place * 50.0 for place in range(60)]
    assert not extremes_of(inside + [999.0] * 9).codes()


def test_minus_one_is_a_number_among_small_ones() -> None:
    assert extremes_of([float(n) for n in range(50, 600, 9)] + [-1.0] * 5).codes()
    assert not extremes_of([n / 10 for n in range(60)] + [-1.0] * 5).codes()
    assert not extremes_of([-1.0, 1.0] * 20).codes()


SMALL = [0.5 + place / 8 for place in range(60)]


@pytest.mark.parametrize("code", [-1.0, -9.0])
def test_minus_one_is_a_code_where_all_others_are_above_zero(code: float) -> None:
    (found,) = extremes_of(SMALL + [code] * 5).codes()
    assert (found.value, found.count, found.usual) == (code, 5, True)
    assert numbers_of([*map(str, SMALL), *[f"{code:g}"] * 3]).format.codes == (code,)
    assert not numbers_of([*map(str, SMALL), *[f"{code:g}"] * 3], ".", {"missing_codes": "keep"}).format.codes
    assert {one.value for one in extremes_of(SMALL + [-1.0] * 4 + [-9.0] * 3).codes()} == {-1.0, -9.0}


@pytest.mark.parametrize(
    "others",
    [
        [value - 2 for value in SMALL], [*SMALL, -0.3], [*SMALL, 0.0], [1.0, 2.0, 3.0] * 10, SMALL[:9],
        [-x for x in SMALL],
    ],
)  # fmt: skip
def test_minus_one_is_a_number_where_negative_ones_are_natural_or_values_are_classes(others: list[float]) -> None:
    assert -1.0 not in {one.value for one in extremes_of(others + [-1.0] * 5).codes()}


def test_minus_one_twice_is_a_number() -> None:
    assert not extremes_of([*SMALL, -1.0, -1.0]).codes()


def test_the_end_of_an_instruments_range_is_kept_until_somebody_says_otherwise() -> None:
    cells = [str(8 * n + 1) for n in range(60)] + ["10000"] * 9
    found = numbers_of(cells)
    assert [(code.value, code.usual) for code in found.codes] == [(10000.0, False)]
    assert found.format.codes == ()
    assert numbers_of(cells, ".", {"missing_codes": "gap"}).format.codes == (10000.0,)


@pytest.mark.parametrize(
    ("cells", "unit", "numbers"),
    [
        (["3.75 uM", "4 nM", "12.5 µM"], "µM", [3.75, 0.004, 12.5]),
        (["3,75μM", "0,5 mM", "2 µM"], "µM", [3.75, 500, 2]),
        (["45 %", "12%", "n.d."], "%", [45, 12, None]),
        (["25 °C", "37", "4°C"], "°C", [25, 37, 4]),
        (["1.5 mg/ml", "200 ug/mL", "2 mg/mL"], "mg/mL", [1.5, 0.2, 2]),
    ],
)
def test_numbers_with_units_become_numbers_in_one(cells: list[str], unit: str, numbers: list[float | None]) -> None:
    assert numbers_of(cells).format.unit == unit
    assert values(cells) == pytest.approx(numbers)
    assert content_of(cells).unit == unit


def test_words_behind_few_numbers_are_classes() -> None:
    assert not content_of(["1 star", "2 stars", "3 stars"] * 5).numbers
    assert not content_of(["3a", "4b"] * 9).numbers


def test_a_dash_is_no_only_beside_plus() -> None:
    assert yes_or_no("-") is None
    assert yes_or_no("–", marks=True) is False
    marks, tested = content_of(["+", "-", "+", ""]), content_of(["0", "1", "-"])
    assert (marks.different, marks.marks, is_binary(marks.different)) == ({"+", "-"}, True, True)
    assert (tested.different, tested.marks) == ({"0", "1"}, False)
    read = class_reader(marks)
    assert [read(cell) for cell in ("+", "-", "n.d.")] == ["+", "-", None]
    read = class_reader(content_of(["0,0", "1,0"]), NumberFormat(decimal=","))
    assert [read(cell) for cell in ("0,0", "1,0", "-")] == ["0", "1", None]


def test_conditions_are_read_as_it_was_decided_at_import(tmp_path: Path) -> None:
    doses = ["12", "251", "1.001", "15.005", "-999"]
    rows = [f"word {n};{n},5;{doses[n % 5]};{n}" for n in range(40)]
    file = tmp_path / "table.csv"
    file.write_text("\n".join(["text;y;dose;later", *rows]) + "\n", encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    roles = Roles(input="text", targets=("y",), covariates=("dose",))
    card = import_table(project, ImportRequest(file=str(file), roles=roles))
    assert card.number_format("dose") == NumberFormat(decimal=",", codes=(-999.0,))
    assert card.numeric_columns == ("dose", "later")
    assert {finding.kind for finding in card.findings if finding.column == "dose"} == {"thousands", "missing_codes"}
    folder = project.dataset_folder(card.id)
    read = read_covariates(folder, card, "train", ["dose"])[:, 0]
    cells = pq.read_table(folder.table_file, filters=[("split", "=", "train")]).column("column:dose").to_pylist()
    meant = dict(zip(doses, [12, 251, 1001, 15005, None], strict=True))
    assert [None if value != value else value for value in read.tolist()] == [meant[cell] for cell in cells]


def test_an_older_card_reads_as_it_always_did(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("\n".join(["text;y", *(f"word {n};{n},5" for n in range(20))]) + "\n", encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    request = ImportRequest(file=str(file), roles=Roles(input="text", targets=("y",)))
    card = import_table(project, request)
    older = card.model_copy(update={"numbers": None}).number_format("y")
    assert read_number("1.237", older) == 1.237
    assert read_number("1.237", card.number_format("y")) == 1237


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["12", "251", "1.001"], ","),
        (["12", "251", "1,001"], "."),
        (["5.123", "6.234", "7.001"], "."),
        (["1.250,5", "3"], ","),
        (["3", "4"], ","),
    ],
)
def test_the_decimal_sign_of_a_file_with_semicolons(tmp_path: Path, cells: list[str], decimal: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text("\n".join(["name;y", *(f"ab{n % 3};{cell}" for n, cell in enumerate(cells * 4))]), encoding="utf-8")
    assert preview(file).format.decimal == decimal


@pytest.mark.parametrize("code", [99.99, 999.99, -99.99, -9999.9, 999.9])
def test_nines_with_decimals_are_codes(code: float) -> None:
    (found,) = extremes_of([n / 10 for n in range(60)] + [code] * 4).codes()
    assert (found.value, found.count, found.usual) == (code, 4, True)
    assert not extremes_of([90 + n / 6 for n in range(60)] + [99.99] * 4).codes()  # per cent


def test_one_row_with_a_code_is_asked_about() -> None:
    numbers = [n / 10 for n in range(60)]
    assert [(one.value, one.usual) for one in extremes_of([*numbers, -9999.0]).codes()] == [(-9999.0, False)]
    assert [one.value for one in extremes_of([n * 10 for n in range(60)] + [-999.0]).codes()] == [-999.0]
    assert not extremes_of([*numbers, 99.0]).codes()
    assert not extremes_of([n * 10 for n in range(60)] + [999.0]).codes()
    assert not extremes_of([*numbers, -4711.0]).codes()
