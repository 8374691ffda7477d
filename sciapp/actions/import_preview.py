"""The preview of an import: what the dialog shows before anything is imported."""

from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from sciapp.actions.datasets import preview_table
from sciapp.actions.tables import Column, MemorySource
from sciapp.engine.data.formats.registry import FORMAT_TITLES
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.engine.data.formats.unsupported import applicable
from sciapp.engine.data.readers.derived_columns import column_joiner, joined_name
from sciapp.engine.data.readers.lookup_join import IdsUnclear
from sciapp.engine.data.readers.table_reader import Preview, columns_of, settled_reading
from sciapp.engine.data.schema.infer import guess_domain, near_twins_in, task_of
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.engine.data.values.cells import ColumnContent
from sciapp.engine.data.values.number_formats import content_of
from sciapp.engine.domains.about import domains
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import ReadOtherwise, UnknownColumn
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import DomainName
from sciapp.records.read_options import AUTO, Reading, SeriesColumns

__all__ = ["FORMAT_TITLES", "DetectedReading", "ImportOffer", "Preview", "Proposal", "offer_import", "task_of"]


_CHOSEN = msg("See above what was chosen for it, and change it where it is wrong.")
_SAY_IDS = msg("Choose the columns that have the ids, here and there, or another file.")
_COLUMNS_AGAIN = msg("What was said of columns is forgotten: choose them again.")
_FEWEST_COLUMNS = 3  # object, time and value
_MOST_LISTED = 200  # columns of numbers that are offered as conditions


@dataclass(frozen=True)
class DetectedReading:
    """The reading of a file: its kind, each setting, the sheets to choose from, and why. choices: the names of the
    settings that mean something for it.

    columns, second_columns: of the file itself and of the second one, in which ids are looked up; empty without one.
    ids_unclear: by which of them the two are joined must be said before anything can be looked up. point_columns: of
    the file, where the rows of one object may be gathered to a value of the domain. has_axis: whether values have one.
    """

    title: str
    reading: Reading
    sheets: tuple[str, ...]
    reasons: tuple[str, ...]
    choices: frozenset[str]
    kind: str
    columns: tuple[str, ...] = ()
    second_columns: tuple[str, ...] = ()
    ids_unclear: bool = False
    point_columns: tuple[str, ...] = ()
    has_axis: bool = False


@dataclass(frozen=True)
class ImportOffer:
    """The first rows of a file, what its columns seem to be for, and how its rows may be split.

    reading: as the file was read; where it cannot be read as it was asked for, what had to be said is in it, and `note`
    tells why. joins_columns: whether several columns can make one input. alikeness: a sentence on the rows of a sample
    that have a near twin, as measured; empty where there are too few. many_alike: whether a test on rows drawn by
    chance would flatter. other_domain: the kind of data that the file seems to hold instead; empty where it suits.
    """

    preview: Preview
    rows: MemorySource
    proposal: Proposal
    numeric: tuple[str, ...]
    split_methods: tuple[str, ...]
    detected: DetectedReading
    reading: Reading
    note: str = ""
    joins_columns: bool = False
    alikeness: str = ""
    many_alike: bool = False
    other_domain: str = ""

    @property
    def joined(self) -> str:
        """The column that was put together of several; empty without one."""
        return joined_name(self.reading)


def offer_import(*, path: Path, domain: DomainName, reading: Reading | None = None) -> ImportOffer:
    """Raises BadInput when the file is no table."""
    requested = reading or Reading()
    seen, proposal, read, note = _previewed(path, domain, requested)
    # What could not be looked up stays asked for: the columns with the ids are still to be chosen.
    unclear = bool(requested.join) and not read.join
    reading = read.model_copy(update={"join": requested.join, "on": requested.on}) if unclear else read
    rows = {str(index): pa.array([row[index] for row in seen.rows], pa.string()) for index in range(len(seen.columns))}
    columns = tuple(Column(str(index), title, "", False) for index, title in enumerate(seen.columns))
    known = domain_named(domain)
    column = ("group", "time", "column") if len(seen.columns) > 2 else ()
    numeric, unlisted = _numeric(seen, proposal)
    if unlisted:
        listed = msg(
            "Of {all:,} columns the first {listed:,} of numbers are listed as conditions; on the command line "
            "--covariate names any other.",
            all=len(seen.columns),
            listed=len(numeric),
        )
        proposal = proposal.because(listed)
    paired = not proposal.input or proposal.second_input is not None
    twins = None if paired else near_twins_in(seen, domain, proposal.input)
    other = "" if proposal.input else guess_domain(seen) or ""
    return ImportOffer(
        preview=seen,
        rows=MemorySource(pa.table(rows), columns),
        proposal=proposal,
        numeric=numeric,
        split_methods=("random", "stratified", *known.splits, "cluster", *column, "file"),
        detected=_detected(path, domain, seen, reading, ids_unclear=unclear),
        reading=reading,
        note=note,
        joins_columns=known.joins_columns is not None,
        alikeness=twins.sentence if twins is not None else "",
        many_alike=twins is not None and twins.many,
        other_domain=other if other != domain else "",
    )


