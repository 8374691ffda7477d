"""Columns that a file does not have itself: looked up in a second file by id, or put together from several; and
numbers whose sign stands in a column of its own.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import chain, islice
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.header_names import fitted, misfit, named_columns
from sciapp.engine.data.formats.registry import records_of
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.readers.gathering import GatheringProgress, Glance
from sciapp.engine.data.readers.lookup_join import (
    LookupTable,
    column_names,
    id_columns,
    looked_up_columns,
    lookup_names,
    lookup_tables,
    source_records,
    with_join,
    with_looked_up,
)
from sciapp.engine.data.readers.relation_columns import related_columns, with_sign
from sciapp.engine.data.readers.series_columns import series_columns
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.number_formats import numbers_of
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.domains.about import domains
from sciapp.engine.domains.columns import TEXTS, CellJoiner, ColumnJoiner, PointWords
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput, SciAppError, UnknownColumn
from sciapp.i18n import all_of, joined, msg
from sciapp.records.dataset.number_format import PLAIN_NUMBERS, NumberFormat
from sciapp.records.read_options import AUTO, NOT_JOINED, Reading, SeriesColumns

_FEWEST_COLUMNS = 3  # input, sign and number
_SERIES_ROWS = 20_000  # in which the columns of series are looked for
_LOOKED_AT = 500  # rows of points that are gathered, to see numbers
_CELLS = 40_000  # of columns that make one value, which say how their numbers are written
_LISTS = 20  # rows, by which a column of series is known
_SHOWN = 40


def column_joiner(format: TableFormat | Reading) -> ColumnJoiner:
    """The way that the format's columns `together` are joined. Raises NotFound for a domain that is none."""
    known = format.joined_as not in {AUTO, NOT_JOINED}
    return (domain_named(format.joined_as).joins_columns if known else None) or TEXTS


def joined_name(format: TableFormat | Reading) -> str:
    """The column that several make; empty without one."""
    return column_joiner(format).title(format.together) if format.together else ""


