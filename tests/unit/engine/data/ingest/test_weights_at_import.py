"""A weight column is read, checked, kept and told; a row without a usable weight is set aside."""

import csv
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.actions.command_line import import_arguments
from sciapp.engine.data.dataset.statistics import column_statistics
from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.ingest.card import Fingerprint
from sciapp.engine.data.ingest.check_table import check_table
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.engine.data.staging.weights import effective_rows
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.findings import Finding, QualityReport
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, refused_exactly, values_of
from tests.helpers.rejections import reason, set_aside


def request(folder: Path, rows: list[list[str]], header: tuple[str, ...] = ("x", "y", "w"), **more) -> ImportRequest:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return ImportRequest(file=str(path), roles=Roles(input="x", targets=("y",), weight="w"), **more)


def imported(folder: Path, asked: ImportRequest) -> tuple[DatasetCard, DatasetFolder]:
    project = Project.create(folder / f"project of {asked.task}", domain="text")
    card = import_table(project, asked)
    assert isinstance(card, DatasetCard)
    return card, project.dataset_folder(card.id)


def found(asked: ImportRequest) -> list[Finding]:
    checkup = check_table("text", asked)
    assert isinstance(checkup, QualityReport)
    return list(checkup.findings)


def rows(weights: list[str]) -> list[list[str]]:
    return [[f"word {i}", str(i / 3), weight] for i, weight in enumerate(weights)]


def test_rows_without_a_usable_weight_are_set_aside_with_line_and_reason(tmp_path: Path) -> None:
    card, folder = imported(tmp_path, request(tmp_path, rows(["1.5"] * 20 + ["-1", "", "heavy", "nan", "inf", "0"])))
    with folder.rejected_file.open(encoding="utf-8", newline="") as file:
        aside = {int(line): text for line, text, *_ in list(csv.reader(file))[1:]}
    assert aside == {
        line: reason(RejectionReason.NO_WEIGHT, cell=cell, target="w")
        for line, cell in {22: "-1", 23: "", 24: "heavy", 25: "nan", 26: "inf"}.items()
    }
    assert set_aside(card) == {RejectionReason.NO_WEIGHT: 5}
    assert card.rows_kept == 21 and card.roles.weight == "w"


def test_weights_are_a_column_of_numbers_and_part_of_the_fingerprint(tmp_path: Path) -> None:
    weights = [f"{i % 4 + 0.5:g}" for i in range(24)]
    card, folder = imported(tmp_path, request(tmp_path, rows(weights)))
    table = pq.read_table(folder.table_file)
    assert table.column_names == ["line", "input", "split", "target:y", "weight"]
    assert [f"{weight:g}" for weight in table.column("weight").to_pylist()] == weights
    train = read_split(folder, card, "train")
    assert train.weights is not None
    assert [f"{weight:g}" for weight in train.weights] == [weights[line - 2] for line in train.line]
    told = {one.name: (one.role, one.maximum) for one in column_statistics(card, folder)}
    assert told["weight"] == ("weight", 3.5)
    (tmp_path / "other").mkdir()
    other, _ = imported(tmp_path / "other", request(tmp_path / "other", rows(["1", *weights[1:]])))
    assert other.fingerprint != card.fingerprint


def test_a_table_without_weights_keeps_its_fingerprint(tmp_path: Path) -> None:
    asked = request(tmp_path, rows(["1"] * 20))
    card, folder = imported(tmp_path, asked.model_copy(update={"roles": Roles(input="x", targets=("y",))}))
    assert pq.read_table(folder.table_file).column_names == ["line", "input", "split", "target:y", "column:w"]
    by_hand = Fingerprint()
    columns = (pq.read_table(folder.table_file).column(name).to_pylist() for name in ("input", "target:y", "split"))
    inputs, targets, splits = columns
    by_hand.add(inputs, [(value,) for value in targets], splits)
    assert card.fingerprint == by_hand.hexdigest()
    assert read_split(folder, card, "train").weights is None


