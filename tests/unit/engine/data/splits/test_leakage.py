"""The leak panel finds what was put there, says it in a sentence, and says what it did not look at."""

from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.splits import leakage
from sciapp.engine.data.splits.leakage import measure_leaks
from sciapp.engine.data.splits.target_shift import drifts
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.leakage import Leakage, Neighbours, read_leakage
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, values_of

RNG = np.random.default_rng(5)
RESIDUES = list("ACDEFGHIKLMNPQRSTVWY")


def protein(length: int = 120) -> str:
    return "".join(RNG.choice(RESIDUES, length))


def imported(
    folder: Path, domain: DomainName, rows: list[tuple[str, ...]], **roles
) -> tuple[DatasetFolder, DatasetCard, Leakage]:
    """Columns x, y, split and more."""
    header = ("x", "y", "part", "more")[: len(rows[0])]
    (folder / "t.csv").write_text("\n".join(",".join(row) for row in (header, *rows)) + "\n", encoding="utf-8")
    project = Project.create(folder / "p", domain=domain)
    request = ImportRequest(
        file=str(folder / "t.csv"),
        roles=Roles(input="x", targets=("y",), **roles),
        split=SplitPlan(method="column", column="part"),
    )
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    found = project.dataset_folder(card.id)
    measured = read_leakage(found.leakage_file)
    assert measured is not None
    return found, card, measured


def test_near_copies_in_the_test_rows_are_found_with_their_lines(tmp_path: Path) -> None:
    training = [protein() for _ in range(40)]
    rows = [(one, str(i / 3), "train") for i, one in enumerate(training)]
    rows += [(protein(), str(i / 3), "validation") for i in range(10)]
    rows += [(training[i][:60] + "A" + training[i][61:], str(i / 7), "test") for i in range(5)]
    rows += [(protein(), str(i / 5), "test") for i in range(15)]
    _, _, found = imported(tmp_path, "protein", rows)
    assert found.level == "careful"
    assert has_part(found.verdict, part={"count": 5, "whole": 20, "share": ANY}, mark=ANY)
    assert "(25 %)" in found.verdict
    near = [i for i, one in enumerate(found.neighbours.similarities) if one >= found.near]
    assert [found.neighbours.lines[i] for i in near] == [52, 53, 54, 55, 56]
    assert [found.neighbours.neighbour_lines[i] for i in near] == [2, 3, 4, 5, 6]
    assert sum(found.neighbours.bins()[1]) == 20


def test_strangers_in_the_test_rows_are_said_to_be_strangers(tmp_path: Path) -> None:
    parts = ["train"] * 40 + ["validation"] * 10 + ["test"] * 20
    rows = [(protein(), str(i % 9 / 3), part) for i, part in enumerate(parts)]
    _, _, found = imported(tmp_path, "protein", rows)
    assert found.level == "clean"
    assert has_part(found.verdict, mark=ANY, alike=ANY)
    part = {"count": 0, "whole": 20, "share": ANY}
    assert has_part(found.verdict, part=part, symbol=ANY, threshold=ANY, median=ANY)


def test_the_same_input_or_group_in_training_and_test_is_a_leak(tmp_path: Path) -> None:
    rows = [(f"text number {i}", str(i / 3), ("train", "validation", "test")[i % 3], f"{i % 6}") for i in range(60)]
    rows += [("text number 0", "9", "test", "10"), ("text number 3", "8", "test", "11")]
    _, _, found = imported(tmp_path, "text", rows, covariates=("more",))
    inputs = {one.splits: one.count for one in found.crossings if one.what == "input"}
    assert inputs == {("train", "test"): 2}
    assert found.level == "leak"
    part = {"count": 2, "whole": 22, "share": ANY}
    assert has_part(found.verdict, n=2, what={"n": 2}, part=part)
    assert found.verdict.startswith(found.crossings[0].words)


def test_a_group_that_is_in_two_splits_is_told(tmp_path: Path) -> None:
    rows = [(f"text number {i}", str(i / 3), ("train", "validation", "test")[i % 3], f"g{i % 4}") for i in range(60)]
    _, _, found = imported(tmp_path, "text", rows, group="more")
    assert {one.splits: one.count for one in found.crossings} == {
        ("train", "validation"): 4, ("train", "test"): 4, ("validation", "test"): 4,
    }  # fmt: skip
    assert found.crossings[0].what == "group" and found.crossings[0].words in found.verdict


def test_a_target_that_is_spread_differently_in_test_is_told(tmp_path: Path) -> None:
    rows = [(f"{i} {i * 7} words", str(RNG.normal()), "train") for i in range(200)]
    rows += [(f"{i} {i * 5} others", str(RNG.normal()), "validation") for i in range(60)]
    rows += [(f"{i} {i * 3} more", str(RNG.normal() + 2), "test") for i in range(60)]
    folder, card, found = imported(tmp_path, "text", rows)
    by_split = {one.split: one for one in found.drifts}
    assert by_split["test"].notable and not by_split["validation"].notable
    assert by_split["test"].test == "Kolmogorov–Smirnov"
    assert has_part(found.verdict, target="y", drift=ANY)
    again = measure_leaks(folder, card)
    assert again == found


