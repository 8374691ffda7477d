"""Scores of many redrawn sets at once are the scores of those sets, one by one."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.statistics import bootstrap
from sciapp.engine.statistics.intervals import classification_report, regression_report
from sciapp.engine.statistics.metrics import classification_scores, regression_scores


def _sets(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    drawn = rng.integers(0, rows, (8, rows))
    return drawn, np.stack([np.bincount(draw, minlength=rows) for draw in drawn]).astype(float)


@given(st.integers(0, 10_000), st.integers(2, 40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_regression_scores_of_sets_are_those_of_their_rows(seed: int, rows: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    truth, predicted = rng.normal(size=rows) + 100, rng.normal(size=rows) + 100
    if ties:
        truth, predicted = truth.round(), predicted.round()
    drawn, counts = _sets(rng, rows)
    many = bootstrap.regression(truth, predicted, counts)
    for place, draw in enumerate(drawn):
        one = regression_scores(truth[draw], predicted[draw])
        for name, value in one.items():
            assert many[name][place] == pytest.approx(value, rel=1e-8, nan_ok=True), name


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(2, 5), st.booleans())
@settings(max_examples=60, deadline=None)
def test_classification_scores_of_sets_are_those_of_their_rows(seed: int, rows: int, classes: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    truth, probabilities = rng.integers(0, classes, rows), rng.dirichlet(np.ones(classes), rows)
    if ties:
        probabilities = probabilities.round(1)
    drawn, counts = _sets(rng, rows)
    many = bootstrap.classification(truth, probabilities, counts)
    for place, draw in enumerate(drawn):
        one = classification_scores(truth[draw], probabilities[draw])
        for name, value in one.items():
            assert many[name][place] == pytest.approx(value, nan_ok=True), name


def test_draws_come_in_blocks_and_add_up() -> None:
    blocks = list(bootstrap.draws(30_000, 150, seed=1))
    assert len(blocks) > 1
    together = np.concatenate(blocks)
    assert together.shape == (150, 30_000)
    assert (together.sum(axis=1) == 30_000).all()


def test_ten_thousand_rows_take_seconds() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(10_000, 1))
    began = time.process_time()
    regression_report(truth, truth + rng.normal(size=truth.shape), ("y",), predictor="p", scale=np.ones(1))
    classification_report(rng.integers(0, 2, 10_000), rng.dirichlet(np.ones(2), 10_000), predictor="p")
    assert time.process_time() - began < 8, "usually 1.3 s"


def test_targets_of_one_row_are_drawn_together() -> None:
    """Two copies of a target say no more than one: the interval over both must not be narrower."""
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(60, 1))
    predicted = truth + rng.normal(size=truth.shape)
    one = regression_report(truth, predicted, ("a",), predictor="p", scale=np.ones(1)).get("rmse")
    twice = regression_report(
        np.repeat(truth, 2, axis=1), np.repeat(predicted, 2, axis=1), ("a", "b"), predictor="p", scale=np.ones(2)
    ).get("rmse")
    assert one is not None and twice is not None
    assert (twice.value, twice.low, twice.high) == pytest.approx((one.value, one.low, one.high))


def test_a_target_that_no_test_row_has_is_left_undefined() -> None:
    truth = np.array([[1.0, np.nan], [2.0, np.nan], [4.0, np.nan]])
    scores = regression_report(truth, np.zeros((3, 2)), ("a", "b"), predictor="p", scale=np.ones(2))
    empty, whole = scores.get("rmse", "b"), scores.get("rmse")
    assert empty is not None and empty.value is None and empty.low is None and empty.target == "b"
    assert whole is not None and whole.value == pytest.approx(np.sqrt(7))
