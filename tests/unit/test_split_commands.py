"""`sciapp import` with all ways to split, `sciapp split export` and `sciapp leaks`."""

import json
from pathlib import Path

import pytest

from sciapp.actions.command_line import import_arguments
from sciapp.cli.main import main
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.schema.infer import propose
from sciapp.records.project.project import Project


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "t.csv"
    rows = [f"word {i} of {i * 3},p{i % 12},{2010 + i % 9}-0{i % 9 + 1}-1{i % 9},{i / 7:.3f}\n" for i in range(120)]
    file.write_text("text,patient,measured_on,value\n" + "".join(rows), encoding="utf-8")
    return file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Project.create(tmp_path / "p", domain="text").folder


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    assert main([*map(str, arguments), "--json"]) == 0
    found: dict = json.loads(capsys.readouterr().out)
    return found


def test_groups_and_times_are_proposed_by_heading_and_content(table: Path) -> None:
    found = propose(preview(table), "text")
    assert (found.group, found.time, found.split) == ("patient", "measured_on", "group")
    assert found.targets == ("value",)


def test_a_group_like_heading_over_different_cells_is_no_group(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("text,patient,time,value\n" + "".join(f"word {i},p{i},{i},{i / 7}\n" for i in range(60)))
    found = propose(preview(file), "text")
    assert (found.group, found.time, found.split) == (None, None, "random")


@pytest.mark.parametrize(
    ("options", "method", "column"),
    [
        ((), "group", "patient"),
        (("--time", "measured_on"), "time", "measured_on"),
        (("--split", "time"), "time", "measured_on"),
        (("--group", "measured_on"), "group", "measured_on"),
        (("--split", "cluster", "--threshold", "0.5"), "cluster", None),
        (("--split", "random", "--folds", "4", "--fold", "3"), "random", None),
    ],
)
def test_options_say_how_rows_are_divided(capsys, project, table, options, method, column) -> None:
    card = said(capsys, "import", project, table, *options)
    assert (card["split"]["method"], card["split"]["column"]) == (method, column)
    if "--folds" in options:
        assert (card["split"]["folds"], card["split"]["fold"], card["split_counts"]["test"]) == (4, 3, 30)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--split", "column"), "which split a row is in"),
        (("--split", "file"), "No split file"),
        (("--threshold", "7"), "between 0 and 1"),
        (("--folds", "2"), "2 folds"),
        (("--split-file", "nowhere.csv"), "does not exist"),
    ],
)
def test_options_that_cannot_be_are_said_in_one_sentence(capsys, project, table, options, message) -> None:
    assert main(["import", str(project), str(table), *options]) == 1
    assert message in capsys.readouterr().err


def test_a_split_is_exported_and_taken_over_by_another_project(capsys, project, table, tmp_path) -> None:
    first = said(capsys, "import", project, table, "--split", "random", "--seed", "4")
    out = tmp_path / "split.csv"
    assert said(capsys, "split", "export", project, "--out", out) == {"split": str(out), "rows": 120}
    other = Project.create(tmp_path / "q", domain="text").folder
    second = said(capsys, "import", other, table, "--split-file", out)
    assert second["fingerprint"] == first["fingerprint"]
    assert second["split"]["method"] == "file"


def test_leaks_are_printed_and_measured_anew_for_a_dataset_from_before(capsys, project, table) -> None:
    card = said(capsys, "import", project, table)
    file = Project.open(project).dataset_folder(card["id"]).leakage_file
    found = said(capsys, "leaks", project, "--dataset", card["id"])
    assert found["verdict"].endswith(".")
    file.unlink()
    assert said(capsys, "leaks", project) == found
    assert file.exists()
    assert main(["leaks", str(project)]) == 0
    printed = capsys.readouterr().out
    assert found["verdict"] in printed and "training row" in printed


