"""Detection of columns with groups, times and splits: by heading and content, both."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from sciapp.engine.data.labels import MISSING
from sciapp.engine.data.moments import reader_for
from sciapp.records.number_format import DecimalSign

_GROUP_WORDS = frozenset(
    "group groups patient subject donor participant person individual animal specimen family cluster batch plate lot "
    "scaffold series paper abstract article document doc publication pmid pmcid study session".split()
)
_TIME_WORDS = frozenset("date time day year timestamp datetime created measured published datum".split())
_NUMBERS_OF_TIME = frozenset("year timestamp date".split())
_PARTITIONS = frozenset({"partition", "partitions", "fold", "folds"})  # numbered parts of cross-validation
_FEWEST_GROUPS, _FEWEST_MOMENTS = 6, 5
_FEWEST_PARTITIONS, _MOST_PARTITIONS = 3, 20


def group_column(columns: Mapping[str, Sequence[str]]) -> str | None:
    """The first column that is headed like a group and whose cells come again; columns: the first cells by name."""
    return next((name for name, cells in columns.items() if _is_group(name, cells)), None)


def time_column(columns: Mapping[str, Sequence[str]], decimal: DecimalSign = ".") -> str | None:
    """The first column that is headed like a time and holds dates, or years."""
    return next((name for name, cells in columns.items() if _is_time(name, cells, decimal)), None)


def _is_group(name: str, cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip().lower() not in MISSING]
    different = len(set(filled))
    if _words(name) - {"cv", "id", "no", "nr"} <= _PARTITIONS and all(map(str.isdecimal, filled)):
        whole = bool(_words(name) & _PARTITIONS) and len(filled) == len(cells)
        return whole and _FEWEST_PARTITIONS <= different <= _MOST_PARTITIONS
    return (
        bool({word.removesuffix("id") for word in _words(name)} & _GROUP_WORDS | _words(name) & _GROUP_WORDS)
        and len(filled) == len(cells)
        and _FEWEST_GROUPS <= different < 0.9 * len(filled)
    )


def _is_time(name: str, cells: Sequence[str], decimal: DecimalSign) -> bool:
    words = _words(name)
    filled = [cell for cell in cells if cell.strip().lower() not in MISSING]
    if not words & _TIME_WORDS or len(set(filled)) < _FEWEST_MOMENTS:
        return False
    reader = reader_for(filled, decimal)
    if reader.numbers and not words & _NUMBERS_OF_TIME:  # “time” alone may be a half-life in hours
        return False
    return bool(np.isfinite([reader.moment(cell) for cell in filled]).mean() >= 0.95)


def _words(header: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).lower()))
