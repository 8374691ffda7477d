"""Windows of series, divided by time."""

import numpy as np
import pytest

from sciapp.engine.data.targets.forecast_windows import SeriesSurvey, Windows
from sciapp.engine.domains.series.values import Series
from sciapp.errors import BadInput
from tests.helpers.messages import refused_exactly


def windows(window: int, *, stride: int = 1) -> Windows:
    return Windows("series", Series.parse, ("",), 3, window, stride, (0.8, 0.1, 0.1))


def survey(*steps: int) -> SeriesSurvey:
    return SeriesSurvey(("",), tuple(np.arange(count, dtype=np.float64) for count in steps))


@pytest.mark.parametrize("stride", [1, 1000])
def test_series_too_short_for_three_splits_say_how_long_they_must_be(stride: int) -> None:
    with refused_exactly(BadInput, steps=30, length=13) as refused:
        windows(10, stride=stride).must_fill_splits(survey(30, 20))
    assert "39" in refused.value.hint


def test_one_series_that_is_long_enough_fills_all_splits() -> None:
    windows(10).must_fill_splits(survey(39, 20))
