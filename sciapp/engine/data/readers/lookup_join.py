"""A join with a second table: the columns of its rows are looked up by id (`Reading.join`, `Reading.on`)."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sciapp.engine.data.formats.base import Records
from sciapp.engine.data.formats.header_names import fitted, named_columns
from sciapp.engine.data.formats.registry import records_of, settle
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.readers.gathering import GatheringProgress, Glance, gathered
from sciapp.engine.data.readers.summary_rows import with_summaries
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import BadInput, NotFound, UnknownColumn, listed
from sciapp.i18n import msg, plural
from sciapp.records.read_options import Reading

_LOOKED_AT = 500  # rows
_COMPARED = 100_000  # rows whose ids are compared with those of the second file
_SUMMED = frozenset({"table", "workbook"})  # where people write totals beneath the rows
_COMMON, _CLEARLY = 0.5, 0.95  # share of the ids
_FEWEST = 3  # different ids that a column of ids has
_OFTEN = 0.2  # different ids in a row, at least, of a table that has several rows for one


class IdsUnclear(BadInput):
    """By which columns two files are joined must be said, or said otherwise."""


class LookupTable(NamedTuple):
    """A second table by id. columns: those beside the id. spellings: the ids by what they are without regard to
    capital letters and runs of blanks, where that leaves one. unclear: the lines of the first two rows of an id that
    differ."""

    columns: tuple[str, ...]
    rows: dict[str, list[str]]
    spellings: dict[str, str]
    unclear: dict[str, tuple[int, int]]

    def key(self, id: str) -> str | None:
        """The id as the table spells it; one that is spelt otherwise counts where only one can be meant."""
        return id if id in self.rows else self.spellings.get(_folded(id))

    def row(self, id: str) -> list[str] | None:
        """The cells of an id; None for one that the table does not have."""
        key = self.key(id)
        return None if key is None else self.rows[key]


def with_join(path: Path, own: TableFormat, reading: Reading) -> TableFormat:
    """The format with the ids of the second table. Raises BadInput, NotFound, UnknownColumn."""
    second = Path(reading.join)
    if not second.exists():
        raise NotFound(msg("There is no file “{join}” to look up in.", join=reading.join), hint=msg("Check the path."))
    names = column_names(path, own)
    on = [id_columns(text) for text in reading.on]
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
    return _keys(path, own, column_names(path, own), second, [(key, "") for key in keys])


def _spelt_otherwise(
    path: Path, own: TableFormat, names: list[str], second: Path, keys: Sequence[tuple[str, str]]
) -> list[FormatEvidence]:
    """Evidence of ids that the second file has in another spelling."""
    by_object = own.series.wanted
    tables = [(key, names.index(key), _look_up(second, other, by_object=by_object)) for key, other in keys]
    counts: dict[str, list[str]] = {}
    with closing(source_records(path, own, Glance())) as records:
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
    others = column_names(second, settle(second, Reading()))
    for _, other in on:
        if other and other not in others:
            raise UnknownColumn(other, others)
    if on and all(other for _, other in on):
        return list(on)
    with closing(source_records(path, own, Glance())) as records:
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
    if not shares or max(shares.values()) < _COMMON:
        _must_not_repeat(second, others, {name: cells[name] for name in candidates})
        raise IdsUnclear(
            msg("No column of “{file}” has the ids of “{second}”.", file=path.name, second=second.name),
            hint=msg(
                "Name both with --on COLUMN=ID. There are: {names}; and in the second: {others}.",
                names=listed(names),
                others=listed(others),
            ),
        )
    best = max(shares, key=lambda pair: (shares[pair], len(set(cells[pair[0]]))))[1]
    least = 0.0 if on else _COMMON if max(shares.values()) < _CLEARLY else _CLEARLY * _COMMON
    keys = [(key, best) for key in candidates if shares.get((key, best), -1.0) >= least]
    # A column of a few labels or small numbers may have ids by chance.
    varied = [(key, other) for key, other in keys if len(set(cells[key])) >= _FEWEST]
    return keys if on else varied or keys


def _ids(second: Path, columns: list[str]) -> dict[str, frozenset[str]]:
    """The cells of each column that names its rows, however they are spelt; none for the others."""
    return {
        name: frozenset(map(_folded, filled)) if len(set(filled)) >= _CLEARLY * len(filled) else frozenset()
        for name, filled in _filled(second, columns).items()
    }


def _filled(second: Path, columns: list[str]) -> dict[str, list[str]]:
    """The cells of each column that are not empty; rows that are written twice count once."""
    format = settle(second, Reading())
    with closing(records_of(second, format)) as records:
        next(records)
        rows = dict.fromkeys(tuple(fitted(record.cells, len(columns))) for record in records if not record.problem)
    return {name: [row[i].strip() for row in rows if row[i].strip()] for i, name in enumerate(columns)}


def _must_not_repeat(second: Path, columns: list[str], cells: dict[str, list[str]]) -> None:
    """Raise IdsUnclear where a column has the ids, with several different rows for one of them."""
    for name, filled in _filled(second, columns).items():
        ids = frozenset(map(_folded, filled))
        if len(ids) >= max(_FEWEST, _OFTEN * len(filled)) and any(
            own and sum(_folded(cell) in ids for cell in own) >= _CLEARLY * len(own) for own in cells.values()
        ):
            _look_up(second, name, by_object=False)


def lookup_tables(format: TableFormat) -> dict[str, LookupTable]:
    """The second table by each of its columns with ids. Raises IdsUnclear."""
    others = dict.fromkeys(other for _, other in map(id_columns, format.on))
    return {other: _look_up(Path(format.join), other, by_object=format.series.wanted) for other in others}


def _look_up(second: Path, id: str, *, by_object: bool) -> LookupTable:
    """The second table by its column `id`.

    by_object: an object whose id has two different rows is set aside; without it such an id raises IdsUnclear.
    """
    format = settle(second, Reading())
    rows: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    unclear: dict[str, tuple[int, int]] = {}
    with closing(records_of(second, format)) as records:
        columns = named_columns(next(records).cells)
        index = columns.index(id)
        for record in records:
            if record.problem or len(record.cells) != len(columns):
                continue
            key = record.cells[index].strip()
            row = [cell for i, cell in enumerate(record.cells) if i != index]
            first = lines.setdefault(key, record.line)
            if not key or rows.setdefault(key, row) == row:
                continue
            if not by_object:
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
            unclear.setdefault(key, (first, record.line))
    filled = [i for i in range(len(columns) - 1) if any(row[i] for row in rows.values())]
    others = [name for name in columns if name != id]
    spellings = _spellings(rows)
    cells = {key: [row[i] for i in filled] for key, row in rows.items()}
    return LookupTable(tuple(others[i] for i in filled), cells, spellings, unclear)


def _spellings(ids: Iterable[str]) -> dict[str, str]:
    ids_by_spelling: dict[str, list[str]] = {}
    for id in ids:
        ids_by_spelling.setdefault(_folded(id), []).append(id)
    return {folded: same[0] for folded, same in ids_by_spelling.items() if len(same) == 1}


def _folded(id: str) -> str:
    return " ".join(id.split()).casefold()


def lookup_names(own: list[str], key: str, columns: Sequence[str], keys: int) -> list[str]:
    """Names of the looked-up columns: with the key's name in front where there are several keys, or clashes."""
    return [f"{key} {name}" if keys > 1 or name in own else name for name in columns]


