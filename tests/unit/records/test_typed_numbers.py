"""Numbers as people type them."""

import pytest

from sciapp.engine.data.values.cell_units import number_and_unit
from sciapp.engine.data.values.cells import is_gap, number
from sciapp.records.formatting import MINUS_SIGNS, is_typed_number, typed_number, with_minus


@pytest.mark.parametrize("text", ["3.5", "3,5", " 3,5 ", "+3.5", "35e-1"])
def test_a_number_is_typed_with_a_point_or_a_comma(text: str) -> None:
    assert typed_number(text) == 3.5


@pytest.mark.parametrize("sign", ["-", *MINUS_SIGNS])
def test_every_sign_that_looks_like_a_minus_is_one_wherever_numbers_are_read(sign: str) -> None:
    assert typed_number(f"{sign}2,5") == number(f"{sign}2,5", ",") == -2.5
    assert number(f"4e{sign}1") == number(f"4 × 10{sign}1") == pytest.approx(0.4)
    assert number_and_unit(f"{sign}2.5 nM") == (f"{sign}2.5", "nM")
    assert number_and_unit(f"4e{sign}1 nM") == (f"4e{sign}1", "nM")
    assert number_and_unit(f"4e{sign}1") == (f"4e{sign}1", "")
    assert is_gap(sign)


@pytest.mark.parametrize("text", ["", "1,2.5", "1,234,567", "a", "−"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert not is_typed_number(text)
    with pytest.raises(ValueError):
        typed_number(text)


def test_numbers_are_shown_with_a_minus_sign() -> None:
    assert with_minus("-1e-06") == "−1e−06"
