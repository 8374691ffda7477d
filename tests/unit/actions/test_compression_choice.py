"""The smaller models of a run beside it, and the one that is recommended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sciapp.actions.compression import compression_choice
from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.project import Project
from tests.helpers.made_projects import evaluation, made_project, made_run, scores


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = made_project(tmp_path / "p")
    made_run(made, TrainPlan(dataset="d"), value=0.6)
    yield made
    made.close()


def test_before_the_first_compression_there_is_nothing(project: Project) -> None:
    assert compression_choice(project=project, run_id="001-train") is None


def test_the_smaller_one_that_is_as_good_is_recommended_and_speed_within_the_spread_is_not_praised(
    project: Project,
) -> None:
    made_run(project, CompressPlan(run="001-train"), value=0.6)
    choice = compression_choice(project=project, run_id="001-train")
    assert choice.recommended is choice.compressed[0] and choice.compressed[0].run == "002-compress"
    assert "3×" in choice.sentence and "spread" in choice.sentence
    assert choice.simple == 0.8
    assert compression_choice(project=project, run_id="002-compress") is None


def test_a_smaller_model_that_is_worse_is_not_recommended(project: Project) -> None:
    run = made_run(project, CompressPlan(run="001-train"), value=0.6)
    worse = evaluation(value=0.6, compressed=True).model_copy(update={"model": scores("after", 0.9)})
    run.write_evaluation(worse)
    choice = compression_choice(project=project, run_id="001-train")
    assert choice.recommended is None and choice.sentence


def test_a_faster_one_beyond_the_spread_is_said_to_be_so(project: Project) -> None:
    run = made_run(project, CompressPlan(run="001-train"), value=0.6)
    whole = evaluation(value=0.6, compressed=True)
    slow, fast = whole.footprints
    quick = {"milliseconds_per_row": 0.5, "milliseconds_low": 0.4, "milliseconds_high": 0.6}
    run.write_evaluation(whole.model_copy(update={"footprints": (slow, fast.model_copy(update=quick))}))
    assert "4×" in compression_choice(project=project, run_id="001-train").sentence