def several(text: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that “title,abstract”, “nm_850..nm_1048” or “nm_*” names, where it is no column itself; nothing
    where it does not name several."""
    if text in columns:
        return ()
    first, dots, last = (part.strip() for part in text.replace("…", "..").partition(".."))
    if dots and first in columns and last in columns:
        begin, end = sorted((columns.index(first), columns.index(last)))
        names = tuple(columns[begin : end + 1])
    elif "*" in text or "?" in text:
        names = tuple(name for name in columns if fnmatchcase(name, text.strip()))
    else:
        names = tuple(name.strip() for name in text.split(","))
    return names if len(names) > 1 and all(name in columns for name in names) else ()


def with_derived(path: Path, own: TableFormat, reading: Reading) -> TableFormat:
    """The format with what `reading` says of further columns. Raises BadInput, NotFound, UnknownColumn."""
    if reading.series is not None and reading.series.wanted:
        own = with_series(path, own, reading, reading.series)
        if reading.labels and not reading.join:  # a table with a row for each object
            reading = reading.model_copy(update={"join": reading.labels, "labels": ""})
    format = own
    if reading.join:
        format = with_join(path, own, reading)
    if reading.together:
        plain = column_names(path, own)
        known = [*plain, *looked_up_columns(format, plain)]
        for name in reading.together:
            if name not in known:
                raise UnknownColumn(name, known)
        format = _with_together(path, format, reading)
    elif reading.axis.stated and not format.series.wanted:
        format = replace(format, axis=reading.axis, joined_as=reading.joined_as)
    return _with_relations(path, format)


def _with_together(path: Path, format: TableFormat, reading: Reading) -> TableFormat:
    """The format with columns that make one: how their numbers are written, and the axis that they lie on.

    Raises BadInput for an axis that does not fit them.
    """
    joiner = column_joiner(reading)
    made = FormatEvidence(msg("put together"), joined_name(reading), joiner.reason(reading.together, reading.axis))
    axis = joiner.axis(reading.together, reading.axis)
    if joiner.replaces:
        format = replace(format, joined_numbers=_joined_numbers(path, format, reading.together))
    format = replace(format, together=reading.together, joined_as=reading.joined_as, axis=axis)
    return replace(format, passed_over=(*format.passed_over, made)).because(made)


def _joined_numbers(path: Path, format: TableFormat, columns: Sequence[str]) -> NumberFormat:
    """The format of the numbers in columns that make one value: all are written alike, so all are looked at."""
    with closing(_with_columns(path, replace(format, together=()), Glance(rows=_LOOKED_AT))) as records:
        names = named_columns(next(records).cells)
        indices = [names.index(name) for name in columns]
        rows = islice(records, max(1, _CELLS // len(indices)))
        cells = [record.cells[index] for record in rows if len(record.cells) == len(names) for index in indices]
    return numbers_of(cells, format.decimal, typed=format.typed).format.model_copy(update={"codes": ()})


def with_series(path: Path, own: TableFormat, reading: Reading, given: SeriesColumns) -> TableFormat:
    """The format with the columns by which rows are gathered; those that were not said are found out.

    Raises BadInput, UnknownColumn.
    """
    error, (joiner, words) = given.error, _point_joiner(reading)
    if not (given.id and given.time and given.values and given.alike is not None):
        with closing(records_of(path, own)) as records:
            names = named_columns(next(records).cells)
            sound = (record.cells for record in records if not record.problem and len(record.cells) == len(names))
            rows = list(islice(sound, _SERIES_ROWS))
        columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
        given = series_columns(columns, words, own.decimal, given)
    if error and len(given.values) > 1:
        raise BadInput(
            msg(
                "“{error}” has the errors of one column, and there are {n} of values.", error=error, n=len(given.values)
            ),
            hint=msg("Name the one column of values, or leave the errors out."),
        )
    roles = [msg("times in “{column}”", column=given.time), msg("values in {columns}", columns=list(given.values))]
    roles += [msg("errors in “{column}”", column=given.error)] if given.error else []
    roles += [msg("bands in “{column}”", column=given.band)] if given.band else []
    one = msg("one row for each {id}", id=all_of(given.id))
    made = FormatEvidence(msg("series"), one, joined(roles, ", "))
    axis = joiner.axis_of_points(given, reading.axis)
    return replace(own, series=given, axis=axis, passed_over=(*own.passed_over, made)).because(made)


def _point_joiner(reading: Reading) -> tuple[ColumnJoiner, PointWords]:
    """Of the reading's domain, else of the first one whose values have points."""
    gathering = [domain_named(name).joins_columns for name, about in domains().items() if about.gathers]
    joiners = [column_joiner(reading), *filter(None, gathering)]
    return next((joiner, joiner.point_words) for joiner in joiners if joiner.point_words is not None)


def _with_relations(path: Path, format: TableFormat) -> TableFormat:
    """The format with the columns of signs that were found."""
    if format.series.wanted:  # what stands beside series says something about objects
        return format
    try:
        with closing(_with_columns(path, format)) as records:
            columns = named_columns(next(records).cells)
            if len(columns) < _FEWEST_COLUMNS:
                return format
            rows = (fitted(record.cells, len(columns)) for record in records if not record.problem)
            relations = related_columns(columns, rows, format.decimal)
    except SciAppError:  # damage is left to whoever reads the rows, and names the line
        return format
    made = [relation.finding for relation in relations]
    return replace(format, relations=tuple(relations), passed_over=(*format.passed_over, *made)).because(*made)


def derived_records(
    path: Path, format: TableFormat, glance: Glance | None = None, watched: GatheringProgress | None = None
) -> Records:
    """The records of the file with the further columns, and numbers with their signs. Rows whose id is unknown say so
    in `problem`. glance: how far into the file series are looked for. watched: the gathering of all of them.
    Raises Cancelled.
    """
    records = _on_axis(_with_columns(path, format, glance, watched), format)
    if not format.relations:
        yield from records
        return
    with closing(records):
        header = next(records)
        yield header
        names = named_columns(header.cells)
        indices = [(names.index(sign), names.index(number), turned) for sign, number, turned in format.relations]
        for record in records:
            cells = record.cells
            if len(cells) == len(names):
                cells = list(cells)
                for sign, number, turned in indices:
                    cells[number] = with_sign(cells[sign], cells[number], turned=turned)
            yield record._replace(cells=cells)


def _on_axis(records: Records, format: TableFormat) -> Records:
    """The records with the series of single cells on the axis that was stated."""
    restate = column_joiner(format).restated(format.axis) if format.axis.stated else None
    if restate is None or format.together or format.series.wanted:
        yield from records
        return
    with closing(records):
        yield next(records)
        first = list(islice(records, _LISTS))
        width = max((len(record.cells) for record in first), default=0)
        columns = [index for index in range(width) if _holds_series(first, index, restate)]
        for record in chain(first, records):
            cells = list(record.cells)
            for index in columns:
                if index < len(cells):
                    cells[index] = restate(cells[index])
            yield record._replace(cells=cells)


def _holds_series(records: Sequence[Record], index: int, restate: Callable[[str], str]) -> bool:
    """True for a column in which most cells are series, which come back as their canonical text."""
    cells = [record.cells[index] for record in records if index < len(record.cells) and record.cells[index].strip()]
    return sum(restate(cell).startswith("{") for cell in cells) > 0.5 * len(cells)


def _with_columns(
    path: Path, format: TableFormat, glance: Glance | None = None, watched: GatheringProgress | None = None
) -> Records:
    records = source_records(path, format, glance, watched)
    if not format.join and not format.together:
        yield from records
        return
    with closing(records):
        header = next(records)
        own = named_columns(header.cells)
        keys, tables = [id_columns(text) for text in format.on], lookup_tables(format)
        names = [
            *own,
            *(name for key, other in keys for name in lookup_names(own, key, tables[other].columns, len(keys))),
        ]
        joins = [(own.index(key), key, tables[other]) for key, other in keys]
        together = _JoinedCells.of(names, format) if format.together else None
        yield header._replace(cells=together.header if together else names)
        met: set[str | None] = set()
        for record in records:
            problem = record.problem or misfit(record.cells, own, format.cell_delimiter)
            if len(record.cells) == len(own):  # objects that are set aside have points all the same
                met.update(table.key(record.cells[index].strip()) for index, _, table in joins)
            if problem:
                yield record._replace(
                    problem=problem, reason=record.reason if record.problem else RejectionReason.MISFIT
                )
                continue
            cells, problem, reason = with_looked_up(record.cells, joins, Path(format.join).name)
            cells = together.row(cells) if together else cells
            yield record._replace(cells=cells, problem=problem, reason=reason)
        if format.series.wanted and len(joins) == 1 and not (glance and glance.cut):
            yield from _without_series(joins[0], met, names, Path(format.join).name)


def _without_series(join: tuple[int, str, LookupTable], met: set[str | None], names: list[str], file: str) -> Records:
    """The rows of the second table whose objects the first one does not have."""
    index, key, table = join
    for id, row in table.rows.items():
        if id not in met:
            cells = [""] * (len(names) - len(row)) + row
            cells[index] = id
            problem = msg("“{file}” has “{id}”, and no point here has that “{key}”", file=file, id=_short(id), key=key)
            yield Record(0, cells, "", problem, RejectionReason.NO_SERIES)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


@dataclass(frozen=True)
class _JoinedCells:
    """A column made of others. remaining: the indices of the columns that stay, in front of and behind it."""

    header: list[str]
    parts: list[int]
    remaining: tuple[list[int], list[int]]
    join: CellJoiner
    numbers: NumberFormat | None = None

    @classmethod
    def of(cls, names: Sequence[str], format: TableFormat) -> "_JoinedCells":
        """A column that replaces its parts stands where the first of them stood, another one at the end."""
        joiner, parts = column_joiner(format), [names.index(name) for name in format.together]
        gone = set(parts) if joiner.replaces else set()
        at = min(parts) if joiner.replaces else len(names)
        before = [index for index in range(at) if index not in gone]
        behind = [index for index in range(at, len(names)) if index not in gone]
        header = [*(names[index] for index in before), joined_name(format), *(names[index] for index in behind)]
        numbers = format.joined_numbers if joiner.replaces else None
        return cls(header, parts, (before, behind), joiner.joiner(format.together, format.axis), numbers)

    def row(self, cells: Sequence[str]) -> list[str]:
        before, behind = ([cells[index] for index in part] for part in self.remaining)
        parts = [cells[index] for index in self.parts]
        return [
            *before,
            self.join(parts if self.numbers is None else [_plain(c, self.numbers) for c in parts]),
            *behind,
        ]


def _plain(cell: str, format: NumberFormat) -> str:
    """The number of a cell with a point before its decimals and nothing between thousands; nothing for a gap, and the
    cell itself where it is none."""
    try:
        if format == PLAIN_NUMBERS and "_" not in cell and math.isfinite(float(cell)):
            return cell
    except ValueError:
        pass
    try:
        number = read_number(cell, format)
    except ValueError:
        return cell
    return "" if number is None else repr(number)
