"""Folders of texts: nothing of a file is lost, an empty file loses nothing else."""

from pathlib import Path

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview, read_records
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.messages import refused_exactly
from tests.helpers.rejections import set_aside


def test_every_line_of_a_long_file_is_a_row(tmp_path: Path) -> None:
    for name in ("pos", "neg"):
        (tmp_path / f"{name}.txt").write_text(f"{name} {'x' * 1000}\r\n" * 20_000, encoding="utf-8")
    rows = list(read_records(tmp_path))[1:]
    assert len(rows) == 40_000
    assert {len(row.cells[1]) for row in rows} == {1004}


def test_a_text_that_is_too_long_is_told_instead_of_cut(tmp_path: Path) -> None:
    for name, letters in (("a", 10), ("b", 17 << 20)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text("x" * letters, encoding="utf-8")
    with refused_exactly(BadInput, file="1.txt", largest=16):
        list(read_records(tmp_path))


def test_a_blank_file_is_an_empty_row(tmp_path: Path) -> None:
    for name, text in (("a", "words\n"), ("b", "\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(text, encoding="utf-8")
    assert [row.cells[1] for row in list(read_records(tmp_path))[1:]] == ["words", ""]


def divided(folder: Path) -> Path:
    for part in ("train", "test"):
        for kind in ("good", "bad"):
            (folder / part / kind).mkdir(parents=True)
            for number in range(5):
                (folder / part / kind / f"{number}.txt").write_text(f"{kind} {part} {number}", encoding="utf-8")
    return folder


def test_a_stray_file_leaves_the_split_of_the_others_and_is_set_aside(tmp_path: Path) -> None:
    folder = divided(tmp_path / "f")
    (folder / "README.txt").write_text("How this was made.", encoding="utf-8")
    (folder / "train" / "urls.txt").write_text("Where from.", encoding="utf-8")
    (folder / "train" / "good" / "more").mkdir()
    (folder / "train" / "good" / "more" / "9.txt").write_text("deep", encoding="utf-8")
    seen = preview(folder)
    assert seen.columns == ["file", "split", "text", "label"]
    assert ["README.txt", "", "How this was made.", ""] in seen.rows
    assert ["train/urls.txt", "train", "Where from.", ""] in seen.rows
    assert ["train/good/more/9.txt", "train", "deep", "good"] in seen.rows
    proposal = propose(seen, "text")
    assert (proposal.split, proposal.split_column, proposal.targets) == ("column", "split", ("label",))
    roles = Roles(input="text", targets=("label",), split="split")
    request = ImportRequest(file=str(folder), roles=roles, split=SplitPlan(method="column", column="split"))
    card = import_table(Project.create(tmp_path / "p", domain="text"), request)
    assert isinstance(card, DatasetCard)
    assert card.class_names == ("bad", "good")
    assert (card.rows_read, card.rows_set_aside) == (23, 2)
    assert set_aside(card) == {RejectionReason.MISSING: 1, RejectionReason.NO_SPLIT: 1}
    assert card.split_counts["test"] == 10
