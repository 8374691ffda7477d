"""Ends, numbers of positions, headers and quotation marks around sequences: left out and told, or refused by name."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.staging.cleaning import InputCleaner
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.records.project.project import Project
from tests.helpers.messages import refused_exactly

DNA, RNA = "ACGTTGCAAGCTTACGGATC", "ACGUUGCAAGCUUACGGAUC"
PEPTIDE = "MKTAYIAKQRQISFVKSHFS"


def numbered(letters: str, first: int = 1) -> str:
    lines = [letters[place : place + 60] for place in range(0, len(letters), 60)]
    blocks = [" ".join(line[place : place + 10] for place in range(0, len(line), 10)) for line in lines]
    return "\n".join(f"{first + 60 * place:>9} {block}" for place, block in enumerate(blocks))


def counted(letters: str) -> str:
    """As EMBL and UniProt do: the length so far behind each line."""
    lines = [letters[place : place + 60] for place in range(0, len(letters), 60)]
    return "\n".join(f"     {line} {60 * place + len(line):>9}" for place, line in enumerate(lines))


@pytest.mark.parametrize(
    "written",
    [
        f"5'-{DNA}-3'",
        f"5’-{DNA}-3’",
        f"5′-{DNA}-3′",
        f"5´–{DNA}–3´",
        f"5' {DNA[:10]} {DNA[10:]} 3'",
        f"5-{DNA}-3",
        f"5'-{DNA}",
        f"{DNA}-3'",
        f"5'{DNA}3'",
        f"5'-d({DNA})-3'",
        f"d({DNA})",
        f"'{DNA}'",
        f"> {DNA}",
        f">{DNA}",
        f">primer_1 {DNA}",
        f">primer 1\n{DNA[:8]}\n{DNA[8:]}\n",
        f"1 {DNA[:10].lower()} {DNA[10:].lower()}",
        f"1 {DNA[:10]} 11 {DNA[10:]}",
        f"121 {DNA[:10]} 131 {DNA[10:]}",
        f"{DNA[:10]} 10 {DNA[10:]} 20",
    ],
)
def test_what_stands_around_bases_is_left_out_and_found(written: str) -> None:
    domain = domain_named("nucleotide")
    mender = InputCleaner(domain, {})
    assert mender.cleaned(written) == DNA
    assert mender.detected & mender.mended & 1
    assert domain.clean(written) == DNA
    with refused_exactly(Rejected):
        InputCleaner(domain, {"surroundings": "set_aside"}).cleaned(written)


@pytest.mark.parametrize("letters", [DNA * 7, RNA * 3, DNA])
@pytest.mark.parametrize("domain", ["nucleotide", "protein"])
def test_numbered_sequences_are_read_whole(letters: str, domain: str) -> None:
    if domain == "protein":
        letters = letters.replace("U", "M")
    read = domain_named(domain).clean
    assert read(numbered(letters)) == letters
    assert read(numbered(letters.lower())) == letters
    assert read(f"ORIGIN\n{numbered(letters)}\n//") == letters
    assert read(counted(letters)) == letters


@pytest.mark.parametrize(
    "written",
    [
        f"NH2-{PEPTIDE}-COOH",
        f"H2N-{PEPTIDE}-COOH",
        f"H-{PEPTIDE}-OH",
        f"N-{PEPTIDE}-C",
        f"N'-{PEPTIDE}-C'",
        f"(N) {PEPTIDE} (C)",
        f"NH2-{PEPTIDE}",
        f"K.{PEPTIDE}.R",
        f"-.{PEPTIDE}.-",
        f'"{PEPTIDE}"',
        f">sp|P12345|NAME {PEPTIDE}",
        f">sp|P12345|NAME OS=Homo sapiens\n{PEPTIDE}*",
        f"1 {PEPTIDE}*",
    ],
)
def test_what_stands_around_residues_is_left_out_and_found(written: str) -> None:
    mender = InputCleaner(domain_named("protein"), {})
    assert mender.cleaned(written) == PEPTIDE
    assert mender.detected & mender.mended & 1


@pytest.mark.parametrize("plain", [f"{PEPTIDE}*", PEPTIDE.lower(), f"{PEPTIDE[:9]}\n{PEPTIDE[9:]}", f" {PEPTIDE} "])
def test_plain_sequences_have_nothing_around_them(plain: str) -> None:
    mender = InputCleaner(domain_named("protein"), {})
    assert mender.cleaned(plain) == PEPTIDE
    assert not mender.detected & 1


def test_free_ends_are_never_read_as_residues() -> None:
    for written in (f"H-{PEPTIDE}-OH", f"NH2-{PEPTIDE}-COOH", f"H2N-{PEPTIDE}-CONH2"):
        assert InputCleaner(domain_named("protein"), {"gaps": "remove"}).cleaned(written) == PEPTIDE


@pytest.mark.parametrize(
    ("domain", "written", "name", "values"),
    [
        ("nucleotide", f"3'-{DNA}-5'", "3' end", {}),
        ("nucleotide", f"5'-/5Phos/{DNA}-3'", "/5Phos/", {"match": "/5Phos/"}),
        ("nucleotide", f">a primer with a name {DNA}", "FASTA header", {}),
        ("nucleotide", f">{DNA}\n{DNA[:7]}", "FASTA header", {}),
        ("nucleotide", f"1 {DNA[:10]} 12 {DNA[10:]}", "“1”", {"wrong": "1", "start": 1, "called": "base"}),
        ("protein", f"{PEPTIDE[:5]}123{PEPTIDE[5:]}", "“1”", {"wrong": "1", "start": 6, "called": "residue"}),
        ("protein", "A123C", "“1”", {"wrong": "1", "start": 2, "called": "residue"}),
        ("protein", f"N-{PEPTIDE}", "“-”", {"wrong": "-", "start": 2, "called": "residue"}),
    ],
)
def test_what_cannot_be_told_apart_is_refused_by_name(
    domain: str, written: str, name: str, values: dict[str, object]
) -> None:
    with refused_exactly(Rejected, **values) as raised:
        domain_named(domain).clean(written)
    assert name in raised.value.reason


def test_an_import_tells_of_it_and_keeps_the_letters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [DNA[place % 7 :] + DNA[: place % 13] for place in range(24)]
    frames = ["5'-{}-3'", "{}", "1 {}", "5' {} 3'"]
    text = "".join(f"{frames[i % 4].format(row)}\t{i / 4 + 0.1}\n" for i, row in enumerate(rows))
    path = tmp_path / "primers.tsv"
    path.write_text("sequence\ty\n" + text, encoding="utf-8")
    project = Project.create(tmp_path / "project", domain="nucleotide")
    assert cli.main(["import", str(project.folder), str(path), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    found = next(finding for finding in card["findings"] if finding["kind"] == "surroundings")
    assert (found["count"], found["applied"], found["examples"][0]) == (18, "leave_out", f"5'-{rows[0]}-3'")
    table = pq.read_table(project.datasets_folder / card["id"] / "table.parquet").sort_by("line")
    assert table["input"].to_pylist() == [rows[line - 2] for line in table["line"].to_pylist()]
