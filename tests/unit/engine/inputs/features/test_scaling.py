import json

import numpy as np
import pytest

from sciapp.engine.inputs.features.scaling import Scaling


def numbers(rows: int = 400) -> np.ndarray:
    rng = np.random.default_rng(0)
    plain, decades = rng.normal(5, 2, rows), 10 ** rng.uniform(0, 6, rows)
    rare = np.zeros(rows)
    rare[7] = 1.0
    return np.column_stack([plain, decades, np.full(rows, 3.0), rare])


def test_scaled_columns_are_centred_and_of_one_size_and_constant_ones_are_zero() -> None:
    values = numbers()
    scaled = Scaling.of(("plain", "decades", "constant", "rare"), values).apply(values)
    assert scaled.shape == (400, 8)
    assert scaled.dtype == np.float32
    for column in (0, 1, 4, 5):
        assert abs(float(scaled[:, column].mean())) < 0.05
        assert float(scaled[:, column].std()) == pytest.approx(1, abs=0.05)
    assert not scaled[:, [2, 6]].any()
    assert scaled[7, 3] == 6.0, "what is rare keeps its range, held in at six standard deviations"


def test_a_gap_is_the_training_mean_and_an_explosion_is_held_in() -> None:
    scaling = Scaling.of(("plain", "decades", "constant", "rare"), numbers())
    scaled = scaling.apply(np.array([[np.nan, np.inf, np.nan, np.nan], [1e40, -1e40, 3.0, 0.0]]))
    assert np.isfinite(scaled).all()
    assert np.abs(scaled).max() <= 6
    assert not scaled[0].any()


def test_rows_to_be_judged_do_not_change_the_scaling() -> None:
    train = numbers(200)
    scaling = Scaling.of(("a", "b", "c", "d"), train)
    alone, among = scaling.apply(train[:3]), scaling.apply(np.concatenate([train[:3], train[:50] * 100]))[:3]
    assert np.array_equal(alone, among)


def test_a_scaling_comes_back_from_json_and_a_damaged_one_does_not() -> None:
    scaling = Scaling.of(("a", "b", "c", "d"), numbers())
    told = json.loads(json.dumps(scaling.to_json()))
    assert np.array_equal(Scaling.from_json(told).apply(numbers()), scaling.apply(numbers()))
    told["centre"] = told["centre"][:-1]
    with pytest.raises(ValueError, match="names"):
        Scaling.from_json(told)


def test_no_columns_are_no_numbers() -> None:
    scaling = Scaling.of((), np.empty((5, 0)))
    assert scaling.width == 0
    assert scaling.apply(np.empty((3, 0))).shape == (3, 0)