def _previewed(path: Path, domain: DomainName, reading: Reading) -> tuple[Preview, Proposal, Reading, str]:
    """The first rows and what is proposed for them; as what they were read, and why it is not as it was asked for."""
    note: str = ""
    while True:
        try:
            seen, proposal = preview_table(path=path, domain=domain, reading=reading)
            detected: dict[str, object] = {}
            if seen.format.together:
                detected |= {"together": seen.format.together, "joined_as": seen.format.joined_as}
            unasked = seen.format.together != reading.together
            if not note and (unasked or (seen.format.together and reading.axis.stated)):
                note = _joined_unasked(seen.format)
            if seen.format.series.wanted:
                detected |= {"series": seen.format.series, "join": seen.format.join, "on": seen.format.on, "labels": ""}
            return seen, proposal, reading.model_copy(update=detected), note
        except ReadOtherwise as error:
            otherwise, note = reading.model_copy(update=error.reading), joined([error.message, _CHOSEN])
            if otherwise == reading:
                raise
        except IdsUnclear as error:
            otherwise = reading.model_copy(update={"join": "", "on": ()})
            note = joined([error.message, _SAY_IDS])
        except UnknownColumn as error:  # of another sheet, or of names that were data before
            wanted = reading.series is not None and reading.series.wanted
            if not reading.on and not reading.together and not wanted:
                raise
            forgotten = {"on": (), "together": (), "joined_as": AUTO, "series": SeriesColumns()}
            otherwise = reading.model_copy(update=forgotten)
            note = joined([error.message, _COLUMNS_AGAIN])
        reading = otherwise


def _joined_unasked(format: TableFormat) -> str:
    """The columns that were joined to one, in a sentence."""
    reason = column_joiner(format).reason(format.together, format.axis)
    return msg("{column}: {reason}.", column=joined_name(format), reason=reason)


def _numeric(seen: Preview, proposal: Proposal) -> tuple[tuple[str, ...], bool]:
    """The columns that may be conditions, in the file's order, and whether others were not looked at: of thousands
    nobody ticks some by hand, and each look costs time. Those that are proposed are always among them.
    """
    excluded = {name for name, role in proposal.roles.by_column.items() if role not in {"condition", "time"}}
    first: list[str] = []
    for index, name in enumerate(seen.columns):
        if name in excluded or name in proposal.covariates:
            continue
        if len(first) == _MOST_LISTED:
            break
        if _all_numbers(_content(seen, index)):
            first.append(name)
    else:
        index = len(seen.columns)
    listed = {*first, *proposal.covariates}
    return tuple(name for name in seen.columns if name in listed), index < len(seen.columns)


def _content(seen: Preview, index: int) -> ColumnContent:
    return content_of((row[index] for row in seen.rows), seen.format.decimal, typed=seen.format.typed)


def _all_numbers(content: ColumnContent) -> bool:
    return content.numeric and not content.infinite


def _detected(path: Path, domain: DomainName, seen: Preview, reading: Reading, *, ids_unclear: bool) -> DetectedReading:
    format = seen.format
    own = columns_of(path, replace(format, join="", on=(), together=(), joined_as=AUTO)) if reading.join else ()
    return DetectedReading(
        title=format.findings[0].value if format.findings else "table",
        reading=settled_reading(format),
        sheets=format.sheets,
        reasons=tuple(
            msg("{what}: {value} ({why})", what=term(what), value=value, why=why)
            for what, value, why in format.findings
        ),
        choices=applicable(format),
        kind=format.kind,
        columns=tuple(own),
        second_columns=tuple(columns_of(reading.join)) if reading.join else (),
        ids_unclear=ids_unclear,
        point_columns=tuple(_point_columns(path, seen)) if domains()[domain].gathers else (),
        has_axis=domains()[domain].gathers,
    )


def _point_columns(path: Path, seen: Preview) -> list[str]:
    """The columns of the file itself; none where it has too few for times and values of objects."""
    format = replace(seen.format, join="", on=(), together=(), joined_as=AUTO, series=SeriesColumns())
    columns = columns_of(path, format)
    return columns if len(columns) >= _FEWEST_COLUMNS else []
