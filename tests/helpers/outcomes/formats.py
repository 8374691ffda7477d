"""What stands around a table, how it is written, and what is no row of it."""

from typing import Any

from sciapp.actions import import_request
from sciapp.engine.data.formats.base import HEADER_AGAIN
from sciapp.engine.data.formats.tables import excel
from sciapp.engine.data.schema import infer
from sciapp.engine.data.values import rejections
from sciapp.engine.data.values.cells import SPREADSHEET_ERRORS
from tests.helpers.cases import Case, right
from tests.helpers.printed import says


def _remarks(card: dict[str, Any]) -> str:
    return " ".join(card["remarks"])


def _numbers(case: Case, card: dict[str, Any]) -> list[float]:
    """The molecules' target, in the order of the file."""
    column: list[float] = case.table(card).sort_by("line").column(f"target:{card['roles']['targets'][0]}").to_pylist()
    return column


@right("import/01_header_one_cell_short.txt")
def header_one_cell_short(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_read"], card["rows_kept"]) == (64, 64)
    assert (card["roles"]["input"], card["roles"]["targets"]) == ("smiles", ["y"])
    assert _numbers(case, card)[:3] == [0.05, 3.75, 7.45]
    assert "Row names" in _remarks(card)


@right("import/02_two_stray_quotes.csv")
def two_stray_quotes(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_read"], card["rows_kept"], card["rows_set_aside"]) == (64, 62, 2)
    aside = case.rejected(card)
    assert [row["line"] for row in aside] == ["12", "42"]
    assert all("quotation mark" in row["reason"] for row in aside)
    assert [row for row in case.table(card).column("line").to_pylist() if 12 < row < 42] == list(range(13, 42))


@right("import/03_pipe_inside_cells.csv")
def pipe_inside_cells(case: Case) -> None:
    seen = case.explain().json
    assert seen["columns"] == ["name", "range (a | b)", "text", "y"]
    assert seen["reading"]["delimiter"] == "comma"
    assert case.imported().json["rows_kept"] == 30


@right("import/06b_headerless_smiles_class.csv")
def headerless_smiles_class(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_read"], card["rows_kept"], card["task"]) == (64, 64, "classification")
    assert case.table(card).sort_by("line").column("line")[0].as_py() == 1
    assert card["targets"][0]["classes"] == ["active", "inactive"]


@right("import/07_comment_lines.csv")
def comment_lines(case: Case) -> None:
    seen = case.explain().json
    assert seen["columns"] == ["smiles", "y"]
    card = case.imported().json
    assert (card["rows_read"], card["rows_kept"]) == (64, 64)
    assert case.table(card).sort_by("line").column("line")[0].as_py() == 4
    assert "Comments (#)" in _remarks(card)


@right("import/22_sep_line.csv")
def sep_line(case: Case) -> None:
    assert case.explain().json["columns"] == ["smiles", "y"]
    card = case.imported().json
    assert (card["rows_read"], card["rows_kept"]) == (64, 64)
    assert _numbers(case, card)[:3] == [0.05, 3.75, 7.45]


@right("sep_line_text.csv")
def sep_line_text(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_read"], card["rows_kept"], card["task"]) == (60, 60, "classification")
    assert card["targets"][0]["classes"] == ["negative", "positive"]
    assert "sep=" in _remarks(card)


@right("import/24_header_repeated.csv")
def header_repeated(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_kept"], card["task"]) == (64, "regression")
    aside = case.rejected(card)
    assert [row["line"] for row in aside] == ["22", "43", "64"]
    assert {row["reason"] for row in aside} == {HEADER_AGAIN}


@right("title_line_above_header.csv")
def title_line_above_header(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_kept"], card["roles"]["input"], card["roles"]["targets"]) == (40, "smiles", ["pIC50"])
    assert "Title" in _remarks(card)


@right("formula.xlsx")
def formulas_without_results(case: Case) -> None:
    seen = case.explain().json
    assert seen["proposal"]["targets"] == []
    assert says(seen["proposal"]["reason"], infer, named="“pIC50”")
    answer = case.imported()
    assert answer.code == 1
    assert says(answer.said, infer, named="“pIC50”")
    assert case.imported("--input", "smiles", "--target", "raw").json["rows_kept"] == 40


@right("merged.xlsx")
def merged_cells(case: Case) -> None:
    card = case.imported().json
    series = case.table(card).sort_by("line").column("column:series").to_pylist()
    assert series == [f"S{place // 4}" for place in range(40)]
    assert says(_remarks(card), excel, n=30)


@right("errors.xlsx")
def errors_in_cells(case: Case) -> None:
    card = case.imported().json
    assert (card["rows_kept"], card["rows_set_aside"]) == (35, 5)
    reasons = [row["reason"] for row in case.rejected(card)]
    for cell, count in (("#DIV/0!", 2), ("#N/A", 2), ("#FORMULA!", 1)):
        error = SPREADSHEET_ERRORS[cell.lower()]
        assert sum(says(reason, rejections, target=..., cell=..., error=error) for reason in reasons) == count
        assert sum(cell in reason for reason in reasons) == count
    assert "#DIV/0!, #N/A" in _remarks(card)


@right("import/43_fifteen_columns.csv")
def fifteen_columns(case: Case) -> None:
    answer = case.imported()
    assert answer.code == 1
    assert "c10, c11, c12, c13, default." in answer.said


@right("import/04_first_header_empty.fasta")
def first_header_empty(case: Case) -> None:
    seen = case.explain().json
    assert seen["reading"]["format"] == "fasta"
    assert seen["columns"] == ["id", "label", "sequence"]
    assert seen["rows"][0] == ["", "", "MKVAAA"]
    assert case.checked("--input", "sequence", "--target", "label").json["rows_read"] == 13


@right("import/05_wrapped.fastq")
def wrapped_reads(case: Case) -> None:
    seen = case.explain().json
    assert seen["columns"] == ["id", "description", "sequence", "quality"]
    assert seen["rows"][0][2] == "CATACAAGTGACCATGTATCATGAGAACAGACAGTTCCCTAGCAGTCGGGACGAGTCGCG"
    assert {len(row[2]) for row in seen["rows"]} == {len(row[3]) for row in seen["rows"]} == {60}
    assert case.checked("--input", "sequence", "--target", "id").json["rows_read"] == 12


@right("import/26_mapping.json")
def mapping(case: Case) -> None:
    seen = case.explain().json
    assert seen["columns"] == ["id", "value"]
    assert seen["rows"][0] == ["CHEMBL0", "CO"]
    assert seen["proposal"]["input"] == "value"


@right("import/27_label_in_header.fasta")
def label_in_header(case: Case) -> None:
    seen = case.explain().json
    assert seen["columns"] == ["id", "description", "header 2", "header 3", "sequence"]
    assert seen["proposal"]["targets"] == ["header 2"]
    card = case.imported("--input", "sequence", "--target", "header 2", "--split", "random").json
    assert card["targets"][0]["classes"] == ["Cytoplasm-S", "Nucleus-U"]


@right("import/27b_label_after_pipe.fasta")
def label_after_pipe(case: Case) -> None:
    seen = case.explain().json
    assert seen["rows"][0][:4] == ["P000|0|train", "", "0", "train"]
    assert seen["proposal"]["targets"] == ["header 2"]
    card = case.imported("--input", "sequence", "--target", "header 2", "--split", "random").json
    assert card["targets"][0]["classes"] == ["0", "1"]


@right("import/30_variants_only.tsv")
def variants_only(case: Case) -> None:
    answer = case.imported()
    assert answer.code == 1
    assert says(answer.said, import_request, columns="variant, score")


@right("import/31_nul_in_cells.csv")
def zero_bytes(case: Case) -> None:
    answer = case.imported()
    assert answer.code == 1
    assert "zero bytes" in answer.said
    assert "line 2" in answer.said
