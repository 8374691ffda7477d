"""Looks at whole datasets for the window: columns summed up, what changed since another version, spreads by split."""

import csv
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from sciapp.actions.tables import Column, MemorySource, MessageSource
from sciapp.engine.data.dataset.diff import NEW_LINE, OLD_LINE, Dataset, DatasetDiff, difference, save_changes
from sciapp.engine.data.dataset.statistics import ColumnStatistics as ColumnStatistics
from sciapp.engine.data.dataset.statistics import SplitHistogram as SplitHistogram
from sciapp.engine.data.dataset.statistics import column_statistics, spreads
from sciapp.engine.data.splits.split_file import write_split_file
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.jobs.launch.helper import Executor, in_helper_process
from sciapp.records.atomic import explaining_out_of_space, unwritable
from sciapp.records.dataset.card import COLUMN_PREFIX, DatasetCard, DatasetFolder
from sciapp.records.dataset.leakage import Leakage, read_leakage
from sciapp.records.project.outputs import check_out
from sciapp.records.project.requests import MeasureLeaks, WrittenFile
from sciapp.records.regular import check_regular, lines_in

_NAME_WORDS = frozenset(
    "name names title compound molecule protein gene species accession cas cid id ids identifier".split()
)
_MOST_NAMES = 3


def naming_columns(columns: Sequence[Column]) -> tuple[int, ...]:
    """Indices of the columns that name rows, by their headings: those that a person looks for beside the input."""
    carried = [(index, column) for index, column in enumerate(columns) if column.key.startswith(COLUMN_PREFIX)]
    words = {index: re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", c.title).lower()) for index, c in carried}
    naming = [index for index, _ in carried if words[index][-1:] and words[index][-1] in _NAME_WORDS]
    return tuple(naming[:_MOST_NAMES])


_COLUMNS = (
    Column("name", msg("column"), msg("as the file calls it"), False),
    Column("role", msg("role"), msg("what the dataset uses it for"), False, terms=True),
    Column("filled", msg("filled"), msg("rows with a value"), True),
    Column("empty", msg("empty"), msg("rows without one"), True),
    Column("distinct", msg("distinct"), msg("different values"), True),
    Column("minimum", msg("minimum"), "", True),
    Column("median", msg("median"), "", True),
    Column("mean", msg("mean"), "", True),
    Column("standard_deviation", msg("standard deviation"), msg("of the rows, not of their mean"), True),
    Column("maximum", msg("maximum"), "", True),
    Column("commonest", msg("commonest"), msg("the values that come most often, each with its rows"), False),
)


def sum_columns_up(*, card: DatasetCard, folder: DatasetFolder, progress: Progress = SILENT) -> list[ColumnStatistics]:
    """The content of each column of the dataset. Raises BadInput; cancellable between columns."""
    statistics: list[ColumnStatistics] = []
    summing = progress.stage(msg("Summing up"))
    for one in column_statistics(card, folder):
        statistics.append(one)
        summing.report(len(statistics))
    return statistics


def columns_summed_up(card: DatasetCard, folder: DatasetFolder, progress: Progress) -> MemorySource:
    """The same as rows of a table."""
    statistics = sum_columns_up(card=card, folder=folder, progress=progress)
    cells = [
        [_commonest(one) if column.key == "commonest" else getattr(one, column.key) for one in statistics]
        for column in _COLUMNS
    ]
    kinds = [pa.float64() if column.numeric else pa.string() for column in _COLUMNS]
    kinds[2:5] = [pa.int64()] * 3
    arrays = [pa.array(values, kind) for values, kind in zip(cells, kinds, strict=True)]
    return MemorySource(pa.table(arrays, names=[column.key for column in _COLUMNS]), _COLUMNS)


def changes_between(before: Dataset, now: Dataset) -> tuple[DatasetDiff, MemorySource]:
    """The changes of a table, with the rows for a view. Raises BadInput."""
    changes = difference(before, now)
    lines = {
        OLD_LINE: msg("line of “{file}”", file=before[0].source.file_name),
        NEW_LINE: msg("line of “{file}”", file=now[0].source.file_name),
    }
    numeric = {field.name for field in changes.table.schema if not pa.types.is_string(field.type)}
    columns = tuple(Column(name, name, lines.get(name, ""), name in numeric) for name in changes.table.column_names)
    return changes, MemorySource(changes.table, columns)


def spreads_by_split(card: DatasetCard, folder: DatasetFolder) -> tuple[SplitHistogram, ...]:
    """Raises BadInput."""
    return spreads(card, folder)


def export_changes(*, table: pa.Table, folder: DatasetFolder, out: Path) -> Path:
    """The changed rows of the dataset in `folder` as CSV. Raises OutOfSpace or BadInput."""
    check_out(out, folder.project_folder)
    save_changes(table, out)
    return out


def _commonest(one: ColumnStatistics) -> str:
    return ", ".join(f"{value[:40]} ({count:,})" for value, count in one.commonest)


# The rows that an import set aside: read for the table, copied out for people.


_BATCH = 2000
_SURPLUS = msg("further cells")
_OWN_COLUMNS = (msg("line"), msg("reason"), msg("original"))


def open_rejected(path: Path, progress: Progress = SILENT) -> MemorySource:
    """`rejected.csv`: line, reason and the cells as they were read. Raises BadInput."""
    try:
        check_regular(path)
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(lines_in(file)), ["line", "reason"])
        table = _quickly(path, header)
        if table is None:
            header, table = [*header, _SURPLUS], _patiently(path, len(header), progress)
    except (OSError, ValueError, csv.Error) as error:
        raise BadInput(
            msg("The list of rows that were set aside cannot be read."), context=f"{path}: {error}"
        ) from error
    roles = [msg("line of the source file"), msg("why the row was not used")]
    roles += [msg("the row as it stands in the file")] if header[2:3] == ["original"] else []
    titles = [*_OWN_COLUMNS[: len(roles)], *header[len(roles) :]]
    columns = tuple(
        Column(str(index), title, roles[index] if index < len(roles) else msg("as it was read"), numeric=index == 0)
        for index, title in enumerate(titles)
    )
    messages = _messages(path.with_suffix(".jsonl"), table.num_rows)
    return MemorySource(table, columns) if messages is None else MessageSource(table, columns, messages, column=1)


