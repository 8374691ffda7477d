"""What the import dialog shows before anything is imported."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sciapp.engine.data.formats.applicable import applicable
from sciapp.engine.data.formats.registry import FORMAT_TITLES
from sciapp.engine.data.labels import ColumnContent
from sciapp.engine.data.number_formats import content_of
from sciapp.engine.data.proposal import Proposal, task_of
from sciapp.engine.data.readers import Preview
from sciapp.engine.data.reading_again import settled_reading
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import ReadOtherwise
from sciapp.records.dataset import DomainName
from sciapp.records.reading import Reading
from sciapp.workers.tables import Column, MemorySource
from sciapp.workers.verbs import preview_table

__all__ = ["FORMAT_TITLES", "FoundReading", "ImportOffer", "Preview", "Proposal", "offer_import", "task_of"]


_CHOSEN = "See above what was chosen for it, and change it where it is wrong."
_MOST_LISTED = 200  # columns of numbers that are offered as conditions
_UNLISTED = (
    "Of {all:,} columns the first {listed:,} of numbers are listed as conditions; on the command line --covariate "
    "names any other."
)


@dataclass(frozen=True)
class FoundReading:
    """How a file is read: what it is, each setting, the sheets to choose from, and why. choices: the names of the
    settings that mean something for it.
    """

    title: str
    reading: Reading
    sheets: tuple[str, ...]
    reasons: tuple[str, ...]
    choices: frozenset[str]
    kind: str


@dataclass(frozen=True)
class ImportOffer:
    """The first rows of a file, what its columns seem to be for, and how its rows may be split.

    reading: as the file was read; where it cannot be read as it was asked for, what had to be said is in it, and `note`
    tells why.
    """

    preview: Preview
    rows: MemorySource
    proposal: Proposal
    numeric: tuple[str, ...]
    split_methods: tuple[str, ...]
    found: FoundReading
    reading: Reading
    note: str = ""


def offer_import(*, path: Path, domain: DomainName, reading: Reading | None = None) -> ImportOffer:
    """Raises BadInput when the file is no table."""
    reading, note = reading or Reading(), ""
    while True:
        try:
            seen, proposal = preview_table(path=path, domain=domain, reading=reading)
            break
        except ReadOtherwise as error:
            said = reading.model_copy(update=error.reading)
            if said == reading:
                raise
            reading, note = said, f"{error.message} {_CHOSEN}"
    rows = {str(place): pa.array([row[place] for row in seen.rows], pa.string()) for place in range(len(seen.columns))}
    columns = tuple(Column(str(place), title, "", False) for place, title in enumerate(seen.columns))
    safe = tuple(domain_named(domain).splits)
    column = ("group", "time", "column") if len(seen.columns) > 2 else ()
    numeric, unlisted = _numeric(seen, proposal)
    if unlisted:
        proposal = proposal.because(_UNLISTED.format(listed=len(numeric), all=len(seen.columns)))
    methods = ("random", "stratified", *safe, "cluster", *column, "file")
    return ImportOffer(
        seen, MemorySource(pa.table(rows), columns), proposal, numeric, methods, _found(seen), reading, note
    )


def _numeric(seen: Preview, proposal: Proposal) -> tuple[tuple[str, ...], bool]:
    """The columns that may be conditions, in the file's order, and whether others were not looked at: of thousands
    nobody ticks some by hand, and each look costs time. Those that are proposed are always among them.
    """
    taken = {name for name, role in proposal.roles.by_column.items() if role not in {"condition", "time"}}
    first: list[str] = []
    for place, name in enumerate(seen.columns):
        if name in taken or name in proposal.covariates:
            continue
        if len(first) == _MOST_LISTED:
            break
        if _all_numbers(_content(seen, place)):
            first.append(name)
    else:
        place = len(seen.columns)
    listed = {*first, *proposal.covariates}
    return tuple(name for name in seen.columns if name in listed), place < len(seen.columns)


def _content(seen: Preview, place: int) -> ColumnContent:
    return content_of((row[place] for row in seen.rows), seen.format.decimal, typed=seen.format.typed)


def _all_numbers(content: ColumnContent) -> bool:
    return content.numeric and not content.infinite


def _found(seen: Preview) -> FoundReading:
    format = seen.format
    reasons = tuple(f"{what}: {value} ({why})" for what, value, why in format.findings)
    title = format.findings[0].value if format.findings else "table"
    return FoundReading(title, settled_reading(format), format.sheets, reasons, applicable(format), format.kind)
