"""Series: what is read of a cell, the canonical text, and that nothing of the measurements is lost in it."""

import numpy as np
import pytest

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.series.values import Grid, Series


@pytest.mark.parametrize(
    "cell",
    [
        "0.1, 0.2, 0.3",
        "[0.1, 0.2, 0.3]",
        "0.1 0.2 0.3",
        "[0.1 0.2\n 0.3]",
        "0,1; 0,2; 0,3",
        "0,1 0,2 0,3",
        "0.1\t0.2\t0.3",
    ],
)
def test_a_list_of_numbers_is_a_series_at_0_1_2(cell: str) -> None:
    assert Series.parse(cell).text == '{"t":{"start":0,"step":1},"v":[0.1,0.2,0.3]}'


@pytest.mark.parametrize(
    "text",
    [
        '{"t":{"start":850,"step":2},"v":[2.61,null,2.63]}',
        '{"t":[53000.1,53002.7,53002.8],"v":[1.5,1.25,-3],"e":[0.01,0.02,null]}',
        '{"t":{"start":0,"step":24},"v":{"x":[1,2],"y":[3,4]}}',
        '{"t":[0,24,25],"v":{"x":[1,2,3],"y":[3,4,5]},"e":{"x":[0.1,0.1,0.1],"y":[0.2,0.2,0.2]}}',
        '{"t":[1.5,1.5,2],"v":[3,4,5],"b":["g","r","g"]}',
        '{"t":[1.5,1.5,2],"v":[3,4,5]}',
    ],
)
def test_the_canonical_text_is_read_back_as_it_was(text: str) -> None:
    assert Series.parse(text).text == text


def test_measurements_are_sorted_by_time_and_band() -> None:
    series = Series.of([3, 1, 2], [30.0, 10.0, 20.0], bands=["r", "r", "g"], errors=[3, 1, 2])
    assert series.times.tolist() == [1, 2, 3]
    assert [series.bands[index] for index in series.band] == ["r", "g", "r"]
    assert series.errors is not None and series.errors.tolist() == [1, 2, 3]
    assert series.channel("r").values.tolist() == [10, 30]


def test_times_that_lie_evenly_but_for_rounding_are_a_grid() -> None:
    times = np.cumsum(np.full(1000, 0.1))
    assert Series.of(times, np.arange(1000)).grid == Grid(0.1, 0.1)
    assert Series.of(times + np.where(np.arange(1000) == 500, 1e-3, 0), np.arange(1000)).grid is None


def test_numbers_of_float32_keep_their_few_digits() -> None:
    assert Series.even(np.array([0.1, 0.2], dtype=np.float32)).text == '{"t":{"start":0,"step":1},"v":[0.1,0.2]}'


def test_every_digit_of_a_double_survives() -> None:
    rng = np.random.default_rng(0)
    times, values = np.sort(rng.random(50)) * 1e5, rng.normal(size=50) * 1e-7
    back = Series.parse(Series.of(times, values).text)
    assert np.array_equal(back.times, times) and np.array_equal(back.values, values)


def test_gaps_stay_and_infinite_values_are_gaps() -> None:
    series = Series.parse("1, , NA, nan, 5, inf")
    assert series.known.tolist() == [True, False, False, False, True, False]
    assert Series.parse(series.text) == series


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "empty"),
        ("CCO", "“CCO” at position 1"),
        ("1", "fewer than 2"),
        ("nan, nan", "no measurement"),
        ('{"v":[1,2],"t":[1]}', "equally many"),
        ('{"v":[1,2],"t":[1,null]}', "time is"),
        ('{"v":[1,2],"t":{"start":0,"step":0}}', "not positive"),
        ('{"v":[1,2],"x":[1]}', "“t” (times)"),
        ('{"v":[[1],[2]]}', " list "),
        ('{"v":"abc"}', " list "),
        ('{"v":[1,2', "neither"),
        ('{"v":{"x":[1,2],"y":[1]}}', "equally many"),
    ],
)
def test_what_is_no_series_is_refused_with_a_reason(cell: str, reason: str) -> None:
    with pytest.raises(Rejected) as raised:
        Series.parse(cell)
    assert reason in raised.value.reason


@pytest.mark.parametrize(
    "text",
    [
        '{"v":{"x":1}}',
        '{"v":[1,2],"b":5}',
        '{"v":{"x":[1,2]},"e":{"x":3}}',
        '{"v":{"x":null}}',
        '{"t":{"start":1' + 400 * "0" + ',"step":1},"v":[1,2]}',
    ],
)
def test_json_of_another_build_is_refused(text: str) -> None:
    with pytest.raises(Rejected):
        Series.parse(text)
