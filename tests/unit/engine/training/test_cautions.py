"""What a person is warned of before a training, and that a sound plan is left in peace."""

import numpy as np
import pytest

from sciapp.engine.data.tables import Rows
from sciapp.engine.training.cautions import Layout, cautions
from sciapp.engine.training.prepare import read_rows
from sciapp.records.dataset import DatasetCard
from sciapp.records.plan import TrainPlan, with_settings
from sciapp.records.preflight import Caution, CutRows, DiskForecast
from tests.helpers.tiny import tiny_project

Known = tuple[DatasetCard, dict[str, Rows]]

SOUND = Layout(
    parameters=12_000_000,
    trainable=12_000_000,
    steps_per_epoch=40,
    total_steps=1200,
    batches=40,
    cut=CutRows(rows=3, of=1000, longest=256, how="are cut at the end"),
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


def said(known: Known, layout: Layout = SOUND, **settings: object) -> tuple[Caution, ...]:
    card, rows = known
    return cautions(with_settings(TrainPlan(dataset=card.id), settings), card, rows, layout)


def changed(**parts: object) -> Layout:
    return Layout(**(vars(SOUND) | parts))  # type: ignore[arg-type]


def test_a_sound_plan_is_left_in_peace(classes: Known, numbers: Known) -> None:
    assert said(classes) == said(numbers) == ()


def test_a_class_that_training_lacks_is_a_problem_and_one_that_another_split_lacks_a_warning(classes: Known) -> None:
    card, rows = classes
    for split, level in (("train", "problem"), ("validation", "warning"), ("test", "warning")):
        found = cautions(TrainPlan(dataset=card.id), card, rows | {split: one_class(rows[split])}, SOUND)
        assert [caution.level for caution in found] == [level]
        assert f"“{card.class_names[1]}”" in found[0].message


def one_class(rows: Rows) -> Rows:
    return Rows(rows.line, rows.inputs, np.zeros(len(rows), dtype=np.int64))


def test_few_rows_to_judge_by_are_said(numbers: Known) -> None:
    card, rows = numbers
    found = cautions(
        TrainPlan(dataset=card.id), card, rows | {"validation": rows["validation"].of(np.arange(9))}, SOUND
    )
    assert [caution.message for caution in found] == [
        "There are only 9 validation rows: chance has a large say in which step counts as the best."
    ]


def test_a_target_that_never_changes_cannot_be_learnt(numbers: Known) -> None:
    card, rows = numbers
    train = rows["train"]
    flat = Rows(train.line, train.inputs, np.ones_like(train.targets))
    assert [c.level for c in cautions(TrainPlan(dataset=card.id), card, rows | {"train": flat}, SOUND)] == ["problem"]


@pytest.mark.parametrize(
    ("settings", "parameters", "word"),
    [
        ({"learning_rate": 0.05}, 12_000_000, "high"),
        ({"learning_rate": 1e-3}, 300_000_000, "high"),
        ({"learning_rate": 1e-7}, 12_000_000, "low"),
        ({"learning_rate": 1e-5, "optimizer": "sgd"}, 12_000_000, "low"),
    ],
)
def test_a_rate_far_from_what_is_usual_for_the_size_is_said(
    numbers: Known, settings: dict[str, object], parameters: int, word: str
) -> None:
    (caution,) = said(numbers, changed(parameters=parameters, trainable=parameters), **settings)
    assert f"is {word} for a model of" in caution.message


def test_the_rate_of_a_head_alone_is_left_in_peace(numbers: Known) -> None:
    assert said(numbers, changed(trainable=1000), learning_rate=0.01) == ()


def test_a_course_that_cannot_do_what_it_says_is_noted(numbers: Known) -> None:
    short = changed(steps_per_epoch=1, total_steps=30, batches=1)
    found = [caution.message for caution in said(numbers, short, early_stopping_patience=30)]
    assert [message.split(":")[0] for message in found] == [
        "All training rows go into one step",
        "The training has only 30 steps",
        "Early stopping cannot happen",
        "There is no checkpoint before the end (every 50 steps, of 30)",
    ]


def test_a_full_disk_comes_first_and_many_cut_rows_are_said(numbers: Known) -> None:
    layout = changed(
        disk=DiskForecast(checkpoint=100, needed=3000, free=1000),
        cut=CutRows(rows=200, of=1000, longest=64, how="are cut at the end"),
    )
    found = said(numbers, layout)
    assert [caution.level for caution in found] == ["problem", "warning"]
    assert "20.0%" in found[1].message
