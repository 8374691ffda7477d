"""Numbers and shares are told as finely as they differ, and never as all or nothing that they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.records.formatting import cell_text, number_text, percent_text, progress_text, steady_text


@pytest.mark.parametrize(
    ("share", "text"), [(0.998, "99.8%"), (0.9996, "99.96%"), (1, "100%"), (0, "0%"), (0.001, "0.1%"), (0.42, "42%")]
)
def test_only_all_is_100_per_cent(share: float, text: str) -> None:
    assert percent_text(share) == text


@given(st.floats(0, 1), st.integers(0, 2))
def test_rounding_never_reaches_all_or_nothing(share: float, decimals: int) -> None:
    text = percent_text(share, decimals)
    assert (text.startswith("100") and "." not in text.rstrip("0%.")) == (share == 1)
    assert (text in {"0%", "0.0%", "0.00%"}) == (share == 0)


def test_progress_is_100_per_cent_at_the_end_only() -> None:
    assert [progress_text(done, 1000) for done in (0, 999, 1000)] == ["0%", "99%", "100%"]


@pytest.mark.parametrize(
    ("value", "spread", "text"),
    [
        (1_000_000.25, 0.5, "1000000.25"),
        (1e-13, 1e-13, "1e-13"),
        (12.3456, 5.0, "12.35"),
        (1234567.0, None, "1.235e+06"),
    ],
)
def test_numbers_are_told_as_finely_as_they_differ(value: float, spread: float | None, text: str) -> None:
    assert number_text(value, spread) == text


def test_cells_and_columns_of_numbers_keep_what_matters() -> None:
    assert [cell_text(v) for v in (1_000_000.25, 1e6, 0.123456789, 1e-13, 0.0)] == [
        "1000000.25",
        "1000000",
        "0.123457",
        "1e-13",
        "0",
    ]
    assert [steady_text(v) for v in (0.1234567, 1.5e-13, 0.0)] == ["0.1235", "1.5e-13", "0.0000"]
