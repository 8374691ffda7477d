"""The methods paragraph says how weights moved, what was made small and what was kept, with sources."""

from pathlib import Path
from unittest.mock import ANY

import pytest

from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.reports.text.methods import paragraph
from sciapp.engine.reports.text.training import ENCODER_UNCHANGED
from sciapp.records.plan.plan import Optimization, TrainPlan, with_settings
from sciapp.records.plan.tuning import ADAPTERS
from tests.helpers.made_projects import evaluation, made_dataset, made_project
from tests.helpers.messages import has_part

MEAN_SQUARED = target_kind("regression").words.loss(Optimization())


def methods(folder: Path, task: str, **settings: object) -> str:
    project = made_project(folder)
    try:
        card = made_dataset(project, rows=300, task=task)
        plan = with_settings(TrainPlan(dataset=card.id), settings)
        return paragraph(plan, card, evaluation(task=task), {})
    finally:
        project.close()


@pytest.mark.parametrize(
    ("task", "settings", "words"),
    [
        ("regression", {"optimizer": "lion"}, "Lion (Chen et al. 2023)"),
        ("regression", {"lr_scheduler_type": "one_cycle"}, "(Smith & Topin 2019)"),
        ("regression", {"lr_scheduler_type": "reduce_lr_on_plateau"}, "by 0.5 after 2 "),
        ("regression", {"lr_scheduler_type": "constant_with_warmup"}, "constant after"),
        ("regression", {"loss": "huber", "huber_delta": 1.5}, "Huber’s loss (delta 1.5 "),
        ("classification", {"loss": "focal"}, "(gamma 2; Lin et al. 2017)"),
        ("classification", {"label_smoothing_factor": 0.1}, "10% of each"),
        ("regression", {"tuning_method": "head"}, "Only the head was trained"),
        ("regression", {"tuning_method": "gradual"}, "every 1 epochs (gradual unfreezing; Howard & Ruder 2018)"),
        ("regression", {"tuning_method": "lora", "lora_r": 4}, "rank 4 (LoRA; Hu et al. 2021; alpha 32,"),
        ("regression", {"tuning_method": "lora", "lora_target": "attention"}, "of attention"),
        ("regression", {"tuning_method": "lora", "use_rslora": True}, "(rsLoRA; Kalajdzievski 2023)"),
        ("regression", {"tuning_method": "lora", "use_dora": True}, "learned apart (DoRA; Liu et al. 2024)"),
        ("regression", {"tuning_method": "lora", "base_weights": "nf4"}, "held in 4-bit numbers (nf4, QLoRA"),
        ("regression", {"tuning_method": "ia3"}, "(IA³; Liu et al. 2022)"),
        ("regression", {"tuning_method": "prefix", "num_virtual_tokens": 7}, "7 learned keys"),
        ("regression", {"tuning_method": "prompt", "num_virtual_tokens": 7}, "7 virtual tokens"),
        ("regression", {"layerwise_lr_decay": 0.8}, "0.8 times the"),
        ("regression", {"weight_averaging": "ema"}, "(decay at most 0.99)"),
        ("regression", {"weight_averaging": "swa"}, "the averaged model"),
    ],
)  # fmt: skip
def test_each_method_is_told(tmp_path: Path, task: str, settings: dict[str, object], words: str) -> None:
    assert words in methods(tmp_path / "p", task, **settings)


@pytest.mark.parametrize("method", ["head", *ADAPTERS])
def test_where_the_encoder_stays_as_it_was_nothing_says_that_it_was_fine_tuned(tmp_path: Path, method: str) -> None:
    said = methods(tmp_path / "p", "regression", tuning_method=method)
    assert "pre-trained" in said and "fine-tuned" not in said
    assert ENCODER_UNCHANGED in said


def test_a_network_that_began_with_random_weights_is_not_called_pre_trained(tmp_path: Path) -> None:
    text = methods(tmp_path / "p", "regression", model="fresh:tiny")
    assert has_part(text, model={"size": "tiny"}, head=ANY) and has_part(text, loss=MEAN_SQUARED)
    assert "random weights" in text and "pre-trained" not in text and "fine-tuned" not in text


def test_an_ordinary_training_is_told_as_ever(tmp_path: Path) -> None:
    said = methods(tmp_path / "p", "regression")
    assert has_part(said, model="molecule-starter", head=ANY) and "fine-tuned together" in said
    assert has_part(said, loss=MEAN_SQUARED) and has_part(said, dropout=0.1)
    schedule = {"schedule": "linear", "after": {"warmup_ratio": 0.06}}
    assert has_part(said, optimizer="AdamW", learning_rate=0.0003, schedule=schedule, weight_decay=0.01)
    assert has_part(said, ema_decay=0.99, judged=ANY) and "unfrozen" not in said


@pytest.mark.parametrize(
    ("device", "short", "where"),
    [
        ("cpu (fp32)", "(fp32)", {"n": 2}),
        ("cpu (bfloat16)", "(bf16)", {"n": 2}),
        ("cuda (float16)", "(fp16)", "a GPU"),
    ],
)
def test_the_number_format_of_the_training_is_said_with_what_it_means(
    tmp_path: Path, device: str, short: str, where: object
) -> None:
    project = made_project(tmp_path)
    card = made_dataset(project, rows=300, task="regression")
    project.close()
    plan, trained_on = TrainPlan(dataset=card.id), {"device": device, "threads": 2}
    said = paragraph(plan, card, evaluation(task="regression"), {"device": "cpu", "threads": 1}, trained_on)
    assert has_part(said, format=ANY, where=where) and short in said
    assert ("losses" in said) == ("fp32)" not in device), "of fp32 there is nothing to warn of"