def looked_up_columns(format: TableFormat, own: list[str]) -> list[str]:
    """The names of the columns that the second table adds."""
    keys, tables = [id_columns(text) for text in format.on], lookup_tables(format)
    return [name for key, other in keys for name in lookup_names(own, key, tables[other].columns, len(keys))]


def column_names(path: Path, format: TableFormat) -> list[str]:
    """Names of the file's own columns, series gathered."""
    with closing(source_records(path, format)) as records:
        return named_columns(next(records).cells)


def id_columns(text: str) -> tuple[str, str]:
    """“protein_a=id” → both; without the sign the second is empty."""
    key, _, other = text.partition("=")
    return key.strip(), other.strip()


def with_looked_up(
    cells: list[str], lookups: Sequence[tuple[int, str, LookupTable]], file: str
) -> tuple[list[str], str, RejectionReason]:
    """(cells with those of the second table, what is wrong, its kind)."""
    problem, reason = "", RejectionReason.UNMATCHED
    whole = list(cells)
    for index, key, table in lookups:
        id = cells[index].strip()
        row, lines = table.row(id), table.unclear.get(table.key(id) or "")
        if row is None and not problem:
            problem = (
                msg("“{id}” of “{key}” is not in “{file}”", id=id, key=key, file=file)
                if id
                else msg("“{key}” is empty", key=key)
            )
        if lines and not problem:
            problem, reason = _two_rows(file, id, *lines), RejectionReason.UNCLEAR
        whole += [""] * len(table.columns) if row is None or lines else row
    return whole, problem, reason


def _two_rows(file: str, id: str, first: int, second: int) -> str:
    return msg(
        "“{file}” has two different rows for “{id}”, on lines {first:,} and {second:,}",
        file=file,
        id=id,
        first=first,
        second=second,
    )


def source_records(
    path: Path, format: TableFormat, glance: Glance | None = None, watched: GatheringProgress | None = None
) -> Records:
    """The rows of the file, those of one object gathered where it has series."""
    records = records_of(path, format)
    if format.kind in _SUMMED:
        records = with_summaries(records, format.decimal)
    return gathered(records, format, glance, watched) if format.series.wanted else records
