"""Plans are frozen values that read well; events go to a line and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.errors import BadInput, UnknownSetting
from sciapp.records.plan.plan import (
    TrainPlan,
    changed_settings,
    read_plan,
    read_saved_plan,
    setting_names,
    with_settings,
    words_text,
)
from sciapp.records.run.events import StepTaken, from_line, to_line
from tests.helpers.messages import names, refused


def test_a_setting_is_found_whatever_part_it_is_in() -> None:
    plan = with_settings(TrainPlan(dataset="d"), {"learning_rate": "1e-4", "num_train_epochs": "3", "dropout": 0.2})
    assert plan.optimization.learning_rate == 1e-4
    assert changed_settings(plan) == {"dropout": 0.2, "learning_rate": 1e-4, "num_train_epochs": 3}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("epochs", "num_train_epochs"),
        ("lr", "learning_rate"),
        ("stopping.patience", "early_stopping_patience"),
        ("scheduler_type", "lr_scheduler_type"),
    ],
)
def test_a_setting_called_as_elsewhere_is_answered_with_its_name_here(typed: str, meant: str) -> None:
    with refused(UnknownSetting, name=typed) as caught:
        with_settings(TrainPlan(dataset="d"), {typed: "3"})
    assert names(caught.value.hint, name=meant)


def test_a_misspelt_setting_is_told_with_the_nearest_name() -> None:
    with pytest.raises(UnknownSetting, match="learning_rate"):
        with_settings(TrainPlan(dataset="d"), {"learning_rte": 1})


@pytest.mark.parametrize("value", [None, [], [{"kind": "train"}], "train", 3])
def test_a_plan_that_is_no_mapping_is_refused(value: object) -> None:
    with pytest.raises(BadInput):
        read_plan(value)


@pytest.mark.parametrize("name, value", [("learning_rate", "fast"), ("dropout", 1.5), ("num_train_epochs", 0)])
def test_a_value_out_of_range_names_the_setting(name: str, value: object) -> None:
    with pytest.raises(BadInput, match=name):
        with_settings(TrainPlan(dataset="d"), {name: value})


@pytest.mark.parametrize(
    "typed, names",
    [
        ("T,pH", ("T", "pH")),
        (" T , pH ,", ("T", "pH")),
        ("[T, pH]", ("T", "pH")),
        ('["T, K", "pH"]', ("T, K", "pH")),
        (["T, K"], ("T, K",)),
        ("", ()),
    ],
)
def test_columns_are_typed_with_commas_or_as_a_list(typed: object, names: tuple[str, ...]) -> None:
    assert with_settings(TrainPlan(dataset="d"), {"covariates": typed}).covariates == names


def test_a_list_of_columns_that_cannot_be_read_is_told_with_an_example() -> None:
    with refused(BadInput, '["T, K", "pH"]', text='["T'):
        with_settings(TrainPlan(dataset="d"), {"covariates": '["T'})


@given(st.lists(st.text(min_size=1), unique=True).map(tuple))
def test_whatever_columns_are_called_their_text_is_read_back(names: tuple[str, ...]) -> None:
    plan = with_settings(TrainPlan(dataset="d"), {"covariates": words_text(names)})
    assert plan.covariates == names


def test_a_plan_survives_its_own_json() -> None:
    plan = with_settings(TrainPlan(dataset="d", model="m"), {"seed": 7})
    assert read_plan(plan.model_dump(mode="json")) == plan


def test_every_setting_name_can_be_set_to_its_own_default() -> None:
    plan = TrainPlan(dataset="d")
    value = plan.model_dump()
    for part in [name for name, setting in value.items() if isinstance(setting, dict)]:
        value |= value.pop(part)
    assert with_settings(plan, {name: value[name] for name in setting_names()}) == plan


@given(loss=st.floats(allow_nan=True, allow_infinity=True), step=st.integers(0, 10**9))
def test_an_event_comes_back_from_its_line(loss: float, step: int) -> None:
    event = StepTaken(
        step=step, total_steps=step, epoch=1, loss=loss, learning_rate=1, gradient_norm=1, tokens=1, seconds=1
    )
    line = to_line(event)
    assert line.count("\n") == 1
    back = from_line(line)
    assert isinstance(back, StepTaken)
    assert back.loss == loss or (math.isnan(back.loss) and math.isnan(loss))


@pytest.mark.parametrize("line", ["", "{", '{"event": "of the future"}', '{"event": "step_taken", "st'])
def test_a_torn_or_unknown_line_is_passed_over(line: str) -> None:
    assert from_line(line) is None


def test_a_run_of_a_version_without_a_setting_goes_on_as_it_began() -> None:
    saved = TrainPlan(dataset="d").model_dump(mode="json")
    assert read_saved_plan(saved) == TrainPlan(dataset="d")
    del saved["batching"]["min_steps_per_epoch"]
    assert read_saved_plan(saved).batching.min_steps_per_epoch == 1  # type: ignore[union-attr]
    assert read_plan(saved) == TrainPlan(dataset="d"), "a recipe has what is usual today"
    del saved["averaging"], saved["members"]
    earlier = read_saved_plan(saved)
    assert (earlier.averaging.weight_averaging, earlier.members) == ("none", "off")  # type: ignore[union-attr]
    assert read_plan(saved) == TrainPlan(dataset="d")
    with pytest.raises(BadInput):
        read_saved_plan([])
