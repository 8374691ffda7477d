"""Confirmation of a proposal by the rows that its sample did not hold: what an import would refuse is not proposed."""

from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sciapp.engine.data.readers.table_reader import Preview, named_columns, read_records
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.schema.inputs import listed_names
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.engine.data.schema.task import suitable_task
from sciapp.engine.data.values.cells import ColumnContent, is_binary
from sciapp.engine.data.values.number_formats import content_of
from sciapp.errors import SciAppError
from sciapp.i18n import msg, plural

_MOST_BYTES = 60_000_000  # of a file that is read to its end for this; packed files hold more
_MOST_ROWS = 200_000


def proposed_from(path: Path, preview: Preview, domain_name: str) -> Proposal:
    """The proposal for a file: roles by its sample, several targets only where all of its rows bear them out.

    Raises BadInput as `propose` does.
    """
    proposal = propose(preview, domain_name)
    if len(proposal.targets) < 2 or preview.complete:
        return proposal
    contents = _whole_contents(path, preview, proposal.targets)
    if contents is None:
        return _first_alone(proposal, preview)
    suited = tuple(name for name in proposal.targets if is_binary(contents[name].different) and _varied(contents[name]))
    if suited == proposal.targets:
        return proposal
    if not suited:
        return _first_alone(proposal, preview)
    others = [name for name in proposal.targets if name not in suited]
    task, reason = suitable_task(suited, [contents[name] for name in suited])
    left_out = plural(
        "{names} is not 0 or 1 in every row, or never changes, and is left out.",
        "{names} are not 0 or 1 in every row, or never change, and are left out.",
        len(others),
        names=listed_names(others),
    )
    return replace(proposal, targets=suited, task=task, reason=reason).because(left_out)


def _varied(content: ColumnContent) -> bool:
    return len(content.different) > 1


def _first_alone(proposal: Proposal, preview: Preview) -> Proposal:
    """With one target of several that could not be confirmed: a single one can always be read."""
    first = proposal.targets[0]
    cells = preview.cells()[first]
    content = content_of(cells, preview.format.decimal, typed=preview.format.typed)
    task, reason = suitable_task((first,), [content], whole=False)
    more = msg("{n} more columns look like it; they can be added.", n=len(proposal.targets) - 1)
    return replace(proposal, targets=(first,), task=task, reason=reason).because(more)


def _whole_contents(path: Path, preview: Preview, names: tuple[str, ...]) -> dict[str, ColumnContent] | None:
    """The content of these columns in all rows; None where the file is too large to read for a proposal, or damaged."""
    try:
        if path.is_dir() or path.stat().st_size > _MOST_BYTES:
            return None
        with closing(read_records(path, preview.format)) as records:
            columns = named_columns(next(records).cells)
            indices = [columns.index(name) for name in names]
            rows = [
                [record.cells[index] for index in indices]
                for record in islice(records, _MOST_ROWS + 1)
                if len(record.cells) == len(columns)
            ]
    except (SciAppError, OSError, ValueError):
        return None
    if len(rows) > _MOST_ROWS or not rows:
        return None
    decimal, typed = preview.format.decimal, preview.format.typed
    cells = zip(*rows, strict=True)
    return {name: content_of(column, decimal, typed=typed) for name, column in zip(names, cells, strict=True)}
