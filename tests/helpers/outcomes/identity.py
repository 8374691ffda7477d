"""One thing in several spellings: atom maps, salts, RNA with U and T, masks, three-letter codes, other notations."""

import csv
from collections import defaultdict
from typing import Any

from sciapp.engine.data.values import rejections
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.domains.molecule import notations
from sciapp.engine.domains.molecule.domain import scaffold
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.sequence import letters
from tests.helpers.cases import Case, right
from tests.helpers.printed import says


def read(case: Case) -> list[dict[str, str]]:
    with case.path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def finding(card: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (one for one in card["findings"] if one["kind"] == kind)
    return found


def splits_by(case: Case, card: dict[str, Any], key: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in case.table(card).to_pylist():
        found[key(row["input"])].add(row["split"])
    return found


@right("atom_mapped.csv")
def atom_maps_are_no_chemistry(case: Case) -> None:
    card = case.imported().json
    table = case.table(card).to_pylist()
    assert card["rows_kept"] == 100 and card["split"]["method"] == "scaffold"
    assert not any(":" in row["input"] or "[CH" in row["input"] for row in table)
    assert all(len(where) == 1 for where in splits_by(case, card, scaffold).values())
    said = finding(card, "atom_maps")
    assert (said["count"], said["applied"], said["changed"]) == (100, "remove", 100)


@right("atom_mapped_and_plain.csv")
def mapped_and_plain_are_duplicates(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_kept"], card["set_aside_reasons"]) == (40, {"duplicate": 40})
    assert finding(card, "atom_maps")["count"] == 40


@right("acyclic_stereo_and_salts.csv")
def acyclic_twins_stay_together(case: Case) -> None:
    for words in ((), ("--split", "cluster")):
        card = case.imported(*words).json
        parents = splits_by(case, card, scaffold)
        assert card["rows_kept"] == 80 and len(parents) == 20
        assert all(len(where) == 1 for where in parents.values())


@right("rna_t_and_u.csv")
def one_rna_with_t_and_u(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_kept"], card["set_aside_reasons"]) == (40, {"duplicate": 40})
    stored, own = case.table(card).to_pylist(), read(case)
    assert [row["input"] for row in stored] == [own[row["line"] - 2]["sequence"] for row in stored]
    assert {"U" in row["input"] for row in stored} == {True, False}


@right("import/42_rna_and_dna.csv")
def rna_and_dna_of_one_sequence(case: Case) -> None:
    case.domain = "nucleotide"
    card = case.imported().json
    assert (card["rows_kept"], card["set_aside_reasons"]) == (20, {"duplicate": 20})


@right("import/15_mask_written_1.0.csv")
def masks_of_decimals(case: Case) -> None:
    card = case.imported().json
    assert card["roles"]["mask"] == "mask" and card["task"] == "tagging"
    assert card["rows_kept"] == 20
    first = case.table(card).to_pylist()[0]
    assert first["mask"] == "10111111111111011101"
    assert first["target:dssp3"] == "EEHECEEEEECHCHEHHCEC"


@right("peptides_three_letter.csv")
def three_letters_are_translated(case: Case) -> None:
    card = case.imported().json
    assert [row["input"] for row in case.table(card).to_pylist()][:3] == ["QFWGWTGC", "EAYRNDR", "WEPIGGYHF"]
    said = finding(card, "three_letters")
    assert (card["rows_kept"], said["count"], said["changed"]) == (40, 40, 40)


@right("cxsmiles.csv")
def extensions_are_left_out(case: Case) -> None:
    card = case.imported().json
    said = finding(card, "cxsmiles")
    assert (card["rows_kept"], said["count"]) == (40, 10)
    molecule = domain_named("molecule")
    wanted = [molecule.clean(row["smiles"].partition(" ")[0]) for row in read(case)]
    assert [row["input"] for row in case.table(card).to_pylist()] == wanted


@right("import/19_reaction_smiles.csv")
def reactions_are_named(case: Case) -> None:
    reason = notations.foreign(read(case)[0]["rxn"])
    assert reason
    for answer in (case.imported(), case.imported("--input", "rxn", "--target", "yield")):
        assert answer.code != 0 and reason in answer.said
    checked = case.checked("--input", "rxn", "--target", "yield").json
    assert any(reason in one["title"] for one in checked["findings"])


@right("import/19c_r_groups.csv")
def open_places_are_named(case: Case) -> None:
    said = finding(case.imported().json, "r_groups")
    assert (said["count"], said["applied"], said["proposed"], said["weight"]) == (16, "keep", "set_aside", "problem")
    assert case.imported("--repair", "r_groups=set_aside").json["rows_kept"] == 48


@right("import/38_fasta_stop_gap_J.fasta")
def what_is_no_residue_is_named(case: Case) -> None:
    case.domain = "protein"
    card = case.imported().json
    assert card["rows_kept"] == 16
    *unknown, empty = (row["reason"] for row in case.rejected(card))
    for reason, (letter, position) in zip(unknown, (("*", 11), ("-", 11), ("J", 21), ("1", 6)), strict=True):
        assert says(reason, letters, wrong=letter, start=position, called=...)
    assert empty == rejections.sentence(RejectionReason.EMPTY, 0, "", "", "")
    inputs = [row["input"] for row in case.table(card).to_pylist()]
    assert inputs[0] == "MMMQWSDWVSWMWLNMPKQN"
    assert "MSYMVFAACLDPCVLGYQCD" in inputs and "MKGPNFYPTMCLKDWKWY" in inputs
