"""Targets of rows, and the interface of the kinds of target: what is read, stored and summarised of labels.

A kind belongs to each task and needs no network; `engine/tasks` has the part that does.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.staged import StagedTargets
from sciapp.engine.data.targets.summaries import gap_remarks
from sciapp.engine.data.targets.words import TaskWords
from sciapp.engine.data.values.cells import ColumnContent
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.token_labels import LabelStrings
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import RowInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import TARGET_PREFIX, DatasetCard, ImportRequest, TargetSummary
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.dataset.tasks import TaskFacts, TaskName

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Columns: TypeAlias = dict[str, pa.Array]


class RowValues(ABC):
    """Labels of some rows, or predictions of them, in their order."""

    @abstractmethod
    def __len__(self) -> int:
        """The number of rows."""

    @abstractmethod
    def __getitem__(self, rows: Ints) -> Self:
        """These rows, in this order."""


@dataclass(frozen=True)
class ArrayValues(RowValues):
    """values: an array whose first axis is the rows; numpy takes the object for it."""

    values: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, rows: Ints) -> Self:
        return type(self)(self.values[rows])

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.array(self.values, dtype=dtype, copy=copy)


class InputRule(Protocol):
    """A rule that was fitted before training and predicts a row from its input alone; a head may begin with it."""

    @property
    def name(self) -> str: ...

    def predict(self, inputs: Sequence[RowInput]) -> Floats:
        """(rows, targets), as the task decodes them."""

    def to_json(self) -> dict[str, Any]:
        """The rule as JSON, for `TargetKind.read_rule`."""


class Targets(RowValues):
    """Labels of some rows."""

    @abstractmethod
    def followed_by(self, other: Self) -> Self:
        """These rows, then those of `other`."""


@dataclass(frozen=True)
class ArrayTargets(ArrayValues, Targets):
    """Labels that are an array."""

    def followed_by(self, other: Self) -> Self:
        return type(self)(np.concatenate([self.values, other.values]))


class CellBatch(Protocol):
    """Some consecutive rows of a staged table. usable: indices, in the batch, of rows that nothing is wrong with."""

    @property
    def begin(self) -> int:
        """The row of the table with which the batch begins."""

    @property
    def usable(self) -> Sequence[int]: ...

    def targets(self, target: int) -> list[str]:
        """The cells of a target column."""

    def inputs(self) -> list[str]:
        """Canonical inputs; the first of each row where rows have several."""

    def masks(self) -> list[str] | None:
        """The cells of the mask column, if there is one."""


@dataclass(frozen=True)
class TargetColumns:
    """The target columns of a table before they are read.

    formats, contents: of each column. strings: of a single column, how its cells fit the units of the inputs. rows: of
    the table. gap_words: whether words such as “NaN” are gaps among classes; otherwise they are a class.
    bounds_as_numbers: whether “>10” is 10 where numbers are learnt; otherwise it is no number, but with keep_bounds a
    bound.
    """

    names: Sequence[str]
    formats: Sequence[NumberFormat]
    contents: Sequence[ColumnContent]
    strings: LabelStrings | None
    domain: Domain
    rows: int
    gap_words: bool = True
    bounds_as_numbers: bool = False
    keep_bounds: bool = False


class TableRow(Protocol):
    """A row of a file as it is read, as `formats.base.Record`."""

    @property
    def line(self) -> int: ...

    @property
    def cells(self) -> list[str]: ...

    @property
    def problem(self) -> str: ...

    def _replace(self, **changes: Any) -> Self:
        """The row with other cells, or a problem."""


TableRows: TypeAlias = Generator[Any, None, None]
"""The names of the columns, as a row, and then every row."""


@dataclass(frozen=True)
class TaskOption:
    """A whole number that an import asks for. title, help: in a form and on the command line."""

    name: str
    title: str
    help: str
    default: int
    least: int
    most: int


@dataclass(frozen=True)
class ReshapedTable:
    """An import of other rows than the file has. rows: makes them of those of the file."""

    request: ImportRequest
    rows: Callable[[TableRows], TableRows]


class TargetReader(ABC):
    """Reads cells into targets, batch by batch. why, detail (rows,): what is wrong with a row's targets."""

    def __init__(self, rows: int) -> None:
        self.why = np.full(rows, RejectionReason.KEPT, dtype=np.int8)
        self.detail = np.zeros(rows, dtype=np.int64)

    @abstractmethod
    def add(self, batch: CellBatch) -> None:
        """Raises BadInput."""

    @abstractmethod
    def finish(self, task: TaskName, reason: str, usable: Bools) -> StagedTargets:
        """The targets of all rows; usable (rows,): those that nothing else was wrong with."""


@dataclass(frozen=True)
class ClassCounts:
    """Numbers of rows (or units) by class. target: the index of the target; None for labels of units."""

    name: str
    classes: tuple[str, ...]
    counts: Ints
    target: int | None


