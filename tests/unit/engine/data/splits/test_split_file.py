"""Splits travel: two labs that import by the same split file compare on the same rows."""

import csv
from pathlib import Path
from unittest.mock import ANY

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.splits.split_file import write_split_file
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, refused_exactly
from tests.helpers.rejections import reason, set_aside

ROWS = [[f"word {i}", str(i / 3), f"note {i}"] for i in range(60)]


def lab(
    folder: Path, rows: list[list[str]], split: SplitPlan, domain: DomainName = "text", **roles
) -> tuple[Project, DatasetCard]:
    folder.mkdir()
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["x", "y", "note", "when"][: len(rows[0])], *rows])
    project = Project.create(folder / "p", domain=domain)
    chosen = Roles(input="x", targets=("y",), **roles)
    card = import_table(project, ImportRequest(file=str(folder / "t.csv"), roles=chosen, split=split))
    assert isinstance(card, DatasetCard)
    return project, card


def splits_of(project: Project, card: DatasetCard) -> dict[tuple[str, str], str]:
    """The split of each row, by input and what was written beside it."""
    table = pq.read_table(project.dataset_folder(card.id).table_file)
    columns = (table.column(name).to_pylist() for name in ("input", "column:note", "split"))
    return {(value, note): split for value, note, split in zip(*columns, strict=True)}


@pytest.mark.parametrize("hashed", [False, True])
def test_another_lab_with_rows_in_another_order_has_the_same_split(tmp_path: Path, hashed: bool) -> None:
    project, card = lab(tmp_path / "one", ROWS, SplitPlan(seed=11))
    out = tmp_path / "split.csv"
    assert write_split_file(project.dataset_folder(card.id), out, hashed=hashed) == 60
    assert ("word 7" in out.read_text(encoding="utf-8")) is not hashed
    given = SplitPlan(method="file", file=str(out))
    other = lab(tmp_path / "two", ROWS[::-1], given)
    assert splits_of(*other) == splits_of(project, card)
    assert other[1].split.file == "split.csv" and other[1].split.file_sha256
    same = lab(tmp_path / "three", ROWS, given)
    assert same[1].fingerprint == card.fingerprint


def test_rows_that_the_file_does_not_name_are_set_aside_and_those_that_are_not_there_counted(tmp_path: Path) -> None:
    project, card = lab(tmp_path / "one", ROWS, SplitPlan())
    out = tmp_path / "split.csv"
    write_split_file(project.dataset_folder(card.id), out)
    other, theirs = lab(tmp_path / "two", [*ROWS[5:], ["new", "1", ""]], SplitPlan(method="file", file=str(out)))
    assert set_aside(theirs) == {RejectionReason.NOT_IN_SPLIT_FILE: 1}
    assert any(has_part(remark, unmet=5, codes=60) for remark in theirs.remarks)
    rejected = other.dataset_folder(theirs.id).rejected_file.read_text(encoding="utf-8")
    assert reason(RejectionReason.NOT_IN_SPLIT_FILE) + ',"new,1,",new' in rejected
    mine = splits_of(project, card)
    assert all(mine[row] == split for row, split in splits_of(other, theirs).items())


def test_other_spellings_of_a_molecule_are_the_same_molecule(tmp_path: Path) -> None:
    rows = [["C" * (i + 2) + "O", str(i / 3), ""] for i in range(40)]
    project, card = lab(tmp_path / "one", rows, SplitPlan(method="random"), "molecule")
    out = tmp_path / "split.csv"
    write_split_file(project.dataset_folder(card.id), out)
    turned = [["O" + "C" * (i + 2), str(i / 3), ""] for i in range(40)]
    other = lab(tmp_path / "two", turned, SplitPlan(method="file", file=str(out)), "molecule")
    assert splits_of(*other) == splits_of(project, card)


def test_an_input_in_two_splits_is_told_apart_by_its_line(tmp_path: Path) -> None:
    rows = [[f"word {i % 30}", str(i / 3), str(i), str(i)] for i in range(60)]
    split = SplitPlan(method="time", column="when")
    chosen = {"covariates": ("note",)}
    project, card = lab(tmp_path / "one", rows, split, **chosen)
    out = tmp_path / "split.csv"
    write_split_file(project.dataset_folder(card.id), out)
    mine = splits_of(project, card)
    if len({(value, part) for (value, _), part in mine.items()}) == 30:
        pytest.fail("no input of this table is in two splits")
    other = lab(tmp_path / "two", rows, SplitPlan(method="file", file=str(out)), **chosen)
    assert splits_of(*other) == mine


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("smiles,part\nC,train\n", {"file": "s.csv", "split": "split", "input": "input", "hash": "input_hash"}),
        ("input,split\nword 1,unused\n", {"file": "s.csv", "line": 2, "cell": "unused"}),
        ("input_hash,split\nxyz,train\n", {"file": "s.csv", "line": 2, "said": {"cell": "xyz"}}),
        ("input,split\nword 1,train,more\n", {"file": "s.csv", "line": 2}),
        (
            "input,split\n" + "".join(f"word {i},train\n" for i in range(60)),
            {"called": {"name": "s.csv"}, "split": "test"},
        ),
    ],
)
def test_a_file_that_is_no_split_is_refused_in_words(tmp_path: Path, text: str, values: dict[str, object]) -> None:
    file = tmp_path / "s.csv"
    file.write_text(text, encoding="utf-8")
    with refused_exactly(BadInput, **values):
        lab(tmp_path / "one", ROWS, SplitPlan(method="file", file=str(file)))


def test_a_split_file_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    project, card = lab(tmp_path / "one", ROWS, SplitPlan())
    out = tmp_path / "split.csv"
    write_split_file(project.dataset_folder(card.id), out)
    first = out.read_text(encoding="utf-8").splitlines()[1]
    line, value, split = first.split(",")
    other = "test" if split == "train" else "train"
    out.write_text(out.read_text(encoding="utf-8") + f"{line},{value},{other}\n", encoding="utf-8")
    with refused_exactly(BadInput, file="split.csv", line=len(ROWS) + 2, cell=value):
        lab(tmp_path / "two", ROWS, SplitPlan(method="file", file=str(out)))


@pytest.mark.parametrize("content", [None, b"PAR1 and then nothing that Parquet knows"])
def test_a_table_that_is_gone_or_damaged_is_told_and_the_target_is_not_blamed(
    tmp_path: Path, content: bytes | None
) -> None:
    project, card = lab(tmp_path / "one", ROWS, SplitPlan())
    folder, out = project.dataset_folder(card.id), tmp_path / "split.csv"
    folder.table_file.unlink() if content is None else folder.table_file.write_bytes(content)
    with refused_exactly(BadInput, dataset=card.id):
        write_split_file(folder, out)
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    project, card = lab(tmp_path / "one", ROWS, SplitPlan())
    with refused_exactly(BadInput, file="split.csv", reason=ANY):
        write_split_file(project.dataset_folder(card.id), tmp_path / "absent" / "split.csv")
