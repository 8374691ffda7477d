"""The common way of an import and a quality check: from a file to a case, every row read and nothing divided yet."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.engine.data.quality.base import TableCheckup
from sciapp.engine.data.quality.checks.censored_values import keeps_bounds, read_as_numbers
from sciapp.engine.data.quality.checks.missing_value_words import gaps_meant
from sciapp.engine.data.quality.registry import must_be_offered
from sciapp.engine.data.readers.table_reader import named_columns, read_records, sniff
from sciapp.engine.data.splits.assign import SplitCriteria, read_grounds
from sciapp.engine.data.staging.file_stats import FileStats, survey
from sciapp.engine.data.staging.read_pass import staged_rows
from sciapp.engine.data.staging.roles import ColumnRoles, chosen_columns
from sciapp.engine.data.staging.staged_rows import RowNotes, StagedBatch, usable_rows
from sciapp.engine.data.staging.targets import read_targets
from sciapp.engine.data.staging.weights import read_weights
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.number_formats import ColumnNumbers, ColumnReader, Repairs
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_for
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import DomainName, ImportRequest
from sciapp.records.dataset.number_format import DecimalSign
from sciapp.records.dataset.tasks import AUTOMATIC


@dataclass(frozen=True)
class OpenTable:
    """A file that was looked at, and what each of its columns is for."""

    path: Path
    format: TableFormat
    columns: list[str]
    domain: Domain
    chosen: ColumnRoles
    stats: FileStats
    request: ImportRequest
    second: FileStats | None = None

    def without_groups(self) -> "OpenTable":
        """Groups for a split are of no use where nothing is divided, and a million scaffolds take minutes."""
        return replace(self, chosen=replace(self.chosen, splitter=None))


def open_table(domain_name: DomainName, request: ImportRequest, *, progress: Progress = SILENT) -> OpenTable:
    """Raises BadInput for a file, roles or repairs that cannot be used; Cancelled."""
    path = Path(request.file).expanduser().absolute()
    format = sniff(path, request.reading)
    domain = domain_for(domain_name, request.roles)
    kind = target_kind(request.task) if request.task != AUTOMATIC else None
    if kind is not None and (reshaped := kind.reshaped(request, domain, partial(read_records, path, format))):
        request, format = reshaped.request, replace(format, reshape=reshaped.rows)
    with closing(read_records(path, format)) as records:
        columns = named_columns(next(records).cells)
    must_be_offered(request.repairs, domain)
    chosen = chosen_columns(request, columns, domain)
    stats = survey(path, progress=progress.stage(msg("Looking at the file")))
    second = None
    if format.join:
        second = survey(Path(format.join), progress=progress.stage(msg("Looking at the second file")))
    return OpenTable(path, format, columns, domain, chosen, stats, request, second)


def read_case(
    table: OpenTable, staged: Path, refused: Callable[[BadInput], None], *, progress: Progress = SILENT
) -> tuple[TableCheckup, SplitCriteria | None]:
    """The case, and what rows are divided by. All rows are staged in the file `staged`.

    refused: is told why targets, weights or grounds cannot be read; unless it raises, the case goes without them.
    """
    format, chosen, domain, request = table.format, table.chosen, table.domain, table.request
    reading = progress.stage(msg("Reading and checking rows"))
    first = staged_rows(
        table.path, format, table.columns, domain, chosen, staged, table.stats.lines, request.repairs, progress=reading
    )
    notes, targets, weights, grounds = first.notes, None, None, None
    used, carried = _numbered(chosen, len(table.columns))
    reading = progress.stage(msg("Reading the numbers"))
    numbers = look_at_numbers(
        staged, notes, used, carried, format.decimal, request.repairs, typed=format.typed, progress=reading
    )
    try:
        gaps = gaps_meant(request.repairs)
        bounds = read_as_numbers(request.repairs)
        targets = read_targets(
            staged,
            chosen,
            request.task,
            numbers,
            notes,
            domain,
            gap_words=gaps,
            bounds_as_numbers=bounds,
            keep_bounds=keeps_bounds(request.repairs),
            progress=progress.stage(msg("Reading the targets")),
        )
        if chosen.weight_index is not None:
            reading = progress.stage(msg("Reading the weights"))
            weights = read_weights(staged, chosen, notes, numbers[chosen.weight_index].format, progress=reading)
    except BadInput as error:
        refused(error)
    try:
        reading = progress.stage(msg("Reading what rows are divided by"))
        grounds = read_grounds(staged, chosen, notes, domain, format.decimal, request.repairs, progress=reading)
    except BadInput as error:  # a split file that is none
        refused(error)
    if targets is not None:
        must_be_offered(request.repairs, domain, targets.task)
    case = TableCheckup(
        columns=table.columns,
        chosen=chosen,
        domain=domain,
        decimal=format.decimal,
        staged=staged,
        notes=notes,
        targets=targets,
        reasons=first.reasons,
        repairs=request.repairs,
        weights=weights,
        numbers=numbers,
    )
    return case, grounds


def _numbered(chosen: ColumnRoles, width: int) -> tuple[list[int], list[int]]:
    """The places of the columns that are read as numbers, and of those that may be some day."""
    weight = [] if chosen.weight_index is None else [chosen.weight_index]
    used = [*chosen.target_indices, *chosen.covariate_indices, *weight]
    others = {*chosen.input_indices, chosen.split_index, chosen.group_index, chosen.mask_index}
    return used, [index for index in range(width) if index not in {*used, *others}]


# The number formats of the columns of a staged table, in two passes over its rows.


_ENOUGH_ROWS = 20_000  # of a column that nobody reads yet


def look_at_numbers(
    staged: Path,
    notes: RowNotes,
    used: Sequence[int],
    carried: Sequence[int],
    usual: DecimalSign,
    repairs: Repairs,
    *,
    typed: bool = True,
    progress: Progress = SILENT,
) -> dict[int, ColumnNumbers]:
    """The reading of columns by their places; of `carried` those of numbers. Raises Cancelled.

    used: places of columns that are read whole; of the others the first rows say enough. usual: the sign before
    decimals in the file. typed: whether its numbers are text.
    """
    columns = {index: ColumnReader() for index in dict.fromkeys((*used, *carried))}
    brief, rows = set(carried) - set(used), len(notes.line)
    for batch, usable in usable_rows(staged, notes):
        _feed(batch, usable, columns, brief, ColumnReader.first_look)
        for index in [one for one in brief if one in columns and columns[one].holds_words]:
            del columns[index]
        progress.report(batch.end, 2 * rows)
    for column in columns.values():
        column.decide(usual, repairs, typed=typed)
    for batch, usable in usable_rows(staged, notes):
        _feed(batch, usable, columns, brief, ColumnReader.second_look)
        progress.report(rows + batch.end, 2 * rows)
    return {index: column.result(repairs) for index, column in columns.items()}


def _feed(
    batch: StagedBatch,
    usable: list[int],
    columns: Mapping[int, ColumnReader],
    brief: set[int],
    look: Callable[[ColumnReader, Sequence[int], Sequence[str]], None],
) -> None:
    """The usable rows of a batch, shown to each column that is not done yet."""
    rows = (np.asarray(usable, dtype=np.int64) + batch.begin).tolist()
    for index, column in columns.items():
        if index not in brief or batch.begin < _ENOUGH_ROWS:
            look(column, rows, batch.cells(index).take(pa.array(usable, pa.int64())).to_pylist())
