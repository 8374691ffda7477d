"""Words in columns of 0 and 1: gaps where they say that nothing was measured, and otherwise told."""

from pathlib import Path
from unittest.mock import ANY

import pytest

from sciapp.actions.import_preview import Proposal, offer_import
from sciapp.engine.data.values.cells import is_binary, is_gap, yes_or_no
from sciapp.engine.data.values.spellings import several_spellings
from tests.helpers.messages import has_part, quoted


def proposal(folder: Path, word: str) -> Proposal:
    """For two assays that each lack some rows that the other has."""
    assays = [(str(row % 2), str(int(row % 3 == 0))) for row in range(12)] + [(word, "1"), ("1", word), (word, "0")]
    rows = [f"{'C' * (row + 1)}N,{first},{second}" for row, (first, second) in enumerate(assays)]
    path = folder / "assays.csv"
    path.write_text("\n".join(["smiles,herg,ames", *rows]), encoding="utf-8")
    return offer_import(path=path, domain="molecule").proposal


@pytest.mark.parametrize("word", ["n.t.", "N.T.", "n/t", "n.m.", "u.d.", "not run", "not assayed", "not tested", ""])
def test_two_assays_with_words_for_gaps_are_learnt_together(tmp_path: Path, word: str) -> None:
    found = proposal(tmp_path, word)
    assert (found.targets, found.task) == (("herg", "ames"), "multilabel")


def test_a_word_that_may_be_an_answer_is_told(tmp_path: Path) -> None:
    found = proposal(tmp_path, "inconclusive")
    assert found.task == "classification"
    assert has_part(found.reason, name=ANY, two=ANY, odd="“inconclusive”")


@pytest.mark.parametrize("word", ["inconclusive", "NT", "nm", "low", "not", "u", "toxic"])
def test_words_with_a_meaning_of_their_own_are_no_gaps(word: str) -> None:
    assert not is_gap(word)


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("pos", "neg"),
        ("POS", "Neg"),
        ("on", "off"),
        ("hit", "non-hit"),
        ("pass", "FAIL"),
        ("ja", "nein"),
        ("present", "absent"),
        ("detected", "not detected"),
        ("active", "not active"),
        ("sí", "no"),
        ("1.0", "0.0"),
    ],
)
def test_yes_and_no_are_one_vocabulary(yes: str, no: str) -> None:
    assert (yes_or_no(yes), yes_or_no(no), yes_or_no("-")) == (True, False, None)
    assert is_binary(frozenset({yes, no, "1", "0"}))


def test_outcomes_that_were_not_decided_are_neither_yes_nor_no() -> None:
    assert is_binary(frozenset({"Active", "Inactive", "Inconclusive", "Unspecified"}))
    assert not is_binary(frozenset({"Inconclusive", "Unspecified"}))
    with pytest.raises(ValueError, match="inconclusive"):
        yes_or_no("Inconclusive")


def test_words_of_one_measurement_are_no_synonyms_of_active() -> None:
    assert several_spellings({"active": 5, "inactive": 5, "toxic": 5, "inconclusive": 5}) == []
    assert several_spellings({"active": 5, "1": 4, "Inconclusive": 3, "inconclusive": 2, "0": 9}) == [
        ["active", "1"],
        ["Inconclusive", "inconclusive"],
    ]


def test_an_undecided_outcome_beside_words_for_yes_and_no_is_told(tmp_path: Path) -> None:
    words = ["active", "inactive", "inconclusive"]
    path = tmp_path / "screen.csv"
    rows = [f"{'C' * (row + 1)}N,{words[row % 3]}" for row in range(18)]
    path.write_text("\n".join(["smiles,outcome", *rows]), encoding="utf-8")
    found = offer_import(path=path, domain="molecule").proposal
    assert (found.targets, found.task) == (("outcome",), "classification")
    assert has_part(found.reason, name="outcome", two=ANY, odd="“inconclusive”")
    assert quoted(found.reason)[:4] == ["outcome", "active", "inactive", "inconclusive"]
