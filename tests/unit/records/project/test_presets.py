"""Presets: saved in the project, read back, applied, deleted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sciapp.errors import BadInput, NotFound
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.presets import delete_preset, presets, save_preset
from sciapp.records.project.project import Project
from tests.helpers.made_projects import made_project

PLAN = with_settings(TrainPlan(dataset="d", model="m"), {"learning_rate": 0.01, "augmentations": "end_crops"})


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = made_project(tmp_path / "p")
    yield made
    made.close()


def test_a_preset_comes_back_on_another_dataset_and_model_as_it_was_saved(project: Project) -> None:
    save_preset(project, "slow and careful", PLAN)
    (preset,) = presets(project)
    other = with_settings(TrainPlan(dataset="e", model="n"), {"dropout": 0.4})
    assert preset.applied_to(other) == PLAN.model_copy(update={"dataset": "e", "model": "n"})


def test_the_same_name_is_saved_over_and_a_deleted_one_is_gone(project: Project) -> None:
    save_preset(project, "mine", PLAN)
    save_preset(project, "mine", TrainPlan(dataset="d"))
    assert [preset.settings for preset in presets(project)] == [{}]
    delete_preset(project, "mine")
    assert presets(project) == []
    with pytest.raises(NotFound):
        delete_preset(project, "mine")


def test_a_name_is_needed_and_a_damaged_file_is_passed_over(project: Project) -> None:
    with pytest.raises(BadInput):
        save_preset(project, "  ", PLAN)
    save_preset(project, "good", PLAN)
    (project.folder / "presets" / "odd.json").write_text("{")
    assert [preset.name for preset in presets(project)] == ["good"]


def test_names_that_would_share_a_file_do_not_overwrite_each_other(project: Project) -> None:
    save_preset(project, "pH 5/6", TrainPlan(dataset=""))
    with pytest.raises(BadInput) as refused:
        save_preset(project, "pH 5:6", TrainPlan(dataset=""))
    assert "pH 5/6" in str(refused.value.message)
    assert [preset.name for preset in presets(project)] == ["pH 5/6"]
