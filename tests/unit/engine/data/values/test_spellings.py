"""Spellings of one name: which are one, and what becomes of classes and groups that have several."""

from pathlib import Path

import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.values.cells import ContentCounter, class_reader
from sciapp.engine.data.values.spellings import plain_spelling, several_spellings
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.project.project import Project
from tests.helpers.messages import values_of


@pytest.mark.parametrize(
    "name",
    ["Plate 1", "plate 1", " PLATE 1 ", "Plate  1", "Plate\u00a01", "plate\t1", "Plate\u200b 1", "\ufeffPlate 1"],
)
def test_case_and_blanks_make_no_other_name(name: str) -> None:
    assert plain_spelling(name) == "plate 1"


@pytest.mark.parametrize(("one", "other"), [("é", "e\u0301"), ("STRASSE", "Straße"), ("ÅÄÖ", "åäö")])
def test_letters_are_the_same_however_they_are_made_up(one: str, other: str) -> None:
    assert plain_spelling(one) == plain_spelling(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("beta-lactam", "beta–lactam"),
        ("beta-lactam", "beta\u2010lactam"),
        ("wild_type", "wild type"),
        ("Wild-Type", "wild_type"),
        ("E. coli", "E.coli"),
        ("5’ UTR", "5' UTR"),
        ("ＡＢＣ", "ABC"),
        ("İstanbul", "istanbul"),
        ("Type Ⅱ", "Type II"),
        ("µM", "μM"),
    ],
)
def test_signs_that_look_alike_make_no_other_name(one: str, other: str) -> None:
    assert plain_spelling(one) == plain_spelling(other)


@pytest.mark.parametrize(
    ("one", "other"), [("CD4-", "CD4"), ("CD4-", "CD4+"), ("1-2", "1 2"), ("-", "+"), ("10", "1 0")]
)
def test_signs_with_a_meaning_make_another_name(one: str, other: str) -> None:
    assert plain_spelling(one) != plain_spelling(other)


@pytest.mark.parametrize(("one", "other"), [("plate-1", "plate 1"), ("plate1", "plate 1"), ("P1", "P10"), ("a.", "a")])
def test_other_signs_make_another_name(one: str, other: str) -> None:
    assert plain_spelling(one) != plain_spelling(other)


def test_the_commonest_spelling_stands_first() -> None:
    assert several_spellings({"Active": 2, "active": 5, "ACTIVE": 2, "inactive": 9}) == [["active", "ACTIVE", "Active"]]


def test_words_for_yes_are_one_name_only_where_all_say_yes_or_no() -> None:
    assert several_spellings({"TRUE": 3, "1": 2, "no": 4}) == [["TRUE", "1"]]
    assert several_spellings({"yes": 3, "1": 2, "maybe": 4}) == []
    assert several_spellings({"yes": 3, "no": 4}) == []


def classes(cells: list[str]) -> list[str | None]:
    counter = ContentCounter()
    counter.add(cells)
    return [class_reader(counter.content())(cell) for cell in cells]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["0101", "0201", "1101"], ["0101", "0201", "1101"]),
        (["1", "1.0", "0", "0.0"], ["1", "1", "0", "0"]),
        (["1.0", "0.0", "1.0"], ["1", "0", "1"]),
        (["0101", "0101", "101"], ["0101", "0101", "101"]),
        (["01", "1", "1", "2"], ["01", "1", "1", "2"]),
        (["01", "01", "1.0"], ["01", "01", "01"]),
        (["00", "01", "10"], ["00", "01", "10"]),
    ],
)
def test_zeros_before_a_class_stay_and_decimals_make_no_other_class(cells: list[str], said: list[str]) -> None:
    assert classes(cells) == said


def test_codes_of_one_length_with_zeros_before_them_are_classes_however_many() -> None:
    counter = ContentCounter()
    counter.add(f"{n:04d}" for n in range(90, 2000, 60))
    assert counter.content().class_like
    counter.add(["12345"])
    assert not counter.content().class_like


def test_groups_are_compared_by_their_own_rule_and_the_commonest_comes_first() -> None:
    counts = {"b": 1, "A": 4, "B": 2, "a": 3, "007": 1, "7": 1}
    plain = {name: plain_spelling(name) for name in counts}
    assert several_spellings(counts, plain) == [["B", "b"], ["A", "a"]]  # 007 and 7 are two groups
    assert several_spellings(counts)[-1] == ["007", "7"]


def test_a_class_with_and_without_zeros_is_told_and_merged_on_request(tmp_path: Path) -> None:
    cells = ["01", "01", "1", "2", "2"] * 8
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"word {n},{cell}\n" for n, cell in enumerate(cells)), encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    classes: list[tuple[str, ...]] = []
    for repairs in ({}, {"spellings": "merge"}):
        asked = ImportRequest(file=str(path), roles=Roles(input="x", targets=("y",)), repairs=repairs)
        card = import_table(project, asked)
        assert isinstance(card, DatasetCard)
        (finding,) = (one for one in card.findings if one.kind == "spellings")
        assert values_of(finding.title) == {"target": "y", "names": "“01”/“1”"}
        assert finding.count == 24
        classes.append(card.class_names)
    project.close()
    assert classes == [("01", "1", "2"), ("01", "2")]
    assert card.values_changed == 8