def _messages(path: Path, rows: int) -> pa.Array | None:
    """The reasons as messages, in the order of the rows; None for a dataset from before they were written."""
    try:
        check_regular(path)
        with path.open(encoding="utf-8") as file:
            messages = pa.array(list(file), pa.string())
    except (OSError, ValueError):
        return None
    return messages if len(messages) == rows else None


def export_rejected(*, path: Path, out: Path) -> Path:
    """A copy of `rejected.csv`, the list of rows that were set aside. Raises OutOfSpace or BadInput."""
    check_out(out, DatasetFolder(path.parent).project_folder)
    try:
        with explaining_out_of_space(out):
            check_regular(path)
            shutil.copyfile(path, out)
    except OSError as error:
        raise unwritable(out, error) from error
    return out


def _quickly(path: Path, header: list[str]) -> pa.Table | None:
    """Arrow reads a million rows without holding Python up, but refuses rows wider than the header: then None."""
    names = [str(index) for index in range(len(header))]
    try:
        return pacsv.read_csv(
            path,
            read_options=pacsv.ReadOptions(column_names=names, skip_rows_after_names=1, use_threads=False),
            parse_options=pacsv.ParseOptions(newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=_types(len(names)), strings_can_be_null=False, quoted_strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _patiently(path: Path, width: int, progress: Progress) -> pa.Table:
    """The same row by row; what a row has beyond the header goes into one more column."""
    reading = progress.stage(msg("Reading"))
    parts: list[pa.Table] = []
    rows: list[list[str]] = []
    schema = pa.schema(list(_types(width + 1).items()))

    def flush() -> None:
        columns = list(zip(*rows, strict=True)) or [()] * (width + 1)
        lines = pa.array([int(cell) for cell in columns[0]], pa.int64())
        parts.append(pa.table([lines, *(pa.array(c, pa.string()) for c in columns[1:])], schema=schema))
        rows.clear()
        reading.report(0)

    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(lines_in(file))
        next(reader, None)
        for cells in reader:
            fitted = [*cells[:width], *[""] * (width - len(cells))]
            rows.append([*fitted, ", ".join(cells[width:])])
            if len(rows) == _BATCH:
                flush()
    flush()
    return pa.concat_tables(parts)


def _types(width: int) -> dict[str, pa.DataType]:
    return {str(index): pa.int64() if index == 0 else pa.string() for index in range(width)}


# The split of a dataset: what its test rows have in common with its training rows, and its export.


def known_leaks(*, folder: DatasetFolder) -> Leakage | None:
    """The leaks measured at import; None for a dataset from before."""
    return read_leakage(folder.leakage_file)


def measure_leaks(*, folder: DatasetFolder, progress: Progress, execute: Executor = in_helper_process) -> Leakage:
    """Measure the leaks that have not been measured yet; it may take a minute."""
    request = MeasureLeaks(project=folder.project_folder, dataset=folder.folder.name)
    return execute(request, Leakage, progress)


def export_split(*, folder: DatasetFolder, out: Path, hashed: bool = False) -> WrittenFile:
    """Write the split of every row to a CSV file that other projects can import by. Raises BadInput, OutOfSpace.

    hashed: with hashes in place of the inputs, which stay secret.
    """
    check_out(out, folder.project_folder)
    return WrittenFile(file=out, rows=write_split_file(folder, out, hashed=hashed))
