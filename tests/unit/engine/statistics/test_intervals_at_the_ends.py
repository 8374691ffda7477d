"""All right or all wrong is no proof: intervals at 0 and 100 %, and of what so few rows can say."""

import numpy as np
import pytest

from sciapp.engine.statistics.intervals import (
    classification_report,
    difference_interval,
    regression_report,
    scores_of,
    wilson_margin,
)


@pytest.mark.parametrize("right", [True, False])
def test_nine_of_nine_is_70_to_100_per_cent(right: bool) -> None:
    truth = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0])
    said = np.eye(2)[truth if right else 1 - truth]
    scores = classification_report(truth, said, predictor="")
    accuracy = scores.get("accuracy")
    assert accuracy is not None and accuracy.low is not None and accuracy.high is not None
    assert accuracy.interval == "wilson"
    wanted = (0.7009, 1.0) if right else (0.0, 0.2991)
    assert (accuracy.low, accuracy.high) == pytest.approx(wanted, abs=1e-4)
    for score in scores.scores:
        assert score.low is not None and score.high is not None
        assert score.high - score.low > accuracy.high - accuracy.low - 1e-9, score.name


def test_a_predictor_that_says_one_thing_has_no_interval_of_zero_width() -> None:
    said = np.full((30, 2), 0.5)
    area = classification_report(np.arange(30) % 2, said, predictor="").get("roc_auc")
    assert area is not None
    assert (area.value, area.low, area.high) == (0.5, None, None)


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_few_numbers_have_no_interval(rows: int) -> None:
    truth = np.arange(rows, dtype=float)[:, None]
    for score in regression_report(truth, truth + 0.3, ("y",), predictor="", scale=np.ones(1)).scores:
        assert (score.low, score.high) == (None, None)


def test_a_perfect_regression_has_no_interval_of_zero_width() -> None:
    truth = np.arange(9.0)[:, None]
    for score in regression_report(truth, truth, ("y",), predictor="", scale=np.ones(1)).scores:
        assert score.low is None or score.low != score.high


def test_a_difference_that_never_varies_is_as_wide_as_so_few_rows_may_hide() -> None:
    low, high = difference_interval(np.zeros(100), [9])
    assert (low, high) == pytest.approx((-0.2991, 0.2991), abs=1e-4)
    assert np.isnan(difference_interval(np.zeros(100), None)).all()
    assert difference_interval(np.linspace(0, 1, 101), [9]) == pytest.approx((0.025, 0.975))


def test_a_mean_of_classes_has_the_mean_of_their_bounds() -> None:
    score = scores_of({"recall": 1.0}, [{"recall": np.ones(50)}], ("recall",), cases={"recall": [5, 20]})[0]
    assert score.low == pytest.approx(1 - (3.8415 / 8.8415 + 3.8415 / 23.8415) / 2, abs=1e-4)
    assert wilson_margin([1000]) == pytest.approx(0.003827, abs=1e-6)
