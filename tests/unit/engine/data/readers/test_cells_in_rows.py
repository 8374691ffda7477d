"""Cells that hold the sign between cells: escaped by a backslash they are read, without quotation marks set aside."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.dataset.prediction_export import export_table
from sciapp.engine.data.formats.header_names import misfit
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import columns_of, preview, read_rows, settled_reading, sniff
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from tests.helpers.messages import refused_exactly, values_of

WIDE = misfit(["CO", "2", "0-thing"], ["smiles", "name"], ",")


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read(path: Path, reading: Reading | None = None) -> list[list[str]]:
    """All rows; the settled reading must read the same again."""
    format = sniff(path, reading)
    rows = [list(cells.values()) for _, cells in read_rows(path, format) if not cells.problem]
    again = sniff(path, settled_reading(format))
    assert [list(cells.values()) for _, cells in read_rows(path, again) if not cells.problem] == rows
    return rows


TEXTS = [
    'He said "yes", then no',
    "plain, with comma",
    'a "quoted" word',
    "C:\\data, or D:",
    'two\nlines, "here"',
    "\\N",
]


def escaped(cells: list[str], sign: str) -> str:
    """As MySQL and pandas write them: marks and backslashes have a backslash in front."""
    return sign.join('"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"' for cell in cells) + "\n"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("plain_rows", [0, 30, 900])
def test_marks_with_a_backslash_in_front_belong_to_the_text(tmp_path: Path, sign: str, plain_rows: int) -> None:
    rows = [[f"row, {place}", str(place / 4)] for place in range(plain_rows)]
    rows += [[text, str(place)] for place, text in enumerate(TEXTS * 3)]
    path = written(tmp_path, escaped(["text", "y"], sign) + "".join(escaped(row, sign) for row in rows))
    format = sniff(path)
    assert (format.delimiter, settled_reading(format).quote) == (sign, "backslash")
    assert read(path) == rows
    assert any(what == "quote" and "backslash" in why for what, _, why in format.findings)


def test_other_backslashes_stay_as_they_are(tmp_path: Path) -> None:
    rows = [f'"C:\\dir\\{place}","he said \\"no, {place}\\""\n' for place in range(12)]
    assert read(written(tmp_path, "".join(['"path","text"\n', *rows])))[3] == ["C:\\dir\\3", 'he said "no, 3"']


def test_a_backslash_at_the_end_of_a_cell_is_no_escape(tmp_path: Path) -> None:
    rows = [f'"C:\\dir{place}\\","text, {place}"\n' for place in range(12)]
    path = written(tmp_path, "".join(['"path","text"\n', *rows]))
    assert read(path)[3] == ["C:\\dir3\\", "text, 3"]
    assert settled_reading(sniff(path)).quote == "double"


def test_delimiters_with_a_backslash_in_front_belong_to_the_text(tmp_path: Path) -> None:
    path = written(tmp_path, "id,text,y\n" + "".join(f"{i},one\\, two {i},{i / 2}\n" for i in range(20)))
    assert columns_of(path) == ["id", "text", "y"]
    assert read(path)[4] == ["4", "one, two 4", "2.0"]


def test_doubled_marks_are_read_beside_escaped_ones(tmp_path: Path) -> None:
    rows = [f'"one ""{i}"", two","x"\n' if i % 2 else f'"one \\"{i}\\", two","x"\n' for i in range(20)]
    found = read(written(tmp_path, "".join(['"text","y"\n', *rows])))
    assert [cells[0] for cells in found] == [f'one "{i}", two' for i in range(20)]


def test_an_escaped_mark_far_below_is_set_aside_with_what_to_do(tmp_path: Path) -> None:
    rows = [f'"a text that goes on and on, {"word " * 60}{i}","x"\n' for i in range(1200)]
    path = written(tmp_path, "".join(['"text","y"\n', *rows, '"he said \\"no\\" again","x"\n']))
    assert sniff(path).quote == '"'
    line, last = list(read_rows(path))[-1]
    assert line == 1202
    assert "--quote backslash" in last.problem
    assert read(path, Reading(quote="backslash"))[-1] == ['he said "no" again', "x"]


def test_predictions_are_written_with_the_escapes_of_the_file(tmp_path: Path) -> None:
    rows = [['say "a", or', "1"], ["plain", "2"], ["C:\\", "3"]]
    path = written(tmp_path, escaped(["text", "y"], ",") + "".join(escaped(row, ",") for row in rows))
    out = tmp_path / "out.csv"
    export_table(path, sniff(path), pa.table({"said": ['x "y"', "b", "c"]}), out)
    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file, escapechar="\\", doublequote=False))
    assert found[1:] == [[*row, new] for row, new in zip(rows, ['x "y"', "b", "c"], strict=True)]


def test_a_database_gap_is_no_value(tmp_path: Path) -> None:
    rows = "".join(f"C{'C' * i}O,{i / 2 if i != 7 else chr(92) + 'N'}\n" for i in range(30))
    project = Project.create(tmp_path / "project", domain="molecule")
    request = ImportRequest(
        file=str(written(tmp_path, "smiles,y\n" + rows)), roles=Roles(input="smiles", targets=("y",))
    )
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    assert (card.rows_kept, card.set_aside_reasons) == (29, {"missing label": 1})


def wide_rows(folder: Path, wide: set[int], rows: int = 30) -> Path:
    """Molecules whose names have a comma in some rows."""
    names = [f"2,{i}-thing" if i in wide else f"thing {i}" for i in range(rows)]
    return written(folder, "smiles,name\n" + "".join(f"{'C' * (i % 20 + 1)}O,{name}\n" for i, name in enumerate(names)))


def test_rows_with_too_many_cells_are_no_example_of_their_columns(tmp_path: Path) -> None:
    seen = preview(wide_rows(tmp_path, {0, 4, 9}))
    assert [row[1] for row in seen.rows[:3]] == ["thing 1", "thing 2", "thing 3"]
    assert len(seen.rows) == 27
    assert values_of(seen.misfits) == {"n": 3, "example": {"line": 2, "wrong": values_of(WIDE)}}
    assert seen.misfits in propose(seen, "molecule").explanation
    assert preview(wide_rows(tmp_path, set())).misfits == ""


def test_where_no_row_fits_the_first_one_is_named(tmp_path: Path) -> None:
    texts = [f"one, two {'and more' * (i % 4)}{',' * (i % 2)} {i},{'yn'[i % 2]}" for i in range(24)]
    with refused_exactly(BadInput, file="table.csv", example={"line": 2, "wrong": values_of(WIDE)}) as raised:
        preview(written(tmp_path, "text,y\n" + "\n".join(texts)))
    assert "--delimiter" in raised.value.hint


def test_the_doctor_and_the_refusal_name_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{'C' * (i % 20 + 1)}O,{i / 2}" + (f",note {i}, more" if i > 4 else ",ok") for i in range(30)]
    path = written(tmp_path, "smiles,y,note\n" + "\n".join(lines))
    Project.create(tmp_path / "project", domain="molecule")
    words = [str(tmp_path / "project"), str(path), "--input", "smiles", "--target", "y"]
    assert cli.main(["doctor", *words, "--json"]) == 0
    findings = {finding["title"]: finding for finding in json.loads(capsys.readouterr().out)["findings"]}
    found = next(one for title, one in findings.items() if title.endswith(RejectionReason.MISFIT.label))
    wide = misfit([""] * 4, ["smiles", "y", "note"], ",")
    assert (found["count"], found["lines"][:2], found["examples"][0]) == (25, [7, 8], wide)
    assert cli.main(["import", *words]) == 1
    assert f"Line 7: {wide}" in capsys.readouterr().err
