"""Studies on disk, and what is carried out next, whatever was killed in between."""

import json
import shutil
from pathlib import Path

import pytest

from sciapp.errors import BadInput
from sciapp.jobs.runs.follow_up import begin, left_waiting, next_run, run_after
from sciapp.records.atomic import write_json
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, read_plan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import compared_runs
from sciapp.records.project.study import Study, StudyDesign, studies_folder, studies_in, write_study
from sciapp.records.run.run import Run

PLAN = with_settings(TrainPlan(dataset="d"), {"augmentations": "end_crops"})
ABLATION = StudyDesign(plan=PLAN, kind="ablation")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="protein")


def stands(run: Run, status: str) -> Run:
    run.write_state(run.state().model_copy(update={"status": status}))
    return run


def test_a_study_is_a_file_that_names_its_plan_and_its_runs(project: Project) -> None:
    first = begin(project, ABLATION)
    second = next_run(first)
    assert second is not None
    file = studies_folder(project.folder) / "001-ablation.json"
    value = json.loads(file.read_text(encoding="utf-8"))
    assert (value["kind"], value["runs"]) == ("ablation", [first.id, second.id])
    assert read_plan(value["plan"]) == PLAN
    copy = Project.open(project.save_as(project.folder.with_name("copy")))
    assert copy.studies() == project.studies()


def test_a_run_killed_between_making_the_next_and_naming_it_finds_it_again(project: Project) -> None:
    first = begin(project, ABLATION)
    (study,) = project.studies()
    second = next_run(first)
    write_study(project.folder, study)  # as it was before
    again = next_run(first)
    assert second is not None and again is not None and again.id == second.id
    assert len(project.runs()) == 2 and project.studies()[0].runs == (first.id, second.id)


def test_what_is_made_and_not_started_is_found_by_the_queue_and_what_is_started_is_not_made_again(
    project: Project,
) -> None:
    first = stands(begin(project, ABLATION), "finished")
    assert left_waiting(first) is None
    second = next_run(first)
    found = left_waiting(first)
    assert second is not None and found is not None and found.id == second.id
    second.write_state(second.state().model_copy(update={"started": second.state().created, "status": "failed"}))
    assert next_run(first) is None and left_waiting(first) is None and run_after(project, first) is not None


def test_a_training_after_unlabelled_rows_may_begin_a_comparison_of_its_own(project: Project) -> None:
    design = StudyDesign(plan=PretrainPlan(dataset="d"), kind="pretraining_first", then=ABLATION)
    first = begin(project, design)
    second = next_run(first, stopped=True)
    assert second is not None and second.training_plan().model == f"run:{first.id}"
    outer, inner = project.studies()
    write_study(project.folder, outer.model_copy(update={"runs": (first.id,)}))  # killed before it was named
    again = next_run(first)
    assert again is not None and again.id == second.id and len(project.studies()) == 2
    third = next_run(second)
    assert third is not None and not third.training_plan().augmentation.is_on
    assert [study.runs for study in project.studies()] == [(first.id, second.id), (second.id, third.id)]
    assert inner.kind == "ablation" and next_run(third) is None


def test_each_continuation_goes_on_from_the_run_before_it(project: Project) -> None:
    first = project.new_run(TrainPlan(dataset="d"))
    runs = [first]
    for _ in range(2):
        runs.append(begin(project, StudyDesign(plan=first.training_plan(), kind="continuation", continues=runs[-1].id)))
    aside = begin(project, StudyDesign(plan=first.training_plan(), kind="continuation", continues=first.id))
    assert [study.runs for study in project.studies()] == [tuple(run.id for run in runs), (first.id, aside.id)]
    assert all(next_run(run) is None for run in project.runs())


def test_a_comparison_of_nothing_is_refused_before_a_run_is_made(project: Project) -> None:
    with pytest.raises(BadInput, match="no augmentation"):
        begin(project, StudyDesign(plan=TrainPlan(dataset="d"), kind="ablation"))
    assert project.runs() == [] and project.studies() == []


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"id": "../x", "kind": "ablation"}', '{"id": "x", "kind": "ablation", "plan": {}, "runs": ["../y"]}'],
)
def test_a_file_that_is_no_study_is_passed_over(project: Project, content: str) -> None:
    folder = studies_folder(project.folder)
    folder.mkdir()
    (folder / "x.json").write_text(content, encoding="utf-8")
    assert project.studies() == []


def test_a_run_outside_the_project_belongs_to_no_study(project: Project, tmp_path: Path) -> None:
    study = Study(id="001-ablation", kind="ablation", plan=PLAN, runs=("001-train",))
    write_study(project.folder, study)
    value = json.loads((studies_folder(project.folder) / "001-ablation.json").read_text(encoding="utf-8"))
    write_json(studies_folder(project.folder) / "001-ablation.json", value | {"runs": ["../../elsewhere"]})
    assert studies_in(project.folder) == []
    studies_folder(project.folder).rename(tmp_path / "elsewhere")
    studies_folder(project.folder).symlink_to(tmp_path / "elsewhere")
    assert studies_in(project.folder) == []


def test_what_follows_in_a_study_of_an_earlier_version_trains_as_its_first_run_did(project: Project) -> None:
    then = StudyDesign(plan=TrainPlan(dataset="d"))
    write_study(project.folder, Study(id="001-ablation", kind="ablation", plan=PLAN, then=then, runs=("001-train",)))
    file = studies_folder(project.folder) / "001-ablation.json"
    value = json.loads(file.read_text(encoding="utf-8"))
    for plan in (value["plan"], value["then"]["plan"]):
        del plan["batching"]["min_steps_per_epoch"]
    write_json(file, value)
    (study,) = studies_in(project.folder)
    assert study.then is not None
    for plan in (study.plan, study.then.plan):
        assert plan.batching.min_steps_per_epoch == 1  # type: ignore[union-attr]


def test_a_kind_of_a_later_version_is_listed_and_nothing_follows_on_it(project: Project) -> None:
    run = project.new_run(TrainPlan(dataset="d"))
    write_study(project.folder, Study(id="001-search", kind="search", plan=run.plan(), runs=(run.id,)))
    assert [study.kind for study in project.studies()] == ["search"]
    assert next_run(run) is None


def test_plans_and_recipes_from_before_studies_are_accepted_and_ask_for_the_same() -> None:
    old = {"kind": "train", "dataset": "d", "all_folds": True, "first_fold": "001-train", "compare_augmentation": False}
    assert read_plan(old | {"compared_with": "", "continued_from": "002-train"}) == TrainPlan(dataset="d")
    assert read_plan({"kind": "pretrain", "dataset": "d", "then": {"dataset": "d"}}) == PretrainPlan(dataset="d")
    with pytest.raises(BadInput, match="first_folds"):
        read_plan({"kind": "train", "dataset": "d", "first_folds": "001-train"})


def test_the_number_of_a_run_that_was_removed_by_hand_is_not_given_again(project: Project) -> None:
    first = begin(project, ABLATION)
    second = next_run(first)
    assert second is not None
    shutil.rmtree(second.folder)
    assert project.new_run(TrainPlan(dataset="d", seed=5)).id == "003-train"
    again = next_run(first)
    assert again is not None and again.id == "004-train", "what was removed is made once more"
    assert [run.id for run in compared_runs(project, first) or ()] == [first.id, again.id]
