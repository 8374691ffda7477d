"""Each kind of inputs says what becomes of rows that are longer than its network reads."""

import pytest

from sciapp.engine.inputs.registry import input_kind


@pytest.mark.parametrize(
    ("kind", "pairs", "phrase"),
    [
        ("tokens", False, "are cut at the end"),
        ("tokens", True, "lose the end of their longer input"),
        ("series", False, "are thinned evenly"),
        ("series", True, "are thinned evenly"),
        ("composition", False, "are read without their rarest elements"),
    ],
)
def test_rows_that_are_too_long_are_shortened_as_the_kind_says(kind: str, pairs: bool, phrase: str) -> None:
    assert input_kind(kind).shortening(pairs=pairs) == phrase