def test_the_window_s_command_line_says_the_same_split(capsys, project, table, tmp_path) -> None:
    from sciapp.records.dataset.card import ImportRequest, Roles, SplitPlan

    made = Project.open(project)
    for number, plan in enumerate(
        [
            SplitPlan(method="group", column="patient", folds=3, fold=2),
            SplitPlan(method="time", column="measured_on"),
            SplitPlan(method="cluster", threshold=0.7, seed=3),
        ],
        start=1,
    ):
        roles = Roles(input="text", targets=("value",))
        request = ImportRequest(file=str(table), roles=roles, split=plan)
        assert main(import_arguments(made, request)) == 0
        capsys.readouterr()
        assert made.dataset(f"t-{number}").split == plan


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([*map(str, arguments)]) == 1
    return capsys.readouterr().err


def assert_names(text: str, *words: str) -> None:
    assert all(word in text for word in words), text


def test_an_option_of_another_way_to_split_is_told(
    capsys: pytest.CaptureFixture[str], project: Path, table: Path
) -> None:
    both = ("import", project, table, "--split", "random")
    assert_names(refused(capsys, *both, "--split-file", table), "--split-file", "is random")
    assert_names(refused(capsys, *both, "--split-column", "patient"), "--split-column", "--split column")
    assert_names(refused(capsys, *both, "--threshold", 0.5), "--threshold", "--split cluster")
    assert_names(refused(capsys, *both, "--fold", 1), "--fold ", "without --folds")
    assert_names(refused(capsys, *both, "--fold", 2), "fold 2", "--folds")
    of_file = refused(capsys, "import", project, table, "--split-file", table, "--split-column", "patient")
    assert_names(of_file, "--split-column", "is file")
    assert Project.open(project).datasets() == []


@pytest.mark.parametrize(
    ("options", "title", "count"),
    [
        (("--group", "patient"), "Set aside: no group", 10),
        (("--time", "measured_on"), "Set aside: no date or number to order by", 20),
        (("--split-file", "split.csv"), "Set aside: not in the split file", 5),
    ],
)
def test_the_doctor_counts_rows_that_the_split_cannot_use(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    title: str,
    count: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [
        f"word {i} of {i * 3},{f'p{i % 12}' if i > 9 else ''},{f'201{i % 9}-03-04' if i < 100 else 'soon'},{i / 7:.3f}"
        for i in range(120)
    ]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["text,patient,measured_on,value", *rows]) + "\n", encoding="utf-8")
    named = [f"word {i} of {i * 3},{('train', 'validation', 'test')[i % 3]}" for i in range(5, 120)]
    (tmp_path / "split.csv").write_text("\n".join(["input,split", *named]) + "\n", encoding="utf-8")
    words = (project, table, "--input", "text", "--target", "value", *options)
    found = said(capsys, "doctor", *words)
    (told,) = [one for one in found["findings"] if one["title"] == title]
    assert (told["count"], found["rows_usable"]) == (count, 120 - count)
    card = said(capsys, "import", *words)
    assert card["findings"] == found["findings"]
    assert card["rows_set_aside"] == count


def test_a_split_file_that_is_none_is_a_finding_of_the_doctor(
    capsys: pytest.CaptureFixture[str], project: Path, table: Path
) -> None:
    found = said(capsys, "doctor", project, table, "--target", "value", "--split-file", table)
    assert found["findings"][0]["title"].startswith("“t.csv” is")


def test_conditions_are_proposed_unless_everything_is_named(
    capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path
) -> None:
    heats = tmp_path / "heats.csv"
    rows = [f"compound number {n},{t},{n * 3 + t / 97:.3f}" for n in range(20) for t in (300, 400, 500)]
    heats.write_text("\n".join(["formula,T,Cp", *rows]) + "\n", encoding="utf-8")
    seen = said(capsys, "import", project, heats, "--explain")
    assert seen["proposal"]["covariates"] == ["T"]
    assert_names(seen["proposal"]["reason"], "“T”", "a condition")
    card = said(capsys, "import", project, heats)
    assert (card["roles"]["covariates"], card["rows_kept"]) == (["T"], 60)
    assert "60 × same" in refused(capsys, "import", project, heats, "--input", "formula", "--target", "Cp")
