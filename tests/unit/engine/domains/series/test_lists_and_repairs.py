"""Lists of numbers in cells as programs print them, and what is mended in series."""

import json

import numpy as np
import pytest

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.series.repairs import averaged, first_ones, has_repeats, is_out_of_order
from sciapp.engine.domains.series.values import Series, plain_numbers
from tests.helpers.messages import refused_exactly


@pytest.mark.parametrize(
    "cell",
    [
        "[0.1, 0.2, 0.3]",
        "0.1 0.2 0.3",
        "0.1;0.2;0.3",
        "0,1;0,2;0,3",
        "[0.1 0.2\n 0.3]",
        "array([0.1, 0.2,\n       0.3], dtype=float32)",
        "np.array([0.1, 0.2, 0.3])",
        "[np.float64(0.1), np.float64(0.2), np.float64(0.3)]",
        "(1e-1 2e-1 3e-1)",
    ],
)
def test_a_list_is_read_however_it_was_printed(cell: str) -> None:
    assert plain_numbers(cell).tolist() == [0.1, 0.2, 0.3]


def test_what_numpy_prints_of_a_short_list_is_read_and_of_a_long_one_refused() -> None:
    numbers = np.arange(40) / 8
    assert np.array_equal(plain_numbers(str(numbers)), numbers)
    shortened = {str(np.arange(5000.0)): "...", repr(np.arange(5000.0)): "...", "0.1, 0.2, …, 0.9": "…"}
    for printed, dots in shortened.items():
        with refused_exactly(Rejected, dots=dots):
            Series.parse(printed)


def test_a_list_of_lists_is_no_series() -> None:
    with refused_exactly(Rejected):
        Series.parse("[[1, 2], [3, 4]]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"t":[1,2,3],"v":[1,2,3]}', False),
        ('{"t":[1,3,2],"v":[1,2,3]}', True),
        ('{"t":[1,0.9,2,1.9],"v":[1,2,3,4],"b":["g","r","g","r"]}', False),
        ('{"t":[1,0.9,2,0.8],"v":[1,2,3,4],"b":["g","r","g","r"]}', True),
        ("[3, 2, 1]", False),
        ('{"t":[', False),
    ],
)
def test_times_are_in_order_band_by_band(text: str, expected: bool) -> None:
    assert is_out_of_order(text) is expected


def test_measurements_of_one_band_at_one_time_are_averaged_or_the_first_is_taken() -> None:
    text = Series.of([1, 1, 1, 2], [2, 4, 9, 8], bands=["g", "g", "r", "g"], errors=[3, 4, 1, 1]).text
    assert has_repeats(text)
    assert json.loads(averaged(text)) == {"t": [1, 1, 2], "v": [3, 9, 8], "b": ["g", "r", "g"], "e": [2.5, 1, 1]}
    assert json.loads(first_ones(text))["v"] == [2, 9, 8]
    assert not has_repeats(averaged(text)) and not has_repeats(first_ones(text))


def test_a_gap_beside_a_measurement_does_not_change_the_mean() -> None:
    text = Series.of([1, 1, 2], [2, np.nan, 5]).text
    assert json.loads(averaged(text)) == {"t": {"start": 1, "step": 1}, "v": [2, 5]}


def test_the_error_of_a_mean_is_that_of_what_was_measured_alone() -> None:
    text = Series.of([1, 1, 2], [2, np.nan, 5], errors=[0.1, 0.1, 0.2]).text
    assert json.loads(averaged(text))["e"] == [0.1, 0.2]
