"""Errors by measured value and by class, and the paired difference of two models on the same rows."""

import numpy as np
import pytest

from sciapp.engine.statistics.row_errors import (
    difference_of_errors,
    difference_of_f1,
    errors_by_value,
    hits_by_class,
)


def test_every_row_is_in_one_group_with_round_bounds_and_its_own_typical_miss() -> None:
    measured = np.linspace(-8, 2, 111)
    predicted = measured + np.where(measured < -4, 1.0, 0.5)
    groups = errors_by_value(measured, predicted)
    assert sum(group.rows for group in groups) == 111
    assert groups[0].low is None and groups[-1].high is None
    assert [group.high for group in groups[:-1]] == [group.low for group in groups[1:]]
    assert all(group.low is None or group.low == round(group.low, 1) for group in groups)
    assert groups[0].value == pytest.approx(1.0) and groups[-1].value == pytest.approx(0.5)


def test_a_group_has_five_rows_at_least() -> None:
    measured = np.concatenate([np.linspace(0, 1, 50), [9.0, 9.5]])
    groups = errors_by_value(measured, measured + 1)
    assert all(group.rows >= 5 for group in groups) and sum(group.rows for group in groups) in {0, 52}


@pytest.mark.parametrize("measured", [np.ones(40), np.arange(4.0), np.empty(0)])
def test_too_few_or_equal_values_make_no_groups(measured: np.ndarray) -> None:
    assert errors_by_value(measured, measured) == ()


def test_classes_are_listed_from_the_least_to_the_best_recognised() -> None:
    groups = hits_by_class(["a"] * 10 + ["b"] * 10, ["a"] * 9 + ["b"] + ["b"] * 4 + ["a"] * 6)
    assert [(group.name, group.rows, group.value) for group in groups] == [("b", 10, 0.4), ("a", 10, 0.9)]
    assert groups[0].low_value < 0.4 < groups[0].high_value


def test_a_model_that_is_always_nearer_is_more_than_luck_and_a_twin_is_not() -> None:
    errors = np.random.default_rng(0).gamma(2.0, 1.0, 200)
    better = difference_of_errors(errors**2, (errors + 0.2) ** 2, root=True)
    assert better.difference < 0 and better.high < 0 and not better.may_be_luck
    shuffled = difference_of_errors(errors**2, np.random.default_rng(1).permutation(errors) ** 2, root=True)
    assert shuffled.difference == pytest.approx(0.0) and shuffled.may_be_luck


def test_the_interval_of_a_paired_difference_is_narrower_than_that_of_rows_redrawn_apart() -> None:
    hard = np.random.default_rng(0).gamma(1.0, 2.0, 300)
    paired = difference_of_errors(hard**2, (hard * 1.05) ** 2, root=True)
    apart = difference_of_errors(hard**2, (np.random.default_rng(2).permutation(hard) * 1.05) ** 2, root=True)
    assert paired.high - paired.low < (apart.high - apart.low) / 2


def test_macro_f1_of_two_models_differs_as_scikit_learn_says() -> None:
    from sklearn.metrics import f1_score

    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 150)
    first, second = (np.where(rng.random(150) < right, truth, rng.integers(0, 3, 150)) for right in (0.9, 0.4))
    compared = difference_of_f1(truth, first, second, classes=3)
    expected = f1_score(truth, first, average="macro") - f1_score(truth, second, average="macro")
    assert compared.difference == pytest.approx(expected)
    assert compared.low < expected < compared.high and not compared.may_be_luck


def test_a_handful_of_rows_is_not_compared() -> None:
    assert difference_of_errors(np.ones(3), np.zeros(3), root=False) is None
    assert difference_of_f1(np.zeros(3, int), np.zeros(3, int), np.ones(3, int), classes=2) is None


def test_the_range_of_several_comparisons_at_once_is_wider() -> None:
    random = np.random.default_rng(5)
    ours, theirs = random.normal(size=200) ** 2, random.normal(size=200) ** 2
    alone = difference_of_errors(ours, theirs, root=True)
    of_seven = difference_of_errors(ours, theirs, root=True, of_pairs=7)
    assert of_seven.low < alone.low and alone.high < of_seven.high and of_seven.difference == alone.difference
