"""A project from before studies opens; its plans say which runs belong together, and the sums are the same."""

import json
import shutil
from pathlib import Path

import pytest

from sciapp.cli import main as cli
from sciapp.engine.reports.sections.augmentation_ablation import compared
from sciapp.jobs.runs.follow_up import next_run, run_after
from sciapp.jobs.runs.summary import summaries
from sciapp.records.project.project import Project
from sciapp.records.project.studies.continuation import continued_from
from sciapp.records.project.studies.cross_validation import cross_validation
from sciapp.records.project.studies.recognition import recognised_studies
from sciapp.records.project.studies.registry import design_of
from sciapp.records.project.study import new_study_id, studies_in

OLD = Path(__file__).parents[4] / "data" / "project_version_2"
STUDIES = {
    "001-cross_validation": ("001-train", "002-train", "003-train"),
    "004-ablation": ("004-train", "005-train"),
    "004-continuation": ("004-train", "008-train"),
    "006-pretraining_first": ("006-pretrain", "007-train"),
}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "p"))


def test_an_older_project_is_migrated_and_its_studies_are_written(old: Path) -> None:
    before = (old / "studies.sciproj").read_text(encoding="utf-8")
    project = Project.open(old)
    assert {study.id: study.runs for study in project.studies()} == STUDIES
    assert {study.id for study in studies_in(old)} == set(STUDIES)
    assert json.loads(project.file.read_text(encoding="utf-8"))["schema_version"] == 3
    assert (old / "studies.sciproj.v2.bak").read_text(encoding="utf-8") == before
    assert {study.id: study.runs for study in Project.open(old).studies()} == STUDIES


def test_of_a_project_that_is_open_elsewhere_nothing_is_written_and_the_studies_are_the_same(old: Path) -> None:
    holder = Project.open(old, lock=True)
    shutil.rmtree(old / "studies")
    shutil.copy(OLD / "studies.sciproj", old / "studies.sciproj")
    try:
        project = Project.open(old, lock=True)
        assert project.read_only
        assert {study.id: study.runs for study in project.studies()} == STUDIES
        assert not (old / "studies").exists()
        assert cross_validation(project, project.run("001-train")) is not None
    finally:
        holder.close()


def test_its_studies_come_to_the_same_numbers(old: Path) -> None:
    project = Project.open(old)
    folds = cross_validation(project, project.run("002-train"))
    assert folds is not None and (len(folds.tested), folds.planned) == (3, 3)
    score, deviation = folds.summary("rmse") or (None, 0.0)
    assert score is not None
    assert (score.value, deviation) == pytest.approx((0.5202554, 0.0799657), abs=1e-6)
    assert (score.low, score.high) == pytest.approx((0.4444644, 0.6038269), abs=1e-6)
    pair = compared(project, project.run("004-train"))
    assert pair is not None
    assert [side.get("rmse").value for side in pair.sides] == pytest.approx([0.3916024, 0.3921169], abs=1e-6)  # type: ignore[union-attr]
    assert continued_from(project, "008-train") == "004-train" and continued_from(project, "004-train") == ""
    assert project.run("006-pretrain").pretraining() is not None


def test_nothing_of_it_is_carried_out_again(old: Path) -> None:
    project = Project.open(old)
    runs = [run.id for run in project.runs()]
    assert all(next_run(run) is None for run in project.runs())
    assert [run.id for run in project.runs()] == runs
    after = run_after(project, project.run("001-train"))
    assert after is not None and after.id == "002-train"


def test_its_settings_begin_the_same_studies_again(old: Path) -> None:
    project = Project.open(old)
    kinds = {run.id: design_of(project, run.id).kind for run in project.runs()}
    assert [kinds[id] for id in ("001-train", "003-train", "004-train", "005-train", "006-pretrain", "007-train")] == [
        "cross_validation",
        "cross_validation",
        "ablation",
        "",
        "pretraining_first",
        "",
    ]
    training = design_of(project, "006-pretrain").training
    assert training is not None and training.stopping.num_train_epochs == 2


def test_runs_are_listed_below_their_studies(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["runs", str(old)]) == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert [line.split("  ")[1] for line in heads] == [
        "study 001-cross_validation",
        "study 004-ablation",
        "study 006-pretraining_first",
        "study 004-continuation",
    ]
    assert "3 runs" in heads[0] and "0.520 ± 0.080" in heads[0]
    assert sum(line.startswith("  00") for line in lines) == 8
    assert all(line.study is not None for line in summaries(Project.open(old)))


def test_a_plan_of_nonsense_and_a_link_are_passed_over(old: Path, tmp_path: Path) -> None:
    (old / "runs" / "002-train" / "plan.json").write_text('["no", "plan"]', encoding="utf-8")
    (old / "runs" / "009-train").symlink_to(tmp_path)
    assert {study.id for study in recognised_studies(old)} == set(STUDIES)


@pytest.mark.parametrize(
    "content", ["[]", "null", '{"id": "004-con', '{"id": "004-continuation", "kind": 3, "plan": null}']
)
def test_a_study_that_cannot_be_read_is_named_and_never_written_over(
    old: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Project.open(old)
    file = old / "studies" / "004-continuation.json"
    file.write_text(content, encoding="utf-8")
    project = Project.open(old)
    assert project.unreadable_studies() == [file]
    assert new_study_id("continuation", "004-train", project.study_ids()) == "004-continuation-2"
    assert cli.main(["runs", str(old)]) == 0
    assert "004-continuation.json" in capsys.readouterr().out
    assert cli.main(["runs", str(old), "--json"]) == 0
    assert "004-continuation.json" in capsys.readouterr().err
