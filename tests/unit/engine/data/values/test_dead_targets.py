"""Columns that were meant to be learnt and hold nothing to learn are told in the same words by every door."""

import json
from pathlib import Path

import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.values.dead_targets import nothing_in
from sciapp.records.project.project import Project


def table(folder: Path, header: str, cells: list[str]) -> Path:
    path = folder / "table.csv"
    rows = (f"{'C' * (place % 9 + 1)}{'N' * (place // 9 + 1)},{cell}\n" for place, cell in enumerate(cells))
    path.write_text(f"smiles,{header}\n" + "".join(rows), encoding="utf-8")
    return path


def test_the_words_say_which_rows_are_meant() -> None:
    assert nothing_in("y", ["5"]) == "“y” is 5 in every row"
    assert nothing_in("y", ["5"], gaps=True) == "“y” is 5 in every row that has a value"
    assert nothing_in("y", [], whole=False) == "“y” has no value in any row that was looked at"
    assert nothing_in("y", ["1", "2"]) == ""


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("y", ["5"] * 30, "“y” is 5 in every row"),
        ("class", ["active"] * 30, "“class” is active in every row"),
        ("y", [""] * 30, "“y” has no value in any row"),
        ("label", ["", "yes"] * 15, "“label” is yes in every row that has a value"),
    ],
)
def test_explain_and_doctor_say_why_there_is_nothing_to_learn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, cells: list[str], said: str
) -> None:
    path = table(tmp_path, header, cells)
    project = str(Project.create(tmp_path / "project", domain="molecule").folder)
    assert cli.main(["import", project, str(path), "--explain", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proposal"]["notes"] == [f"{said}: there is nothing to learn from it."]
    assert cli.main(["doctor", project, str(path)]) == 1
    assert said in capsys.readouterr().err


def test_the_doctor_tells_of_a_dead_assay_as_explain_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "NR-AR,NR-ER,SR-p53,SR-x", [f"{i % 2},{i // 2 % 2},{i // 4 % 2},0" for i in range(30)])
    project = str(Project.create(tmp_path / "project", domain="molecule").folder)
    assert cli.main(["doctor", project, str(path), "--json"]) == 0
    titles = [finding["title"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert "“SR-x” has a single value and is left out." in titles
    assert cli.main(["doctor", project, str(path), "--target", "NR-AR", "--target", "SR-x", "--json"]) == 0
    titles = [finding["title"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert nothing_in("SR-x", ["0"]) in titles
