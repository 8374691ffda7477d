"""Efforts: what they set, what a plan with them holds, what goes over them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from sciapp.actions.designs import TrainingWishes, training_design
from sciapp.cli.parser import parser
from sciapp.errors import BadInput
from sciapp.records.plan.efforts import EFFORTS, effort_of, effort_settings, with_effort
from sciapp.records.plan.plan import TrainPlan, setting_names, with_settings
from sciapp.records.project.project import Project
from tests.helpers.made_projects import made_dataset, made_project

PLAN = TrainPlan(dataset="d")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = made_project(tmp_path / "p")
    made_dataset(made)
    yield made
    made.close()


def test_normal_is_a_plan_with_its_defaults() -> None:
    assert with_effort(PLAN, "normal") == PLAN
    assert effort_of(PLAN).name == "normal"


def test_more_effort_is_more_passes_and_more_patience() -> None:
    quick, normal, thorough = (with_effort(PLAN, effort.name).stopping for effort in EFFORTS)
    for setting in ("num_train_epochs", "early_stopping_patience"):
        assert getattr(quick, setting) < getattr(normal, setting) < getattr(thorough, setting)


def test_each_setting_of_an_effort_is_one_of_a_plan_and_has_its_reason() -> None:
    for effort in EFFORTS:
        for setting in effort.settings:
            assert setting.name in setting_names() and setting.reason


@pytest.mark.parametrize("name", [effort.name for effort in EFFORTS])
def test_a_plan_says_which_effort_it_is_whatever_its_other_settings(name: str) -> None:
    plan = with_settings(with_effort(PLAN, name), {"learning_rate": 0.5, "seed": 3})
    assert effort_of(plan).name == name
    assert effort_of(with_settings(plan, {"num_train_epochs": 7})) is None


def test_going_back_to_normal_leaves_nothing_of_another_effort() -> None:
    assert with_effort(with_effort(PLAN, "thorough"), "normal") == PLAN


def test_an_effort_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        effort_settings("heroic")
    assert refused.value.message.values == {"name": "heroic"}


def test_a_recipe_and_stated_settings_go_over_the_effort(project: Project, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(yaml.safe_dump({"stopping": {"num_train_epochs": 11}}))
    wishes = TrainingWishes(recipe=recipe, effort="quick", settings={"early_stopping_patience": "5"})
    plan = training_design(project=project, wishes=wishes).training
    assert (plan.stopping.num_train_epochs, plan.stopping.early_stopping_patience) == (11, 5)
    plan = training_design(project=project, wishes=TrainingWishes(effort="quick")).training
    assert effort_of(plan).name == "quick"


def test_the_command_line_knows_the_efforts() -> None:
    assert parser().parse_args(["train", "p", "--effort", "thorough"]).effort == "thorough"
    assert parser().parse_args(["train", "p"]).effort is None
