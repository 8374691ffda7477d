"""A predicted file with the predictions beside its own columns, written as the file itself is written."""

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.prediction_reading import prediction_reading
from sciapp.engine.data.formats.text.dialect import marks_in
from sciapp.engine.data.readers.table_reader import Record, TableFormat, misfit, named_columns, read_records, sniff
from sciapp.engine.data.values.column_names import distinct_names
from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.engine.domains.series.notation import SERIES
from sciapp.errors import BadInput, NotFound, RunProblem
from sciapp.i18n import msg
from sciapp.records.atomic import explaining_out_of_space, new_file
from sciapp.records.dataset.card import INPUT, INPUT2, LINE, SPLIT
from sciapp.records.plan.plan import PredictPlan, is_prediction
from sciapp.records.project.lineage import trained_run
from sciapp.records.project.outputs import check_out
from sciapp.records.project.project import Project
from sciapp.records.read_options import AUTO, Reading
from sciapp.records.regular import regular
from sciapp.records.run.run import Run

_TABS = frozenset({".tsv", ".tab"})
_MARKED = {"utf-16-le": "utf-16", "utf-16-be": "utf-16", "utf-32-le": "utf-32", "utf-32-be": "utf-32"}


def export_predictions(run: Run, out: Path) -> int:
    """The file's own columns and the predictions beside them, in the file's order; returns the number of rows.

    Raises RunProblem for a run without predictions of a file, BadInput, OutOfSpace.
    """
    plan = run.plan()
    if not is_prediction(plan) or not run.predictions_file.exists():
        raise RunProblem(
            msg("Run {run} has no predictions of a file.", run=run.id), hint=msg("Choose a finished predict run.")
        )
    check_out(out, run.project_folder, predicted=Path(plan.file))
    try:
        table = pq.read_table(regular(run.predictions_file))
    except UNREADABLE as error:
        raise RunProblem(
            msg("The predictions of run {run} cannot be read.", run=run.id),
            hint=msg("Predict again."),
            context=str(error),
        ) from error
    table = table.drop_columns([name for name in (LINE, INPUT, INPUT2, SPLIT) if name in table.column_names])
    table = table.rename_columns([name.replace(":", " ", 1) for name in table.column_names])
    # Beside it first: whatever goes wrong, a file that was there stays as it was.
    with explaining_out_of_space(out):
        # The file's own columns: what was looked up elsewhere stays there.
        export_table(Path(plan.file), sniff(plan.file, _own_reading(run, plan)), table, out)
    return int(table.num_rows)


def _own_reading(run: Run, plan: PredictPlan) -> Reading:
    """The reading of the file's own columns; of series with all that decides which rows there are."""
    try:
        card = trained_run(Project.open(run.project_folder), plan.run).card
    except NotFound:  # the training was removed since: its rows are those of the file, unless the plan says otherwise
        reading = plan.reading
    else:
        reading = prediction_reading(Path(plan.file), plan, card)
    if reading.series is not None and reading.series.wanted:
        return reading
    return plan.reading.model_copy(update={"join": "", "on": (), "together": (), "joined_as": AUTO})


@dataclass(frozen=True)
class Dialect:
    """Notation of the cells. decimal: the sign before the decimals of numbers. quote: empty for none.

    keeps_rows: rows of the file stand as they are, the new cells behind them.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    decimal: str = "."
    keeps_rows: bool = False


def export_table(file: Path, format: TableFormat, predicted: pa.Table, out: Path) -> Dialect:
    """Write every row of `file` with its predictions to `out`; returns how it was written.

    predicted: columns by the names that they get, row by row. A name that the file has already gets a number. Raises
    BadInput where the file has another number of rows by now.
    """
    *own, plain = _dialects(format, out)
    for dialect in own:
        try:
            _export(file, format, predicted, out, dialect)
        except (UnicodeEncodeError, csv.Error):  # the predictions have signs that the file's own writing lacks
            continue
        return dialect
    _export(file, format, predicted, out, plain)
    return plain


def _export(file: Path, format: TableFormat, predicted: pa.Table, out: Path, dialect: Dialect) -> None:
    with new_file(out, encoding=dialect.encoding) as handle:
        _write(handle, file, format, predicted, dialect)


def _dialects(format: TableFormat, out: Path) -> Iterator[Dialect]:
    """The file's own way first, then what can spell anything."""
    own = Dialect(delimiter="\t" if out.suffix.lower() in _TABS else ",")
    if format.kind == "table":
        cut = format.delimiter.strip(" ")  # runs of blanks and undivided lines leave no room for empty cells
        encoding = _MARKED.get(format.encoding, format.encoding)
        whole = Dialect(encoding, cut or own.delimiter, format.quote if cut else '"', format.decimal, bool(cut))
        own = replace(whole, delimiter=";") if format.decimal == whole.delimiter == "," else whole
        yield own
        yield replace(own, encoding="utf-8")
    yield replace(own, encoding="utf-8", quote='"', keeps_rows=False)


def _write(handle: TextIO, file: Path, format: TableFormat, predicted: pa.Table, dialect: Dialect) -> None:
    writer = csv.writer(
        handle,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote[-1:] or None,
        escapechar=dialect.quote[:-1] or None,
        doublequote=len(dialect.quote) < 2,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    with closing(read_records(file, replace(format, relations=()))) as records:  # numbers as they stand in the file
        columns = named_columns(next(records).cells)
        own = [index for index, name in enumerate(columns) if name != SERIES or not format.series.wanted]
        writer.writerow([*(columns[index] for index in own), *distinct_names(columns, predicted.column_names)])
        values = (row.values() for batch in predicted.to_batches() for row in batch.to_pylist())
        for record, row in zip_longest(records, values):
            if record is None or row is None:
                raise BadInput(
                    msg("“{file}” has other rows than when it was predicted.", file=file.name),
                    hint=msg("Predict it again."),
                    context=str(file),
                )
            new = [_text(value, dialect) for value in row]
            if _stands(record, columns, dialect):
                handle.write(record.text + dialect.delimiter)
                writer.writerow(new)
            else:
                cells = record.cells + [""] * len(columns)
                writer.writerow([*(cells[index] for index in own), *new])


def _stands(record: Record, columns: list[str], dialect: Dialect) -> bool:
    """True if the row can stay as it is: one that does not fit, or has a stray quote, would take cells from others."""
    fits = dialect.keeps_rows and bool(record.text) and not record.problem and not misfit(record.cells, columns)
    return fits and not marks_in(record.text, dialect.quote) % 2


def _text(value: object, dialect: Dialect) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).replace(".", dialect.decimal)
    text = str(value)
    return text if dialect.quote else " ".join(text.replace(dialect.delimiter, " ").split())
