"""Apply a finished run's model to the rows of a file, the whole story. Every row of the file comes out again."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.dataset.prediction_reading import (
    covariate_column,
    input_columns_of,
    no_rows,
    prediction_reading,
)
from sciapp.engine.data.dataset.predictions import PROBLEM, spread_out, write_table
from sciapp.engine.data.readers.table_reader import TableFormat, read_rows, sniff
from sciapp.engine.data.staging.cleaning import InputCleaner
from sciapp.engine.data.targets.base import RowValues
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.cell_units import number_and_unit
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.input_columns import input_columns
from sciapp.engine.data.values.number_signs import SignCounter, sign_of
from sciapp.engine.domains.base import Domain, Rejected
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.domains.row_input import RowInput, only_part, row_input
from sciapp.engine.inputs.registry import check_value, shortening
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.runtime.device import use_threads
from sciapp.engine.runtime.environment import environment
from sciapp.engine.runtime.progress import RunProgress, StopFlag, raise_if_cancelled
from sciapp.i18n import msg, plural
from sciapp.records.atomic import write_json
from sciapp.records.dataset.card import LINE, SPLIT, DatasetCard
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.plan.plan import PredictPlan
from sciapp.records.project.lineage import trained_run
from sciapp.records.project.project import Project
from sciapp.records.read_options import AUTO
from sciapp.records.run.events import RunStarted
from sciapp.records.run.run import Run

_FIRST_PIECE, _SMALLEST_PIECE, _LARGEST_PIECE = 256, 32, 4096  # rows
_LOOK_EVERY = 10_000  # rows, while they are only counted


class _Row(NamedTuple):
    """A row of the file; `problem` is what is wrong with it, or empty. covariates: NaN for a gap."""

    line: int
    value: RowInput
    covariates: list[float]
    problem: str


def predict(plan: PredictPlan, run: Run, progress: RunProgress) -> None:
    """Predict every row of `plan.file`; rows that cannot be used keep their place, with the reason.

    `run` ends with predictions.parquet. Raises SciAppError, Cancelled.
    """
    progress.emit(RunStarted())
    threads = use_threads(plan.threads)
    write_json(run.environment_file, environment() | {"threads": threads, "device": "cpu"})
    project = Project.open(run.project_folder)
    training = trained_run(project, plan.run)
    parent, card = training.run, training.card
    file = Path(plan.file)
    format = sniff(file, prediction_reading(file, plan, card))
    input_names = input_columns_of(file, plan, card, format)
    progress.stage("model", msg("Loading the model"))
    saved = SavedModel.open(project.run(plan.run).model_folder)
    predicting = progress.stage("prediction", msg("Predicting"))
    trained = saved.covariates
    columns = [covariate_column(file, name, format) for name in trained]
    signs = {column: SignCounter() for column in columns}
    total = _count(file, format, progress.stop, signs)
    covariates = [
        (column, _format_of(card.number_format(name), signs[column], format, plan))
        for column, name in zip(columns, trained, strict=True)
    ]
    predictor = _Predictor(domain_of(card), saved, card, progress.stop)
    tables: list[pa.Table] = []
    done = 0
    for table in predictor.tables(_rows(file, format, input_names, covariates)):
        tables.append(table)
        done += table.num_rows
        predicting.report(done, total)
    write_table(pa.concat_tables(tables), run.predictions_file)
    progress.note(
        msg("{rows:,} rows predicted with the model of run {parent}.", rows=done - predictor.unusable, parent=parent.id)
    )
    for remark in predictor.remarks():
        progress.note(remark, "warning")


def _format_of(trained: NumberFormat, signs: SignCounter, format: TableFormat, plan: PredictPlan) -> NumberFormat:
    """The number format of a covariate: as in the model's own table, unless the file says or shows that it writes
    otherwise.
    """
    stated = format.decimal if plan.reading.decimal != AUTO else None
    decimal = stated or sign_of(signs) or trained.decimal
    return trained.model_copy(update={"decimal": decimal, "bare": True, "convert": True})


def _count(file: Path, format: TableFormat, stop: StopFlag, signs: Mapping[str, SignCounter]) -> int:
    """Rows of the file, without keeping any; how the columns of `signs` write their numbers is counted on the way.

    Raises RunProblem for none, Cancelled.
    """
    rows = 0
    for rows, (_, cells) in enumerate(read_rows(file, format), start=1):
        for column, counter in signs.items():
            counter.add((0,), (number_and_unit(cells.get(column, ""))[0],))
        if rows % _LOOK_EVERY == 0:
            raise_if_cancelled(stop)
    if not rows:
        raise no_rows(file)
    return rows


def _rows(
    file: Path, format: TableFormat, inputs: Sequence[str], covariates: Sequence[tuple[str, NumberFormat]]
) -> Iterator[_Row]:
    for line, cells in read_rows(file, format):
        numbers, problem = [], cells.problem
        for name, written in covariates:
            try:
                number = read_number(cells.get(name, ""), written)
            except ValueError:
                number, problem = (
                    None,
                    problem or msg("“{get}” in “{name}” is no number", get=cells.get(name, ""), name=name),
                )
            numbers.append(math.nan if number is None else number)
        yield _Row(line, row_input([cells.get(name, "") for name in inputs]), numbers, problem)


@dataclass
class _Predictor:
    """Predicts rows in pieces of about a second each, so that people see it move; counts what they should know."""

    domain: Domain
    saved: SavedModel
    card: DatasetCard
    stop: StopFlag
    mender: InputCleaner = field(init=False)
    unusable: int = 0
    cut: int = 0
    strange: int = 0
    gaps: int = 0
    holed: int = 0
    holes: int = 0

    def __post_init__(self) -> None:
        # As the import did it: a salt that was learnt without its counter-ion is asked without it.
        self.mender = InputCleaner(self.domain, self.card.repairs)

    def tables(self, rows: Iterator[_Row]) -> Iterator[pa.Table]:
        """All rows in the file's order. Raises Cancelled."""
        size = _FIRST_PIECE
        while piece := list(islice(rows, size)):
            began = perf_counter()
            yield self._predicted(piece)
            pace = len(piece) / max(perf_counter() - began, 1e-9)
            size = min(_LARGEST_PIECE, max(_SMALLEST_PIECE, int(pace)))

    def remarks(self) -> Iterator[str]:
        """Remarks on the rows with problems."""
        if self.unusable:
            yield msg("{unusable:,} rows could not be used; the column “problem” says why.", unusable=self.unusable)
        if self.cut:
            longest = self.saved.tokenizer.model_max_length
            pieces = self.saved.task.per_unit
            yield (
                msg(
                    "{rows:,} rows are longer than {longest} tokens; they were read in overlapping pieces.",
                    rows=self.cut,
                    longest=longest,
                )
                if pieces
                else msg(
                    "{rows:,} rows are longer than {longest} tokens; they {how}.",
                    rows=self.cut,
                    longest=longest,
                    how=shortening(self.saved.tokenizer, pairs=len(self.card.roles.inputs) > 1),
                )
            )
        if self.gaps:
            yield msg("{gaps:,} rows lack a covariate; the mean of the training rows stood in for it.", gaps=self.gaps)
        if self.holed:
            yield plural(
                "{n:,} row has gaps, {points:,} points in all: its prediction rests on the others; trust it less.",
                "{n:,} rows have gaps, {points:,} points in all: their predictions rest on the others; "
                "trust them less.",
                self.holed,
                points=self.holes,
            )
        if self.strange:
            yield msg(
                "{strange:,} rows have symbols that the model does not know; trust their predictions less.",
                strange=self.strange,
            )

    def _predicted(self, piece: list[_Row]) -> pa.Table:
        kind = target_kind(self.card.task)
        usable: list[RowInput] = []
        indices: list[int] = []
        problems: list[str | None] = [None] * len(piece)
        for index, row in enumerate(piece):
            try:
                if row.problem:
                    raise Rejected(row.problem)
                value = kind.read_input(self.mender.cleaned(row.value), self.card)
                check_value(self.saved.tokenizer, value)
                self._count_gaps(value)
                usable.append(value)
                indices.append(index)
            except Rejected as rejected:
                problems[index] = rejected.reason
        covariates = np.array([piece[index].covariates for index in indices], dtype=np.float64)
        covariates = covariates.reshape(len(indices), len(piece[0].covariates))  # also where no row can be used
        self.gaps += int(np.isnan(covariates).any(axis=1).sum())
        predicted = kind.predicted_columns(self._values(usable, covariates), usable, self.card)
        self.unusable += len(piece) - len(indices)
        columns: dict[str, pa.Array] = {
            LINE: pa.array([row.line for row in piece], pa.int64()),
            **input_columns([row.value for row in piece], len(self.card.roles.inputs)),
            SPLIT: pa.array(["new"] * len(piece), pa.string()),
        }
        columns |= spread_out(predicted, indices, len(piece))
        return pa.table(columns | {PROBLEM: pa.array(problems, pa.string())})

    def _count_gaps(self, value: RowInput) -> None:
        """Points of a series that were not measured, or whose numbers are codes for that."""
        measure = self.domain.measured
        gaps = 0 if measure is None else sum(int(np.isnan(band.values).sum()) for band in measure(only_part(value)))
        self.holed, self.holes = self.holed + (gaps > 0), self.holes + gaps

    def _values(self, inputs: list[RowInput], covariates: npt.NDArray[np.float64]) -> RowValues:
        check = lambda _: raise_if_cancelled(self.stop)  # noqa: E731
        tokens = self.saved.tokens(inputs, check)
        self.cut += tokens.cut
        unknown = self.saved.tokenizer.unk_token_id
        self.strange += tokens.rows.count_with(unknown) if unknown is not None else 0
        return self.saved.values_of(inputs, tokens, check, covariates)
