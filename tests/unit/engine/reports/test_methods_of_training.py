"""The methods paragraph says how weights moved, what was made small and what was kept, with sources."""

from pathlib import Path

import pytest

from sciapp.engine.reports.methods import paragraph
from sciapp.records.plan import TrainPlan, with_settings
from tests.helpers.made_projects import evaluation, made_dataset, made_project


def methods(folder: Path, task: str, **settings: object) -> str:
    project = made_project(folder)
    try:
        card = made_dataset(project, rows=300, task=task)
        plan = with_settings(TrainPlan(dataset=card.id), settings)
        return paragraph(plan, plan, card, evaluation(task=task), {})
    finally:
        project.close()


@pytest.mark.parametrize(
    ("task", "settings", "words"),
    [
        ("regression", {"optimizer": "lion"}, "with Lion (Chen et al. 2023) (learning rate"),
        ("regression", {"lr_scheduler_type": "one_cycle"}, "in one cycle (Smith & Topin 2019), weight decay"),
        ("regression", {"lr_scheduler_type": "reduce_lr_on_plateau"}, "multiplied by 0.5 after 2 validations"),
        ("regression", {"lr_scheduler_type": "constant_with_warmup"}, "constant after a warm-up over 6% of the steps"),
        ("regression", {"loss": "huber", "huber_delta": 1.5}, "Huber’s loss (delta 1.5 standard deviations)"),
        ("classification", {"loss": "focal"}, "on the focal loss (gamma 2; Lin et al. 2017), with"),
        ("classification", {"label_smoothing_factor": 0.1}, "with 10% of each label spread over all classes"),
        ("regression", {"tuning_method": "head"}, "Only the head was trained"),
        ("regression", {"tuning_method": "gradual"}, "one every 1 epochs (gradual unfreezing; Howard & Ruder 2018)"),
        ("regression", {"layerwise_lr_decay": 0.8}, "0.8 times the rate of the layer above it"),
        ("regression", {"weight_averaging": "ema"}, "averaged exponentially over the steps (decay 0.99)"),
        ("regression", {"weight_averaging": "swa"}, "From 75% of the steps on"),
    ],
)  # fmt: skip
def test_each_method_is_told(tmp_path: Path, task: str, settings: dict[str, object], words: str) -> None:
    assert words in methods(tmp_path / "p", task, **settings)


def test_an_ordinary_training_is_told_as_ever(tmp_path: Path) -> None:
    said = methods(tmp_path / "p", "regression")
    assert (
        "on the mean squared error of targets standardised by the training rows, with AdamW (learning rate 0.0003, "
        "linear decay after a warm-up over 6% of the steps, weight decay 0.01), dropout 0.1" in said
    )
    assert "averaged" not in said and "unfrozen" not in said
