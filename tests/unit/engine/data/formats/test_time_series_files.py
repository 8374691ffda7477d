"""Series in .ts files, as the UCR and UEA archives, aeon and sktime have them."""

import json
from pathlib import Path
from shutil import copy

import pytest

from sciapp.engine.data.readers.table_reader import preview, read_rows
from sciapp.errors import BadInput
from sciapp.records.read_options import Reading
from tests.helpers.small_sets import SERIES_DATA

ITALY = SERIES_DATA / "ItalyPowerDemand_TRAIN.ts.gz"
HEADER = "#made up\n@problemName made\n@timeStamps {stamps}\n@univariate {univariate}\n@classLabel true a b\n@data\n"


def written(folder: Path, *lines: str, stamps: bool = False, univariate: bool = True, name: str = "made.ts") -> Path:
    file = folder / name
    head = HEADER.format(stamps=str(stamps).lower(), univariate=str(univariate).lower())
    file.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def series(file: Path) -> list[tuple[object, str]]:
    """(the series, its class) of each line that can be read."""
    return [(json.loads(row["series"]), row["class"]) for _, row in read_rows(file) if not row.problem]


def problems(file: Path) -> list[tuple[int, str]]:
    return [(line, row.problem) for line, row in read_rows(file) if row.problem]


def test_one_part_of_an_archive_is_read_and_the_other_is_named(tmp_path: Path) -> None:
    seen = preview(ITALY)
    assert (seen.columns, len(seen.sample)) == (["series", "class"], 67)
    assert len(json.loads(seen.rows[0][0])["v"]) == 24
    part = next(finding for finding in seen.format.findings if finding.what == "part")
    assert part.value == "train" and "ItalyPowerDemand_TEST.ts.gz" in part.why
    alone = tmp_path / ITALY.name
    copy(ITALY, alone)
    assert preview(alone).format.sheets == ()


@pytest.mark.parametrize("name", ["ItalyPowerDemand_TRAIN.ts.gz", "ItalyPowerDemand_TEST.ts.gz"])
def test_both_parts_are_read_together_with_their_split(name: str) -> None:
    seen = preview(ITALY.with_name(name), reading=Reading(sheet="both parts"))
    assert seen.columns == ["split", "series", "class"]
    assert [row[0] for row in seen.sample] == ["train"] * 67 + ["test"] * 60
    assert seen.format.remarks


def test_a_part_can_be_named_whichever_file_was_given() -> None:
    assert len(preview(ITALY, reading=Reading(sheet="test")).sample) == 60
    with pytest.raises(BadInput):
        preview(ITALY, reading=Reading(sheet="validation"))


def test_gaps_stay_gaps_and_lengths_may_differ(tmp_path: Path) -> None:
    file = written(tmp_path, "1,?,3.5:a", "1,2:b", "NaN,2,3:?")
    assert series(file) == [({"v": [1, None, 3.5]}, "a"), ({"v": [1, 2]}, "b"), ({"v": [None, 2, 3]}, "")]


def test_channels_at_the_same_times_share_them(tmp_path: Path) -> None:
    file = written(tmp_path, "1,2,3:4,5,6:a", univariate=False)
    assert series(file) == [({"v": {"1": [1, 2, 3], "2": [4, 5, 6]}}, "a")]


def test_channels_of_other_lengths_keep_their_own_times(tmp_path: Path) -> None:
    file = written(tmp_path, "1,2,3:4,5:a", univariate=False)
    assert series(file) == [({"t": [0, 1, 2, 0, 1], "v": [1, 2, 3, 4, 5], "b": ["1", "1", "1", "2", "2"]}, "a")]


def test_time_stamps_are_numbers_or_dates(tmp_path: Path) -> None:
    file = written(tmp_path, "(0,1.5),(2.5,?):a", "(1970-01-02 00:00:00,1),(1970-01-02 00:01:00,2):b", stamps=True)
    assert series(file) == [({"t": [0, 2.5], "v": [1.5, None]}, "a"), ({"t": [86400, 86460], "v": [1, 2]}, "b")]


def test_channels_with_time_stamps_are_parted_outside_of_the_times(tmp_path: Path) -> None:
    file = written(tmp_path, "(00:00,1):(1,2):a", "(0,1),(1,2):(0,3),(1,4):b", stamps=True, univariate=False)
    assert series(file) == [({"t": [0, 1], "v": {"1": [1, 2], "2": [3, 4]}}, "b")]
    assert "“00:00”" in problems(file)[0][1]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2,3", "without its class"),
        ("1,zwei,3:a", "“zwei”, value 2"),
        ("1,inf:a", "value 2 is"),
        ("1,2:c", "“c” is"),
        ("1,2:3,4:a", "2 channels"),
    ],
)
def test_a_line_that_cannot_be_read_is_set_aside_with_the_reason(tmp_path: Path, line: str, reason: str) -> None:
    (number, problem), *more = problems(written(tmp_path, "1,2,3:a", line))
    assert number == 8 and reason in problem and not more


def test_a_value_to_learn_stands_where_a_class_would(tmp_path: Path) -> None:
    file = tmp_path / "made.ts"
    file.write_text("@problemName x\n@timeStamps false\n@targetLabel true\n@data\n1,2:0.25\n", encoding="utf-8")
    assert preview(file).columns == ["series", "target"]
    assert preview(file).rows == [['{"v":[1,2]}', "0.25"]]


def test_without_labels_every_line_is_a_series(tmp_path: Path) -> None:
    file = tmp_path / "made.ts"
    file.write_text("@problemName x\n@classLabel false\n@data\n1,2\n3,4\n", encoding="utf-8")
    assert preview(file).rows == [['{"v":[1,2]}'], ['{"v":[3,4]}']]


def test_a_file_that_ends_in_its_header_is_said_to_be_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "made.ts"
    file.write_text("@problemName x\n@classLabel true a b\n", encoding="utf-8")
    with pytest.raises(BadInput, match="@data"):
        preview(file)


def test_a_header_that_says_neither_true_nor_false_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "made.ts"
    file.write_text("@problemName x\n@classLabel maybe\n@data\n1,2:a\n", encoding="utf-8")
    with pytest.raises(BadInput, match="@classlabel"):
        preview(file)
