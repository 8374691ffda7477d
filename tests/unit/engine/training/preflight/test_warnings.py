"""What a person is warned of before a training, and that a sound plan is left in peace."""

from dataclasses import replace
from unittest.mock import ANY

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.training.preflight.warnings import TrainingFacts, preflight_warnings
from sciapp.engine.training.setup.fine_tuning import read_rows
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.findings import Finding
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.run.preflight import DiskForecast, PreflightWarning, TruncatedRows
from tests.helpers.messages import values_of
from tests.helpers.tiny import tiny_project

Known = tuple[DatasetCard, dict[str, Rows]]

SOUND = TrainingFacts(
    parameters=12_000_000,
    trainable=12_000_000,
    steps_per_epoch=40,
    total_steps=1200,
    batches=40,
    cut=TruncatedRows(rows=3, of=1000, longest=256, how="are cut at the end"),
    disk=DiskForecast(checkpoint=100, needed=300, free=1000),
)


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Known:
    project, card = tiny_project(tmp_path_factory.mktemp("classes") / "p", rows=300, classes=True)
    plan = TrainPlan(dataset=card.id)
    return read_rows(project.new_run(plan), plan)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Known:
    project, card = tiny_project(tmp_path_factory.mktemp("numbers") / "p", rows=300)
    plan = TrainPlan(dataset=card.id)
    return read_rows(project.new_run(plan), plan)


def said(known: Known, layout: TrainingFacts = SOUND, **settings: object) -> tuple[PreflightWarning, ...]:
    card, rows = known
    return preflight_warnings(with_settings(TrainPlan(dataset=card.id), settings), card, rows, layout)


def changed(**parts: object) -> TrainingFacts:
    return TrainingFacts(**(vars(SOUND) | parts))  # type: ignore[arg-type]


def test_a_sound_plan_is_left_in_peace(classes: Known, numbers: Known) -> None:
    assert said(classes) == said(numbers) == ()


def test_a_class_that_training_lacks_is_a_problem_and_one_that_another_split_lacks_a_warning(classes: Known) -> None:
    card, rows = classes
    for split, level in (("train", "problem"), ("validation", "warning"), ("test", "warning")):
        found = preflight_warnings(TrainPlan(dataset=card.id), card, rows | {split: one_class(rows[split])}, SOUND)
        assert [caution.level for caution in found] == [level]
        assert f"“{card.class_names[1]}”" in found[0].message


def one_class(rows: Rows) -> Rows:
    return Rows(rows.line, rows.inputs, np.zeros(len(rows), dtype=np.int64))


def test_a_condition_that_gives_the_answer_away_is_a_problem(numbers: Known) -> None:
    card, rows = numbers
    finding = Finding(kind="leaks", title="“log y” rises and falls with “y”", count=9, column="log y", weight="note")
    leaking = card.model_copy(update={"findings": (finding,)})
    plan = TrainPlan(dataset=card.id, covariates=("pH", "log y"))
    (caution,) = preflight_warnings(plan, leaking, rows, SOUND)
    assert caution.level == "problem" and "log y" in caution.message and "pH" not in caution.message
    assert preflight_warnings(plan, card, rows, SOUND) == ()


def test_few_rows_to_judge_by_are_said(numbers: Known) -> None:
    card, rows = numbers
    found = preflight_warnings(
        TrainPlan(dataset=card.id), card, rows | {"validation": rows["validation"].of(np.arange(9))}, SOUND
    )
    few = {"rows": 9, "split": "validation", "what": ANY}
    assert [values_of(caution.message) for caution in found] == [few]


def test_a_target_that_never_changes_cannot_be_learnt(numbers: Known) -> None:
    card, rows = numbers
    train = rows["train"]
    flat = Rows(train.line, train.inputs, np.ones_like(train.targets))
    assert [c.level for c in preflight_warnings(TrainPlan(dataset=card.id), card, rows | {"train": flat}, SOUND)] == [
        "problem"
    ]


@pytest.mark.parametrize(
    ("settings", "parameters", "word"),
    [
        ({"learning_rate": 0.05}, 12_000_000, "high"),
        ({"learning_rate": 1e-3}, 300_000_000, "high"),
        ({"learning_rate": 1e-7}, 12_000_000, "low"),
        ({"learning_rate": 1e-5, "optimizer": "sgd"}, 12_000_000, "low"),
        ({"learning_rate": 1e-3, "optimizer": "lion"}, 12_000_000, "high"),
        ({"learning_rate": 1e-4, "tuning_method": "head"}, 12_000_000, "low"),
        ({"learning_rate": 1e-5, "tuning_method": "lora"}, 100_000_000, "low"),
        ({"learning_rate": 1e-2, "tuning_method": "lora"}, 100_000_000, "high"),
    ],
)
def test_a_rate_far_from_what_is_usual_for_the_size_is_said(
    numbers: Known, settings: dict[str, object], parameters: int, word: str
) -> None:
    (caution,) = said(numbers, changed(parameters=parameters, trainable=parameters), **settings)
    assert f"is {word} for a model of" in caution.message


