"""Apply a finished run's model to the rows of a file, the whole story. Every row of the file comes out again."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.prediction_table import PROBLEM, predicted_columns, write_table
from sciapp.engine.data.readers import columns_of, read_rows
from sciapp.engine.domains.base import Domain, Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.environment import environment
from sciapp.engine.models.saved import SavedModel
from sciapp.engine.training.precision import use_threads
from sciapp.engine.training.stop import StopFlag, raise_if_cancelled
from sciapp.errors import RunProblem, UnknownColumn
from sciapp.records.atomic import write_json
from sciapp.records.dataset import INPUT, LINE, SPLIT, DatasetCard
from sciapp.records.events import Event, Noted, Progressed, RunStarted, StageBegan
from sciapp.records.lineage import trained_run
from sciapp.records.plan import PredictPlan
from sciapp.records.project import Project
from sciapp.records.run import Run

_CHUNK = 2000


def predict(plan: PredictPlan, run: Run, stop: StopFlag) -> Iterator[Event]:
    """Predict every row of `plan.file`; rows that cannot be used keep their place, with the reason.

    `run` ends with predictions.parquet. Raises SciAppError, Cancelled.
    """
    yield RunStarted()
    threads = use_threads(plan.threads)
    write_json(run.environment_file, environment() | {"threads": threads, "device": "cpu"})
    project = Project.open(run.project_folder)
    parent, card = trained_run(project, plan.run)
    column = input_column(Path(plan.file), plan.input_column or card.roles.input)
    yield StageBegan(stage="model", title="Loading the model")
    saved = SavedModel.open(project.run(plan.run).model_folder)
    yield StageBegan(stage="prediction", title="Reading and predicting rows")
    tables = []
    done = 0
    for chunk in _chunks(Path(plan.file), column):
        raise_if_cancelled(stop)
        tables.append(_predicted(chunk, domain_named(card.domain), saved, card))
        done += len(chunk)
        yield Progressed(stage="prediction", done=done, total=0)
    if not tables:
        raise RunProblem("The file has no rows to predict.", context=plan.file)
    table = pa.concat_tables(tables)
    write_table(table, run.predictions_file)
    unusable = table.num_rows - table.column(PROBLEM).null_count
    yield Noted(message=f"{table.num_rows - unusable:,} rows predicted with the model of run {parent.id}.")
    if unusable:
        yield Noted(level="warning", message=f"{unusable:,} rows could not be used; the column “problem” says why.")


def input_column(file: Path, wanted: str) -> str:
    """The file's column with the inputs: of the same name, whatever its case. Raises UnknownColumn."""
    columns = columns_of(file)
    for column in columns:
        if column.strip().lower() == wanted.strip().lower():
            return column
    raise UnknownColumn(wanted, columns)


def _chunks(file: Path, column: str) -> Iterator[list[tuple[int, str, str]]]:
    """(line, input, what is wrong with the row's shape or empty) of the file's rows, in pieces."""
    chunk: list[tuple[int, str, str]] = []
    for line, cells in read_rows(file):
        chunk.append((line, cells.get(column, ""), cells.problem))
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _predicted(chunk: list[tuple[int, str, str]], domain: Domain, saved: SavedModel, card: DatasetCard) -> pa.Table:
    usable: list[str] = []
    places: list[int] = []
    problems: list[str | None] = []
    for place, (_, value, problem) in enumerate(chunk):
        try:
            if problem:
                raise Rejected(problem)
            usable.append(domain.clean(value))
            places.append(place)
            problems.append(None)
        except Rejected as rejected:
            problems.append(rejected.reason)
    values: npt.NDArray[np.float64] = np.full((len(chunk), len(saved.outputs)), np.nan)
    if usable:
        values[places] = saved.values(usable)
    columns: dict[str, pa.Array] = {
        LINE: pa.array([line for line, _, _ in chunk], pa.int64()),
        INPUT: pa.array([value for _, value, _ in chunk], pa.string()),
        SPLIT: pa.array(["new"] * len(chunk), pa.string()),
    }
    classes = saved.outputs if card.task == "classification" else ()
    columns |= predicted_columns(values, card.target_names, classes)
    return pa.table(columns | {PROBLEM: pa.array(problems, pa.string())})
