"""Sequence files as other programs write them, alignments, mappings and sentences of abstracts."""

import json
from pathlib import Path
from unittest.mock import ANY

import pytest

from sciapp.engine.data.readers.table_reader import columns_of, read_rows, settled_reading, sniff
from sciapp.errors import BadInput
from tests.helpers.messages import refused_exactly


def read(tmp_path: Path, name: str, text: str) -> tuple[str, list[list[str]]]:
    """The kind, and names and cells of all rows; the settled reading must read the same again."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    format = sniff(path)
    rows = [list(cells.values()) for _, cells in read_rows(path, format)]
    again = sniff(path, settled_reading(format))
    assert [list(cells.values()) for _, cells in read_rows(path, again)] == rows
    return format.kind, [columns_of(path, format), *rows]


def test_qualities_that_begin_like_headers_do_not_end_a_read(tmp_path: Path) -> None:
    text = "@r0 a b\nACGT\nAC\n+r0\n@III\n+I\n\n@r1\nAC\n+\n@@\n"
    kind, rows = read(tmp_path, "reads.txt", text)
    assert kind == "fastq"
    assert rows[1:] == [["r0", "a b", "ACGTAC", "@III+I"], ["r1", "", "AC", "@@"]]


@pytest.mark.parametrize(("text", "line"), [("@r\nAC\nGT\n+\nIII\nII\n", 6), ("@a\nAC\n+\nII\nAC\n", 5)])
def test_a_broken_read_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "reads.fastq"
    path.write_text("@ok\nAC\n+\nII\n" + text, encoding="utf-8")
    with pytest.raises(BadInput, match=f"Line {line + 4} "):
        list(read_rows(path))


def test_a_text_that_quotes_is_no_sequence_file(tmp_path: Path) -> None:
    assert read(tmp_path, "mail.txt", ">\nwe met on Monday, he said\n> yes\nno\n")[0] == "table"


@pytest.mark.parametrize("key", ["label", "target", "class", "Location"])
def test_a_key_of_the_headers_is_a_column_of_that_name(tmp_path: Path, key: str) -> None:
    text = "".join(f">p{place} {key}={'ab'[place % 2]}\nMKVLAAGI\n" for place in range(8))
    assert read(tmp_path, "a.fasta", text)[1][:2] == [["id", key.lower(), "sequence"], ["p0", "a", "MKVLAAGI"]]


def test_usual_headers_stay_whole(tmp_path: Path) -> None:
    database = "".join(f">{'st'[place % 2]}p|P{place:05}|X{place}_HUMAN\nMKVLAAGI\n" for place in range(8))
    assert read(tmp_path, "a.fasta", database.replace(">tp", ">tr"))[1][0] == ["id", "description", "sequence"]
    names = "".join(f">p{place} Protein number {place} of a {'very ' * (place % 3)}cell\nMKVLA\n" for place in range(9))
    assert read(tmp_path, "b.fasta", names)[1][0] == ["id", "description", "sequence"]


def test_an_a3m_alignment_keeps_the_places_of_its_query(tmp_path: Path) -> None:
    text = ">query\nMKVLAAGI\n>a x\nMK-LaaAAGI\n>b\nmMKV--AGIk\n"
    for name in ("a.a3m", "a.txt"):
        kind, rows = read(tmp_path, name, text)
        assert kind == "a3m"
        assert [row[-1] for row in rows[1:]] == ["MKVLAAGI", "MKLAAGI", "MKVAGI"]
    assert "insertions" in sniff(tmp_path / "a.a3m").remarks[0]


def test_small_letters_that_mask_repeats_make_no_alignment(tmp_path: Path) -> None:
    kind, rows = read(tmp_path, "a.fasta", ">a\nACGTacgtACGT\n>b\nACGTTTTTacgt\n")
    assert (kind, rows[1][-1]) == ("fasta", "ACGTacgtACGT")


def test_a_stockholm_alignment_is_read_without_gaps(tmp_path: Path) -> None:
    text = (
        "# STOCKHOLM 1.0\n#=GF ID Kinase\n#=GF AC PF00069.1\n#=GS a/1-4 AC P1\na/1-4  MK-V\nb/2-5  .MKl\n"
        "#=GC SS_cons HHHH\n\na/1-4  AA\nb/2-5  -G\n//\n# STOCKHOLM 1.0\n#=GF ID Second\nc MM\n//\n"
    )
    kind, rows = read(tmp_path, "a.sto", text)
    assert kind == "stockholm"
    assert rows == [
        ["id", "family", "sequence"],
        ["a/1-4", "PF00069.1", "MKVAA"],
        ["b/2-5", "PF00069.1", "MKLG"],
        ["c", "Second", "MM"],
    ]


def test_sentences_of_abstracts_are_rows_with_their_abstract(tmp_path: Path) -> None:
    text = "###24491034\nBACKGROUND\tThe aim was, as said .\nRESULTS\tIt was so .\n\n###7\nMETHODS\tWe did it .\n\n"
    kind, rows = read(tmp_path, "train.txt", text)
    assert kind == "abstracts"
    assert rows == [
        ["abstract_id", "position", "label", "sentence"],
        ["24491034", "1", "BACKGROUND", "The aim was, as said ."],
        ["24491034", "2", "RESULTS", "It was so ."],
        ["7", "1", "METHODS", "We did it ."],
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_mapping_is_a_row_for_each_id(tmp_path: Path, indent: int | None) -> None:
    text = json.dumps({f"CHEMBL{place}": "C" * (place + 1) for place in range(4)}, indent=indent)
    assert read(tmp_path, "a.json", text)[1][:2] == [["id", "value"], ["CHEMBL0", "C"]]


def test_one_object_with_names_of_columns_is_one_row(tmp_path: Path) -> None:
    assert read(tmp_path, "a.json", '{"smiles": "CCO", "y": 1}\n')[1] == [["smiles", "y"], ["CCO", "1"]]


def test_an_ecsv_table_of_astropy_is_read(tmp_path: Path) -> None:
    head = "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: source, datatype: string}\n"
    head += "# - {name: flux, unit: Jy, datatype: float64}\n"
    rows = "".join(f'"star {place}" {place}.5\n' for place in range(12))
    found = read(tmp_path, "a.ecsv", head + "# schema: astropy-2.0\nsource flux\n" + rows)[1]
    assert found[:2] == [["source", "flux"], ["star 0", "0.5"]]
    comma = (head + "# delimiter: ','\nsource,flux\n" + rows.replace('" ', '",')).replace("astropy", "")
    assert read(tmp_path, "b.ecsv", comma)[1] == found


def test_a_machine_readable_table_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "table1.dat"
    line = "-" * 80 + "\n"
    path.write_text(
        "Title: Stars\nAuthors: A. Nobody\nTable: One\n"
        + "=" * 80
        + "\nByte-by-byte Description of file: table1.dat\n"
        + line
        + "   Bytes Format Units  Label  Explanations\n"
        + line
        + "   1-  4 A4     ---    Name   Name\n"
        + line,
        encoding="utf-8",
    )
    with refused_exactly(BadInput, path="table1.dat", what=ANY) as raised:
        sniff(path)
    assert "CDS" in raised.value.message and "ascii.cds" in raised.value.hint