@pytest.mark.parametrize(
    "settings",
    [
        {"tuning_method": "head", "learning_rate": 0.01},
        {"tuning_method": "lora", "learning_rate": 3e-3},
        {"tuning_method": "prompt", "learning_rate": 0.1},
        {"optimizer": "lion", "learning_rate": 3e-5},
    ],
)
def test_the_rates_that_other_methods_want_are_left_in_peace(numbers: Known, settings: dict[str, object]) -> None:
    assert said(numbers, **settings) == ()


@pytest.mark.parametrize(
    ("settings", "name", "belongs"),
    [
        ({"lora_r": 8}, "lora_r=8", "tuning_method=lora, not full"),
        ({"use_dora": True, "tuning_method": "head", "learning_rate": 1e-2}, "use_dora=True", "tuning_method=lora"),
        ({"num_virtual_tokens": 5}, "num_virtual_tokens=5", "tuning_method=prefix or prompt"),
        ({"unfreeze_epochs": 2}, "unfreeze_epochs=2.0", "tuning_method=gradual"),
        ({"focal_gamma": 3}, "focal_gamma=3.0", "loss=focal, not auto"),
        ({"huber_delta": 2}, "huber_delta=2.0", "loss=huber"),
        ({"ema_decay": 0.9, "weight_averaging": "swa"}, "ema_decay=0.9", "weight_averaging=ema, not swa"),
        ({"warmup_ratio": 0.2, "lr_scheduler_type": "one_cycle"}, "warmup_ratio=0.2", "not one_cycle"),
        ({"plateau_patience": 3}, "plateau_patience=3", "lr_scheduler_type=reduce_lr_on_plateau, not linear"),
    ],
)
def test_a_setting_that_does_nothing_with_what_else_is_chosen_is_said(
    numbers: Known, settings: dict[str, object], name: str, belongs: str
) -> None:
    (caution,) = said(numbers, **settings)
    assert caution.level == "warning" and "{name}={value}".format(**caution.message.values) == name
    assert belongs in caution.message


def test_a_plateau_that_training_does_not_live_to_see_is_said(numbers: Known) -> None:
    wanted = {"lr_scheduler_type": "reduce_lr_on_plateau", "plateau_patience": 5}
    assert said(numbers, **wanted, early_stopping_patience=6) == ()
    (caution,) = said(numbers, **wanted, early_stopping_patience=5)
    assert "never falls" in caution.message


def test_a_course_that_cannot_do_what_it_says_is_noted(numbers: Known) -> None:
    short = changed(steps_per_epoch=1, total_steps=30, batches=1)
    found = said(numbers, short, early_stopping_patience=30)
    assert [dict(caution.message.values) for caution in found] == [
        {},
        {"n": 30},
        {"patience": 30, "looks": ANY},
        {"save_steps": 50, "steps": 30},
    ]
    assert [caution.level for caution in found] == ["warning", "warning", "note", "note"]


def test_a_full_disk_comes_first_and_many_cut_rows_are_said(numbers: Known) -> None:
    layout = changed(
        disk=DiskForecast(checkpoint=100, needed=3000, least=1500, free=1000),
        cut=TruncatedRows(rows=200, of=1000, longest=64, how="are cut at the end"),
    )
    found = said(numbers, layout)
    assert [caution.level for caution in found] == ["problem", "warning"]
    assert "20.0%" in found[1].message


def test_a_disk_that_may_suffice_is_not_called_too_full(numbers: Known) -> None:
    (found,) = said(numbers, changed(disk=DiskForecast(checkpoint=100, needed=3000, least=500, free=1000)))
    assert found.level == "warning" and [*found.message.values] == ["disk"]


def test_a_label_that_no_unit_of_a_split_has_is_said(classes: Known) -> None:
    card, rows = classes
    tagging = card.model_copy(update={"task": "tagging"})
    both, one = (TokenLabels.of([np.array(codes)] * len(rows["train"])) for codes in ([0, 1], [0, 0]))
    known = {split: replace(part, targets=both[np.arange(len(part))]) for split, part in rows.items()}
    assert preflight_warnings(TrainPlan(dataset=card.id), tagging, known, SOUND) == ()
    (found,) = preflight_warnings(
        TrainPlan(dataset=card.id), tagging, known | {"train": replace(rows["train"], targets=one)}, SOUND
    )
    assert found.level == "problem"
    assert values_of(found.message) == {"what": "unit", "shown": f"“{card.class_names[1]}”"}
