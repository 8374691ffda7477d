"""A number is rounded to what its error allows."""

import pytest

from sciapp.i18n import ENGLISH, render
from sciapp.records.formatting import error_decimals, number_with_error


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.6912, 0.0981, "0.69 ± 0.10"),  # 981 rounds up to 1000: two figures
        (0.6912, 0.0541, "0.69 ± 0.05"),
        (0.827, 0.119, "0.83 ± 0.12"),  # the examples of the Particle Data Group
        (0.827, 0.367, "0.8 ± 0.4"),
        (-4.0371, 0.2, "−4.04 ± 0.20"),
        (-0.001, 0.2, "0.00 ± 0.20"),
        (1234.0, 123.0, "1230 ± 120"),
        (1234.0, 0.0, "1234 ± 0"),
        (0.5, 0.0, "0.500 ± 0.000"),
    ],
)
def test_number_and_error_end_at_the_same_decimal(value: float, error: float, text: str) -> None:
    assert render(number_with_error(value, error), ENGLISH) == text


@pytest.mark.parametrize("error", [None, float("nan"), float("inf"), -1.0])
def test_without_a_measured_error_there_are_three_figures_and_no_error(error: float | None) -> None:
    assert render(number_with_error(-2.71828, error), ENGLISH) == "−2.72"


def test_a_very_small_error_is_written_with_an_exponent() -> None:
    value, error = render(number_with_error(1.23456e-9, 2e-11), ENGLISH).split(" ± ")
    assert float(value.replace("−", "-")) == pytest.approx(1.23e-9) and float(error.replace("−", "-")) == 2e-11


@pytest.mark.parametrize(
    ("error", "decimals"), [(0.1, 2), (0.354, 2), (0.355, 1), (0.949, 1), (0.95, 1), (35.0, 0), (36.0, -1)]
)
def test_an_error_keeps_two_figures_only_while_they_are_small(error: float, decimals: int) -> None:
    assert error_decimals(error) == decimals
