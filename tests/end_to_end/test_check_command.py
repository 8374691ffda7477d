"""`sciapp train … --check` tries a training out in a process of its own, and leaves nothing behind."""

import json
import subprocess
from pathlib import Path

import pytest

from sciapp.actions import training as training_actions
from sciapp.engine.runs import preflight as trial
from sciapp.engine.runs.preflight import preflight
from sciapp.engine.runtime.progress import SILENT
from sciapp.engine.training.preflight import warnings
from sciapp.errors import BadInput, UnknownColumn
from sciapp.jobs.launch import launcher, processes
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.leakage import read_leakage
from sciapp.records.plan.plan import with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.studies.registry import check_design
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.events import Noted
from sciapp.records.run.preflight import MemoryForecast, Preflight, TruncatedRows
from sciapp.records.run.progress import duration
from sciapp.records.run.run import RunStatus
from tests.helpers.messages import refused_exactly
from tests.helpers.printed import says
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

Made = tuple[Project, DatasetCard, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("checks")
    project, card = tiny_project(folder / "project", rows=80)
    return project, card, tiny_model(folder / "model")


def test_a_check_measures_warns_and_leaves_the_project_as_it_was(made: Made) -> None:
    project, card, model = made
    before = sorted(path for path in project.folder.rglob("*"))
    plan = tiny_plan(card, model, learning_rate=0.5, early_stopping_patience=90)
    seen = training_actions.check_training(project=project, plan=plan, progress=SILENT)
    assert sorted(path for path in project.folder.rglob("*")) == before
    assert seen.memory.peak > 50_000_000 and seen.memory.left > 0 and not seen.memory.fitted
    assert seen.time.steps == 4 * seen.time.steps_per_epoch and 0 < seen.time.low <= seen.time.high
    assert seen.disk.fits and seen.disk.checkpoint > 3 * 4 * seen.parameters
    assert seen.rows[0].decoded.startswith("<s>") and seen.rows[0].original in seen.rows[0].decoded.replace(" ", "")
    for values in ({"rate": 0.5}, {"patience": 90}, {"rows": 16, "split": "validation"}):
        assert any(says(caution.message, warnings, **values) for caution in seen.cautions)
    assert not any(caution.level == "problem" for caution in seen.cautions)
    assert seen.verdict.values["n"] == sum(caution.level == "warning" for caution in seen.cautions) >= 3


def test_a_covariate_that_the_table_lacks_is_found_by_the_check(made: Made) -> None:
    project, card, model = made
    plan = tiny_plan(card, model).model_copy(update={"covariates": ("nowhere",)})
    with refused_exactly(UnknownColumn, name="nowhere"):
        preflight(plan, project)


def test_leaks_that_the_import_found_are_among_the_warnings(made: Made) -> None:
    project, card, model = made
    file = project.dataset_folder(card.id).leakage_file
    found = read_leakage(file)
    assert found is not None
    levels = {"clean": None, "careful": "warning", "leak": "problem"}
    try:
        for level, wanted in levels.items():
            found.model_copy(update={"level": level, "verdict": "9 of 10 rows are known."}).write(file)
            seen = preflight(tiny_plan(card, model), project)
            told = [one.level for one in seen.cautions if one.message == "Leaks: 9 of 10 rows are known."]
            assert told == ([wanted] if wanted else [])
    finally:
        found.write(file)


def test_gradual_unfreezing_is_tried_as_it_ends_with_all_layers_open(made: Made) -> None:
    project, card, model = made
    seen = preflight(tiny_plan(card, model, tuning_method="gradual"), project)
    assert seen.trainable == seen.parameters


def test_what_the_trial_leaves_out_is_said(made: Made) -> None:
    project, card, model = made
    plan = tiny_plan(card, model, descriptors="on")
    said = " ".join(caution.message for caution in preflight(plan, project, continues="001-train").cautions)
    assert says(said, trial, parts=...) and says(said, trial, continues="001-train")
    plain = preflight(tiny_plan(card, model, descriptors="off"), project)
    assert not any(says(caution.message, trial, parts=...) for caution in plain.cautions)


def test_a_comparison_of_augmentations_that_are_left_out_is_no_reason_to_refuse(made: Made) -> None:
    project, card, model = made
    plan = tiny_plan(card, model, augmentations=("masked_substitution",))
    check_design(project, StudyDesign(plan=plan, kind="ablation"))
    assert preflight(plan, project).time.timed
    with pytest.raises(BadInput) as refused:
        check_design(project, StudyDesign(plan=tiny_plan(card, model), kind="ablation"))
    assert says(refused.value.message, Ablation.check)


def test_the_terminal_is_told_the_same_in_sentences(made: Made) -> None:
    project, _, model = made
    command = ["train", str(project.folder), "--model", str(model), "--set", "max_length=16", "--check"]
    said = subprocess.run(processes.own_command(*command), capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert says(said.stdout, MemoryForecast, free=...) and says(said.stdout, TruncatedRows, share=..., longest=16)
    told = subprocess.run(processes.own_command(*command, "--json"), capture_output=True, text=True)
    value = json.loads(told.stdout)
    assert value.pop("verdict") == Preflight.model_validate(value).verdict
    assert project.runs() == []


def test_a_training_that_cannot_begin_says_why_when_it_is_checked(made: Made) -> None:
    project, *_ = made
    command = ["train", str(project.folder), "--model", "no-such-model", "--check"]
    said = subprocess.run(processes.own_command(*command), capture_output=True, text=True)
    assert said.returncode == 1 and "no-such-model" in said.stderr


def test_a_run_tells_the_cheap_part_by_itself(made: Made) -> None:
    project, card, model = made
    run = project.new_run(with_settings(tiny_plan(card, model), {"max_steps": 2, "learning_rate": 0.5}))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    said = " ".join(event.message for event in run.events() if isinstance(event, Noted))
    for words in ("The learning rate 0.5 is high", "Disk: up to", "The first row as the model reads it: <s>"):
        assert words in said


def test_the_members_take_their_time_too(made: Made) -> None:
    project, card, model = made
    without, beside = (preflight(tiny_plan(card, model, members=members), project).time for members in ("off", "on"))
    assert without.members == 0 and beside.members > 0
    longer = beside.model_copy(update={"members": 200.0})
    assert duration(200.0) in str(longer) and duration(200.0) not in str(without)