def test_weights_with_decimal_commas_are_read_as_the_targets_are(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x;y;w\n" + "".join(f"word {i};{i},5;0,25\n" for i in range(20)), encoding="utf-8")
    asked = ImportRequest(file=str(path), roles=Roles(input="x", targets=("y",), weight="w"))
    _, folder = imported(tmp_path, asked)
    assert set(pq.read_table(folder.table_file).column("weight").to_pylist()) == {0.25}


def test_weights_that_leave_nothing_to_learn_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with refused_exactly(BadInput, what="usable", column="w"):
        imported(tmp_path, request(tmp_path, rows(["0"] * 20)))
    (tmp_path / "split").mkdir()
    parts = ["train"] * 12 + ["validation"] * 4 + ["test"] * 4
    table = [[*row, part] for row, part in zip(rows(["0"] * 12 + ["1"] * 8), parts, strict=True)]
    split = SplitPlan(method="column", column="part")
    asked = request(tmp_path / "split", table, ("x", "y", "w", "part"), split=split)
    with refused_exactly(BadInput, what="training", column="w"):
        imported(tmp_path / "split", asked)
    table = [[f"word {i}", "a" if i % 2 else "b", "0" if i % 2 and part == "train" else "1", part]
             for i, part in enumerate(parts)]  # fmt: skip
    asked = request(tmp_path / "split", table, ("x", "y", "w", "part"), split=split, task="classification")
    with refused_exactly(BadInput, what="class", name="y"):
        imported(tmp_path / "split", asked)


def test_the_doctor_tells_of_weights_that_do_nothing_or_too_much(tmp_path: Path) -> None:
    none = [finding for finding in found(request(tmp_path, rows(["0"] * 20))) if finding.kind == "refused"]
    assert has_part(none[0].title, what="usable", column="w")
    some = [one for one in found(request(tmp_path, rows(["0", "1"] * 20))) if one.kind == "weights"]
    assert [(one.count, one.weight) for one in some] == [(20, "note")]
    assert has_part(some[0].title, column="w", share={"part": 20, "whole": 40, "percent": ANY})
    assert some[0].lines[:2] == (2, 4)
    same = [values_of(one.title) for one in found(request(tmp_path, rows(["2"] * 20))) if one.kind == "weights"]
    assert same == [{"column": "w", "weight": 2}]
    masses = [one for one in found(request(tmp_path, rows(["1"] * 40 + ["100000"]))) if one.kind == "weights"]
    assert masses[0].weight == "problem" and masses[0].lines[0] == 42
    unusable = [one for one in found(request(tmp_path, rows(["1"] * 20 + ["-3"]))) if one.kind == "unusable"]
    assert has_part(unusable[0].title, label=RejectionReason.NO_WEIGHT.label)
    assert unusable[0].examples == ("-3",)


def test_a_duplicate_keeps_the_weight_of_the_row_that_is_kept(tmp_path: Path) -> None:
    twice = [*rows(["1"] * 20), ["word 3", "1.0", "7"]]
    plain = request(tmp_path, twice).model_copy(update={"roles": Roles(input="x", targets=("y",))})
    without, weighted = (
        next(one.consequence for one in found(asked) if one.kind == "duplicates")
        for asked in (plain, request(tmp_path, twice))
    )
    assert weighted.startswith(without) and len(weighted) > len(without), "a sentence on weights follows"
    _, folder = imported(tmp_path, request(tmp_path, twice))
    assert set(pq.read_table(folder.table_file).column("weight").to_pylist()) == {1.0}


def test_one_row_of_many_counts_like_one() -> None:
    assert effective_rows(np.ones(50)) == pytest.approx(50)
    assert effective_rows(np.array([1e300] + [1.0] * 50)) == pytest.approx(1)
    assert effective_rows(np.zeros(3)) == 0


def proposed(folder: Path, header: str, cells: list[str], domain: str = "text") -> Proposal:
    """What is proposed for texts, or molecules, with a measurement and one column more."""
    path = folder / "t.csv"
    inputs = [f"some words of row {i}" if domain == "text" else "C" * (i + 1) + "O" for i in range(len(cells))]
    lines = [f"{text},{i * 0.37:.2f},{cell}" for i, (text, cell) in enumerate(zip(inputs, cells, strict=True))]
    path.write_text("\n".join([f"text,score,{header}" if domain == "text" else f"smiles,logS,{header}", *lines]) + "\n")
    return propose(preview(path), domain)


SHARES = [f"{(i % 7) / 7 + 0.1:.3f}" for i in range(30)]


@pytest.mark.parametrize("header", ["weight", "sample_weight", "Sample Weight", "sampleWeight", "instance_weight"])
def test_a_column_headed_as_weights_of_rows_is_proposed(tmp_path: Path, header: str) -> None:
    offer = proposed(tmp_path, header, SHARES)
    assert (offer.weight, offer.targets) == (header, ("score",))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("weight", [f"{180 + i}.2" for i in range(30)]),  # of a molecule
        ("molecular_weight", SHARES),
        ("body weight", SHARES),
        ("MolWeight", SHARES),
        ("sample_weight", ["-0.5", *SHARES[1:]]),
        ("sample_weight", ["", *SHARES[1:]]),
        ("weight", ["light", *SHARES[1:]]),
    ],
)
def test_other_weights_are_not_taken_for_weights_of_rows(tmp_path: Path, header: str, cells: list[str]) -> None:
    assert proposed(tmp_path, header, cells, "molecule").weight is None


def test_a_weight_that_is_all_there_is_to_learn_is_the_target(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text,weight\n" + "".join(f"some words {i},{cell}\n" for i, cell in enumerate(SHARES)))
    offer = propose(preview(path), "text")
    assert (offer.weight, offer.targets) == (None, ("weight",))


def test_the_command_line_names_the_weight(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="text")
    words = import_arguments(project, request(tmp_path, rows(["1"] * 20)))
    assert words[words.index("--weight") + 1] == "w"
