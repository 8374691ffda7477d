"""What is said of a file and means nothing for it is told, never passed over."""

from pathlib import Path

import pytest

from sciapp.engine.data.formats.folders.text_folder import TextFolder
from sciapp.engine.data.formats.sequences.fasta import Fasta
from sciapp.engine.data.formats.tables.excel import Workbook
from sciapp.engine.data.formats.text.delimited import Delimited
from sciapp.engine.data.readers.table_reader import settled_reading, sniff
from sciapp.errors import BadInput
from sciapp.records.read_options import Reading
from tests.helpers.messages import refused_exactly

DATA = Path(__file__).parents[4] / "data"


@pytest.fixture
def fasta(tmp_path: Path) -> Path:
    path = tmp_path / "s.fasta"
    path.write_text(">a\nMKTAYI\n>b\nMKTWYI\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("reading", "option", "rows"),
    [
        ({"sheet": "One"}, "--sheet", "workbooks"),
        ({"labels": "/x.fasta"}, "--labels", "FASTA"),
        ({"download": True}, "--download", "hf:OWNER/NAME"),
    ],
)
def test_a_text_table_has_no_sheet_and_no_labels(reading: dict[str, object], option: str, rows: str) -> None:
    with refused_exactly(BadInput, n=1, options=option, file="bbbp.csv", format=Delimited.title) as raised:
        sniff(DATA / "bbbp.csv", Reading.model_validate(reading))
    assert raised.value.hint.values["option"] == option
    assert rows in raised.value.hint


def test_several_options_are_told_together(fasta: Path) -> None:
    with refused_exactly(
        BadInput,
        n=3,
        options={"items": ["--quote", "--no-header"], "last": "--decimal"},
        file="s.fasta",
        format=Fasta.title,
    ):
        sniff(fasta, Reading(quote="none", header="no", decimal=","))


def test_a_workbook_has_no_encoding_and_no_lines() -> None:
    with refused_exactly(
        BadInput,
        n=2,
        options={"items": ["--encoding"], "last": "--lines"},
        file="two_sheets.xlsx",
        format=Workbook.title,
    ):
        sniff(DATA / "two_sheets.xlsx", Reading(encoding="cp1252", lines="3-9"))
    assert sniff(DATA / "two_sheets.xlsx", Reading(sheet="Melting", header="yes")).sheet == "Melting"


def test_a_folder_has_no_format_of_a_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("One.\nTwo.\n", encoding="utf-8")
    with refused_exactly(BadInput, n=1, options="--format", file=tmp_path.name, format=TextFolder.title):
        sniff(tmp_path, Reading(format="fasta"))


@pytest.mark.parametrize("name", ["bbbp.csv", "two_sheets.xlsx", "flip_secondary_structure_sample.csv.gz"])
def test_what_was_settled_reads_the_same_file_again(name: str) -> None:
    settled = settled_reading(sniff(DATA / name))
    assert settled_reading(sniff(DATA / name, settled)) == settled