def test_classes_are_compared_by_chi_squared() -> None:
    import pyarrow as pa

    split = np.repeat(["train", "validation", "test"], [200, 60, 60])
    label = np.r_[np.tile(["a", "b"], 130), np.repeat(["a", "b"], [55, 5])]
    found = {one.split: one for one in drifts(pa.table({"split": split, "target:y": label}), "classification", ["y"])}
    assert found["test"].notable and found["test"].p_value < 1e-6
    assert found["validation"].statistic == pytest.approx(0)
    assert not found["validation"].notable


def test_of_many_rows_a_sample_is_looked_at_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leakage, "MOST_TEST_ROWS", 12)
    monkeypatch.setattr(leakage, "FEWEST_TEST_ROWS", 5)
    monkeypatch.setattr(leakage, "MOST_TRAINING_ROWS", 30)
    rows = [(f"{i} {i * 7} words", str(i / 3), ("train", "train", "validation", "test")[i % 4]) for i in range(200)]
    _, _, found = imported(tmp_path, "text", rows)
    assert values_of(found.neighbours.summary) == {
        "ours": {"part": 12, "whole": 50},
        "theirs": {"part": 30, "whole": 100},
    }
    assert len(found.neighbours.similarities) == 12


def test_datasets_from_before_have_none_and_damaged_files_are_none(tmp_path: Path) -> None:
    assert read_leakage(tmp_path / "leakage.json") is None
    (tmp_path / "leakage.json").write_text("{", encoding="utf-8")
    assert read_leakage(tmp_path / "leakage.json") is None


def test_a_similarity_of_one_is_in_the_last_bin() -> None:
    one = Neighbours(
        rows=3, looked_at=3, training_rows=1, training_looked_at=1, lines=(1, 2, 3), neighbour_lines=(4, 4, 4),
        similarities=(0.0, 0.95, 1.0),
    )  # fmt: skip
    counts = one.bins()[1]
    assert (counts[0], counts[-1], sum(counts)) == (1, 2, 3)


def test_test_pairs_of_known_partners_are_no_copies_of_training_pairs(tmp_path: Path) -> None:
    proteins = [protein() for _ in range(24)]
    rows = [(proteins[i], proteins[i + 1], str(i / 3), "train") for i in range(20)]
    rows += [(proteins[i], proteins[(i + 7) % 20], str(i / 3), "validation") for i in range(5)]
    rows += [(proteins[i], proteins[i + 9], str(i / 7), "test") for i in range(10)]  # both partners are known
    rows += [(proteins[21], proteins[0], "1", "test"), (proteins[22], proteins[23], "1", "test")]
    found = imported_pairs(tmp_path, rows)
    assert max(found.neighbours.similarities) < 0.5
    assert found.level == "careful"
    assert has_part(found.verdict, mark=ANY, alike=ANY)
    assert has_part(found.verdict, rows=12, both=10, one=1, neither=1)


def test_a_test_pair_that_is_a_training_pair_the_other_way_round_is_a_leak(tmp_path: Path) -> None:
    proteins = [protein() for _ in range(40)]
    rows = [(proteins[i], proteins[i + 1], str(i / 3), "train") for i in range(20)]
    rows += [(proteins[i], proteins[i + 2], str(i / 3), "validation") for i in range(5)]
    rows += [(proteins[i + 1], proteins[i], str(i + 50), "test") for i in range(3)]
    rows += [(proteins[i], proteins[i + 1], str(i / 7), "test") for i in range(22, 38, 2)]
    found = imported_pairs(tmp_path, rows)
    assert {one.splits: one.count for one in found.crossings} == {("train", "test"): 3}
    assert found.level == "leak" and found.verdict.startswith(found.crossings[0].words)
    assert found.neighbours.at_least(0.95) == 3


def imported_pairs(folder: Path, rows: list[tuple[str, str, str, str]]) -> Leakage:
    text = "\n".join(",".join(row) for row in [("a", "b", "y", "part"), *rows])
    (folder / "t.csv").write_text(text + "\n", encoding="utf-8")
    project = Project.create(folder / "p", domain="protein")
    request = ImportRequest(
        file=str(folder / "t.csv"),
        roles=Roles(input="a", second_input="b", targets=("y",), split="part"),
        split=SplitPlan(method="column", column="part"),
    )
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    measured = read_leakage(project.dataset_folder(card.id).leakage_file)
    assert measured is not None
    said = [remark for remark in card.remarks if remark.startswith("Leaks: ")]
    assert said == ([] if measured.level == "clean" else [f"Leaks: {measured.verdict}"])
    return measured


def test_a_leak_is_told_by_the_import_and_kept_on_the_card(tmp_path: Path) -> None:
    training = [protein() for _ in range(40)]
    rows = [(one, str(i / 3), "train") for i, one in enumerate(training)]
    rows += [(protein(), str(i / 3), "validation") for i in range(10)]
    rows += [(training[i][:60] + "A" + training[i][61:], str(i / 7), "test") for i in range(5)]
    rows += [(protein(), str(i / 5), "test") for i in range(15)]
    folder, card, found = imported(tmp_path, "protein", rows)
    assert found.level == "careful"
    assert folder.card().remarks == card.remarks
    assert f"Leaks: {found.verdict}" in card.remarks
