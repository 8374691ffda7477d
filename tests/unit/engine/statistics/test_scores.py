"""Our scores are scikit-learn's and SciPy's; intervals are honest; baselines beat nothing but chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn import metrics as reference

from sciapp.engine.statistics.intervals import classification_report, paired_difference, regression_report
from sciapp.engine.statistics.metrics import classification_scores, confusion, regression_scores, roc_curves


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_regression_scores_are_the_references(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=30)
    predicted = truth + rng.normal(size=30)
    ours = regression_scores(truth, predicted)
    assert ours["rmse"] == pytest.approx(reference.root_mean_squared_error(truth, predicted))
    assert ours["mae"] == pytest.approx(reference.mean_absolute_error(truth, predicted))
    assert ours["r2"] == pytest.approx(reference.r2_score(truth, predicted))
    assert ours["spearman"] == pytest.approx(spearmanr(truth, predicted).statistic)


@given(st.integers(0, 10_000), st.integers(2, 5))
@settings(max_examples=40, deadline=None)
def test_classification_scores_are_the_references(seed: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, 40)])
    probabilities = rng.dirichlet(np.ones(classes), len(truth))
    chosen = probabilities.argmax(axis=1)
    ours = classification_scores(truth, probabilities)
    macro = {"average": "macro", "zero_division": 0}
    assert ours["accuracy"] == pytest.approx(reference.accuracy_score(truth, chosen))
    assert ours["macro_f1"] == pytest.approx(reference.f1_score(truth, chosen, **macro))
    assert ours["precision"] == pytest.approx(reference.precision_score(truth, chosen, **macro))
    assert ours["recall"] == pytest.approx(reference.recall_score(truth, chosen, **macro))
    score = probabilities[:, 1] if classes == 2 else probabilities
    area = reference.roc_auc_score(truth, score, multi_class="ovr", average="macro")
    assert ours["roc_auc"] == pytest.approx(area)
    names = tuple(f"c{n}" for n in range(classes))
    expected = reference.confusion_matrix(truth, chosen, labels=range(classes))
    assert confusion(truth, probabilities, names).counts == tuple(map(tuple, expected.tolist()))


def test_intervals_hold_the_true_value_about_as_often_as_they_say() -> None:
    """The RMSE of standard normal errors is 1; of 120 intervals about 114 should hold it."""
    held = 0
    for seed in range(120):
        rng = np.random.default_rng(seed)
        truth = rng.normal(size=(150, 1)) * 3
        scores = regression_report(
            truth, truth + rng.normal(size=(150, 1)), ("y",), predictor="p", scale=np.ones(1), seed=seed
        )
        rmse = scores.get("rmse")
        assert rmse is not None and rmse.low is not None and rmse.high is not None
        held += rmse.low <= 1 <= rmse.high
    assert 103 <= held <= 120


def test_the_same_seed_gives_the_same_interval() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 50)
    probabilities = rng.dirichlet(np.ones(2), 50)
    first = classification_report(truth, probabilities, predictor="p", seed=3)
    assert first == classification_report(truth, probabilities, predictor="p", seed=3)


def test_a_score_that_is_not_defined_says_so() -> None:
    truth = np.zeros(20, dtype=np.int64)
    scores = classification_report(truth, np.full((20, 2), 0.5), predictor="p")
    area = scores.get("roc_auc")
    assert area is not None and area.value is None
    assert roc_curves(truth, np.full((20, 2), 0.5), ("a", "b")) == ()


def test_gaps_in_targets_are_left_out_not_taken_for_zero() -> None:
    truth = np.array([[1.0, np.nan], [2.0, 5.0], [3.0, np.nan], [4.0, 7.0]])
    scores = regression_report(truth, np.nan_to_num(truth, nan=99.0), ("a", "b"), predictor="p", scale=np.ones(2))
    assert [score.value for score in scores.scores if score.name == "rmse"] == [0.0, 0.0, 0.0]


def test_a_paired_difference_sees_what_unpaired_intervals_hide() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=200) * 5
    low, high = paired_difference(lambda rows: (noise[rows].mean() + 0.5, noise[rows].mean()), 200)
    assert low == pytest.approx(0.5)
    assert high == pytest.approx(0.5)