class TargetKind(ABC):
    """Reading, checks, storage and summaries of the targets of one task.

    facts: of the task. phrase: “a classification”. value_word: what a row or unit has of it, in a word. odd_cell,
    odd_reason: what is said of a cell that holds no value. arrow_type: of a target's column in `table.parquet`.
    options: that an import asks for.
    """

    facts: ClassVar[TaskFacts]
    words: TaskWords
    phrase: ClassVar[str]
    value_word: ClassVar[str] = msg("value")
    odd_cell: ClassVar[str] = msg("not a number")
    odd_reason: ClassVar[RejectionReason] = RejectionReason.NO_NUMBER
    gap_advice: ClassVar[str] = ""
    arrow_type: ClassVar[pa.DataType]
    options: ClassVar[tuple[TaskOption, ...]] = ()

    def __init__(self, words: TaskWords) -> None:
        """words: in reports and model cards."""
        self.words = words

    # At import.

    def reshaped(self, request: ImportRequest, domain: Domain, rows: Callable[[], TableRows]) -> ReshapedTable | None:
        """The import of other rows, for a task that cuts its rows itself; None: of those of the file.

        rows: reads the file. Raises BadInput for columns that do not suit.
        """
        return None

    def options_of(self, request: ImportRequest) -> dict[str, int]:
        """The value of each option, the usual one where none is asked for."""
        return {option.name: request.task_options.get(option.name, option.default) for option in self.options}

    @abstractmethod
    def reader(self, columns: TargetColumns) -> TargetReader:
        """Raises BadInput for columns that do not suit."""

    @abstractmethod
    def strata(self, targets: StagedTargets, usable: Bools) -> Ints:
        """A number for each kept row, by which a stratified split divides. Raises BadInput where there is none."""

    @abstractmethod
    def summaries(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> tuple[TargetSummary, ...]:
        """One summary for each target over the kept rows."""

    @abstractmethod
    def class_counts(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> list[ClassCounts]:
        """Of each target over the kept rows; none for numbers."""

    @abstractmethod
    def remarks(
        self, names: Sequence[str], targets: StagedTargets, usable: Bools, split: npt.NDArray[np.int8]
    ) -> tuple[str, ...]:
        """Cautions about the kept rows, in sentences. split (kept rows,): the code of each row's split."""

    # In a dataset.

    @abstractmethod
    def load(self, table: pa.Table, card: DatasetCard) -> Targets:
        """The targets of these rows of `table.parquet`."""

    def constants(self, card: DatasetCard, training_inputs: Callable[[], Sequence[RowInput]]) -> Mapping[str, float]:
        """Numbers by which targets are read, for `card.task_constants`."""
        return {}

    @abstractmethod
    def histogram(self, targets: Targets, target: int, summary: TargetSummary) -> Ints:
        """Rows, or units, in each bin or class of a target's summary."""

    @abstractmethod
    def labels_by_class(self, table: pa.Table, card: DatasetCard, target: int) -> npt.NDArray[Any]:
        """The labels of one target as strings, or its numbers, of these rows of `table.parquet`; for a figure."""

    def absent_classes(self, targets: Targets, card: DatasetCard) -> list[str]:
        """Classes that no row, or no unit that counts, has."""
        return []

    def constant_targets(self, targets: Targets, card: DatasetCard) -> list[str]:
        """Targets that are the same wherever they were measured."""
        return []

    # In predictions.

    def read_input(self, value: RowInput, card: DatasetCard) -> RowInput:
        """The part of a new row's canonical input that the model reads."""
        return value

    @abstractmethod
    def true_columns(self, targets: Targets, card: DatasetCard) -> Columns:
        """Measured values, as `predictions.parquet` has them."""

    @abstractmethod
    def predicted_columns(self, values: RowValues, inputs: Sequence[RowInput], card: DatasetCard) -> Columns:
        """Predicted values, as `decode` of the task gives them. inputs: canonical ones of the same rows."""

    @abstractmethod
    def read_values(self, table: pa.Table, card: DatasetCard) -> RowValues:
        """The predictions in these columns, as they were. Raises KeyError for a column that is missing."""

    def read_rule(self, value: Mapping[str, Any]) -> InputRule:
        """The rule that a saved head began with, from its JSON. Raises KeyError, TypeError, ValueError."""
        raise ValueError(f"a {self.facts.name} begins with no rule")

    def judged_columns(self, targets: Targets, values: RowValues, card: DatasetCard) -> Columns:
        """Share of right answers of each row, and its mask; no columns where a row has one answer."""
        return {}


class MatrixKind(TargetKind):
    """A kind whose targets are numbers, NaN where not measured: a float64 column each, and one for its predictions.

    targets_type: made of values (rows, targets). prediction_prefix: of the names of predicted columns.
    """

    targets_type: ClassVar[type[ArrayTargets]]
    prediction_prefix: ClassVar[str]
    arrow_type = pa.float64()

    def remarks(
        self, names: Sequence[str], targets: StagedTargets, usable: Bools, split: npt.NDArray[np.int8]
    ) -> tuple[str, ...]:
        return gap_remarks(names, targets.values[usable], split)

    def load(self, table: pa.Table, card: DatasetCard) -> Targets:
        columns = [column_numbers(table.column(TARGET_PREFIX + name)) for name in card.target_names]
        return self.targets_type(np.column_stack(columns))

    def true_columns(self, targets: Targets, card: DatasetCard) -> Columns:
        return number_columns(TARGET_PREFIX, card.target_names, targets)

    def predicted_columns(self, values: RowValues, inputs: Sequence[RowInput], card: DatasetCard) -> Columns:
        return number_columns(self.prediction_prefix, card.target_names, values)

    def read_values(self, table: pa.Table, card: DatasetCard) -> RowValues:
        return ArrayValues(matrix_of(table, self.prediction_prefix, card.target_names))


def column_numbers(column: pa.ChunkedArray) -> Floats:
    """A column of numbers (rows,), NaN for null."""
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def number_columns(prefix: str, names: Sequence[str], values: Any) -> Columns:
    """values (rows, names); NaN becomes null."""
    table = np.asarray(values, dtype=np.float64)
    return {prefix + name: pa.array(table[:, i], pa.float64(), from_pandas=True) for i, name in enumerate(names)}


def matrix_of(table: pa.Table, prefix: str, names: Sequence[str]) -> Floats:
    """The columns (rows, names)."""
    columns = [table[prefix + name].to_numpy(zero_copy_only=False) for name in names]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
