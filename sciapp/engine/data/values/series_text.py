"""Series written as the text of a cell: JSON with times, values, bands and errors in the order of the file.

The notation of the domain that reads them (`domains/series/values.py`): nothing is sorted, resampled or left out here.
"""

import json
import math
from collections.abc import Mapping, Sequence

SERIES = "series"
"""Name of the column in which formats and readers put a series."""


def series_text(
    values: Sequence[float],
    *,
    times: Sequence[float] | None = None,
    bands: Sequence[str] | None = None,
    errors: Sequence[float] | None = None,
) -> str:
    """The text of n measurements; NaN: a gap. times (n,), without them 0, 1, 2 …; bands (n,): the band of each;
    errors (n,): standard deviations, left out where none is known.
    """
    record: dict[str, object] = {} if times is None else {"t": _numbers(times)}
    record["v"] = _numbers(values)
    if bands is not None:
        record["b"] = list(bands)
    if errors is not None and not all(map(math.isnan, errors)):
        record["e"] = _numbers(errors)
    return _written(record)


def channels_text(values: Mapping[str, Sequence[float]], *, times: Sequence[float] | None = None) -> str:
    """The text of several bands that were measured at the same times; values: (n,) of each band by its name."""
    record: dict[str, object] = {} if times is None else {"t": _numbers(times)}
    return _written(record | {"v": {name: _numbers(numbers) for name, numbers in values.items()}})


def _numbers(numbers: Sequence[float]) -> list[float | int | None]:
    """Whole numbers without “.0”, None for NaN."""
    return [None if math.isnan(one) else int(one) if one.is_integer() and abs(one) < 1e15 else one for one in numbers]


def _written(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
