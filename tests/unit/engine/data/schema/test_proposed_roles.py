"""Proposals that a person would make: of tables that are wide, sorted, cut into classes, grouped or full of twins."""

import random
from pathlib import Path

import pytest

from sciapp.engine.data.readers.table_reader import Preview, TableFormat, preview
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.schema.near_duplicates import near_twins
from sciapp.engine.data.values.identifiers import hold_lists, is_list, name_rows
from sciapp.engine.data.values.split_names import TEST, TRAIN, VALIDATION, split_named
from sciapp.engine.domains.molecule.domain import Molecule
from sciapp.engine.domains.registry import domain_named
from tests.helpers.messages import quoted

SMILES = ["C" * n + end for n in range(1, 21) for end in ("O", "N", "Cl", "F")]
BITS = [[str((row >> bit) & 1) for row in range(len(SMILES))] for bit in range(5)]


def table(columns: dict[str, list[str]]) -> Preview:
    return Preview(list(columns), [list(row) for row in zip(*columns.values(), strict=True)], TableFormat())


def test_no_number_of_a_wide_table_is_parsed_as_a_molecule(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(Molecule, "clean", lambda self, value: parsed.append(value) or value)
    numbers = {f"g{i}": [str(row * i % 97) for row in range(5)] for i in range(10_000)}
    found = propose(table({"smiles": SMILES[:5], **numbers}), "molecule")
    assert found.input == "smiles"
    assert set(parsed) <= {*SMILES[:5], domain_named("molecule").example}


def test_a_cell_of_many_columns_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(Molecule, "clean", lambda self, value: parsed.append(value) or value)
    propose(table({f"snp{i}": ["A/A", "A/G", "G/G"] * 4 for i in range(500)}), "molecule")
    assert len(parsed) < 100


def test_the_end_of_a_sorted_file_is_seen_as_well(tmp_path: Path) -> None:
    path = tmp_path / "sorted.csv"
    rows = [f"{'C' * (1 + n % 30)}O,{0 if n < 2_000 else 1}" for n in range(2_400)]
    path.write_text("smiles,label\n" + "\n".join(rows), encoding="utf-8")
    seen = preview(path)
    assert (len(seen.rows), len(seen.sample), seen.whole) == (200, 2_400, True)
    assert propose(seen, "molecule").targets == ("label",)


def test_a_sample_of_a_long_file_is_bounded_and_always_the_same(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "\n".join(f"{n},{n}" for n in range(60_000)), encoding="utf-8")
    one, other = preview(path), preview(path)
    assert one.sample == other.sample
    assert not one.whole
    assert len(one.sample) == 20_000


def test_features_beside_a_measurement_are_no_screen() -> None:
    bits = {f"bit_{i}": cells for i, cells in enumerate(BITS)}
    assert propose(table({"smiles": SMILES, "active": BITS[1], **bits}), "molecule").targets == ("active",)
    assert propose(table({"smiles": SMILES, **bits}), "molecule").targets == ()


def test_assays_with_gaps_are_one_screen_and_a_dead_one_is_left_out() -> None:
    gaps = [["" if (row + place) % 5 == 0 else cell for row, cell in enumerate(BITS[place])] for place in range(3)]
    dead = ["" if row % 7 == 0 else "0" for row in range(len(SMILES))]
    found = propose(
        table({"smiles": SMILES, "NR-AR": gaps[0], "SR-p53": gaps[1], "NR-ER": gaps[2], "NR-x": dead}), "molecule"
    )
    assert (found.targets, found.task) == (("NR-AR", "SR-p53", "NR-ER"), "multilabel")
    assert [quoted(note) for note in found.notes] == [["NR-x"]]


def test_a_constant_column_is_nothing_to_learn() -> None:
    assert propose(table({"smiles": SMILES, "label": ["1"] * len(SMILES)}), "molecule").targets == ()


def test_classes_cut_from_a_measurement_are_not_preferred_to_it() -> None:
    draw = random.Random(0)
    values = [draw.gauss(6, 1) for _ in SMILES]
    numbers, classes = [f"{v:.3f}" for v in values], ["high" if v > 6 else "low" for v in values]
    assert propose(table({"smiles": SMILES, "pIC50": numbers, "label": classes}), "molecule").targets == ("pIC50",)
    draw.shuffle(classes)
    assert propose(table({"smiles": SMILES, "pIC50": numbers, "label": classes}), "molecule").targets == ("label",)


@pytest.mark.parametrize("name", ["abstract_id", "docid", "paper", "patient", "PlateID", "batch"])
def test_ids_that_come_again_are_groups(name: str) -> None:
    texts = [f"The {word} was seen {n} times today." for n, word in enumerate(["cell", "gene", "mouse", "plate"] * 10)]
    seen = table({"text": texts, name: [f"d{n // 4}" for n in range(40)], "label": ["x", "y"] * 20})
    found = propose(seen, "text")
    assert (found.group, found.split) == (name, "group")


@pytest.mark.parametrize(
    ("cell", "split"),
    [("train0", TRAIN), ("Train_3", TRAIN), ("Test set", TEST), ("val 2", VALIDATION), ("trainer", None), ("0", None)],
)
def test_numbered_split_names_are_read(cell: str, split: int | None) -> None:
    assert split_named(cell) == split


def test_rows_with_near_twins_are_divided_by_clusters() -> None:
    draw = random.Random(0)
    families = ["".join(draw.choices("ACDEFGHIKLMNPQRSTVWY", k=60)) for _ in range(60)]
    twins = [one[:n] + "A" + one[n + 1 :] for one in families for n in (7, 31, 50)]
    found = propose(table({"sequence": twins, "tm": [f"{draw.gauss(50, 9):.2f}" for _ in twins]}), "protein")
    assert found.split == "cluster"
    assert "near twin" in found.notes[0]
    alone = propose(table({"sequence": families, "tm": [f"{draw.gauss(50, 9):.2f}" for _ in families]}), "protein")
    assert (alone.split, alone.notes) == ("random", ())


def test_variants_of_one_protein_are_not_clustered() -> None:
    draw = random.Random(0)
    wild = "".join(draw.choices("ACDEFGHIKLMNPQRSTVWY", k=60))
    variants = [wild[:n] + letter + wild[n + 1 :] for n in range(60) for letter in "AG" if wild[n] != letter]
    twins = near_twins(domain_named("protein"), variants)
    assert twins is not None
    assert twins.many
    assert not twins.parted


@pytest.mark.parametrize("cell", ["[1.0, 2.0]", "[1. 2. 3.]", "(1, 2)", "['B-X', 'O']", "[" + "0.25, " * 900 + "1]"])
def test_lists_are_known_by_their_brackets(cell: str) -> None:
    assert is_list(cell)
    assert hold_lists([cell, cell])


@pytest.mark.parametrize("cell", ["[Na+].[Cl-]", "(see text)", "[1]", "O O B-X", "0110", "[a, b] and c"])
def test_other_brackets_are_no_lists(cell: str) -> None:
    assert not is_list(cell)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("star", ["100_0", "101_7", "102_14"]),
        ("day", ["2020-01-05", "2020-02-06", "2021-03-07"]),
        ("sample", ["s1", "s2", "s3", "s4", "s5"]),
        ("id", ["CHEMBL25", "ZINC001", "a-7"]),
        ("file", [f"{n * 7919 + 10**9:016x}" for n in range(5)]),
        ("sample", [f"{n:08x}-1b2c-4d5e-8f90-a1b2c3d4e5f6" for n in (5, 77, 1000, 4**9, 12)]),
    ],
)
def test_ids_dates_and_row_numbers_are_no_texts(header: str, cells: list[str]) -> None:
    assert name_rows(header, cells)
    assert propose(table({header: cells, "y": ["1.5", "2.5", "3.5", "4.5", "5.5"][: len(cells)]}), "text").input == ""


