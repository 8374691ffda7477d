"""Spellings that nobody had tried: powers of ten, class codes of several widths, split names, ids, JSON by id."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.values.cell_units import number_and_unit
from sciapp.engine.data.values.cells import ContentCounter, class_reader, number
from sciapp.engine.data.values.identifiers import name_rows
from sciapp.engine.data.values.spellings import several_spellings
from sciapp.engine.data.values.split_names import TEST, TRAIN, VALIDATION, split_named
from sciapp.records.project.project import Project

MOLECULES = [f"{'C' * length}{end}" for length in range(1, 11) for end in ("O", "N", "Cl")]


def imported(folder: Path, name: str, text: str, capture: pytest.CaptureFixture[str], domain: Any = "molecule") -> Any:
    """The card and the rows."""
    (folder / name).write_text(text, encoding="utf-8")
    Project.create(folder / "project", domain=domain)
    capture.readouterr()
    assert cli.main(["import", str(folder / "project"), str(folder / name), "--json"]) == 0
    card = json.loads(capture.readouterr().out)
    return card, pq.read_table(folder / "project" / "datasets" / card["id"] / "table.parquet").to_pylist()


@pytest.mark.parametrize("cell", ["4.2×10^-9", "4.2 × 10−9", "4.2·10⁻⁹", "4.2x10^-9", "4.2e-9"])
def test_powers_of_ten_are_read_as_people_write_them(cell: str) -> None:
    assert number(cell) == 4.2e-9
    assert number_and_unit(cell)[1] == ""


def test_a_unit_stands_behind_the_power() -> None:
    assert number_and_unit("4.2 × 10⁻⁹ M") == ("4.2e-9", "M")
    assert number("4,2·10³", ",") == 4200.0


@pytest.mark.parametrize("cell", ["2x10", "1 × 10", "3·103"])
def test_a_product_is_no_power(cell: str) -> None:
    with pytest.raises(ValueError):
        number(cell)


def test_one_power_for_all_is_no_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "smiles,Kd\n" + "".join(f"{one},{n + 1}.25·10⁻⁹\n" for n, one in enumerate(MOLECULES))
    _, rows = imported(tmp_path, "a.csv", text, capsys)
    assert [row["target:Kd"] for row in rows] == [float(f"{n + 1}.25e-9") for n in range(len(MOLECULES))]


def test_codes_of_several_widths_stay_apart() -> None:
    counter = ContentCounter()
    counter.add(["007", "07", "010", "007", "07"])
    content = counter.content()
    read = class_reader(content)
    assert content.different == {"007", "07", "010"} and content.class_like
    assert [read(cell) for cell in ("007", "07", "010")] == ["007", "07", "010"]
    assert several_spellings({"007": 2, "07": 2, "010": 1}) == [["007", "07"]]


def test_a_dash_beside_plus_is_an_answer_and_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "smiles,active\n" + "".join(f"{one},{'+–'[n % 2]}\n" for n, one in enumerate(MOLECULES))
    _, rows = imported(tmp_path, "a.csv", text, capsys)
    assert [row["target:active"] for row in rows] == ["+", "–"] * 15
    assert cli.main(["doctor", str(tmp_path / "project"), str(tmp_path / "a.csv"), "--json"]) == 0
    assert "gap_words" not in capsys.readouterr().out


def test_split_names_of_other_languages() -> None:
    assert [split_named(cell) for cell in ("Training", "Validierung", "TR", "VA", "TE")] == [
        TRAIN, VALIDATION, TRAIN, VALIDATION, TEST,
    ]  # fmt: skip
    assert split_named("train3") == TRAIN and split_named("Test set 2") == TEST


@pytest.mark.parametrize("cell", ["dev0012", "test1034", "TE1", "tr-2"])
def test_ids_are_no_split_names(cell: str) -> None:
    assert split_named(cell) is None


def test_names_of_two_words_with_a_running_number_name_rows() -> None:
    assert name_rows("star", [f"HD {number}" for number in range(100, 160)])
    assert not name_rows("review", [f"took {number} mg daily" for number in range(100, 160)])
    assert not name_rows("answer", ["very good", "bad 2", "no 1", "grade 3", "soso 4", "fine 5"])


def test_json_with_an_object_for_each_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = {f"C{n}": {"smiles": one, "y": n + 0.5} for n, one in enumerate(MOLECULES)}
    _, rows = imported(tmp_path, "a.json", json.dumps(document), capsys)
    assert [row["target:y"] for row in rows] == [n + 0.5 for n in range(len(MOLECULES))]
    assert [row["column:id"] for row in rows] == list(document)


def test_json_of_pandas_has_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = {"smiles": dict(enumerate(MOLECULES)), "y": {n: n + 0.5 for n in range(len(MOLECULES))}}
    _, rows = imported(tmp_path, "a.json", json.dumps(document), capsys)
    assert [row["target:y"] for row in rows] == [n + 0.5 for n in range(len(MOLECULES))]


def test_comments_above_sequences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letters = "ACDEFGHIKLMNPQRSTVWY"
    entries = "".join(f">p{n} label={n % 2}\nMKV{letters[n:]}{letters[:n]}\n" for n in range(20))
    _, rows = imported(tmp_path, "a.fasta", "#38\t1\n" + entries, capsys, "protein")
    assert [row["target:label"] for row in rows] == ["0", "1"] * 10


@pytest.mark.parametrize(
    "cell", ["the value {n} is fine, and so on", r'"say \"{n}\", all right"'], ids=["plain comma", "backslashes"]
)
def test_commas_inside_cells_make_no_row_names(cell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rows are refused: a shifted column would be a wrong one."""
    rows = "".join(f"{one},{cell.format(n=n)},{n}.5\n" for n, one in enumerate(MOLECULES))
    (tmp_path / "a.csv").write_text("smiles,note,y\n" + rows, encoding="utf-8")
    Project.create(tmp_path / "project", domain="molecule")
    code = cli.main(["import", str(tmp_path / "project"), str(tmp_path / "a.csv"), "--json"])
    assert code != 0 or "row name" not in capsys.readouterr().out
