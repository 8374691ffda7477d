"""Series gathered from a long table: the rows of one object become one row, its points in the order of the file.

Nothing is sorted, averaged or resampled. Rows that are no points (a time that is none, a value that is no number) come
out by themselves, with the reason.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.header_names import misfit, named_columns
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.engine.data.readers.point_store import NewPoints, Points, PointStore
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.dates import DateReader, reader_for
from sciapp.engine.data.values.number_formats import numbers_of
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.domains.series.axis import DATES_UNIT, Axis, words_of
from sciapp.engine.domains.series.notation import SERIES, channels_text, series_text
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import UnknownColumn, shortened
from sciapp.i18n import all_of, msg, plural
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.read_options import SeriesColumns

_FORMATS_FROM = 4_000  # rows that say how numbers and dates are written
_BATCH = 4096  # rows that are read at a time
_SHOWN = 40
_MOST_BANDS = 8

Floats = npt.NDArray[np.float64]


@dataclass
class GatheringProgress:
    """progress: of the rows of the file, of which there are `lines`. objects: their number, 0 before all was read."""

    progress: Progress = SILENT
    lines: int = 0
    objects: int = 0


@dataclass
class Glance:
    """A look at the beginning of a table. rows: of the file that are read; cut: whether there are more.

    series, points, bands: what was gathered.
    """

    rows: int = 60_000
    cut: bool = False
    series: int = 0
    points: int = 0
    bands: tuple[str, ...] = ()

    def sentence(self, format: TableFormat) -> str:
        """The number of series, of points and of bands, and the table of their labels, for people."""
        return plural(
            "One row per {id}: {n:,} series of {points:.0f} points on average{where}{bands}{labels}.",
            "One row per {id}: {n:,} series of {points:.0f} points on average{where}{bands}{labels}.",
            self.series,
            id=all_of(format.series.id),
            points=self.points / self.series,
            where=msg(" in the first {rows:,} rows", rows=self.rows) if self.cut else "",
            bands=self._band_names(),
            labels=_label_source(format),
        )

    def _band_names(self) -> str:
        if not self.bands:
            return ""
        more = len(self.bands) - _MOST_BANDS
        listed = list(self.bands[:_MOST_BANDS])
        return (
            msg(", bands {bands} and {more} more", bands=listed, more=more)
            if more > 0
            else msg(", bands {bands}", bands=listed)
        )


def _label_source(format: TableFormat) -> str:
    if not format.join:
        return ""
    keys = [key.partition("=")[0] for key in format.on]
    return msg("; labels from {file} by {id}", file=Path(format.join).name, id=all_of(keys))


def gathered(
    records: Records, format: TableFormat, glance: Glance | None = None, watched: GatheringProgress | None = None
) -> Records:
    """A header of the id, the columns that are alike for an object and SERIES, then a record for each object.

    Raises UnknownColumn, Cancelled. With a glance the last object, which may have more points, is left out.
    """
    watched = watched or GatheringProgress()
    header = next(records)
    names = named_columns(header.cells)
    indices = _Indices.of(names, format.series)
    yield header._replace(cells=_header(format.series))
    first = list(islice(records, _FORMATS_FROM))
    if not first:
        return
    reader = _PointReader.of(first, names, indices, format)
    objects = _Objects(indices)
    with PointStore(len(indices.values)) as store:
        for batch in _batches(chain(first, records), glance):
            sound = []
            for record in batch:
                if not record.problem and len(record.cells) == len(names):
                    sound.append(record)
                    continue
                problem = record.problem or misfit(record.cells, names, format.cell_delimiter)
                why = record.reason if record.problem else RejectionReason.MISFIT
                yield _rejected(record, names, indices, problem, why)
            if sound:
                yield from _stored(sound, names, reader, objects, store)
            watched.progress.report(batch[-1].line, max(watched.lines, batch[-1].line))
        watched.objects = len(objects.lines)
        yield from _rows(objects, store, reader, format, glance)


def _batches(records: Iterator[Record], glance: Glance | None) -> Iterator[list[Record]]:
    read = 0
    while batch := list(islice(records, _BATCH)):
        if glance is not None and read + len(batch) > glance.rows:
            glance.cut = True
            yield batch[: glance.rows - read]
            return
        read += len(batch)
        yield batch


def _stored(
    records: list[Record], names: Sequence[str], reader: "_PointReader", objects: "_Objects", store: PointStore
) -> Records:
    """Put the points of rows that fit the header into the store; gives back those that are none."""
    columns: list[Sequence[str]] = list(zip(*(record.cells for record in records), strict=True))
    points, wrong = reader.points(columns)
    for row, problem in sorted(wrong.items()):
        yield _rejected(records[row], names, reader.indices, problem, RejectionReason.NO_POINT)
    if wrong:
        good = [row for row in range(len(records)) if row not in wrong]
        records, points = [records[row] for row in good], points.taken(good)
        columns = [[cells[row] for row in good] for cells in columns]
    if records:
        store.add(np.array(objects.numbered(records, columns), dtype=np.int64), points)


def _header(series: SeriesColumns) -> list[str]:
    return [*series.id, *(series.alike or ()), SERIES]


@dataclass(frozen=True)
class _Indices:
    """Indices of the columns."""

    id: tuple[int, ...]
    alike: tuple[int, ...]
    time: int
    values: tuple[int, ...]
    error: int | None
    band: int | None

    @classmethod
    def of(cls, names: list[str], series: SeriesColumns) -> "_Indices":
        def index(name: str) -> int:
            if name not in names:
                raise UnknownColumn(name, names)
            return names.index(name)

        return cls(
            id=tuple(map(index, series.id)),
            alike=tuple(map(index, series.alike or ())),
            time=index(series.time),
            values=tuple(map(index, series.values)),
            error=index(series.error) if series.error else None,
            band=index(series.band) if series.band else None,
        )

    def own(self, cells: Sequence[str]) -> list[str]:
        """The cells that stay: id and what is alike."""
        return [cells[index].strip() for index in (*self.id, *self.alike)]


@dataclass
class _Objects:
    """The objects in the order in which they first come: number by id, first line, cells, and what contradicts them."""

    indices: _Indices
    numbers: dict[tuple[str, ...], int] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    unlike: dict[int, tuple[int, int]] = field(default_factory=dict)
    others: dict[int, str] = field(default_factory=dict)

    def numbered(self, records: Sequence[Record], columns: Sequence[Sequence[str]]) -> list[int]:
        """The number of the object that each point belongs to. columns: the cells of the records."""
        id, alike = self.indices.id, self.indices.alike
        numbers = []
        keys = zip(*(map(str.strip, columns[index]) for index in id), strict=True)
        for record, key in zip(records, keys, strict=True):
            number = self.numbers.setdefault(key, len(self.lines))
            if number == len(self.lines):
                self.lines.append(record.line)
                self.cells.append(self.indices.own(record.cells))
            elif alike:
                self._compare(number, record)
            numbers.append(number)
        return numbers

    def _compare(self, number: int, record: Record) -> None:
        known = self.cells[number][len(self.indices.id) :]
        for position, (index, cell) in enumerate(zip(self.indices.alike, known, strict=True)):
            if record.cells[index].strip() != cell and number not in self.unlike:
                self.unlike[number] = (position, record.line)
                self.others[number] = record.cells[index].strip()


@dataclass
class _PointReader:
    """Reads the numbers of points; bands by the number that they get."""

    names: Sequence[str]
    indices: _Indices
    moments: DateReader
    formats: dict[int, NumberFormat]
    bands: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Record], names: Sequence[str], indices: _Indices, format: TableFormat) -> "_PointReader":
        """A reader of columns that are written as in these rows."""
        sound = [record.cells for record in rows if not record.problem and len(record.cells) == len(names)]
        columns = [*indices.values, *([] if indices.error is None else [indices.error])]
        formats = {
            index: numbers_of([cells[index] for cells in sound], format.decimal, typed=format.typed).format
            for index in columns
        }
        moments = reader_for([cells[indices.time] for cells in sound], format.decimal)
        return cls(names, indices, moments, formats)

    def points(self, columns: Sequence[Sequence[str]]) -> tuple[NewPoints, dict[int, str]]:
        """(the points of some rows, what is wrong with those that are none by their index)."""
        indices = self.indices
        wrong: dict[int, str] = {}
        for index in indices.id:
            if not all(map(str.strip, columns[index])):
                wrong |= {
                    row: msg("“{called}” is empty", called=self._called(index))
                    for row, c in enumerate(columns[index])
                    if not c.strip()
                }
        times = self._times(columns[indices.time], wrong)
        values = [self._numbers(columns[index], index, wrong) for index in indices.values]
        errors = np.full(len(times), np.nan)
        if indices.error is not None:
            errors = self._numbers(columns[indices.error], indices.error, wrong)
        bands = np.zeros(len(times), dtype=np.int32)
        if indices.band is not None:
            known = self.bands
            bands[:] = [known.setdefault(cell.strip(), len(known)) for cell in columns[indices.band]]
        return NewPoints(times, bands, np.stack(values, axis=1), errors), wrong

    def _times(self, cells: Sequence[str], wrong: dict[int, str]) -> Floats:
        times = _plain(cells) if self.moments.numbers and _is_plain(self.moments.format) else None
        if times is not None and not self.moments.format.codes:
            return times
        times = np.array([self.moments.moment(cell) for cell in cells], dtype=np.float64)
        for row in np.flatnonzero(~np.isfinite(times)).tolist():
            name = self._called(self.indices.time)
            problem = msg("“{column}” is “{cell}”, no number and no date", column=name, cell=_short(cells[row]))
            wrong.setdefault(row, problem)
        return times

    def _numbers(self, cells: Sequence[str], index: int, wrong: dict[int, str]) -> Floats:
        format = self.formats[index]
        numbers = _plain(cells) if _is_plain(format) else None
        if numbers is not None:
            return np.where(np.isin(numbers, format.codes), np.nan, numbers) if format.codes else numbers
        numbers = np.full(len(cells), np.nan)
        for row, cell in enumerate(cells):
            try:
                number = read_number(cell, format)
            except ValueError:
                name = self._called(index)
                wrong.setdefault(row, msg("“{column}” is “{cell}”, not a number", column=name, cell=_short(cell)))
            else:
                numbers[row] = math.nan if number is None else number
        return numbers

    def _called(self, index: int) -> str:
        return shortened(self.names[index])


def _is_plain(format: NumberFormat) -> bool:
    return format.decimal == "." and not format.unit and not format.notations


def _plain(cells: Sequence[str]) -> Floats | None:
    """The numbers of cells that Python reads as they stand; None where one of them is anything else."""
    try:
        numbers = np.array(list(map(float, cells)))
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() and "_" not in "".join(cells) else None


def _rows(
    objects: _Objects, store: PointStore, reader: _PointReader, format: TableFormat, glance: Glance | None
) -> Records:
    series, axis = format.series, words_of(format.axis)
    if not reader.moments.numbers:
        axis = axis._replace(unit=DATES_UNIT)
    bands = tuple(reader.bands) if reader.indices.band is not None else series.values if len(series.values) > 1 else ()
    last = len(objects.lines) - 1 if glance is not None and glance.cut and len(objects.lines) > 1 else -1
    if glance is not None:
        glance.bands = tuple(sorted(bands))
    for number, points in enumerate(store.objects()):
        if number == last:
            continue
        if glance is not None:
            glance.series, glance.points = glance.series + 1, glance.points + len(points)
        problem = ""
        if number in objects.unlike:
            position, line = objects.unlike[number]
            own = objects.cells[number][len(series.id) + position]
            name = shortened((series.alike or ())[position])
            problem = msg(
                "“{column}” is “{cell}” here and “{other}” on line {line:,}",
                column=name,
                cell=_short(own),
                other=_short(objects.others[number]),
                line=line,
            )
        text = "" if problem else _text(points, reader, series, axis)
        yield Record(objects.lines[number], [*objects.cells[number], text], "", problem, RejectionReason.UNLIKE)


def _text(points: Points, reader: _PointReader, series: SeriesColumns, axis: Axis) -> str:
    times, values = points["time"], points["values"]
    if reader.indices.band is None and len(series.values) > 1:
        return channels_text({name: values[:, i] for i, name in enumerate(series.values)}, times=times, axis=axis)
    errors = points["error"] if reader.indices.error is not None else None
    if reader.indices.band is None:
        return series_text(values[:, 0], times=times, errors=errors, axis=axis)
    names = list(reader.bands)
    bands = [names[index] for index in points["band"].tolist()]
    if len(series.values) == 1:
        return series_text(values[:, 0], times=times, bands=bands, errors=errors, axis=axis)
    several = [f"{band} {name}" for name in series.values for band in bands]
    return series_text(values.T.ravel(), times=np.tile(times, len(series.values)), bands=several, axis=axis)


def _rejected(record: Record, names: Sequence[str], indices: _Indices, problem: str, why: RejectionReason) -> Record:
    """A row that is no point: its id, and the whole of it where the file has no lines that could be quoted."""
    own = (
        indices.own(record.cells) if len(record.cells) == len(names) else [""] * (len(indices.id) + len(indices.alike))
    )
    text = record.text or "; ".join(f"{name}={cell}" for name, cell in zip(names, record.cells, strict=False))
    return Record(record.line, [*own, ""], text, problem, why)


def _short(cell: str) -> str:
    plain = " ".join(cell.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"
