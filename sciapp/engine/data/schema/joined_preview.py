"""Tables in which one input is spread over many columns, or many rows: a preview joins them, unless a person has said
otherwise.
"""

import re
from collections.abc import Collection
from itertools import islice
from pathlib import Path

from sciapp.engine.data.formats.archives import plain_name
from sciapp.engine.data.readers.lookup_join import IdsUnclear, ids_of_both
from sciapp.engine.data.readers.series_columns import is_long_table
from sciapp.engine.data.readers.table_reader import Preview, preview, sniff
from sciapp.engine.data.values.number_formats import content_of
from sciapp.engine.domains.about import domains
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import SciAppError
from sciapp.records.dataset.card import DomainName
from sciapp.records.read_options import NOT_JOINED, SUFFIXES, Reading

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


# Long tables: rows are gathered to series, and their labels are looked for in a neighbouring file.


_LABEL_WORDS = frozenset(
    "label labels class classes target targets meta metadata head header catalog catalogue objects params properties "
    "truth annotation annotations info".split()
)
_LARGEST = 100 << 20  # bytes of a file that is looked into without being asked
_MOST_FILES = 2_000  # of a folder


def gathering_reading(path: Path, domain_name: str, reading: Reading, *, labels: bool = True) -> Reading:
    """The reading with the columns by which rows are gathered to series, and the table with their labels beside it.

    labels: whether such a table is looked for. Unchanged where the domain has no such values, a person has spoken, or
    the table is none of that kind. Raises BadInput when the file is no table.
    """
    about = domains().get(domain_name)
    if about is None or not about.gathers or reading.series is None or reading.together:
        return reading
    joiner = domain_named(domain_name).joins_columns
    words = None if joiner is None else joiner.point_words
    if words is None:
        return reading
    if not reading.series.wanted:
        seen = preview(path, reading=reading.model_copy(update={"labels": "", "join": "", "on": ()}))
        columns = is_long_table(seen.cells(), words, seen.format.decimal)
        if columns is None:
            return reading
        reading = reading.model_copy(update={"series": columns, "joined_as": domain_name})
    if reading.join or reading.labels or not labels:
        return reading
    return _with_labels(path, reading)


def _with_labels(path: Path, reading: Reading) -> Reading:
    neighbours = _neighbours(path)
    if not neighbours:
        return reading
    format = sniff(path, reading)
    for file in neighbours:
        try:
            keys = ids_of_both(path, format, file, format.series.id)
        except (IdsUnclear, SciAppError, OSError):  # a neighbour that is no table, or of other things
            continue
        return reading.model_copy(update={"join": str(file), "on": tuple(f"{key}={other}" for key, other in keys)})
    return reading


def _neighbours(path: Path) -> list[Path]:
    """Files of the same folder whose names begin alike and speak of labels."""
    own = _words(path)
    try:
        files = [file for file in islice(path.parent.iterdir(), _MOST_FILES) if file != path]
    except OSError:
        return []
    return sorted(file for file in files if _has_labels(file, own))


def _has_labels(file: Path, own: list[str]) -> bool:
    words = _words(file)
    if not own or words[:1] != own[:1] or not set(words) & _LABEL_WORDS or set(own) & _LABEL_WORDS:
        return False
    table = plain_name(file).suffix.lower() in SUFFIXES
    return table and file.is_file() and file.stat().st_size <= _LARGEST


def _words(path: Path) -> list[str]:
    return re.findall(r"[a-z0-9]+", plain_name(path).stem.lower())
