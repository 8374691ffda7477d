"""Words that stand for gaps, infinities and numbers beyond all measure in a target column."""

import csv
from pathlib import Path

import pytest

from sciapp.engine.data.ingest.check_table import check_table
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, TaskWish
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, refused_exactly
from tests.helpers.rejections import reason, set_aside


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="text")


def written(folder: Path, cells: list[str]) -> Path:
    path = folder / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text", "y"], *([f"word {i}", cell] for i, cell in enumerate(cells))])
    return path


def asked(path: Path, task: TaskWish = "auto", **repairs: str) -> ImportRequest:
    return ImportRequest(file=str(path), roles=Roles(input="text", targets=("y",)), task=task, repairs=repairs)


def imported(project: Project, request: ImportRequest) -> DatasetCard:
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    assert card.rows_read == card.rows_kept + card.rows_set_aside
    return card


def checked(request: ImportRequest) -> QualityReport:
    checkup = check_table("text", request)
    assert isinstance(checkup, QualityReport)
    return checkup


GAPS = ["yes", "no"] * 20 + ["NaN", "NA", "None", "null", "n/a"]


def test_words_for_gaps_are_no_classes_and_are_counted(project: Project, tmp_path: Path) -> None:
    request = asked(written(tmp_path, GAPS))
    card = imported(project, request)
    assert card.class_names == ("no", "yes")
    assert card.set_aside_reasons == {"missing label": 5}
    for findings in (card.findings, checked(request).findings):
        (gaps,) = [one for one in findings if one.kind == "gap_words"]
        assert (gaps.count, gaps.lines, gaps.applied) == (5, (42, 43, 44, 45, 46), "gap")
        assert gaps.examples == ("NaN", "NA", "None", "null", "n/a")


def test_a_word_for_a_gap_is_a_class_where_the_user_says_so(project: Project, tmp_path: Path) -> None:
    card = imported(project, asked(written(tmp_path, ["yes", "none"] * 20), gap_words="class"))
    assert card.class_names == ("none", "yes")
    assert card.rows_set_aside == 0
    assert [(one.kind, one.count) for one in card.findings if one.kind == "gap_words"] == [("gap_words", 20)]


def test_where_the_gaps_leave_one_class_the_way_out_is_told(project: Project, tmp_path: Path) -> None:
    with refused_exactly(BadInput, value_word="class", target="y", value="yes") as raised:
        imported(project, asked(written(tmp_path, ["yes", "none"] * 20)))
    assert "gap_words=class" in raised.value.hint
    assert task_facts("classification").title in raised.value.hint


def test_many_infinities_leave_a_number_a_number(project: Project, tmp_path: Path) -> None:
    odd = ["inf", "-Infinity", "∞", "1e400"]
    request = asked(written(tmp_path, [f"{i / 7:.3f}" for i in range(60)] + odd * 10))
    card = imported(project, request)
    assert card.task == "regression"
    assert set_aside(card) == {RejectionReason.INFINITE: 40}
    with project.dataset_folder(card.id).rejected_file.open(encoding="utf-8", newline="") as file:
        reasons = [row[1] for row in csv.reader(file)][1:5]
    assert reasons == [reason(RejectionReason.INFINITE, cell=word, target="y") for word in odd]
    label = RejectionReason.INFINITE.label
    (told,) = [finding for finding in checked(request).findings if has_part(finding.title, label=label)]
    assert told.count == 40


def test_an_infinity_among_classes_of_whole_numbers_is_set_aside(project: Project, tmp_path: Path) -> None:
    card = imported(project, asked(written(tmp_path, ["0", "1"] * 20 + ["inf"] * 3)))
    assert card.class_names == ("0", "1")
    assert set_aside(card) == {RejectionReason.INFINITE: 3}


@pytest.mark.parametrize("huge", ["1e300", "-1e308", "1e-320"])
@pytest.mark.parametrize("repairs", [{}, {"outliers": "leave_out"}])
def test_numbers_near_the_end_of_all_numbers_are_outliers_without_a_warning(
    project: Project, tmp_path: Path, huge: str, repairs: dict[str, str]
) -> None:
    cells = [f"{1 + i / 7:.3f}" for i in range(60)] + [huge] * 2 + ["1.7e308"]
    request = asked(written(tmp_path, cells), "regression", **repairs)
    checkup = checked(request)  # warnings are errors in tests
    (told,) = [one for one in checkup.findings if one.kind == "outliers"]
    assert told.count == (1 if huge == "1e-320" else 3)
    card = imported(project, request)
    assert card.rows_set_aside == (told.count if repairs else 0)
    summary = card.targets[0]
    assert sum(summary.bin_counts) == card.rows_kept
    assert summary.minimum is not None and summary.maximum is not None and summary.minimum < summary.maximum
