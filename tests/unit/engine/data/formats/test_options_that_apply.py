"""What is said of a file and means nothing for it is told, never passed over."""

from pathlib import Path

import pytest

from sciapp.engine.data.readers.table_reader import settled_reading, sniff
from sciapp.errors import BadInput
from sciapp.records.read_options import Reading

DATA = Path(__file__).parents[4] / "data"


@pytest.fixture
def fasta(tmp_path: Path) -> Path:
    path = tmp_path / "s.fasta"
    path.write_text(">a\nMKTAYI\n>b\nMKTWYI\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (
            {"sheet": "One"},
            "--sheet means nothing for “bbbp.csv” (text table). Leave it out; --sheet is for workbooks, zip archives",
        ),
        ({"labels": "/x.fasta"}, "--labels means nothing for “bbbp.csv” (text table). Leave it out; --labels is for"),
        ({"download": True}, "--download means nothing for “bbbp.csv” (text table)."),
    ],
)
def test_a_text_table_has_no_sheet_and_no_labels(reading: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput) as raised:
        sniff(DATA / "bbbp.csv", Reading.model_validate(reading))
    assert str(raised.value).startswith(said)


def test_several_options_are_told_together(fasta: Path) -> None:
    with pytest.raises(BadInput, match=r"--quote, --no-header and --decimal mean nothing for “s.fasta” \(FASTA seq"):
        sniff(fasta, Reading(quote="none", header="no", decimal=","))


def test_a_workbook_has_no_encoding_and_no_lines() -> None:
    with pytest.raises(BadInput, match=r"--encoding and --lines mean nothing for “two_sheets.xlsx” \(workbook\)"):
        sniff(DATA / "two_sheets.xlsx", Reading(encoding="cp1252", lines="3-9"))
    assert sniff(DATA / "two_sheets.xlsx", Reading(sheet="Melting", header="yes")).sheet == "Melting"


def test_a_folder_has_no_format_of_a_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("One.\nTwo.\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"--format means nothing for .* \(folder of text files\)"):
        sniff(tmp_path, Reading(format="fasta"))


@pytest.mark.parametrize("name", ["bbbp.csv", "two_sheets.xlsx", "flip_secondary_structure_sample.csv.gz"])
def test_what_was_settled_reads_the_same_file_again(name: str) -> None:
    settled = settled_reading(sniff(DATA / name))
    assert settled_reading(sniff(DATA / name, settled)) == settled
