"""The rows that an import set aside: read for the table, copied out for people."""

import csv
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from sciapp.errors import BadInput
from sciapp.records.atomic import out_of_space_said, unwritable
from sciapp.records.dataset import DatasetFolder
from sciapp.records.outputs import check_out
from sciapp.records.regular import check_regular, lines_in
from sciapp.workers.query import Reporter, silent
from sciapp.workers.tables import Column, MemorySource

_BATCH = 2000
_SURPLUS = "further cells"


def open_rejected(path: Path, reporter: Reporter | None = None) -> MemorySource:
    """`rejected.csv`: line, reason and the cells as they were read. Raises BadInput."""
    try:
        check_regular(path)
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(lines_in(file)), ["line", "reason"])
        table = _quickly(path, header)
        if table is None:
            header, table = [*header, _SURPLUS], _patiently(path, len(header), reporter or silent())
    except (OSError, ValueError, csv.Error) as error:
        raise BadInput("The list of rows that were set aside cannot be read.", context=f"{path}: {error}") from error
    roles = ["line of the source file", "why the row was not used"]
    roles += ["the row as it stands in the file"] if header[2:3] == ["original"] else []
    columns = tuple(
        Column(str(place), title, roles[place] if place < len(roles) else "as it was read", numeric=place == 0)
        for place, title in enumerate(header)
    )
    return MemorySource(table, columns)


def export_rejected(*, path: Path, out: Path) -> Path:
    """A copy of `rejected.csv`, the list of rows that were set aside. Raises OutOfSpace or BadInput."""
    check_out(out, DatasetFolder(path.parent).project_folder)
    try:
        with out_of_space_said(out):
            check_regular(path)
            shutil.copyfile(path, out)
    except OSError as error:
        raise unwritable(out, error) from error
    return out


def _quickly(path: Path, header: list[str]) -> pa.Table | None:
    """Arrow reads a million rows without holding Python up, but refuses rows wider than the header: then None."""
    names = [str(place) for place in range(len(header))]
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


def _patiently(path: Path, width: int, reporter: Reporter) -> pa.Table:
    """The same row by row; what a row has beyond the header goes into one more column."""
    parts: list[pa.Table] = []
    rows: list[list[str]] = []
    schema = pa.schema(list(_types(width + 1).items()))

    def flush() -> None:
        columns = list(zip(*rows, strict=True)) or [()] * (width + 1)
        lines = pa.array([int(cell) for cell in columns[0]], pa.int64())
        parts.append(pa.table([lines, *(pa.array(c, pa.string()) for c in columns[1:])], schema=schema))
        rows.clear()
        reporter.progress("Reading", 0, 0)

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
    return {str(place): pa.int64() if place == 0 else pa.string() for place in range(width)}
