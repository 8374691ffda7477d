"""The methods paragraph says how rows were written anew and what made training harder, with sources."""

from pathlib import Path
from unittest.mock import ANY

import pytest

from sciapp.engine.reports.text.methods import paragraph
from sciapp.records.plan.plan import TrainPlan, with_settings
from tests.helpers.made_projects import evaluation, made_dataset, made_project
from tests.helpers.messages import has_part


def methods(folder: Path, **settings: object) -> str:
    project = made_project(folder)
    try:
        card = made_dataset(project, rows=300)
        plan = with_settings(TrainPlan(dataset=card.id), settings)
        return paragraph(plan, card, evaluation(), {})
    finally:
        project.close()


def test_augmentation_is_told_with_its_share_strength_and_source(tmp_path: Path) -> None:
    wanted = {"augmentations": "randomized_smiles", "augmented_share": 0.4, "token_masking": 0.1, "test_time": 5}
    said = methods(tmp_path / "p", **wanted)
    assert has_part(said, augmented_share=0.4, named=ANY, augmentation_strength=0.5) and "Bjerrum 2017" in said
    assert has_part(said, token_masking=0.1) and has_part(said, test_time=5)


@pytest.mark.parametrize(
    ("name", "source"), [("fgm", "Miyato"), ("pgd", "in 3 steps"), ("r_drop", "Liang"), ("mixup", "Beta(0.2, 0.2)")]
)
def test_what_made_training_harder_is_told(tmp_path: Path, name: str, source: str) -> None:
    assert source in methods(tmp_path / "p", regularizer=name)


def test_an_ordinary_training_says_nothing_of_it(tmp_path: Path) -> None:
    said = methods(tmp_path / "p")
    assert "anew" not in said and "mask token" not in said and "disturbances" not in said and "mixup" not in said