@pytest.mark.parametrize("cells", [["Fe2O3", "NaCl", "Al2O3"], ["A24G", "C7T", "W100R"], ["a b c", "d e 1", "f g"]])
def test_formulas_variants_and_sentences_are(cells: list[str]) -> None:
    assert not name_rows("formula", cells)


@pytest.mark.parametrize(
    ("header", "parts", "group"),
    [
        ("partition", 5, "partition"),
        ("CV fold", 10, "CV fold"),
        ("fold", 2, None),
        ("fold", 40, None),
        ("partition coefficient", 5, None),
    ],
)
def test_numbered_parts_of_cross_validation_stay_whole(header: str, parts: int, group: str | None) -> None:
    rows = range(len(SMILES))
    columns = {"smiles": SMILES, "y": [f"{row * 7 % 31}.5" for row in rows], header: [str(row % parts) for row in rows]}
    found = propose(table(columns), "molecule")
    assert (found.group, found.split) == (group, "group" if group else "scaffold")


@pytest.mark.parametrize("word", ["holdout", "Hold-out", "held_out", "HELD OUT"])
def test_rows_held_out_are_test_rows(word: str) -> None:
    assert split_named(word) == TEST


@pytest.mark.parametrize("order", [("Ki (nM)", "pKi"), ("pKi", "Ki (nM)"), ("IC50_uM", "pIC50"), ("pIC50", "IC50_uM")])
def test_of_a_potency_its_logarithm_is_learnt(order: tuple[str, str]) -> None:
    logs = [4 + row * 7 % 50 / 10 for row in range(len(SMILES))]
    cells = {True: [f"{value:.2f}" for value in logs], False: [f"{10 ** (9 - value):.4g}" for value in logs]}
    columns = {"smiles": SMILES} | {name: cells[name.startswith("p")] for name in order}
    (target,) = propose(table(columns), "molecule").targets
    assert target.startswith("p")


def test_a_measurement_stands_before_a_descriptor_in_logarithms() -> None:
    numbers = [f"{row * 7 % 50 / 10}" for row in range(len(SMILES))]
    found = propose(table({"smiles": SMILES, "logP": numbers[::-1], "solubility": numbers}), "molecule")
    assert found.targets == ("solubility",)
