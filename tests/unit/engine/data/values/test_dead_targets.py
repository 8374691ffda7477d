"""Columns that were meant to be learnt and hold nothing to learn are told in the same words by every door."""

import json
from pathlib import Path

import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.values.dead_targets import nothing_in
from sciapp.records.project.project import Project
from tests.helpers.messages import quoted, values_of


def table(folder: Path, header: str, cells: list[str]) -> Path:
    path = folder / "table.csv"
    rows = (f"{'C' * (place % 9 + 1)}{'N' * (place // 9 + 1)},{cell}\n" for place, cell in enumerate(cells))
    path.write_text(f"smiles,{header}\n" + "".join(rows), encoding="utf-8")
    return path


def test_the_words_say_which_rows_are_meant() -> None:
    of_values = [nothing_in("y", ["5"], gaps=gaps, whole=whole) for gaps in (False, True) for whole in (True, False)]
    of_none = [nothing_in("y", [], whole=whole) for whole in (True, False)]
    assert [values_of(text) for text in of_values] == [{"name": "y", "value": "5"}] * 4
    assert [values_of(text) for text in of_none] == [{"name": "y"}] * 2
    assert len({*of_values, *of_none}) == 6
    assert nothing_in("y", ["1", "2"]) == ""


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("y", ["5"] * 30, nothing_in("y", ["5"])),
        ("class", ["active"] * 30, nothing_in("class", ["active"])),
        ("y", [""] * 30, nothing_in("y", [])),
        ("label", ["", "yes"] * 15, nothing_in("label", ["yes"], gaps=True)),
    ],
)
def test_explain_and_doctor_say_why_there_is_nothing_to_learn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, cells: list[str], said: str
) -> None:
    path = table(tmp_path, header, cells)
    project = str(Project.create(tmp_path / "project", domain="molecule").folder)
    assert cli.main(["import", project, str(path), "--explain", "--json"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["proposal"]["notes"]
    assert note.startswith(f"{said}: ")
    assert cli.main(["doctor", project, str(path)]) == 1
    assert said in capsys.readouterr().err


def test_the_doctor_tells_of_a_dead_assay_as_explain_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "NR-AR,NR-ER,SR-p53,SR-x", [f"{i % 2},{i // 2 % 2},{i // 4 % 2},0" for i in range(30)])
    project = str(Project.create(tmp_path / "project", domain="molecule").folder)
    assert cli.main(["doctor", project, str(path), "--json"]) == 0
    titles = [finding["title"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    (title,) = [title for title in titles if quoted(title) == ["SR-x"]]
    assert title != nothing_in("SR-x", ["0"]), "it is left out, and was not asked for"
    assert cli.main(["doctor", project, str(path), "--target", "NR-AR", "--target", "SR-x", "--json"]) == 0
    titles = [finding["title"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert nothing_in("SR-x", ["0"]) in titles
