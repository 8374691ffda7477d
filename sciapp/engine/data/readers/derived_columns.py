"""Columns that a file does not have itself: looked up in a second file by id, or put together from several; and
numbers whose sign stands in a column of its own.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.header_names import fitted, misfit, named_columns
from sciapp.engine.data.formats.registry import records_of, settle
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.readers.gathering import Glance, gathered
from sciapp.engine.data.readers.relation_columns import related_columns, with_sign
from sciapp.engine.data.readers.series_columns import series_columns
from sciapp.engine.data.readers.summary_rows import with_summaries
from sciapp.engine.data.values.rejection_reason import RejectionReason
from sciapp.engine.domains.columns import TEXTS, CellJoiner, ColumnJoiner
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput, NotFound, SciAppError, UnknownColumn, listed
from sciapp.i18n import all_of, joined, msg, plural
from sciapp.records.read_options import AUTO, NOT_JOINED, Reading, SeriesColumns

_LOOKED_AT = 500  # rows
_COMPARED = 100_000  # rows whose ids are compared with those of the second file
_SUMMED = frozenset({"table", "workbook"})  # where people write totals beneath the rows
_FOUND, _CLEARLY = 0.5, 0.95  # share of the ids
_FEWEST_COLUMNS = 3  # input, sign and number
_SERIES_ROWS = 20_000  # in which the columns of series are looked for
_SHOWN = 40
_FEWEST = 3  # different ids that a column of ids has


class IdsUnclear(BadInput):
    """By which columns two files are joined must be said, or said otherwise."""


class LookupTable(NamedTuple):
    """A second table by id. columns: those beside the id. spellings: the ids by what they are without regard to
    capital letters and runs of blanks, where that leaves one."""

    columns: tuple[str, ...]
    rows: dict[str, list[str]]
    spellings: dict[str, str]

    def key(self, id: str) -> str | None:
        """The id as the table spells it; one that is spelt otherwise counts where only one can be meant."""
        return id if id in self.rows else self.spellings.get(_folded(id))

    def row(self, id: str) -> list[str] | None:
        """The cells of an id; None for one that the table does not have."""
        key = self.key(id)
        return None if key is None else self.rows[key]


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
        own = with_series(path, own, reading.series)
        if reading.labels and not reading.join:  # a table with a row for each object
            reading = reading.model_copy(update={"join": reading.labels, "labels": ""})
    format = own
    if reading.join:
        format = _with_join(path, own, reading)
    if reading.together:
        plain = _columns(path, own)
        known = [*plain, *_looked_up(format, plain)]
        for name in reading.together:
            if name not in known:
                raise UnknownColumn(name, known)
        made = FormatEvidence(
            msg("put together"), joined_name(reading), column_joiner(reading).reason(reading.together)
        )
        format = replace(format, together=reading.together, joined_as=reading.joined_as)
        format = replace(format, passed_over=(*format.passed_over, made)).because(made)
    return _with_relations(path, format)


def with_series(path: Path, own: TableFormat, given: SeriesColumns) -> TableFormat:
    """The format with the columns by which rows are gathered; those that were not said are found out.

    Raises BadInput, UnknownColumn.
    """
    error = given.error
    if not (given.id and given.time and given.values and given.alike is not None):
        with closing(records_of(path, own)) as records:
            names = named_columns(next(records).cells)
            sound = (record.cells for record in records if not record.problem and len(record.cells) == len(names))
            rows = list(islice(sound, _SERIES_ROWS))
        columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
        given = series_columns(columns, own.decimal, given)
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
    return replace(own, series=given, passed_over=(*own.passed_over, made)).because(made)


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


def derived_records(path: Path, format: TableFormat, glance: Glance | None = None) -> Records:
    """The records of the file with the further columns, and numbers with their signs. Rows whose id is unknown say so
    in `problem`. glance: how far into the file series are looked for.
    """
    records = _with_columns(path, format, glance)
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


def _source_records(path: Path, format: TableFormat, glance: Glance | None = None) -> Records:
    """The rows of the file, those of one object gathered where it has series."""
    records = records_of(path, format)
    if format.kind in _SUMMED:
        records = with_summaries(records, format.decimal)
    return gathered(records, format, glance) if format.series.wanted else records


def _with_columns(path: Path, format: TableFormat, glance: Glance | None = None) -> Records:
    records = _source_records(path, format, glance)
    if not format.join and not format.together:
        yield from records
        return
    with closing(records):
        header = next(records)
        own = named_columns(header.cells)
        keys = [_key(text) for text in format.on]
        tables = {other: _look_up(Path(format.join), other) for other in dict.fromkeys(other for _, other in keys)}
        names = [*own, *(name for key, other in keys for name in _names(own, key, tables[other].columns, len(keys)))]
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
            cells, unknown = _with_looked_up(record.cells, joins, Path(format.join).name)
            cells = together.row(cells) if together else cells
            yield record._replace(cells=cells, problem=unknown, reason=RejectionReason.UNMATCHED)
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

    @classmethod
    def of(cls, names: Sequence[str], format: TableFormat) -> "_JoinedCells":
        """A column that replaces its parts stands where the first of them stood, another one at the end."""
        joiner, parts = column_joiner(format), [names.index(name) for name in format.together]
        gone = set(parts) if joiner.replaces else set()
        at = min(parts) if joiner.replaces else len(names)
        before = [index for index in range(at) if index not in gone]
        behind = [index for index in range(at, len(names)) if index not in gone]
        header = [*(names[index] for index in before), joined_name(format), *(names[index] for index in behind)]
        return cls(header, parts, (before, behind), joiner.joiner(format.together, format.decimal))

    def row(self, cells: Sequence[str]) -> list[str]:
        before, behind = ([cells[index] for index in part] for part in self.remaining)
        return [*before, self.join([cells[index] for index in self.parts]), *behind]


def _with_looked_up(
    cells: list[str], lookups: Sequence[tuple[int, str, LookupTable]], file: str
) -> tuple[list[str], str]:
    """(cells with those of the second table, what is wrong)."""
    unknown = ""
    whole = list(cells)
    for index, key, table in lookups:
        id = cells[index].strip()
        row = table.row(id)
        if row is None:
            unknown = unknown or (
                msg("“{id}” of “{key}” is not in “{file}”", id=id, key=key, file=file)
                if id
                else msg("“{key}” is empty", key=key)
            )
            row = [""] * len(table.columns)
        whole += row
    return whole, unknown


def _with_join(path: Path, own: TableFormat, reading: Reading) -> TableFormat:
    second = Path(reading.join)
    if not second.exists():
        raise NotFound(msg("There is no file “{join}” to look up in.", join=reading.join), hint=msg("Check the path."))
    names = _columns(path, own)
    on = [_key(text) for text in reading.on]
    for key, _ in on:
        if key not in names:
            raise UnknownColumn(key, names)
    keys = _keys(path, own, names, second, on)
    made = FormatEvidence(
        msg("looked up"),
        second.name,
        msg(
            "by {names}",
            names=[
                f"“{key}”" if key == other else msg("“{name}” (there “{other}”)", name=key, other=other)
                for key, other in keys
            ],
        ),
    )
    joined = replace(own, join=str(second), on=tuple(f"{key}={other}" for key, other in keys))
    evidence = (made, *_spelt_otherwise(path, own, names, second, keys))
    return replace(joined, passed_over=(*own.passed_over, *evidence)).because(*evidence)


def ids_of_both(path: Path, own: TableFormat, second: Path, keys: Sequence[str]) -> list[tuple[str, str]]:
    """(column of the file, column of the second) by which the two belong together. keys: columns that may have the ids.

    Raises IdsUnclear where none does, BadInput for a second file that is no table.
    """
    return _keys(path, own, _columns(path, own), second, [(key, "") for key in keys])


def _spelt_otherwise(
    path: Path, own: TableFormat, names: list[str], second: Path, keys: Sequence[tuple[str, str]]
) -> list[FormatEvidence]:
    """Evidence of ids that the second file has in another spelling."""
    tables = [(key, names.index(key), _look_up(second, other)) for key, other in keys]
    counts: dict[str, list[str]] = {}
    with closing(_source_records(path, own, Glance())) as records:
        next(records)
        for record in islice(records, _COMPARED):
            for key, index, table in tables if not record.problem else ():
                id = record.cells[index].strip() if index < len(record.cells) else ""
                if id not in table.rows and table.row(id) is not None:
                    counts.setdefault(key, []).append(
                        msg("“{id}” for “{spelling}”", id=id, spelling=table.spellings[_folded(id)])
                    )
    return [
        FormatEvidence(
            msg("spelling of ids"),
            key,
            plural(
                "{n:,} row spells them otherwise than “{name}” ({spelling})",
                "{n:,} rows spell them otherwise than “{name}” ({spelling})",
                len(spellings),
                name=second.name,
                spelling=spellings[0],
            ),
        )
        for key, spellings in counts.items()
    ]


def _keys(
    path: Path, own: TableFormat, names: list[str], second: Path, on: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """(column of the file, column of the second) for every id. What is not named is found by the ids that both have."""
    others = _columns(second, settle(second, Reading()))
    for _, other in on:
        if other and other not in others:
            raise UnknownColumn(other, others)
    if on and all(other for _, other in on):
        return list(on)
    with closing(_source_records(path, own, Glance())) as records:
        next(records)
        rows = [fitted(record.cells, len(names)) for record in islice(records, _LOOKED_AT)]
    cells = {name: [row[index].strip() for row in rows if row[index].strip()] for index, name in enumerate(names)}
    ids = _ids(second, others)
    candidates = [key for key, _ in on] or names
    shares = {
        (key, other): sum(_folded(cell) in ids[other] for cell in cells[key]) / len(cells[key])
        for key in candidates
        for other in others
        if cells[key] and len(ids[other]) >= _FEWEST
    }
    if not shares or max(shares.values()) < _FOUND:
        raise IdsUnclear(
            msg("No column of “{file}” has the ids of “{second}”.", file=path.name, second=second.name),
            hint=msg(
                "Name both with --on COLUMN=ID. There are: {names}; and in the second: {others}.",
                names=listed(names),
                others=listed(others),
            ),
        )
    best = max(shares, key=lambda pair: (shares[pair], len(set(cells[pair[0]]))))[1]
    least = 0.0 if on else _FOUND if max(shares.values()) < _CLEARLY else _CLEARLY * _FOUND
    keys = [(key, best) for key in candidates if shares.get((key, best), -1.0) >= least]
    # A column of a few labels or small numbers may have ids by chance.
    varied = [(key, other) for key, other in keys if len(set(cells[key])) >= _FEWEST]
    return keys if on else varied or keys


def _ids(second: Path, columns: list[str]) -> dict[str, frozenset[str]]:
    """The cells of each column that names its rows, however they are spelt; none for the others."""
    format = settle(second, Reading())
    with closing(records_of(second, format)) as records:
        next(records)
        rows = [fitted(record.cells, len(columns)) for record in records if not record.problem]
    ids_of_column = {}
    for index, name in enumerate(columns):
        filled = [row[index].strip() for row in rows if row[index].strip()]
        names_rows = len(set(filled)) >= _CLEARLY * len(filled)
        ids_of_column[name] = frozenset(map(_folded, filled)) if names_rows else frozenset()
    return ids_of_column


def _look_up(second: Path, id: str) -> LookupTable:
    """Raises IdsUnclear where an id has two different rows."""
    format = settle(second, Reading())
    rows: dict[str, list[str]] = {}
    with closing(records_of(second, format)) as records:
        columns = named_columns(next(records).cells)
        index = columns.index(id)
        for record in records:
            if record.problem or len(record.cells) != len(columns):
                continue
            key = record.cells[index].strip()
            row = [cell for i, cell in enumerate(record.cells) if i != index]
            if key and rows.setdefault(key, row) != row:
                raise IdsUnclear(
                    msg(
                        "“{second}” has two different rows for “{key}”, the second on line {line:,}.",
                        second=second.name,
                        key=key,
                        line=record.line,
                    ),
                    hint=msg("Keep one of them, or join by another column (--on COLUMN=ID)."),
                    context=str(second),
                )
    filled = [i for i in range(len(columns) - 1) if any(row[i] for row in rows.values())]
    others = [name for name in columns if name != id]
    spellings = _spellings(rows)
    return LookupTable(
        tuple(others[i] for i in filled), {key: [row[i] for i in filled] for key, row in rows.items()}, spellings
    )


def _spellings(ids: Iterable[str]) -> dict[str, str]:
    ids_by_spelling: dict[str, list[str]] = {}
    for id in ids:
        ids_by_spelling.setdefault(_folded(id), []).append(id)
    return {folded: same[0] for folded, same in ids_by_spelling.items() if len(same) == 1}


def _folded(id: str) -> str:
    return " ".join(id.split()).casefold()


def _names(own: list[str], key: str, columns: Sequence[str], keys: int) -> list[str]:
    """Names of the looked-up columns: with the key's name in front where there are several keys, or clashes."""
    return [f"{key} {name}" if keys > 1 or name in own else name for name in columns]


def _looked_up(format: TableFormat, own: list[str]) -> list[str]:
    """The names of the columns that the second table adds."""
    keys = [_key(text) for text in format.on]
    tables = {other: _look_up(Path(format.join), other) for _, other in keys}
    return [name for key, other in keys for name in _names(own, key, tables[other].columns, len(keys))]


def _columns(path: Path, format: TableFormat) -> list[str]:
    with closing(_source_records(path, format)) as records:
        return named_columns(next(records).cells)


def _key(text: str) -> tuple[str, str]:
    """“protein_a=id” → both; without the sign the second is empty."""
    key, _, other = text.partition("=")
    return key.strip(), other.strip()
