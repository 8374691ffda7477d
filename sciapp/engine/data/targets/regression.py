"""Targets of numbers, some of which may not be measured in every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.base import (
    ArrayTargets,
    Bools,
    ClassCounts,
    Floats,
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
from sciapp.engine.data.targets.words import TaskWords, column_of, worst_of
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.split_names import quantiles
from sciapp.i18n import msg
from sciapp.records.dataset.card import PREDICTION_PREFIX, TARGET_PREFIX, DatasetCard, TargetSummary
from sciapp.records.dataset.tasks import TaskFacts
from sciapp.records.plan.optimization import Optimization

MEAN_KEY, SCALE_KEY = "sciapp_target_mean", "sciapp_target_scale"
"""Keys of a saved model's config.json: lists of numbers, one for each target."""


@dataclass(frozen=True)
class NumberTargets(ArrayTargets):
    """values: float64 (rows, targets) in the targets' own units, NaN where not measured."""


class NumberKind(MatrixKind):
    """Numbers of one or more targets."""

    facts = TaskFacts(
        "regression",
        msg("Regression"),
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

    def strata(self, targets: StagedTargets, usable: Bools) -> Ints:
        """The tenth of the first target's values."""
        return quantiles(targets.values[usable][:, 0])

    def summaries(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> tuple[TargetSummary, ...]:
        values, bounds = targets.values[usable], targets.bound_counts(usable)
        return tuple(number_summary(name, values[:, i], bounds[i]) for i, name in enumerate(names))

    def class_counts(self, names: Sequence[str], targets: StagedTargets, usable: Bools) -> list[ClassCounts]:
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


# Words for it in reports and model cards.


class RegressionWords(TaskWords):
    """Words for numbers."""

    together = msg("Scores without a target’s name are over all targets, each in units of its spread in training.")
    fused_result = "values = model.values({example}{more})  # (rows, targets), in the targets' own units"

    def name(self, card: DatasetCard) -> str:
        return msg("regression")

    def loss(self, how: Optimization) -> str:
        if how.loss == "huber":
            return msg("Huber’s loss (delta {huber_delta:g} standard deviations)", huber_delta=how.huber_delta)
        return msg("the mean squared error")

    def loss_of_targets(self, loss: str) -> str:
        return msg("{loss} of targets standardised by the training rows", loss=loss)

    def result(self, loss: str, config: Mapping[str, Any]) -> str:
        if MEAN_KEY not in config:
            return "values = model(**batch).logits  # (rows, targets), in the targets' own units"
        return (
            "# The targets’ units do not fit into weights of fp32: mean and scale stand in config.json.\n"
            "    logits = model(**batch).logits.detach().double().numpy()\n"
            f"    values = logits * model.config.{SCALE_KEY} + model.config.{MEAN_KEY}  # (rows, targets)"
        )

    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """In units of each target's spread."""
        measured, predicted = (
            np.column_stack([column_of(test, prefix + name) for name in card.target_names])
            for prefix in (TARGET_PREFIX, PREDICTION_PREFIX)
        )
        spread = np.array([summary.standard_deviation or 1.0 for summary in card.targets])
        return worst_of(np.abs(measured - predicted) / spread)


KIND = NumberKind(RegressionWords())
