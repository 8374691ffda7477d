"""Rows with a second input: either unreadable sets the row aside, and what asks for the input asks for both."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sciapp.actions.command_line import import_arguments
from sciapp.engine.augmentation.preview import preview as augmented_rows
from sciapp.engine.data.dataset.diff import difference
from sciapp.engine.data.dataset.statistics import column_statistics
from sciapp.engine.data.dataset.table import read_inputs, read_split
from sciapp.engine.data.ingest.check_table import check_table
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.ingest.unlabelled import dataset_rows, values_for_tests
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.schema.explain import explained, explained_text
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.splits.assign import BY_FIRST_INPUT
from sciapp.engine.data.splits.split_file import write_split_file
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.domains.pair import PairSimilarity
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.dataset.leakage import read_leakage
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from tests.conftest import REPOSITORY
from tests.helpers.messages import has_part, refused_exactly
from tests.helpers.rejections import reason, set_aside

PPI = REPOSITORY / "tests/data/ppi_yeast_short_pairs.csv"
SOLUTES = ["CCO", "CCCO", "c1ccccc1", "CC(=O)O", "CCN", "OCCO", "CCCl", "CC#N", "C1CCCCC1", "Oc1ccccc1"]
SOLVENTS = ["O", "CO", "CS(C)=O"]
GRID = [[one, other, f"{i + 0.1 * n:.2f}"] for i, one in enumerate(SOLUTES) for n, other in enumerate(SOLVENTS)]
ROLES = Roles(input="solute", second_input="solvent", targets=("logS",))


def written(folder: Path, rows: list[list[str]], header: tuple[str, ...] = ("solute", "solvent", "logS")) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def imported(
    folder: Path, rows: list[list[str]], roles: Roles = ROLES, **more
) -> tuple[Project, DatasetCard, DatasetFolder]:
    path = written(folder, rows)
    project = Project.create(folder / "project", domain="molecule")
    card = import_table(project, ImportRequest(file=str(path), roles=roles, **more))
    assert isinstance(card, DatasetCard)
    return project, card, project.dataset_folder(card.id)


def rejected(folder: DatasetFolder) -> dict[int, str]:
    with folder.rejected_file.open(encoding="utf-8", newline="") as file:
        return {int(line): reason for line, reason, *_ in list(csv.reader(file))[1:]}


def test_a_pair_is_set_aside_if_either_is_unreadable_or_missing(tmp_path: Path) -> None:
    bad = [["CC(", "O", "1"], ["CC", "C1CC", "1"], ["", "O", "1"], ["CC", "", "1"]]
    _, card, folder = imported(tmp_path, GRID + bad)
    aside = rejected(folder)
    assert aside[32].startswith("first input: ") and aside[33].startswith("second input: ")
    assert (aside[34], aside[35]) == (reason(RejectionReason.EMPTY), reason(RejectionReason.EMPTY_SECOND))
    counts = {RejectionReason.INVALID: 2, RejectionReason.EMPTY: 1, RejectionReason.EMPTY_SECOND: 1}
    assert set_aside(card) == counts
    assert card.rows_kept == 30 and card.domain == "molecule"


def test_the_table_has_both_inputs_in_canonical_form(tmp_path: Path) -> None:
    _, card, folder = imported(tmp_path, [["C(C)O", "OC", "9"], *GRID[2:]])
    table = pq.read_table(folder.table_file)
    assert table.column_names == ["line", "input", "input2", "split", "target:logS"]
    assert (table["input"][0].as_py(), table["input2"][0].as_py()) == ("CCO", "CO")
    train = read_split(folder, card, "train")
    assert {value.parts for value in train.inputs} <= set(
        zip(table["input"].to_pylist(), table["input2"].to_pylist(), strict=True)
    )
    assert read_inputs(folder, "train") == train.inputs
    roles = {one.name: one.role for one in column_statistics(card, folder)}
    assert roles["input2"] == "second input"


def test_only_the_same_pair_is_a_duplicate_or_a_contradiction(tmp_path: Path) -> None:
    more = [["CCO", "O", "0.00"], ["CCCO", "O", "77"], ["O", "CCO", "5"]]  # the last one is the other way round
    _, card, folder = imported(tmp_path, GRID + more)
    assert rejected(folder) == {
        32: reason(RejectionReason.DUPLICATE, line=2),
        5: reason(RejectionReason.CONFLICT, line=33),
        33: reason(RejectionReason.CONFLICT, line=5),
    }
    _, other, _ = imported(tmp_path / "swapped", [[two, one, y] for one, two, y in GRID + more])
    assert card.fingerprint != other.fingerprint


def test_scaffolds_and_clusters_are_of_the_first_input_and_that_is_said(tmp_path: Path) -> None:
    for method in ("scaffold", "cluster"):
        split = SplitPlan(method=method, fractions=(0.6, 0.2, 0.2))  # type: ignore[arg-type]
        _, card, folder = imported(tmp_path / method, GRID, split=split)
        assert BY_FIRST_INPUT in card.remarks
        table = pq.read_table(folder.table_file)
        splits: dict[str, set[str]] = {}
        for value, part in zip(table["input"].to_pylist(), table["split"].to_pylist(), strict=True):
            splits.setdefault(value, set()).add(part)
        assert all(len(parts) == 1 for parts in splits.values())
        leaks = read_leakage(folder.leakage_file)
        assert leaks is not None and leaks.level == "careful"
        tested = card.split_counts["test"]
        assert has_part(leaks.verdict, rows=tested, both=0, one=tested, neither=0)
        assert leaks.measure == PairSimilarity(domain_named("molecule").likeness).called


def test_a_random_split_of_a_grid_is_told_to_leak(tmp_path: Path) -> None:
    _, card, folder = imported(tmp_path, GRID)
    leaks = read_leakage(folder.leakage_file)
    assert leaks is not None and leaks.level != "clean"
    tested = card.split_counts["test"]
    assert has_part(leaks.verdict, rows=tested, both=tested, one=0, neither=0)
    assert BY_FIRST_INPUT not in card.remarks


@pytest.mark.parametrize("hashed", [False, True])
def test_a_split_of_pairs_is_exported_and_imported_again(tmp_path: Path, hashed: bool) -> None:
    _, card, folder = imported(tmp_path, GRID, split=SplitPlan(seed=3))
    out = tmp_path / "split.csv"
    assert write_split_file(folder, out, hashed=hashed) == 30
    assert out.read_text().splitlines()[0] == ("line,input_hash,split" if hashed else "line,input,input2,split")
    _, again, other = imported(tmp_path / "again", GRID[::-1], split=SplitPlan(method="file", file=str(out)))
    assert again.split_counts == card.split_counts
    assert set(read_inputs(folder, "test")) == set(read_inputs(other, "test"))
    single = Roles(input="solute", targets=("logS",))
    if not hashed:
        _, _, one = imported(tmp_path / "one", [row for row in GRID if row[1] == "O"], single)
        write_split_file(one, out)
        with refused_exactly(BadInput, file="split.csv", input2="input2"):
            imported(tmp_path / "refused", GRID, split=SplitPlan(method="file", file=str(out)))


def test_repairs_of_either_input_are_listed_under_its_column(tmp_path: Path) -> None:
    rows = [["CCN.Cl", "CCCC", "1.5"], ["CCN", "CCN.Cl", "2.5"], *GRID]
    _, card, folder = imported(tmp_path, rows, repairs={"salts": "largest"})
    with folder.repairs_file.open(encoding="utf-8", newline="") as file:
        changes = list(csv.reader(file))[1:]
    assert [change[:3] for change in changes] == [["2", "solute", "CCN.Cl"], ["3", "solvent", "CCN.Cl"]]
    assert all("Cl" not in change[3] for change in changes)
    assert card.values_changed == 2


def test_the_doctor_shows_the_input_that_cannot_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, [*GRID, ["CCO", "C1CC", "4"], ["CC", " ", "4"]])
    checkup = check_table("molecule", ImportRequest(file=str(path), roles=ROLES))
    assert isinstance(checkup, QualityReport)
    bad = next(one for one in checkup.findings if one.kind == "unreadable")
    assert (bad.column, bad.count) == ("solvent", 1) and bad.examples[0].startswith("C1CC")
    label = RejectionReason.EMPTY_SECOND.label
    empty = next(finding for finding in checkup.findings if has_part(finding.title, label=label))
    assert (empty.column, empty.lines) == ("solvent", (33,))


def test_labels_of_units_do_not_go_with_a_second_input(tmp_path: Path) -> None:
    path = written(tmp_path, [["MKV", "AC", "HHE"]] * 20, ("a", "b", "states"))
    project = Project.create(tmp_path / "p", domain="protein")
    roles = Roles(input="a", second_input="b", targets=("states",))
    with refused_exactly(BadInput, units="residues"):
        import_table(project, ImportRequest(file=str(path), roles=roles, task="tagging"))


def test_the_same_column_cannot_be_both_inputs(tmp_path: Path) -> None:
    with refused_exactly(BadInput, column="solute"):
        imported(tmp_path, GRID, ROLES.model_copy(update={"second_input": "solute"}))


def test_differences_are_of_pairs(tmp_path: Path) -> None:
    _, *old = imported(tmp_path, GRID)
    _, *new = imported(tmp_path / "new", [*GRID[1:], ["CCO", "CCO", "3"]])
    found = difference((old[0], old[1]), (new[0], new[1]))
    assert found.counts == {"added": 1, "removed": 1, "changed": 0} and found.same == 29
    assert {"input", "input2"} <= set(found.table.column_names)


def test_rows_without_labels_are_both_inputs_of_training_pairs(tmp_path: Path) -> None:
    project, card, folder = imported(tmp_path, GRID, split=SplitPlan(method="scaffold", fractions=(0.6, 0.2, 0.2)))
    learnt = dataset_rows(project, card.id).inputs
    train = read_split(folder, card, "train").inputs
    assert set(learnt) == {part for value in train for part in value.parts}
    tested = {value.parts[0] for value in read_inputs(folder, "test")}
    assert set(values_for_tests(project, card.created)) == tested - set(learnt)


def test_the_augmentation_preview_shows_both(tmp_path: Path) -> None:
    _, card, folder = imported(tmp_path, GRID)
    plan = with_settings(TrainPlan(dataset=card.id), {"augmentations": "randomized_smiles", "augmented_share": 1})
    found = augmented_rows(plan, folder, card, rows=20, number=1)
    assert found.examples and all(example.original.count("  |  ") == 1 for example in found.examples)
    assert any(
        before != after
        for example in found.examples
        for before, after in [(example.original.split("  |  ")[1], example.augmented.split("  |  ")[1])]
    )


def test_pairs_of_real_proteins_are_proposed_explained_and_imported(tmp_path: Path) -> None:
    seen = preview(PPI)
    offer = propose(seen, "protein")
    assert (offer.input, offer.second_input, offer.targets) == ("sequence_a", "sequence_b", ("interaction",))
    assert offer.task == "classification"
    assert explained(seen, offer)["proposal"]["second_input"] == "sequence_b"
    assert "sequence_b [second input]" in explained_text(seen, offer)
    project = Project.create(tmp_path / "p", domain="protein")
    roles = Roles(input=offer.input, second_input=offer.second_input, targets=offer.targets)
    request = ImportRequest(file=str(PPI), roles=roles)
    words = import_arguments(project, request)
    assert words[words.index("--second-input") + 1] == "sequence_b"
    card = import_table(project, request)
    assert isinstance(card, DatasetCard) and card.rows_kept == 156
