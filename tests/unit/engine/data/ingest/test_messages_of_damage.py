"""What is said of files that are cut off, put together by hand, or have names without end: short and true."""

import csv
import gzip
import io
import zipfile
from pathlib import Path
from unittest.mock import ANY

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.dataset.prediction_reading import covariate_column
from sciapp.engine.data.formats.header_names import misfit
from sciapp.engine.data.formats.text.dialect import a_sign
from sciapp.engine.data.ingest.check_table import check_table
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview, sniff
from sciapp.engine.data.schema.infer import propose
from sciapp.errors import BadInput, UnknownColumn
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, refused_exactly, values_of

ROWS = [("C" * i + "O", f"{i / 7:.3f}", f"n{i}") for i in range(1, 60)]
TABLE = "smiles,y,name\n" + "".join(",".join(row) + "\n" for row in ROWS)


def imported(folder: Path, path: Path, target: str = "y") -> tuple[DatasetCard, list[str]]:
    project = Project.create(folder / "p", domain="molecule")
    request = ImportRequest(file=str(path), roles=Roles(input="smiles", targets=(target,)))
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    with project.dataset_folder(card.id).rejected_file.open(encoding="utf-8", newline="") as file:
        return card, [row[1] for row in csv.reader(file)][1:]


def test_rows_that_part_their_cells_by_another_sign_say_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = [",".join(row) if i < 50 else ";".join(row) for i, row in enumerate(ROWS)]
    path.write_text("\n".join(["smiles,y,name", *lines]) + "\n", encoding="utf-8")
    (delimiter,) = [found for found in sniff(path).findings if found.what == "delimiter"]
    assert has_part(delimiter.why, why=ANY, others=9, rows=60, a=a_sign(";"))
    card, reasons = imported(tmp_path, path)
    assert card.rows_set_aside == 9
    assert reasons == [misfit([line], ["smiles", "y", "name"], ",") for line in lines[50:]]
    assert all("(semicolon)" in reason for reason in reasons)


@pytest.mark.parametrize(("header", "body"), [(";", ","), (",", "\t")])
def test_a_header_with_another_sign_than_its_rows_is_told(tmp_path: Path, header: str, body: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(header.join(["smiles", "y", "name"]) + "\n" + "\n".join(body.join(row) for row in ROWS))
    with refused_exactly(BadInput, name="t.csv", sign=a_sign(header), usual_sign=a_sign(body)):
        preview(path)


def test_the_last_row_of_a_table_that_is_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TABLE[: TABLE.rindex(",")], encoding="utf-8")
    card, reasons = imported(tmp_path, path)
    assert (card.rows_read, card.rows_set_aside) == (59, 1)
    (reason,) = reasons
    of_any_row = misfit(["C", "1"], ["smiles", "y", "name"])
    assert reason.startswith(of_any_row) and reason != of_any_row, "more is said of the last row"


def packed(name: str) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(TABLE.encode() * 300)
    if name.endswith(".parquet"):
        out = io.BytesIO()
        pq.write_table(pa.table({"smiles": [row[0] for row in ROWS], "y": [row[1] for row in ROWS]}), out)
        return out.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", TABLE)
    return out.getvalue()


@pytest.mark.parametrize("name", ["t.csv.gz", "t.parquet", "t.zip"])
def test_a_packed_file_that_is_cut_off_is_called_so(tmp_path: Path, name: str) -> None:
    path, whole = tmp_path / name, packed(name)
    path.write_bytes(whole[: len(whole) // 2])
    with refused_exactly(BadInput, file=name, how=ANY, kind=ANY):
        preview(path)


def test_names_and_classes_without_end_are_shortened_in_everything_that_is_said(tmp_path: Path) -> None:
    path, name = tmp_path / "t.csv", "begin" + "x" * 10_000 + "end"
    rows = [f"{smiles},{'k' * 9000}{i % 2}" for i, (smiles, _, _) in enumerate(ROWS)]
    path.write_text("\n".join([f"smiles,{name}", *rows, "CCN,NaN"]) + "\n", encoding="utf-8")
    proposal = propose(preview(path), "molecule")
    assert proposal.targets == (name,)
    card, reasons = imported(tmp_path, path, name)
    checkup = check_table("molecule", ImportRequest(file=str(path), roles=card.roles))
    assert isinstance(checkup, QualityReport)
    said = [proposal.reason, card.task_reason, *card.remarks, *reasons]
    said += [text for finding in checkup.findings for text in (finding.title, finding.consequence, *finding.examples)]
    for text in said:
        assert len(text) < 400, text[:500]
    assert "“beginxxx" in proposal.reason and "xxend”" in proposal.reason
    error = UnknownColumn("z" + name, [name, "smiles"])
    assert len(str(error)) < 300 and "xxend”" in str(error)


def test_several_columns_in_one_option_are_said_to_be_several() -> None:
    assert values_of(UnknownColumn("a, b", ["a", "b", "c"]).hint) == {"n": 2}
    assert values_of(UnknownColumn("a,x", ["a", "b", "c"]).hint) != {"n": 2}


def test_a_covariate_that_a_file_lacks_is_said_to_be_read_by_the_model(tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("smiles,ph\nCCO,7\nCC,7\n", encoding="utf-8")
    assert covariate_column(file, "pH") == "ph"
    with refused_exactly(UnknownColumn, name="T") as refused:
        covariate_column(file, "T")
    assert has_part(refused.value.hint, name="T")
