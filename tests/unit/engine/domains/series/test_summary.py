"""A series is shown in a few words where its numbers would fill the page."""

import numpy as np
import pytest

from sciapp.engine.domains.about import summary_of
from sciapp.engine.domains.row_input import MultiInput, display_text
from sciapp.engine.domains.series.values import Series


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (Series.even(np.array([2.61, 3.4, 3.0]), start=850, step=2).text, "3 points, 850 to 854: 2.61 to 3.4"),
        (Series.parse("0.5, 1.5, -2").text, "3 points, 0 to 2: -2 to 1.5"),
        (Series.parse('{"t":[0,24],"v":{"x":[1,2],"y":[3,null]}}').text, "2 points, 0 to 24: 1 to 3 (x, y)"),
        (Series.parse('{"t":[1.5,1.5,2],"v":[3,4,5],"b":["g","r","g"]}').text, "3 points, 1.5 to 2: 3 to 5 (g, r)"),
        ("CCO", "CCO"),
        ('{"a": 1}', '{"a": 1}'),
        ('{"v": [', '{"v": ['),
        ('{"v": []}', '{"v": []}'),
        ('{"v": [null]}', '{"v": [null]}'),
        ('{"t": {}, "v": [1, 2]}', '{"t": {}, "v": [1, 2]}'),
        ('{"v": ["a", "b"]}', '{"v": ["a", "b"]}'),
        ('{"t": [], "v": [1, 2]}', '{"t": [], "v": [1, 2]}'),
        (f'{{"v": [1, 1{"0" * 400}]}}', f'{{"v": [1, 1{"0" * 400}]}}'),
        ('{"v": ' + "[" * 5000, '{"v": ' + "[" * 5000),
    ],
)
def test_a_value_in_a_few_words(text: str, summary: str) -> None:
    assert summary_of(text) == summary


def test_both_inputs_of_a_pair_are_shown_so() -> None:
    series = Series.even(np.array([1.0, 2.0])).text
    assert display_text(MultiInput((series, "CCO"))) == "2 points, 0 to 1: 1 to 2  |  CCO"
