"""Totals, means and empty rows beneath a table are no rows of it; units beneath two rows of names are none either."""

from pathlib import Path
from unittest.mock import ANY

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.summary_rows import EMPTY, SUMMARY
from sciapp.engine.data.readers.table_reader import preview, read_rows
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, values_of
from tests.helpers.rejections import set_aside
from tests.helpers.sheets import write_workbook

MOLECULES = [[f"C{n}", "C" * (n + 1) + "O", f"{n / 4:.2f}", f"{n * 3}"] for n in range(30)]
HEADER = ["id", "smiles", "y", "dose"]


def problems(path: Path) -> list[str]:
    return [cells.problem for _, cells in read_rows(path) if cells.problem]


def written(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "t.csv"
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("end", "count"),
    [
        ([["Mean", "", "3.63", "43.5"]], 1), ([["Mean", "", "3.63", "43.5"], ["SD", "", "2.2", ""]], 2),
        ([["", "", "", ""], ["Total", "", "109", "1305"]], 2), ([["", "Sum", "109", "1305"]], 1),
        ([["n", "", "30", "30"]], 1), ([["", "", "", ""], ["", "", "", ""]], 2), ([["Mean:", "", "3.63"]], 1),
        ([["Average", "", "3.6", ""], ["Std. Dev.", "", "2", ""], ["Min", "", "0", ""], ["Max", "", "7", ""]], 4),
        ([["C30", "CCO", "1.5", "2"]], 0), ([["Mean", "CCO", "1.5", "2"], ["C31", "CCO", "1.5", "2"]], 0),
        ([["Mean", "CCO", "soon", "2"]], 0),
    ],
)  # fmt: skip
def test_rows_beneath_a_table_are_named(tmp_path: Path, end: list[list[str]], count: int) -> None:
    path = written(tmp_path, [HEADER, *MOLECULES, *end])
    found = problems(path)
    assert len(found) == count
    assert all(text == EMPTY or has_part(text, problem=SUMMARY, label=ANY) for text in found)
    assert len(preview(path).rows) == 30 + len(end) - count


def test_a_workbook_has_them_too(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_workbook(path, {"Data": [HEADER, *MOLECULES, ["Mean", "", 3.63, 43.5], ["SD", "", 2.2, 26.4]]})
    summaries = [{"problem": SUMMARY, "label": word} for word in ("Mean", "SD")]
    assert [values_of(problem) for problem in problems(path)] == summaries


def test_words_of_a_lexicon_and_peptides_are_no_summaries(tmp_path: Path) -> None:
    words = [
        [word, str(place / 3)] for place, word in enumerate(["run", "walk", "house", "mouse", "give", "total"] * 5)
    ]
    assert not problems(written(tmp_path, [["text", "y"], *words, ["mean", "0.3"]]))
    peptides = [["ACDEFGHIKL"[: place % 5 + 3], str(place / 3)] for place in range(20)]
    assert not problems(written(tmp_path, [["sequence", "y"], *peptides, ["MEAN", "0.3"]]))
    sentences = [[f"this is sentence number {place}", str(place / 3)] for place in range(20)]
    assert len(problems(written(tmp_path, [["text", "y"], *sentences, ["Mean", "3.2"]]))) == 1


def test_an_import_leaves_them_out_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, [HEADER, *MOLECULES, ["", "", "", ""], ["Mean", "", "3.63", "43.5"], ["SD", "", "2.2"]])
    project = Project.create(tmp_path / "p", domain="molecule")
    card = import_table(project, ImportRequest(file=str(path), roles=Roles(input="smiles", targets=("dose",))))
    project.close()
    assert isinstance(card, DatasetCard)
    assert set_aside(card)[RejectionReason.SUMMARY] == 3
    label = RejectionReason.SUMMARY.label
    (finding,) = (one for one in card.findings if has_part(one.title, label=label))
    assert (finding.lines, finding.weight) == ((32, 33, 34), "note")
    rejected = project.dataset_folder(card.id).rejected_file.read_text(encoding="utf-8")
    assert (rejected.count(EMPTY), rejected.count(f"{SUMMARY} (“Mean”)")) == (1, 1)
    table = pq.read_table(project.dataset_folder(card.id).table_file)
    assert max(table["target:dose"].to_pylist()) == 87.0


@pytest.mark.parametrize(
    ("first", "second", "units"),
    [
        ("Compound,,Activity,", "id,smiles,y,dose", ",,nM,mg/L"),
        ("Name,Structure,Potency,Dose", "id,smiles,y,dose", "-,-,nM,mg/L"),
        (",,Assay 1,Assay 2", "id,smiles,y,dose", ",,(nM),(mg/L)"),
    ],
)
def test_units_beneath_two_rows_of_names_are_no_row(tmp_path: Path, first: str, second: str, units: str) -> None:
    seen = preview(written(tmp_path, [*(line.split(",") for line in (first, second, units)), *MOLECULES]))
    assert (seen.columns, seen.rows) == (HEADER, MOLECULES)
    assert seen.format.units_line == 3
