"""Lists of numbers in cells as programs print them, and what is mended in series."""

import json

import numpy as np
import pytest

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.series.axis import Axis
from sciapp.engine.domains.series.domain import DOMAIN
from sciapp.engine.domains.series.repairs import (
    averaged,
    first_ones,
    has_fill_values,
    has_repeats,
    is_out_of_order,
    with_gaps,
)
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


@pytest.mark.parametrize("code", [-999, -9999.0, 1e30, -1e30, 9.969209968386869e36, 99999])
def test_a_code_for_what_was_not_measured_is_a_gap(code: float) -> None:
    values = np.linspace(0.2, 0.9, 20)
    values[7] = code
    text = Series.even(values).text
    assert has_fill_values(text)
    gaps = Series.parse(with_gaps(text))
    assert np.flatnonzero(~gaps.known).tolist() == [7] and not has_fill_values(gaps.text)


def test_a_code_that_comes_again_is_a_gap_and_several_codes_are() -> None:
    values = np.linspace(2, 60, 30)
    values[[3, 4]], values[[8, 9]] = 999, -99.9
    assert np.flatnonzero(~Series.parse(with_gaps(Series.even(values).text)).known).tolist() == [3, 4, 8, 9]


@pytest.mark.parametrize(
    "values",
    [
        np.append(np.linspace(0, 100, 30), 999),  # the base peak of a mass spectrum
        np.append(np.linspace(0, 9000, 30), [9999, 9999]),
        np.linspace(-2000, 2000, 4001),
        np.append(np.linspace(0, 1, 30), [-1, -9]),
    ],
)
def test_measurements_that_look_like_a_code_stay(values: np.ndarray) -> None:
    assert not has_fill_values(Series.even(values).text)


def test_a_series_of_codes_alone_has_no_measurement() -> None:
    with pytest.raises(Rejected):
        with_gaps(Series.even([-999.0] * 10).text)


def test_the_words_for_an_axis_are_no_part_of_what_a_series_is() -> None:
    axis = Axis("Wavelength", "nm", "absorbance")
    bare, named = Series.even([1, 2, 4]), Series.even([1, 2, 4], axis=axis)
    assert Series.parse(named.text).axis == axis
    assert DOMAIN.identity(named.text) == DOMAIN.identity(bare.text)
    assert Series.parse(first_ones(named.text)).axis == axis
    assert all(Series.parse(one(named.text, 1)).axis == axis for one in DOMAIN.augmentations.values())
