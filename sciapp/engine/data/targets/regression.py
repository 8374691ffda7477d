"""Targets of numbers, some of which may not be measured in every row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.base import (
    PREDICTION_PREFIX,
    ArrayTargets,
    Bools,
    ClassCounts,
    Ints,
    MatrixKind,
    TargetColumns,
    TargetReader,
    Targets,
    column_numbers,
)
from sciapp.engine.data.targets.staged import StagedTargets
from sciapp.engine.data.targets.summaries import number_summary
from sciapp.engine.data.targets.value_reader import NumberReader
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.split_names import quantiles
from sciapp.i18n import msg
from sciapp.records.dataset.card import TARGET_PREFIX, DatasetCard, TargetSummary
from sciapp.records.dataset.tasks import TaskFacts


@dataclass(frozen=True)
class NumberTargets(ArrayTargets):
    """values: float64 (rows, targets) in the targets' own units, NaN where not measured."""


class NumberKind(MatrixKind):
    """Numbers of one or more targets."""

    facts = TaskFacts(
        "regression",
        "Regression",
        msg("Every target is read as a number."),
        ("mean_squared_error", "huber"),
        order=30,
        is_quantity=True,
        several_targets=True,
    )
    phrase = msg("a regression")
    targets_type = NumberTargets
    prediction_prefix = PREDICTION_PREFIX

    def reader(self, columns: TargetColumns) -> TargetReader:
        readers = [partial(read_number, format=format) for format in columns.formats]
        return NumberReader(
            columns.rows,
            [*readers],
            columns.formats,
            bounds_as_numbers=columns.bounds_as_numbers,
            keep_bounds=columns.keep_bounds,
        )

    def strata(self, targets: StagedTargets, kept: Bools) -> Ints:
        """The tenth of the first target's values."""
        return quantiles(targets.values[kept][:, 0])

    def summaries(self, names: Sequence[str], targets: StagedTargets, kept: Bools) -> tuple[TargetSummary, ...]:
        values, bounds = targets.values[kept], targets.bound_counts(kept)
        return tuple(number_summary(name, values[:, i], bounds[i]) for i, name in enumerate(names))

    def class_counts(self, names: Sequence[str], targets: StagedTargets, kept: Bools) -> list[ClassCounts]:
        return []

    def histogram(self, targets: Targets, target: int, summary: TargetSummary) -> Ints:
        values = np.asarray(targets, dtype=np.float64)[:, target]
        edges = np.array(summary.bin_edges)
        if len(edges) < 2:
            return np.zeros(0, dtype=np.int64)
        return np.histogram(values[~np.isnan(values)], edges)[0].astype(np.int64)

    def labels_by_class(self, table: pa.Table, card: DatasetCard, target: int) -> npt.NDArray[Any]:
        return column_numbers(table.column(TARGET_PREFIX + card.target_names[target]))

    def constant_targets(self, targets: Targets, card: DatasetCard) -> list[str]:
        values = np.asarray(targets, dtype=np.float64)
        return [name for column, name in zip(values.T, card.target_names, strict=True) if np.nanstd(column) == 0]


KIND = NumberKind()
