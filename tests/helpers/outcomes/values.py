"""Values of cells: gaps, signs between thousands, minus signs, codes for “not measured”, and units."""

from typing import Any

import pytest

from sciapp.engine.data.quality.checks import thousands_separators
from sciapp.engine.data.values import rejections
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.i18n import any_of
from tests.helpers.cases import Case, right
from tests.helpers.printed import says


def findings(card: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [finding for finding in card["findings"] if finding["kind"] == kind]


def values(case: Case, card: dict[str, Any], target: str) -> list[Any]:
    return case.table(card).column(f"target:{target}").to_pylist()


@right("assays_dash_not_tested.csv")
def a_dash_beside_0_and_1_is_a_gap(case: Case) -> None:
    card = case.imported().json
    assert (card["task"], card["rows_kept"]) == ("multilabel", 37)
    missing = rejections.sentence(RejectionReason.MISSING, 0, "", "", "")
    assert {row["line"]: row["reason"] for row in case.rejected(card)} == dict.fromkeys(("21", "32", "37"), missing)
    assert card["set_aside_reasons"] == {RejectionReason.MISSING.label: 3}
    by_name = {target["name"]: target for target in card["targets"]}
    assert by_name["NR-AR"]["measured"] == 21
    assert by_name["NR-AR"]["class_counts"] == [12, 9]
    dashes = {finding["column"]: finding["count"] for finding in findings(card, "gap_words")}
    assert dashes["NR-AR"] == 19


@right("two_numeric_targets_nd.csv")
def a_gap_of_a_cell_is_none_of_its_row(case: Case) -> None:
    card = case.imported("--target", "pIC50_A", "--target", "pIC50_B").json
    assert (card["task"], card["rows_kept"], card["rows_set_aside"]) == ("regression", 40, 0)
    assert [target["measured"] for target in card["targets"]] == [30, 30]
    assert [(one["column"], one["count"]) for one in findings(card, "gap_words")] == [("pIC50_A", 10), ("pIC50_B", 10)]
    assert values(case, card, "pIC50_A")[:3] == [None, 5.45, 8.92]


@right("de_thousands.csv")
def points_between_thousands(case: Case) -> None:
    card = case.imported("--repair", "units=keep").json
    assert card["rows_kept"] == 40
    assert values(case, card, "IC50 (nM)")[:6] == [12.25, 251.25, 1001.25, 1237.25, 2504.25, 15005.25]
    assert not findings(card, "thousands")


@right("us_thousands.csv")
def commas_between_thousands(case: Case) -> None:
    card = case.imported("--repair", "units=keep").json
    assert card["rows_kept"] == 40
    assert values(case, card, "IC50 (nM)")[:6] == [12, 251, 1001, 1237, 2504, 15005]


@right("de_integers.csv")
def a_point_that_may_part_thousands_is_asked_about(case: Case) -> None:
    card = case.imported().json
    assert card["rows_kept"] == 40
    assert values(case, card, "IC50 (nM)")[:6] == [12, 251, 1001, 1237, 2504, 15005]
    (asked,) = findings(card, "thousands")
    assert [choice["policy"] for choice in asked["choices"]] == ["thousands", "decimals"]
    assert says(asked["consequence"], thousands_separators, cell="1.001", either=any_of(["1001", "1.001"]))
    other = case.imported("--repair", "thousands=decimals").json
    assert values(case, other, "IC50 (nM)")[2:6] == [1.001, 1.237, 2.504, 15.005]


@right("import/09_thousands_points.csv")
def thousands_and_decimals_in_one_column(case: Case) -> None:
    card = case.imported().json
    assert (card["task"], card["rows_kept"]) == ("regression", 64)
    assert values(case, card, "IC50 (nM)")[:4] == [1234, 12.5, 1250.5, 850.25]


@right("import/09b_thousands_commas.csv")
def american_thousands_and_decimals(case: Case) -> None:
    card = case.imported().json
    assert (card["task"], card["rows_kept"]) == ("regression", 64)
    assert values(case, card, "ic50")[:4] == [1234, 12.5, 1250.5, 850.25]


@right("import/09c_thousands_points_few.csv")
def points_beside_decimal_commas_are_asked_about(case: Case) -> None:
    card = case.imported().json
    assert card["rows_kept"] == 64
    (asked,) = findings(card, "thousands")
    assert (asked["weight"], asked["count"]) == ("problem", 22)
    assert {choice["policy"] for choice in asked["choices"]} == {"thousands", "decimals"}
    read = {policy: case.imported("--repair", f"thousands={policy}").json for policy in ("thousands", "decimals")}
    assert values(case, read["thousands"], "IC50 (nM)")[:4] == [1000, 3.75, 7.45, 4039]
    assert values(case, read["decimals"], "IC50 (nM)")[:4] == [1, 3.75, 7.45, 4.039]


@right("import/10_decimal_comma_classes.csv")
def classes_with_decimal_commas(case: Case) -> None:
    card = case.imported("--target", "aktiv").json
    assert card["task"] == "classification"
    assert (card["targets"][0]["classes"], card["targets"][0]["class_counts"]) == (["0", "1"], [32, 32])


@right("import/13_sentinel_999.csv")
def a_number_that_says_that_nothing_was_measured(case: Case) -> None:
    card = case.imported().json
    assert (card["task"], card["rows_kept"], card["targets"][0]["minimum"]) == ("regression", 60, 0.05)
    (code,) = findings(card, "missing_codes")
    assert (code["count"], code["applied"], code["examples"]) == (4, "gap", ["-999"] * 4)
    assert not findings(card, "outliers")
    kept = case.imported("--repair", "missing_codes=keep").json
    assert (kept["rows_kept"], kept["targets"][0]["minimum"]) == (64, -999)


@right("import/20_units_in_cells.csv")
def numbers_with_units(case: Case) -> None:
    assert case.explain().json["numbers"]["Ki"]["unit"] == "µM"
    seen = case.explain().json["proposal"]
    assert (seen["targets"], seen["task"]) == (["Ki"], "regression")
    assert "units" in seen["reason"]
    card = case.imported("--repair", "units=keep").json
    assert (card["task"], card["rows_kept"]) == ("regression", 64)
    (units,) = findings(card, "cell_units")
    assert units["title"].endswith("µM (42), nM (22)")
    assert values(case, card, "Ki")[:4] == pytest.approx([0.00005, 3.75, 7.45, 0.00145], rel=1e-12)
    one = case.imported("--repair", "cell_units=set_aside", "--repair", "units=keep").json
    assert one["rows_kept"] == 42


@right("import/21_missing_markers.csv")
def words_for_gaps_among_numbers(case: Case) -> None:
    card = case.imported().json
    (gaps,) = findings(card, "gap_words")
    assert (card["task"], card["rows_kept"] + card["rows_set_aside"]) == ("regression", 64)
    assert (gaps["count"], card["rows_set_aside"]) == (11, 13)
    reasons = {row["line"]: row["reason"] for row in case.rejected(card)}
    assert says(reasons["2"], rejections, target="y", cell="-")


@right("import/21b_missing_markers_class.csv")
def words_for_gaps_among_classes(case: Case) -> None:
    card = case.imported().json
    assert (card["targets"][0]["classes"], card["targets"][0]["class_counts"]) == (["safe", "toxic"], [32, 16])
    (gaps,) = findings(card, "gap_words")
    assert (gaps["count"], gaps["applied"]) == (15, "gap")


@right("endash_minus.csv")
def a_dash_before_a_number_is_a_minus(case: Case) -> None:
    card = case.imported().json
    assert (card["task"], card["rows_kept"]) == ("regression", 40)
    assert values(case, card, "dG")[:3] == [-5.75, -6.4, -6.97]
