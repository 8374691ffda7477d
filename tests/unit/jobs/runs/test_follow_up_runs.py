"""Which run follows on a self-supervised one, and what its model is called."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sciapp.actions import command_line as commands
from sciapp.actions.models import own_models
from sciapp.engine.hub.catalog import resolve
from sciapp.engine.reports.names import is_public, model_name
from sciapp.errors import BadInput, NotFound, UnknownSetting
from sciapp.jobs.runs.follow_up import begin, next_run, run_after
from sciapp.jobs.runs.summary import summarise
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, before_training, changed_settings, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import compared_runs
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.evaluation import Score, Scores
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.run import Run, RunState
from tests.helpers.messages import names, refused


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="protein")


def ended(run: Run, *, model: bool = True) -> Run:
    now = datetime.now(UTC)
    run.write_state(RunState(status="finished", created=now, started=now, ended=now))
    if model:
        run.model_folder.mkdir()
        (run.model_folder / "config.json").write_text("{}", encoding="utf-8")
    return run


def learnt() -> Pretraining:
    def side(label: str, loss: float) -> Scores:
        score = Score(name="masked_loss", value=loss, low=loss - 0.1, high=loss + 0.1, greater_is_better=False)
        return Scores(predictor=label, rows=50, scores=(score,))

    return Pretraining(
        rows=950, held_out=50, tokens=12_000, steps=40, before=side("Before", 3.2), after=side("After", 2.1)
    )


def test_the_training_that_follows_begins_from_the_runs_model_and_is_made_once(project: Project) -> None:
    then = StudyDesign(plan=TrainPlan(dataset="d", seed=4))
    run = begin(project, StudyDesign(plan=PretrainPlan(dataset="d"), kind="pretraining_first", then=then))
    following = next_run(run)
    assert following is not None and following.id == "002-train"
    assert following.plan() == TrainPlan(dataset="d", seed=4, model="run:001-pretrain")
    again = next_run(run)
    assert again is not None and again.id == following.id
    assert len(project.runs()) == 2
    ended(following, model=False)
    assert next_run(run) is None


def test_the_same_training_without_augmentation_follows_where_a_comparison_is_wanted(project: Project) -> None:
    wanted = {
        "augmentations": "end_crops",
        "test_time": 0,
        "seed": 4,
        "regularizer": "fgm",
    }
    run = begin(project, StudyDesign(plan=with_settings(TrainPlan(dataset="d"), wanted), kind="ablation"))
    assert next_run(run, stopped=True) is None
    following = next_run(run)
    assert following is not None and following.id == "002-train"
    plain = TrainPlan(dataset="d", seed=4)
    assert following.plan() == with_settings(plain, {"regularizer": "fgm"})
    again = next_run(run)
    assert again is not None and again.id == following.id
    assert next_run(following) is None
    assert run_after(project, run) is not None and run_after(project, following) is None
    assert compared_runs(project, run) is not None
    assert [one.id for one in compared_runs(project, following) or ()] == [run.id, following.id]


def test_nothing_follows_on_other_runs(project: Project) -> None:
    for plan in (TrainPlan(dataset="d"), PretrainPlan(dataset="d")):
        run = project.new_run(plan)
        assert next_run(run) is None
        assert run_after(project, run) is None


def test_a_run_of_the_project_is_a_model_wherever_the_project_lies(project: Project, tmp_path: Path) -> None:
    run = ended(project.new_run(PretrainPlan(dataset="d")))
    assert resolve("run:001-pretrain", project.folder).folder == run.model_folder
    moved = project.folder.rename(tmp_path / "elsewhere")
    assert resolve("run:001-pretrain", moved).folder == moved / "runs" / "001-pretrain" / "model"


def test_a_run_without_a_model_and_one_that_is_not_there_are_refused(project: Project) -> None:
    project.new_run(PretrainPlan(dataset="d"))
    with refused(BadInput, "model", run="001-pretrain"):
        resolve("run:001-pretrain", project.folder)
    with pytest.raises(NotFound, match="007-pretrain"):
        resolve("run:007-pretrain", project.folder)
    with refused(BadInput, "inside", run="001-pretrain"):
        resolve("run:001-pretrain")


def test_lists_and_reports_call_the_model_by_its_run(project: Project) -> None:
    run = ended(project.new_run(PretrainPlan(file="/data/many rows.fasta")))
    run.write_pretraining(learnt())
    train = project.new_run(TrainPlan(dataset="d", model="run:001-pretrain"))
    assert summarise(train).model == "run 001-pretrain" == model_name("run:001-pretrain")
    assert not is_public("run:001-pretrain")
    summary = summarise(run)
    assert summary.score is not None and summary.score.value == 2.1
    assert "scratch" in summary.model and summary.model.endswith("small")
    (own,) = own_models(project)
    assert (own.name, own.origin, own.display_name) == ("run:001-pretrain", "run", "run 001-pretrain")
    assert names(own.note, name="many rows.fasta")
    assert "3.20 (3.10 to 3.30) before, 2.10 (2.00 to 2.20) after" in learnt().verdict


def test_leaf_settings_of_a_pretraining_are_set_by_name() -> None:
    plan = with_settings(PretrainPlan(dataset="d"), {"masked_share": "0.3", "num_train_epochs": "2", "size": "tiny"})
    assert (plan.masking.masked_share, plan.stopping.num_train_epochs, plan.size) == (0.3, 2, "tiny")
    assert changed_settings(plan) == {"masked_share": 0.3, "num_train_epochs": 2}
    with pytest.raises(UnknownSetting, match="masked_share"):
        with_settings(plan, {"maskd_share": 0.2})
    with pytest.raises(UnknownSetting):
        with_settings(TrainPlan(dataset="d"), {"masked_share": 0.2})


def test_the_command_says_both_runs(project: Project) -> None:
    training = with_settings(TrainPlan(dataset="d", model="protein-starter"), {"learning_rate": 1e-4, "seed": 3})
    first = with_settings(PretrainPlan(file="/data/more.fasta"), {"num_train_epochs": 5})
    plan = before_training(first, training)
    then = StudyDesign(plan=training)
    words = commands.run_arguments(project, StudyDesign(plan=plan, kind="pretraining_first", then=then))
    assert words[:2] == ["pretrain", str(project.folder)]
    said = commands.as_text(words[2:])
    assert "--dataset d --file /data/more.fasta --from protein-starter" in said
    assert "--set seed=3" in said and "--set num_train_epochs=5" in said
    assert words[-5:] == ["--then-train", "--then-set", "seed=3", "--then-set", "learning_rate=0.0001"]
