"""The methods paragraph says how weights moved, what was made small and what was kept, with sources."""

from pathlib import Path

import pytest

from sciapp.engine.reports.text.methods import paragraph
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.plan.tuning import ADAPTERS
from tests.helpers.made_projects import evaluation, made_dataset, made_project


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
        ("regression", {"optimizer": "lion"}, "with Lion (Chen et al. 2023) (learning rate"),
        ("regression", {"lr_scheduler_type": "one_cycle"}, "in one cycle (Smith & Topin 2019), weight decay"),
        ("regression", {"lr_scheduler_type": "reduce_lr_on_plateau"}, "multiplied by 0.5 after 2 validations"),
        ("regression", {"lr_scheduler_type": "constant_with_warmup"}, "constant after a warm-up over 6% of the steps"),
        ("regression", {"loss": "huber", "huber_delta": 1.5}, "Huber’s loss (delta 1.5 standard deviations)"),
        ("classification", {"loss": "focal"}, "on the focal loss (gamma 2; Lin et al. 2017), with"),
        ("classification", {"label_smoothing_factor": 0.1}, "with 10% of each label spread over all classes"),
        ("regression", {"tuning_method": "head"}, "Only the head was trained"),
        ("regression", {"tuning_method": "gradual"}, "one every 1 epochs (gradual unfreezing; Howard & Ruder 2018)"),
        ("regression", {"tuning_method": "lora", "lora_r": 4}, "of rank 4 (LoRA; Hu et al. 2021; alpha 32,"),
        ("regression", {"tuning_method": "lora", "lora_target": "attention"}, "beside the linear layers of attention"),
        ("regression", {"tuning_method": "lora", "use_rslora": True}, "(rsLoRA; Kalajdzievski 2023)"),
        ("regression", {"tuning_method": "lora", "use_dora": True}, "learned apart (DoRA; Liu et al. 2024)"),
        ("regression", {"tuning_method": "lora", "base_weights": "nf4"}, "held in 4-bit numbers (nf4, QLoRA"),
        ("regression", {"tuning_method": "ia3"}, "(IA³; Liu et al. 2022)"),
        ("regression", {"tuning_method": "prefix", "num_virtual_tokens": 7}, "7 learned keys and values stood before"),
        ("regression", {"tuning_method": "prompt", "num_virtual_tokens": 7}, "began with 7 virtual tokens"),
        ("regression", {"layerwise_lr_decay": 0.8}, "0.8 times the rate of the layer above it"),
        ("regression", {"weight_averaging": "ema"}, "averaged exponentially over the steps (decay 0.99)"),
        ("regression", {"weight_averaging": "swa"}, "as soon as there was an average, it was the averaged model"),
    ],
)  # fmt: skip
def test_each_method_is_told(tmp_path: Path, task: str, settings: dict[str, object], words: str) -> None:
    assert words in methods(tmp_path / "p", task, **settings)


@pytest.mark.parametrize("method", ["head", *ADAPTERS])
def test_where_the_encoder_stays_as_it_was_nothing_says_that_it_was_fine_tuned(tmp_path: Path, method: str) -> None:
    said = methods(tmp_path / "p", "regression", tuning_method=method)
    assert "To the pre-trained transformer encoder" in said and "fine-tuned together" not in said
    assert "The encoder’s own weights stayed as they were." in said


def test_a_network_that_began_with_random_weights_is_not_called_pre_trained(tmp_path: Path) -> None:
    text = methods(tmp_path / "p", "regression", model="fresh:tiny")
    assert "A transformer encoder that began with random weights, a fresh network (tiny), and a new output" in text
    assert "were trained together on the mean squared error" in text and "pre-trained" not in text


def test_an_ordinary_training_is_told_as_ever(tmp_path: Path) -> None:
    said = methods(tmp_path / "p", "regression")
    assert "and a new output layer were fine-tuned together on the mean squared error" in said
    assert (
        "on the mean squared error of targets standardised by the training rows, with AdamW (learning rate 0.0003, "
        "linear decay after a warm-up over 6% of the steps, weight decay 0.01), dropout 0.1" in said
    )
    assert "averaged" not in said and "unfrozen" not in said


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ("cpu (fp32)", "All of it was computed in 32-bit numbers (fp32) on a processor, 2 threads."),
        (
            "cpu (bfloat16)",
            "Training computed its matrix products in bfloat16 (bf16) on a processor, 2 threads; weights",
        ),
        ("cuda (float16)", "Training computed its matrix products in 16-bit numbers (fp16) on a GPU; weights"),
    ],
)
def test_the_number_format_of_the_training_is_said_with_what_it_means(tmp_path: Path, device: str, words: str) -> None:
    project = made_project(tmp_path)
    card = made_dataset(project, rows=300, task="regression")
    project.close()
    plan, trained_on = TrainPlan(dataset=card.id), {"device": device, "threads": 2}
    said = paragraph(plan, card, evaluation(task="regression"), {"device": "cpu", "threads": 1}, trained_on)
    assert words in said and ("losses differ from the third digit on" in said) == ("fp32)" not in device)
