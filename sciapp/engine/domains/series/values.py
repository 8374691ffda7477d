"""Measured series: numbers along time, wavelength or any other axis, of one band or several, gaps and errors kept.

The canonical text of a series, which is what a dataset stores in the input cell, is compact JSON with the shortest
exact form of every number:

    {"t":{"start":850,"step":2},"v":[2.61,null,2.63]}             an even grid; null is a gap
    {"t":[53000.1,53002.7],"v":[1.5,1.25],"e":[0.01,0.02]}        irregular times, with errors (standard deviations)
    {"t":[0,24],"v":{"x":[1,2],"y":[3,4]}}                        bands measured at the same times: channels
    {"t":[1.5,1.5,2],"v":[3,4,5],"b":["g","r","g"]}               bands measured at times of their own
    {"t":{…},"v":[…],"x":"Wavelength","u":"nm","y":"absorbance"}  what lies along the axis, its unit, what was measured

Measurements are sorted by time, then band. A cell may also hold a plain list of numbers (“0.1, 0.2, 0.3”, “[0.1 0.2]”),
which are values at 0, 1, 2 …
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.measured import UNNAMED
from sciapp.engine.domains.series.axis import NO_AXIS, Axis
from sciapp.engine.domains.series.notation import AXIS_KEYS, number_written, numbers_written, record_text
from sciapp.i18n import msg

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

LEAST = 2
"""Measurements that are no gap, without which there is no series."""
_TOLERANCE = 1e-6  # of a step, by which times may miss an even grid: times in days have eight digits before the point
_DIGITS = 12  # significant digits of a grid's start and step, which are computed
_LIST = re.compile(r"[\[({]?(.*?)[\])}]?", re.DOTALL)
_ARRAY = re.compile(r"(?:np\.|numpy\.)?(?:array|tensor)\((.*?)(?:,\s*dtype=[^()]*)?\)", re.DOTALL)
_NUMPY_SCALAR = re.compile(r"np\.float(?:16|32|64)\(([^()]*)\)")
_GAPS = {"", "nan", "na", "n/a", "null", "none", "-", "?"}
_KEYS = {"t", "v", "b", "e", *AXIS_KEYS}


class Grid(NamedTuple):
    """An even axis: `start`, start + step, … ; step is positive."""

    start: float
    step: float

    def times(self, count: int) -> Floats:
        return np.asarray(self.start + self.step * np.arange(count), dtype=np.float64)


class Channel(NamedTuple):
    """The measurements of one band, sorted by time: times, values (NaN: a gap) and errors or None; all (n,)."""

    times: Floats
    values: Floats
    errors: Floats | None


@dataclass(frozen=True, eq=False)
class Series:
    """times, values: (n,), sorted by time, then band; a value that is NaN is a gap. bands: the distinct names, sorted.
    band: (n,) index into `bands`. errors: (n,) standard deviations, NaN where unknown, or None. axis: words for
    it, which change nothing of what the series is.

    Made by `of`, `even` and `parse`, which check and sort; two series are equal if their canonical texts are.
    """

    times: Floats
    values: Floats
    bands: tuple[str, ...]
    band: npt.NDArray[np.int64]
    errors: Floats | None
    axis: Axis = NO_AXIS

    @classmethod
    def of(
        cls,
        times: Numbers,
        values: Numbers,
        *,
        bands: Sequence[str] | None = None,
        errors: Numbers | None = None,
        axis: Axis = NO_AXIS,
    ) -> Self:
        """A series of measurements in any order; bands: the band of each. Arrays of float32 keep their few digits.

        Raises Rejected where lengths differ, a time is not finite, or fewer than `LEAST` values are known.
        """
        moments, numbers = _floats(times, "times"), _floats(values, "values")
        different, band = _numbered(bands, len(moments))
        spread = None if errors is None else _floats(errors, "errors")
        if len({len(moments), len(numbers), len(band)} | (set() if spread is None else {len(spread)})) > 1:
            raise Rejected(msg("times, values, bands and errors are not equally many"))
        if not np.isfinite(moments).all():
            raise Rejected(msg("a time is missing or not finite"))
        numbers = np.where(np.isfinite(numbers), numbers, np.nan)
        if (known := int((~np.isnan(numbers)).sum())) < LEAST:
            raise Rejected(
                msg("there are fewer than {least} measurements", least=LEAST)
                if known
                else msg("there is no measurement")
            )
        if spread is not None:
            spread = np.where(np.isfinite(spread) & (spread >= 0), spread, np.nan)
            spread = None if np.isnan(spread).all() else spread
        order = np.lexsort((band, moments))
        spread = None if spread is None else spread[order]
        return cls(moments[order], numbers[order], different, band[order], spread, axis)

    @classmethod
    def even(
        cls,
        values: Numbers | Mapping[str, Numbers],
        *,
        start: float = 0.0,
        step: float = 1.0,
        errors: Numbers | None = None,
        axis: Axis = NO_AXIS,
    ) -> Self:
        """A series on an even grid; a mapping holds the values of several bands. Raises Rejected."""
        if isinstance(values, Mapping):
            lengths = {len(_floats(numbers, "values")) for numbers in values.values()}
            times = Grid(start, step).times(max(lengths, default=0))
            return cls.channels(times, values, errors=errors, axis=axis)
        return cls.of(Grid(start, step).times(len(_floats(values, "values"))), values, errors=errors, axis=axis)

    @classmethod
    def channels(
        cls, times: Numbers, values: Mapping[str, Numbers], *, errors: Numbers | None = None, axis: Axis = NO_AXIS
    ) -> Self:
        """A series of bands measured at the same times. errors: of all values, band by band. Raises Rejected."""
        moments = _floats(times, "times")
        numbers = [_floats(column, "values") for column in values.values()]
        if any(len(column) != len(moments) for column in numbers):
            raise Rejected(msg("times, values, bands and errors are not equally many"))
        names = [name for name in values for _ in moments]
        every = np.concatenate(numbers) if numbers else np.zeros(0)
        return cls.of(np.tile(moments, len(numbers)), every, bands=names, errors=errors, axis=axis)

    @classmethod
    def parse(cls, text: str) -> "Series":
        """The series of a cell: the canonical JSON, or a plain list of numbers. Its arrays are not to be changed, for
        they may be those of a text that was parsed just before. Raises Rejected.
        """
        bare = text.strip()
        if not bare:
            raise Rejected(msg("the cell is empty"))
        if bare.startswith("{") and '"' in bare:
            return _parsed(bare)
        return cls.even(plain_numbers(bare))

    @classmethod
    def of_json(cls, record: Mapping[str, Any]) -> Self:
        """Raises Rejected."""
        words = Axis(*(record.get(key, "") for key in AXIS_KEYS))
        if not set(record) <= _KEYS or "v" not in record or not all(isinstance(word, str) for word in words):
            raise Rejected(
                msg("a series in JSON has “t” (times), “v” (values), and maybe “b” (bands) and “e” (errors)")
            )
        values, times = record["v"], record.get("t", {"start": 0, "step": 1})
        if isinstance(values, dict):
            errors = record.get("e")
            if not all(isinstance(column, list) for column in (*values.values(), *_columns(errors))):
                raise Rejected(msg("the values are no list of numbers"))
            if isinstance(errors, dict):
                errors = [number for name in values for number in errors.get(name, [])]
            length = len(next(iter(values.values()), []))
            return cls.channels(_times(times, length), values, errors=errors, axis=words)
        if not isinstance(values, list):
            raise Rejected(msg("the values are no list of numbers"))
        bands = record.get("b")
        if not isinstance(bands, list | None):
            raise Rejected(msg("the bands are no list of names"))
        return cls.of(_times(times, len(values)), values, bands=bands, errors=record.get("e"), axis=words)

    @cached_property
    def text(self) -> str:
        """The canonical text; `parse` gives the series back."""
        several = self.bands != (UNNAMED,)
        shared = self.shared_times
        if shared is None:
            record: dict[str, Any] = {"t": numbers_written(self.times), "v": numbers_written(self.values)}
            if several:
                record["b"] = [self.bands[index] for index in self.band.tolist()]
            if self.errors is not None:
                record["e"] = numbers_written(self.errors)
        else:
            grid = even_grid(shared)
            record = {"t": numbers_written(shared)}
            if grid is not None:
                record = {"t": {"start": number_written(grid.start), "step": number_written(grid.step)}}
            columns = {name: self.channel(name) for name in self.bands}
            record["v"] = {name: numbers_written(channel.values) for name, channel in columns.items()}
            if self.errors is not None:
                record["e"] = {name: numbers_written(np.asarray(channel.errors)) for name, channel in columns.items()}
            if not several:
                record |= {key: record[key][UNNAMED] for key in ("v", "e") if key in record}
        return record_text(record, self.axis)

    def with_values(self, values: Numbers) -> Self:
        """The same measurements with other values (n,); NaN: a gap. Raises Rejected where too few are known."""
        bands = [self.bands[index] for index in self.band]
        return type(self).of(self.times, values, bands=bands, errors=self.errors, axis=self.axis)

    def taken(self, rows: npt.NDArray[Any]) -> Self:
        """Some of the measurements: their indices, or a mask (n,). Raises Rejected where too few are known."""
        bands = [self.bands[index] for index in self.band[rows]]
        errors = None if self.errors is None else self.errors[rows]
        return type(self).of(self.times[rows], self.values[rows], bands=bands, errors=errors, axis=self.axis)

    @cached_property
    def shared_times(self) -> Floats | None:
        """The times (n,) at which every band was measured, each once; None where bands have times of their own."""
        first, *rest = (self.times[self.band == index] for index in range(len(self.bands)))
        alike = all(len(times) == len(first) and np.array_equal(times, first) for times in rest)
        return first if alike and (not rest or len(np.unique(first)) == len(first)) else None

    @cached_property
    def grid(self) -> Grid | None:
        """The even grid on which every band lies; None where there is none."""
        return None if self.shared_times is None else even_grid(self.shared_times)

    def channel(self, name: str) -> Channel:
        """The measurements of a band."""
        own = self.band == self.bands.index(name)
        return Channel(self.times[own], self.values[own], None if self.errors is None else self.errors[own])

    def between(self, first: float, last: float) -> Self:
        """The measurements from the time `first` up to `last`, both included. Raises Rejected for too few."""
        return self.taken((self.times >= first) & (self.times <= last))

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """True for each value that is no gap (n,)."""
        return ~np.isnan(self.values)

    def __len__(self) -> int:
        """Measurements, gaps included."""
        return len(self.times)

    def __iter__(self) -> Iterator[Channel]:
        return (self.channel(name) for name in self.bands)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Series) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


@lru_cache(maxsize=8)
def _parsed(text: str) -> Series:
    """The series of a JSON text. An import asks several times in a row for one: to clean, to mend, to measure it."""
    return Series.of_json(_json(text))


def even_grid(times: Floats) -> Grid | None:
    """The grid of sorted times (n,) that lie evenly but for rounding; None where they do not."""
    if len(times) < LEAST:
        return None
    step = float(f"{(times[-1] - times[0]) / (len(times) - 1):.{_DIGITS}g}")
    grid = Grid(float(f"{times[0]:.{_DIGITS}g}"), step)
    return grid if step > 0 and np.allclose(grid.times(len(times)), times, rtol=0, atol=_TOLERANCE * step) else None


def plain_numbers(text: str) -> Floats:
    """The numbers of a list in a cell (n,), NaN for “nan”, “NA” or nothing between two commas.

    Commas part numbers, or semicolons, tabs, bars or blanks; beside those a comma may be the decimal sign. Lists as
    numpy prints them (line breaks, “array([…])”) are read too. Raises Rejected, for one that is shortened by “...” too.
    """
    bare = _NUMPY_SCALAR.sub(r"\1", text.strip())
    if array := _ARRAY.fullmatch(bare):
        bare = array.group(1)
    if dots := next((dots for dots in ("...", "…") if dots in bare), ""):
        raise Rejected(
            msg("the list is shortened with “{dots}”: the numbers in between are not in the file", dots=dots)
        )
    inside = _LIST.fullmatch(bare)
    bare = inside.group(1) if inside else bare
    if bare.lstrip().startswith(("[", "(")):
        raise Rejected(msg("it is a list of lists, where one series is one list of numbers"))
    for separator in (";", "|", "\t"):
        if separator in bare:
            return _numbers(part.replace(",", ".") for part in bare.split(separator))
    words = bare.split()
    if len(words) > 1 and not any(word.endswith(",") for word in words) and "," in bare:
        return _numbers(word.replace(",", ".") for word in words)
    return _numbers(bare.split(",") if "," in bare else words)


def _numbers(parts: Iterable[str]) -> Floats:
    numbers = []
    for index, part in enumerate(map(str.strip, parts)):
        try:
            numbers.append(math.nan if part.lower() in _GAPS else float(part))
        except ValueError as error:
            raise Rejected(msg("“{part}” at position {index} is no number", part=part[:20], index=index + 1)) from error
    return np.array(numbers, dtype=np.float64)


def _json(text: str) -> Mapping[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Rejected(msg("it is neither a list of numbers nor a series in JSON")) from error
    if not isinstance(record, dict):
        raise Rejected(msg("it is neither a list of numbers nor a series in JSON"))
    return record


def _columns(errors: Any) -> Iterable[Any]:
    """The errors of each band; nothing where there are none, or one list for all."""
    return errors.values() if isinstance(errors, dict) else ()


def _times(axis: Any, length: int) -> Numbers:
    """Times of a JSON axis: a list, or start and step. Raises Rejected."""
    if not isinstance(axis, dict):
        return axis  # type: ignore[no-any-return]
    try:
        grid = Grid(float(axis["start"]), float(axis["step"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Rejected(msg("an even grid has a “start” and a “step”")) from error
    if not (math.isfinite(grid.start) and math.isfinite(grid.step) and grid.step > 0):
        raise Rejected(msg("the step of an even grid is not positive"))
    return grid.times(length)


def _floats(numbers: Numbers, what: str) -> Floats:
    """Numbers (n,) as float64; those of float32 by their shortest text, 0.1 and not 0.10000000149. Raises Rejected."""
    try:
        array = np.asarray(numbers)
        if array.dtype == np.float32:
            array = np.array([float(str(number)) for number in array.ravel()]).reshape(array.shape)
        array = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise Rejected(msg("the {what} are no list of numbers", what=what)) from error
    if array.ndim != 1:
        raise Rejected(msg("the {what} are no list of numbers", what=what))
    return array


def _numbered(bands: Sequence[str] | None, count: int) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The distinct names of bands, sorted, and the index of each measurement's band (n,)."""
    if bands is None:
        return (UNNAMED,), np.zeros(count, dtype=np.int64)
    names = [str(name).strip() for name in bands]
    different = tuple(sorted(set(names)))
    numbers = {name: number for number, name in enumerate(different)}
    return different, np.array([numbers[name] for name in names], dtype=np.int64)
