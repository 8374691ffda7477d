"""Rows without labels from tables, lists and FASTA files."""

import bz2
import gzip
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sciapp.engine.data.ingest.unlabelled import UnlabelledRows, dataset_rows, file_rows, values_for_tests
from sciapp.errors import BadInput, UnknownColumn
from sciapp.records.dataset.card import DomainName
from tests.helpers.messages import has_part, refused_exactly
from tests.helpers.tiny import tiny_project


def rows_of(file: Path, domain: DomainName, column: str = "") -> UnlabelledRows:
    return file_rows(file, domain, column)


def written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_a_list_of_smiles_gives_distinct_canonical_molecules(tmp_path: Path) -> None:
    file = written(tmp_path / "list.smi", "OCC ethanol\nCCO again\nC1CC broken\n\nc1ccccc1\tbenzene\n")
    found = rows_of(file, "molecule")
    assert found.inputs == ["CCO", "c1ccccc1"]
    assert (found.read, found.repeated, found.unusable.total()) == (4, 1, 1)
    assert has_part(str(found), inputs=2, read=4) and "ring" in str(found)


def test_light_curves_without_a_label_are_learnt_from_too(tmp_path: Path) -> None:
    lines = [f"{star},{time},{star * time},{'gr'[time % 2]}" for star in range(1, 13) for time in range(6)]
    file = written(tmp_path / "stars_points.csv", "\n".join(["star,mjd,mag,band", *lines]) + "\n")
    written(tmp_path / "stars_labels.csv", "star,type\n" + "".join(f"{star},a\n" for star in range(1, 9)))
    found = rows_of(file, "series")
    assert (len(found.inputs), found.unusable.total()) == (12, 0)


def test_test_inputs_of_the_projects_datasets_are_held_back(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "p")
    kept = list(values_for_tests(project, datetime.now(UTC)))
    assert len(kept) == card.split_counts["test"]
    rows = rows_of(tmp_path / "table.csv", "protein", "sequence")
    shown = rows.without(kept)
    assert not set(shown.inputs) & set(kept)
    assert shown.held_back == len(rows.inputs) - len(shown.inputs) == len(set(kept))
    assert has_part(str(shown), rows=shown.held_back)
    assert list(values_for_tests(project, datetime(2020, 1, 1, tzinfo=UTC))) == []


def test_a_text_file_is_a_row_a_line(tmp_path: Path) -> None:
    file = written(tmp_path / "notes.txt", "The first line, with a comma.\n\n The second \n")
    assert rows_of(file, "text").inputs == ["The first line, with a comma.", "The second"]


def test_a_fasta_file_gives_its_sequences_without_headers_and_stop_codons(tmp_path: Path) -> None:
    file = written(tmp_path / "p.fasta", ">one some words\nMKTA\nYIAK\n>two\nMKTA*\n>three\nM1\n")
    found = rows_of(file, "protein")
    assert found.inputs == ["MKTAYIAK", "MKTA"]
    assert found.unusable.total() == 1


def test_a_genome_is_read_in_pieces(tmp_path: Path) -> None:
    file = written(tmp_path / "g.fna", ">chromosome\n" + "ACGTT" * 10_001)
    assert [len(piece) for piece in rows_of(file, "nucleotide").inputs] == [20_000, 20_000, 10_005]


def test_the_column_of_a_table_is_proposed_or_named(tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", "name,smiles,other\na,CCO,CCN\nb,CCCO,CCCN\nc,CCO,C\nd,CCCC\n")
    assert rows_of(file, "molecule").inputs == ["CCO", "CCCO"]
    assert rows_of(file, "molecule").unusable.total() == 1
    assert rows_of(file, "molecule", "other").inputs == ["CCN", "CCCN", "C"]
    with pytest.raises(UnknownColumn, match="smile"):
        rows_of(file, "molecule", "smile")


def test_a_table_without_such_a_column_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", "a,b\n1,2\n3,4\n")
    with pytest.raises(BadInput, match="No column"):
        rows_of(file, "molecule")


def test_a_list_that_is_missing_or_no_text_is_said_kindly(tmp_path: Path) -> None:
    with refused_exactly(BadInput, file="none.smi"):
        rows_of(tmp_path / "none.smi", "molecule")
    (tmp_path / "broken.txt").write_bytes("Ein schöner Satz über Säuren.\n".encode() * 9 + b"Noch \xff einer.\n")
    with pytest.raises(BadInput, match="UTF-8"):
        rows_of(tmp_path / "broken.txt", "text")


def test_a_list_in_another_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Un café noir.\nDeux cafés noirs, s’il vous plaît.\n".encode("cp1252"))
    assert rows_of(tmp_path / "latin.txt", "text").inputs[0] == "Un café noir."


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_lists_and_sequences_are_what_they_are_unpacked(tmp_path: Path, pack) -> None:
    (tmp_path / "list.smi.gz").write_bytes(pack(b"OCC ethanol\nc1ccccc1\tbenzene\nCCN\n"))
    assert rows_of(tmp_path / "list.smi.gz", "molecule").inputs == ["CCO", "c1ccccc1", "CCN"]
    (tmp_path / "p.fasta.gz").write_bytes(pack(b">one\nMKTA\nYIAK\n>two\nMKTAW\n"))
    assert rows_of(tmp_path / "p.fasta.gz", "protein").inputs == ["MKTAYIAK", "MKTAW"]
    (tmp_path / "t.txt.gz").write_bytes(pack(b"The first line, with a comma.\nThe second one has none.\n"))
    assert len(rows_of(tmp_path / "t.txt.gz", "text").inputs) == 2


def test_of_a_dataset_only_the_training_rows_are_read(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "p")
    found = dataset_rows(project, card.id)
    assert found.read == card.split_counts["train"]
    assert len(found.inputs) + found.repeated == found.read


def test_the_fingerprint_changes_with_any_row() -> None:
    from collections import Counter

    one, other = (UnlabelledRows(inputs, 2, 0, Counter()) for inputs in (["AB", "C"], ["A", "BC"]))
    assert one.fingerprint != other.fingerprint
