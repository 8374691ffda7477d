"""A model that was trained on a dataset's test rows is no beginning for a training on that dataset."""

from unittest.mock import ANY

import pytest

from sciapp.engine.data.dataset.table import read_inputs
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.training.setup.contamination import KnowsTestRows, must_not_know
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import PretrainPlan, TrainPlan
from sciapp.records.project.project import Project
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny import tiny_project

Divided = tuple[Project, DatasetCard, DatasetCard]


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> Divided:
    """One table, imported twice with different splits."""
    folder = tmp_path_factory.mktemp("ancestry")
    project, first = tiny_project(folder / "p")
    request = ImportRequest(
        file=str(folder / "table.csv"),
        roles=Roles(input="sequence", targets=("y0",)),
        task="regression",
        split=SplitPlan(method="random", seed=1),
    )
    second = import_table(project, request)
    return project, first, second


def checked(project: Project, plan: TrainPlan) -> None:
    must_not_know(project.new_run(plan), plan, read_inputs(project.dataset_folder(plan.dataset), "test"))


def test_the_same_dataset_may_be_trained_on_again(divided: Divided) -> None:
    project, first, _ = divided
    run = project.new_run(TrainPlan(dataset=first.id))
    checked(project, TrainPlan(dataset=first.id, model=f"run:{run.id}"))


def test_test_rows_that_the_model_was_trained_on_are_refused_and_counted(divided: Divided) -> None:
    project, first, second = divided
    run = project.new_run(TrainPlan(dataset=first.id))
    known = set(read_inputs(project.dataset_folder(first.id), "train", "validation"))
    shared = known & set(read_inputs(project.dataset_folder(second.id), "test"))
    assert shared
    with refused_exactly(KnowsTestRows, named={"id": run.id}, known=len(shared), asked=ANY):
        checked(project, TrainPlan(dataset=second.id, model=f"run:{run.id}"))


def test_a_run_in_between_hides_nothing(divided: Divided) -> None:
    project, first, second = divided
    trained = project.new_run(TrainPlan(dataset=first.id))
    between = project.new_run(PretrainPlan(dataset=second.id, model=f"run:{trained.id}"))
    with pytest.raises(BadInput, match=trained.id):
        checked(project, TrainPlan(dataset=second.id, model=f"run:{between.id}"))


def test_rows_read_without_labels_are_no_harm(divided: Divided) -> None:
    project, first, second = divided
    learnt = project.new_run(PretrainPlan(dataset=first.id, model="protein-starter"))
    checked(project, TrainPlan(dataset=second.id, model=f"run:{learnt.id}"))
