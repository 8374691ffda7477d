"""Targets of 0 and 1 and labels of single units come in whole, or are set aside with the reason."""

import csv
import gzip
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview, read_rows
from sciapp.engine.data.schema.infer import propose, task_of
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.conftest import REPOSITORY
from tests.helpers.messages import numbers_in, quoted, refused_exactly, values_of
from tests.helpers.rejections import reason, set_aside

DATA = REPOSITORY / "tests" / "data"
FLIP, TOX = DATA / "flip_secondary_structure_sample.csv.gz", DATA / "tox21_sample.csv"
CHAINS = [[f"ACD{'EFG'[i % 3] * (i + 1)}", "HEC" + "HE"[i % 2] * (i + 1), "110" + "1" * (i + 1)] for i in range(14)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project", domain="protein")


def run_import(project: Project, file: Path, roles: Roles, **more: object) -> DatasetCard:
    card = import_table(project, ImportRequest(file=str(file), roles=roles, **more))  # type: ignore[arg-type]
    assert isinstance(card, DatasetCard)
    return card


def written(folder: Path, rows: list[list[str]], header: tuple[str, ...]) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def reasons(project: Project, card: DatasetCard) -> dict[int, str]:
    with project.dataset_folder(card.id).rejected_file.open(encoding="utf-8", newline="") as file:
        return {int(line): text for line, text, *_ in list(csv.reader(file))[1:]}


def test_secondary_structure_is_proposed_with_its_mask_and_its_split() -> None:
    seen = preview(FLIP)
    found = propose(seen, "protein")
    assert (found.input, found.targets, found.mask, found.split_column) == ("sequence", ("dssp3",), "mask", "set")
    assert found.task == "tagging"
    about = {"name": "dssp3", "signs": "letters", "unit": "residues", "listed": "C, E, H"}
    assert values_of(found.reason) == about
    assert task_of(seen, ["dssp3"], "sequence", "protein")[0] == "tagging"


def test_a_screen_of_assays_is_proposed_as_one() -> None:
    found = propose(preview(TOX), "molecule")
    assert found.task == "multilabel"
    assert len(found.targets) == 12
    assert found.mask is None


def test_class_names_as_long_as_the_inputs_are_classes() -> None:
    """Peptides of five residues and three classes of five letters."""
    from sciapp.engine.data.readers.table_reader import Preview, TableFormat

    rows = [[f"ACDE{letter}", name] for letter in "FGHIKLMN" for name in ("helix", "sheet", "coils")]
    found = propose(Preview(["sequence", "label"], rows, TableFormat()), "protein")
    assert found.task == "classification"


def test_labels_that_do_not_match_are_set_aside_with_the_numbers(project: Project, tmp_path: Path) -> None:
    bad = [
        ["ACDEF", "HHH", "111"],
        ["ACDEG", "HHHHH", "11111111"],
        ["ACDEH", "HHHHH", "11x11"],
        ["ACDEI", "", "11111"],
        ["ACDEK", "HHHHH", "00000"],
    ]
    file = written(tmp_path, CHAINS + bad, ("sequence", "ss", "mask"))
    card = run_import(project, file, Roles(input="sequence", targets=("ss",), mask="mask"))
    assert card.task == "tagging"
    assert set_aside(card) == {RejectionReason.UNIT_LABELS: 3, RejectionReason.MISSING: 2}
    texts = reasons(project, card)
    assert {line: (quoted(texts[line]), numbers_in(texts[line])) for line in (16, 17, 18)} == {
        16: (["ss"], ["3", "5"]),
        17: (["mask"], ["0", "1"]),
        18: (["mask"], ["0", "1"]),
    }
    assert texts[19] == texts[20] == reason(RejectionReason.MISSING)
    (target,) = card.targets
    assert target.classes == ("E", "H"), "C stands only where the mask is 0"
    assert sum(target.class_counts) == target.measured == sum(row[2].count("1") for row in CHAINS)
    table = pq.read_table(project.dataset_folder(card.id).table_file)
    assert table.column_names == ["line", "input", "split", "target:ss", "mask"]
    train = read_split(project.dataset_folder(card.id), card, "train")
    assert isinstance(train.targets, TokenLabels)
    assert train.targets.lengths.tolist() == [len(value) for value in train.inputs]
    assert not train.targets.counts[train.targets.starts[:-1] + 2].any(), "the third residue is masked"


def test_the_same_chain_with_other_labels_is_a_conflict(project: Project, tmp_path: Path) -> None:
    rows = [row[:2] for row in CHAINS] + [[CHAINS[3][0], CHAINS[3][1]], ["ACDEF", "HHHHH"], ["ACDEF", "HHHHE"]]
    card = run_import(project, written(tmp_path, rows, ("sequence", "ss")), Roles(input="sequence", targets=("ss",)))
    assert set_aside(card) == {RejectionReason.CONFLICT: 2, RejectionReason.DUPLICATE: 1}


def test_words_are_labelled_by_words(tmp_path: Path) -> None:
    texts = Project.create(tmp_path / "texts", domain="text")
    rows = [[f"the gene number {'x ' * i}codes", f"O B O {'O ' * i}{'O' if i % 2 else 'B'}"] for i in range(1, 14)]
    file = written(tmp_path, rows, ("text", "entities"))
    card = run_import(texts, file, Roles(input="text", targets=("entities",)))
    assert card.task == "tagging"
    assert card.class_names == ("B", "O")


def test_a_mask_beside_classes_and_a_column_that_labels_nothing_are_refused(project: Project, tmp_path: Path) -> None:
    file = written(tmp_path, [[*row, "ab"[i % 2]] for i, row in enumerate(CHAINS)], ("sequence", "ss", "mask", "kind"))
    with refused_exactly(BadInput, units="residues", phrase=ANY):
        run_import(project, file, Roles(input="sequence", targets=("kind",), mask="mask"))
    with refused_exactly(BadInput, name="kind", units="residues", signs="letter"):
        run_import(project, file, Roles(input="sequence", targets=("kind",)), task="tagging")


def test_yes_and_no_are_read_as_1_and_0_and_gaps_stay(project: Project, tmp_path: Path) -> None:
    words = [["yes", "Active"], ["no", ""], ["", "inactive"], ["NO", "active"], ["yes", "inactive"]]
    rows = [["ACD" * (i + 1), *words[i % 5]] for i in range(25)] + [["WWW", "perhaps", "active"], ["WWWW", "", "na"]]
    file = written(tmp_path, rows, ("sequence", "a", "b"))
    roles = Roles(input="sequence", targets=("a", "b"))
    card = run_import(project, file, roles, task="multilabel", split=SplitPlan(method="stratified"))
    assert reasons(project, card) == {28: reason(RejectionReason.MISSING)}
    (odd,) = [finding for finding in card.findings if finding.kind == "odd_cells"]
    assert (odd.column, odd.lines, odd.examples) == ("a", (27,), ("perhaps",))
    assert [target.class_counts for target in card.targets] == [(10, 10), (10, 11)]
    found = np.concatenate(
        [np.asarray(read_split(project.dataset_folder(card.id), card, part).targets) for part in card.split_counts]
    )
    assert np.isnan(found).sum() == 11
    assert set(found[~np.isnan(found)]) == {0.0, 1.0}


def test_one_column_may_be_read_so_by_hand_but_not_numbers(project: Project, tmp_path: Path) -> None:
    rows = [["ACD" * (i + 1), str(i % 2), str(i / 7)] for i in range(20)]
    file = written(tmp_path, rows, ("sequence", "a", "x"))
    assert run_import(project, file, Roles(input="sequence", targets=("a",)), task="multilabel").task == "multilabel"
    with refused_exactly(BadInput, name="x"):
        run_import(project, file, Roles(input="sequence", targets=("x",)), task="multilabel")


def test_true_beside_the_split_column_makes_training_rows_validation_rows(project: Project, tmp_path: Path) -> None:
    rows = [["ACD" * (i + 1), str(i / 7), "test" if i < 4 else "train", str(i in {1, 7, 8})] for i in range(20)]
    file = written(tmp_path, rows, ("sequence", "x", "set", "Validation"))
    roles = Roles(input="sequence", targets=("x",), split="set")
    card = run_import(project, file, roles, split=SplitPlan(method="column", column="set"))
    assert card.split_counts == {"train": 14, "validation": 2, "test": 4}
    assert card.split.validation_column == "Validation"


def test_a_packed_table_is_the_table(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.tsv", tmp_path / "b.tsv.gz"
    text = "\ufeffx\ty\n1\t2\n3\t4\n"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))
    assert [(line, dict(row)) for line, row in read_rows(packed)] == [
        (line, dict(row)) for line, row in read_rows(plain)
    ]
    packed.write_bytes(gzip.compress(("x\ty\n" + "1\t2\n" * 90_000).encode())[:-40])
    with refused_exactly(BadInput, file="b.tsv.gz", how="cut off", kind=ANY):
        list(read_rows(packed))
