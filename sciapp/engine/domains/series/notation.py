"""Series written as the text of a cell, the JSON that `values` describes.

Readers of files write what a file has, in its order: nothing is sorted, resampled or left out here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.series.axis import NO_AXIS, Axis

SERIES = "series"
"""Name of the column in which formats and readers put a series."""
AXIS_KEYS = ("x", "u", "y")
"""Keys of the words for an axis, behind all others: title and unit of what lies along it, and what was measured."""
_WORDS = re.compile(r'(?:,"[xuy]":"(?:[^"\\]|\\.)*")+\}$')
_MOST_WHOLE = 1e15  # from here on a float is no exact whole number to people


def series_text(
    values: npt.ArrayLike,
    *,
    times: npt.ArrayLike | None = None,
    bands: Sequence[str] | None = None,
    errors: npt.ArrayLike | None = None,
    axis: Axis = NO_AXIS,
) -> str:
    """The text of n measurements; NaN: a gap. times (n,), without them 0, 1, 2 …; bands (n,): the band of each;
    errors (n,): standard deviations, left out where none is known.
    """
    record: dict[str, Any] = {} if times is None else {"t": numbers_written(times)}
    record["v"] = numbers_written(values)
    if bands is not None:
        record["b"] = list(bands)
    if errors is not None and not np.isnan(np.asarray(errors, dtype=np.float64)).all():
        record["e"] = numbers_written(errors)
    return record_text(record, axis)


def channels_text(
    values: Mapping[str, npt.ArrayLike], *, times: npt.ArrayLike | None = None, axis: Axis = NO_AXIS
) -> str:
    """The text of several bands that were measured at the same times; values: (n,) of each band by its name."""
    record: dict[str, Any] = {} if times is None else {"t": numbers_written(times)}
    return record_text(record | {"v": {name: numbers_written(numbers) for name, numbers in values.items()}}, axis)


def record_text(record: Mapping[str, Any], axis: Axis = NO_AXIS) -> str:
    """The compact JSON of what is measured, with the words for its axis at the end."""
    words = {key: word for key, word in zip(AXIS_KEYS, axis, strict=True) if word}
    return json.dumps({**record, **words}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def without_words(text: str) -> str:
    """A canonical text without the words for its axis: equal for equal measurements."""
    return _WORDS.sub("}", text) if text.endswith('"}') else text


def numbers_written(numbers: npt.ArrayLike) -> list[float | int | None]:
    """Numbers (n,) in their shortest exact form: whole ones without “.0”, None for NaN and infinity."""
    array = np.asarray(numbers, dtype=np.float64)
    written: list[Any] = array.tolist()
    whole = (array == np.rint(array)) & (np.abs(array) < _MOST_WHOLE)
    for index in np.flatnonzero(whole).tolist():
        written[index] = int(written[index])
    for index in np.flatnonzero(~np.isfinite(array)).tolist():
        written[index] = None
    return written


def number_written(number: float) -> float | int:
    """A whole number without “.0” where that is its shortest form."""
    return int(number) if number.is_integer() and abs(number) < _MOST_WHOLE else number
