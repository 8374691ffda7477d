"""Columns of a long table: which one names objects, which has times, values, bands and errors of their points.

Recognised where an id repeats and time rises within it. A proposal: people see it, and say otherwise.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.dates import reader_for
from sciapp.engine.data.values.number_formats import content_of
from sciapp.engine.domains.columns import PointWords
from sciapp.errors import BadInput, UnknownColumn, listed
from sciapp.i18n import msg
from sciapp.records.dataset.number_format import DecimalSign
from sciapp.records.read_options import SeriesColumns

Columns = Mapping[str, Sequence[str]]
"""Cells of the same rows, in the order of the file, by the name of the column."""

_FEWEST_POINTS = 3.0  # of an object, on average
_RISING, _SHUFFLED = 0.97, 0.4  # share of neighbouring points of an object; of tables whose times are out of order
_STRICTLY = 0.4  # share of those whose times are not the same: rows of one night have no series
_LOOKED_AT = 6_000  # rows that are looked at first
_MOST_BANDS = 30
_ALMOST_ALL = 0.9


class _Candidate(NamedTuple):
    """Columns that may name objects and times; rising: share of neighbouring points whose times do not fall."""

    id: tuple[str, ...]
    time: str
    band: str
    rising: float
    hints: int


def series_columns(
    columns: Columns, words: PointWords, decimal: DecimalSign = ".", given: SeriesColumns | None = None
) -> SeriesColumns:
    """All columns of a long table. words: of the domain, in headings; given: what a person said, the rest is completed.

    Raises BadInput where the table does not look like one, or lacks what was not said; UnknownColumn.
    """
    given = given or SeriesColumns()
    for name in (*given.id, given.time, *given.values, given.error, given.band, *(given.alike or ())):
        if name and name not in columns:
            raise UnknownColumn(name, list(columns))
    kinds = _Kinds(columns, words, decimal)
    best = max(_candidates(columns, kinds, given), key=lambda one: (round(one.rising, 2), one.hints), default=None)
    if best is None:
        raise _unclear(given, columns)
    groups = _groups(columns, best.id)
    rest = [name for name in columns if name not in {*best.id, best.time, best.band, given.error, *given.values}]
    alike = given.alike if given.alike is not None else tuple(_alike(columns, groups, rest))
    varied = [name for name in rest if name not in alike and kinds.is_number(name) and not _same(columns[name])]
    errors = [given.error] if given.error else [name for name in varied if _words(name) & kinds.words.error]
    values = given.values or _values([name for name in varied if name not in errors], errors, best, columns, kinds)
    if not values:
        raise _unclear(given, columns)
    error = _error_of(values, errors)
    return SeriesColumns(id=best.id, time=best.time, values=values, error=error, band=best.band, alike=alike)


def is_long_table(columns: Columns, words: PointWords, decimal: DecimalSign = ".") -> SeriesColumns | None:
    """The columns where the table clearly has many rows of each object; None otherwise."""
    for rows in (_LOOKED_AT, None):  # a table that is sorted by time may have all its objects once in the first rows
        with suppress(BadInput):
            return series_columns({name: cells[:rows] for name, cells in columns.items()}, words, decimal)
    return None


class _Kinds:
    """Columns by content, looked at once."""

    def __init__(self, columns: Columns, words: PointWords, decimal: DecimalSign) -> None:
        self._columns, self.words, self._decimal = columns, words, decimal
        self._numbers: dict[str, bool] = {}

    def is_number(self, name: str) -> bool:
        if name not in self._numbers:
            content = content_of(self._columns[name], self._decimal)
            self._numbers[name] = content.filled > 0 and content.mostly_numbers
        return self._numbers[name]

    def times(self, name: str) -> npt.NDArray[np.float64] | None:
        """The cells as numbers or dates (rows,); None where most are neither."""
        cells = self._columns[name]
        reader = reader_for(cells[:200], self._decimal)
        moments = np.array([reader.moment(cell) for cell in cells], dtype=np.float64)
        return moments if np.isfinite(moments).mean() >= _ALMOST_ALL else None


def _candidates(columns: Columns, kinds: _Kinds, given: SeriesColumns) -> list[_Candidate]:
    rows = len(next(iter(columns.values()), ()))
    if not rows:
        return []
    bands = [given.band] if given.band else [name for name in columns if _is_band(name, columns[name], kinds)][:1]
    if given.id and given.time:  # whatever the times are: a row that has none is set aside
        return [_Candidate(given.id, given.time, bands[0] if bands else "", 1.0, 0)]
    taken = {*bands, *given.values, given.error}
    ids = [given.id] if given.id else _ids(columns, taken - {""}, rows, kinds)
    times = {name: moments for name in _time_names(columns, kinds, given) if (moments := kinds.times(name)) is not None}
    candidates = []
    for id in ids:
        groups = _groups(columns, (*id, *bands))
        for name, moments in times.items():
            if name in id or name in bands:
                continue
            hints = 2 * _hinted(id, kinds.words.id) + 2 * _hinted((name,), kinds.words.time)
            rising, strictly = _rising(moments, groups)
            hinted = bool(given.id or _hinted(id, kinds.words.id) or _one_run_each(columns, id))
            rises = rising >= _RISING and hinted and bool(given.id or given.time or _hinted((name,), kinds.words.time))
            shuffled = hints == 4 and rising >= _SHUFFLED
            if strictly >= _STRICTLY and (rises or shuffled):
                candidates.append(_Candidate(id, name, bands[0] if bands else "", rising, hints))
    return candidates


def _ids(columns: Columns, taken: set[str], rows: int, kinds: "_Kinds") -> list[tuple[str, ...]]:
    """Columns whose cells come again and again, single ones and pairs."""
    single = []
    for name, cells in columns.items():
        different = len(set(cells))
        repeated = 1 < different <= rows / _FEWEST_POINTS
        if name not in taken and repeated and not any("." in cell and _is_fraction(cell) for cell in cells[:200]):
            single.append((name,))
    hinted = [id for id in single if _hinted(id, kinds.words.id)]
    pairs = [(*one, *other) for one, other in combinations(hinted, 2)]
    return [*single, *pairs]


def _time_names(columns: Columns, kinds: _Kinds, given: SeriesColumns) -> list[str]:
    if given.time:
        return [given.time]
    taken = {*given.id, *given.values, given.error, given.band}
    names = [
        name for name in columns if name not in taken and not _words(name) & (kinds.words.error | kinds.words.value)
    ]
    hinted = [name for name in names if _words(name) & kinds.words.time]
    return [*hinted, *(name for name in names if name not in hinted and kinds.is_number(name))]


def _rising(moments: npt.NDArray[np.float64], groups: Mapping[str, list[int]]) -> tuple[float, float]:
    """Shares of the neighbouring points of an object whose times do not fall, and whose times rise."""
    steps = np.concatenate([np.diff(moments[rows]) for rows in groups.values()]) if groups else np.zeros(0)
    steps = steps[np.isfinite(steps)]
    return (float((steps >= 0).mean()), float((steps > 0).mean())) if len(steps) else (0.0, 0.0)


def _groups(columns: Columns, id: Sequence[str]) -> dict[str, list[int]]:
    """The rows of each object."""
    groups: dict[str, list[int]] = {}
    for row, cells in enumerate(zip(*(columns[name] for name in id), strict=True)):
        groups.setdefault("\t".join(cells), []).append(row)
    return groups


def _one_run_each(columns: Columns, id: Sequence[str]) -> bool:
    """True if the rows of each object stand together."""
    cells = list(zip(*(columns[name] for name in id), strict=True))
    return 1 + sum(one != other for one, other in pairwise(cells)) == len(set(cells))


def _is_band(name: str, cells: Sequence[str], kinds: "_Kinds") -> bool:
    return bool(_words(name) & kinds.words.band) and 1 < len(set(cells)) <= _MOST_BANDS


def _alike(columns: Columns, groups: Mapping[str, list[int]], names: Sequence[str]) -> list[str]:
    """Columns that say the same of all points of an object, and not the same of all objects."""
    constant = []
    for name in names:
        cells = columns[name]
        each = [{cells[row].strip() for row in rows} for rows in groups.values()]
        if all(len(different) == 1 for different in each) and len(set.union(*each)) > 1:
            constant.append(name)
    return constant


def _values(
    varied: Sequence[str], errors: Sequence[str], best: _Candidate, columns: Columns, kinds: _Kinds
) -> tuple[str, ...]:
    """The measured columns: the one with an error or a known name, else all that vary with time."""
    counts = [name for name in varied if _words(name) <= kinds.words.count and _counts_up(columns[name])]
    measured = [name for name in varied if name not in counts and not _is_time_too(name, best, columns, kinds)]
    named = [name for name in measured if _words(name) & kinds.words.value]
    paired = [name for name in measured if any(_belongs(error, name) for error in errors)]
    if paired or (named and (errors or best.band)):
        return (next((name for name in paired if name in named), (paired or named)[0]),)
    return tuple(measured)


def _is_time_too(name: str, best: _Candidate, columns: Columns, kinds: _Kinds) -> bool:
    """True for a second column of times, such as the day beside the Julian date."""
    moments = kinds.times(name) if _words(name) & kinds.words.time else None
    return moments is not None and _rising(moments, _groups(columns, best.id))[0] >= _RISING


def _error_of(values: Sequence[str], errors: Sequence[str]) -> str:
    if len(values) != 1 or not errors:
        return ""
    return next((error for error in errors if _belongs(error, values[0])), errors[0] if len(errors) == 1 else "")


def _belongs(error: str, value: str) -> bool:
    """True if the name of an error holds the name of the value: mag_err, e_mag, FLUXCALERR."""
    return "".join(re.findall("[a-z0-9]", value.lower())) in "".join(re.findall("[a-z0-9]", error.lower()))


def _counts_up(cells: Sequence[str]) -> bool:
    return all(one.isdecimal() and other.isdecimal() for one, other in pairwise(cells[:100]))


def _same(cells: Sequence[str]) -> bool:
    return len(set(cells)) < 2


def _hinted(names: Sequence[str], words: frozenset[str]) -> bool:
    return any(_words(name) & words for name in names)


def _is_fraction(cell: str) -> bool:
    return cell.replace(".", "", 1).lstrip("+-").isdecimal() and not cell.endswith(".0")


def _words(header: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return set(re.findall(r"[a-z]+", spaced.lower())) | {re.sub(r"[^a-z]", "", header.lower())}


def _unclear(given: SeriesColumns, columns: Columns) -> BadInput:
    if given.time:
        message = msg("No columns look like values of series.")
    elif given.values:
        message = msg("No column looks like the times of series.")
    else:
        message = msg("No columns look like times and values of objects with several points each.")
    return BadInput(
        message,
        hint=msg(
            "Name them with --series-id, --series-time and --series-value; there are: {columns}.",
            columns=listed(list(columns)),
        ),
    )
