"""A predicted file comes back as it is written itself, with names of their own for what was predicted."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from sciapp.engine.data.dataset.prediction_export import export_table
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import read_rows, sniff
from sciapp.engine.data.values.column_names import distinct_names
from sciapp.errors import BadInput
from sciapp.records.dataset.card import ImportRequest, Roles
from sciapp.records.project.project import Project


def predicted(*values: float | None, problem: str | None = None, name: str = "prediction y") -> pa.Table:
    return pa.table({name: pa.array(values, pa.float64()), "problem": pa.array([problem] * len(values), pa.string())})


def exported(source: Path, table: pa.Table, out: Path) -> bytes:
    export_table(source, sniff(source), table, out)
    return out.read_bytes()


def test_delimiter_decimal_sign_and_quotes_of_the_file_stay(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(b'"Nr";SMILES;"Wert"\n"007";CCO;"1,50"\n"008";"C;C";2,25\n"009";CC;3,5\n')
    out = exported(source, predicted(-0.5, None, 1e-7), tmp_path / "out.csv")
    assert out.decode().splitlines() == [
        "Nr;SMILES;Wert;prediction y;problem",
        '"007";CCO;"1,50";-0,5;',
        '"008";"C;C";2,25;;',
        '"009";CC;3,5;1e-07;',
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_stays(tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "in.csv"
    text = "name;smiles;größe\n" + "".join(f"Säure für Prüfungen {i};CCO;{i}.5\n" for i in range(30))
    source.write_bytes(text.encode(encoding))
    out = exported(source, predicted(*[1.5] * 30), tmp_path / "out.csv")
    assert out.decode(encoding).splitlines()[1] == "Säure für Prüfungen 0;CCO;0.5;1.5;"
    assert out[:3] == text.encode(encoding)[:3] or encoding == "cp1252"


def test_what_the_encoding_cannot_spell_is_written_in_utf_8(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(("name;smiles;größe\n" + "Säure für Prüfungen;CCO;0.5\n" * 30).encode("cp1252"))
    out = exported(source, predicted(*[1.5] * 30, name="prediction ΔG≤"), tmp_path / "out.csv")
    assert out.decode("utf-8").splitlines()[:2] == [
        "name;smiles;größe;prediction ΔG≤;problem",
        "Säure für Prüfungen;CCO;0.5;1.5;",
    ]


def test_an_unquoted_file_stays_unquoted(tmp_path: Path) -> None:
    source = tmp_path / "in.tsv"
    source.write_text('name\tsmiles\n2" disc\tCCO\n5" disc\tCC\n"x\tC\n', encoding="utf-8")
    out = exported(source, predicted(1, 2, 3, problem="a\tb"), tmp_path / "out.csv")
    assert [row["name"] for _, row in read_rows(tmp_path / "out.csv")] == ['2" disc', '5" disc', '"x']
    assert out.decode().splitlines()[0].split("\t") == ["name", "smiles", "prediction y", "problem"]


def test_rows_that_do_not_fit_keep_the_new_cells_in_their_columns(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,smiles,y\n1,CCO,5\n2,CC\n3,C,5,6\n4,CCC,7\n", encoding="utf-8")
    exported(source, predicted(1, 2, 3, 4), tmp_path / "out.csv")
    rows = [row for _, row in read_rows(tmp_path / "out.csv")]
    assert [row["prediction y"] for row in rows] == ["1.0", "2.0", "3.0", "4.0"]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(("name", "sign"), [("out.csv", ","), ("out.tsv", "\t")])
def test_sequences_come_as_a_table_by_the_name_of_the_new_file(tmp_path: Path, name: str, sign: str) -> None:
    source = tmp_path / "in.fasta"
    source.write_text(">P1 one\nMKV\n>P2 two\nMKL\n", encoding="utf-8")
    out = exported(source, predicted(1, 2), tmp_path / name).decode()
    assert out.splitlines()[1].split(sign)[-2] == "1.0"


def test_predicting_again_and_again_never_takes_a_name(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,smiles\n0101,CCO\n0102,CC\n", encoding="utf-8")
    for turn in range(4):
        out = tmp_path / f"out{turn}.csv"
        exported(source, predicted(float(turn), None, problem="“none”"), out)
        source = out
    (_, row), _ = read_rows(source)
    assert row["id"] == "0101"
    assert [row[f"prediction y{n}"] for n in ("", " (2)", " (3)", " (4)")] == ["0.0", "1.0", "2.0", "3.0"]
    assert len(row) == 10


def test_names_that_differ_in_case_or_blanks_alone_are_taken_too() -> None:
    assert distinct_names(["Problem ", "prediction  Y"], ["prediction y", "problem", "problem"]) == [
        "prediction y (2)",
        "problem (2)",
        "problem (3)",
    ]


def test_a_file_with_other_rows_than_were_predicted_is_told(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,smiles\n1,CCO\n2,CC\n", encoding="utf-8")
    with pytest.raises(BadInput, match="other rows"):
        exported(source, predicted(1), tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_rows_set_aside_have_the_reason_once_whatever_the_columns_are_called(tmp_path: Path) -> None:
    rows = "".join(f"{'C' * n},{n}.5,{n},own {n}\n" for n in range(1, 21))
    (tmp_path / "in.csv").write_text("smiles,y,line,reason\n" + rows + "?,1,21,own 21\n", encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="molecule")
    asked = ImportRequest(file=str(tmp_path / "in.csv"), roles=Roles(input="smiles", targets=("y",)))
    card = import_table(project, asked)
    project.close()
    with project.dataset_folder(card.id).rejected_file.open(encoding="utf-8", newline="") as file:
        (aside,) = csv.DictReader(file)
    assert (aside["line"], aside["line (2)"], aside["reason (2)"]) == ("22", "21", "own 21")
    assert "own" not in aside["reason"]
