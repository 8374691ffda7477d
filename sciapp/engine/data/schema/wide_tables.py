"""Tables in which one input is spread over many columns, or many rows: a preview joins them, unless a person has said
otherwise.
"""

from collections.abc import Collection
from pathlib import Path

from sciapp.engine.data.readers.table_reader import Preview, preview
from sciapp.engine.data.schema.long_tables import gathering_reading
from sciapp.engine.data.values.number_formats import content_of
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_named
from sciapp.records.dataset.card import DomainName
from sciapp.records.read_options import NOT_JOINED, Reading

_LOOK = 20  # rows
_NUMBERS = 0.5  # of the cells that are filled


def joined_preview(
    path: Path | str,
    domain_name: DomainName,
    reading: Reading | None = None,
    *,
    excluded: Collection[str] = (),
    labels: bool = True,
) -> tuple[Preview, Reading]:
    """The preview of a file for a project of the domain, and the reading that it was made by.

    excluded: columns that have another role. labels: whether a table with labels is looked for beside a long one.
    Raises BadInput when the file is no table.
    """
    domain, reading = domain_named(domain_name), joined_as(domain_named(domain_name), reading or Reading())
    gathered = gathering_reading(Path(path), domain_name, reading, labels=labels)
    seen = preview(path, reading=gathered)
    if gathered != reading or reading.together or reading.joined_as == NOT_JOINED:
        return seen, gathered
    family = column_family(domain, seen, excluded=excluded)
    if not family:
        return seen, reading
    reading = joined_as(domain, reading.model_copy(update={"together": family}))
    return preview(path, reading=reading), reading


def joined_as(domain: Domain, reading: Reading) -> Reading:
    """The reading with the domain that joins its columns, or puts its cells on an axis, where they are no texts."""
    joiner = domain.joins_columns
    gathered = reading.series is not None and reading.series.wanted
    if not (reading.together or reading.axis.stated or gathered) or joiner is None or not joiner.replaces:
        return reading
    return reading.model_copy(update={"joined_as": domain.name})


def column_family(domain: Domain, seen: Preview, *, excluded: Collection[str] = ()) -> tuple[str, ...]:
    """The columns that together are one input of the domain: by their names, and by what they hold."""
    if domain.joins_columns is None:
        return ()
    family = domain.joins_columns.family([name for name in seen.columns if name not in excluded])
    indices = [seen.columns.index(name) for name in family]
    cells = [row[index] for row in seen.rows[:_LOOK] for index in indices]
    content = content_of(cells, seen.format.decimal, typed=seen.format.typed)
    return family if content.numbers > _NUMBERS * content.filled else ()
