"""Simple rules of forecasting: each knows what it is for, and the best is chosen on rows that it was not fitted to."""

import json

import numpy as np
import pytest

from sciapp.engine.data.targets.forecast_autoregression import Ridge, SelfRegression
from sciapp.engine.data.targets.forecast_rules import LINE, Curve, Drift, LastValue, Past, Rule, Seasonal
from sciapp.engine.data.targets.forecast_start import RULES, FittedRule, ForecastRows, Ranking, rule_of
from sciapp.engine.data.targets.forecast_values import ForecastTargets, PastReader
from sciapp.engine.domains.series.values import Series

HORIZON = 3


def rows(values: np.ndarray, weights: np.ndarray | None = None) -> ForecastRows:
    """Of series (rows, bands, times), whose last three values are to be forecast."""
    past, future = values[:, :, :-HORIZON], values[:, :, -HORIZON:]
    last = past[:, :, -1:]
    scale = np.abs(np.diff(past, axis=2)).mean(axis=2)
    return ForecastRows(Past((past - last) / scale[:, :, None], scale), (future - last) / scale[:, :, None], weights)


def missed(rule: Rule, values: np.ndarray) -> float:
    data = rows(values)
    return float(data.missed(data.fit(rule)).mean())


def walks(count: int, bands: int, times: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, bands, times)).cumsum(axis=2)


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_a_curve_goes_on_through_a_polynomial_of_its_degree(degree: int) -> None:
    times = np.arange(12.0)
    shapes = np.random.default_rng(1).uniform(0.5, 2, (5, 2))
    values = shapes[:, :, None] * times**degree
    assert missed(Curve(degree, degree + 1), values) == pytest.approx(0, abs=1e-6)
    assert missed(Curve(degree, degree + 1), values) < missed(LastValue(), values)


def test_a_past_shorter_than_the_curves_points_gives_a_lower_degree() -> None:
    past = Past(np.array([[[np.nan, np.nan, -1.0, 0.0]], [[np.nan, np.nan, np.nan, 0.0]]]), np.ones((2, 1)))
    assert Curve(3, 4).forecast(past, 2).tolist() == [[[1.0, 2.0]], [[0.0, 0.0]]]


def test_drift_goes_on_at_the_mean_step_of_the_whole_past() -> None:
    past = Past(np.array([[[np.nan, -6.0, -1.0, 0.0]]]), np.ones((1, 1)))
    assert Drift().forecast(past, 2).tolist() == [[[3.0, 6.0]]]


def test_a_season_comes_again() -> None:
    values = np.sin(2 * np.pi * (np.arange(43.0) + np.arange(8.0)[:, None, None]) / 8)
    assert missed(Seasonal(), values) < 1e-6 < missed(LastValue(), values)


def test_autoregression_of_a_series_goes_on_with_an_orbit_of_any_period() -> None:
    times, phases = np.arange(12.0), np.random.default_rng(2).uniform(0, 6, (20, 1))
    speeds = np.random.default_rng(3).uniform(0.5, 2.5, (20, 1))
    angles = speeds * times + phases
    orbits = np.stack([3 * np.cos(angles), 2 * np.sin(angles)], axis=1)
    assert missed(SelfRegression(2, 1e-6), orbits) < 0.01
    assert missed(LINE, orbits) > 1


def test_no_autoregression_leaves_what_the_past_makes_likely() -> None:
    explosive = np.array([[[0.0, 1.0, 3.0, 9.0, 27.0, 81.0]]])
    past = Past(explosive - 81, np.ones((1, 1)))
    forecast = SelfRegression(1, 1e-9).forecast(past, 50)
    assert np.abs(forecast).max() <= 81 + 50 * 54


def test_ridge_learns_how_bands_depend_on_each_other() -> None:
    values = walks(200, 2, 12)
    values[:, 1, 1:] = values[:, 0, :-1]  # the second follows the first
    assert missed(Ridge(False, 1e-6), values) < 0.8 * missed(Ridge(True, 1e-6), values)


def test_rows_of_weight_zero_teach_nothing() -> None:
    values = walks(60, 1, 10)
    nonsense = np.concatenate([values, 1e3 * walks(60, 1, 10, seed=5)])
    weights = np.repeat([1.0, 0.0], 60)
    data, plain = rows(nonsense, weights), rows(values)
    learnt, alone = (part.fit(Ridge(False, 0.1)) for part in (data, plain))
    assert learnt.to_json()["weight"] == pytest.approx(np.array(alone.to_json()["weight"]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_the_same_after_it_was_saved(rule: Rule) -> None:
    data = rows(walks(30, 2, 20))
    fitted = data.fit(rule)
    again = rule_of(json.loads(json.dumps(fitted.to_json())))
    assert again.name == rule.name
    assert np.array_equal(again.forecast(data.past, HORIZON), fitted.forecast(data.past, HORIZON))


def test_every_rule_says_no_change_of_a_series_that_never_moved() -> None:
    past = Past(np.zeros((2, 1, 5)), np.array([[1.0], [0.0]]))
    data = ForecastRows(past, np.zeros((2, 1, HORIZON)), None)
    for rule in RULES:
        assert not data.fit(rule).forecast(past, HORIZON).any(), rule.name


def test_the_best_rule_is_found_on_rows_it_was_not_fitted_to() -> None:
    few = rows(walks(6, 1, 24))  # as many differences as a ridge regression could learn by heart
    assert few.missed(few.fit(Ridge(False, 1e-6))).mean() < 0.1
    assert Ranking.of(few).rules[0].kind != Ridge.kind
    slopes = np.linspace(1, 4, 40)[:, None, None] * np.arange(14.0)
    assert Ranking.of(rows(slopes)).errors[0] == pytest.approx(0, abs=1e-6)


def test_validation_rows_count_in_the_choice() -> None:
    train, steady = rows(np.linspace(1, 2, 4)[:, None, None] * np.arange(12.0)), walks(200, 1, 12)
    assert Ranking.of(train).rules[0] in (Drift(), LINE)
    assert Ranking.of(train, rows(steady)).rules[0] not in (Drift(), LINE)


def test_a_fitted_rule_forecasts_inputs_in_multiples_of_their_usual_step() -> None:
    series = [Series.even({"x": np.arange(8.0) * slope, "y": -np.arange(8.0)}).text for slope in (1, 50)]
    reader = PastReader("series", ("x +1", "x +3", "y +2"))
    rule = FittedRule(reader, LINE)
    again = FittedRule.from_json(json.loads(json.dumps(rule.to_json())))
    assert again.predict(series) == pytest.approx(np.tile([1.0, 3.0, -2.0], (2, 1)))
    assert again.predict([]).shape == (0, 3)


def test_rows_of_targets_stand_by_band_and_step() -> None:
    reader = PastReader("series", ("x +1", "y +2"))
    value = Series.even({"x": np.arange(4.0), "y": np.arange(4.0)}).text
    targets = ForecastTargets(np.array([[5.0, 6.0]]), *reader.anchors([value]))
    future = ForecastRows.of(reader, [value], targets, None).future
    assert future[0, 0, 0] == 2 and future[0, 1, 1] == 3
    assert np.isnan([future[0, 0, 1], future[0, 1, 0]]).all()
