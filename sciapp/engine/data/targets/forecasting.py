"""The next values of a series: its last steps, or those behind sliding windows, are the target, what came before is the
input.

A step is a time at which a series was measured. Targets are a column of numbers for each band and step, “x +1” to
“x +5”; one band without a name is called as the column. Files hold values in their own units; `forecast_values` has
those that are learnt, `forecast_windows` the rows.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sciapp.engine.data.targets.base import (
    ArrayValues,
    Columns,
    InputRule,
    ReshapedTable,
    RowValues,
    TableRows,
    Targets,
    TaskOption,
    matrix_of,
    number_columns,
)
from sciapp.engine.data.targets.forecast_start import FittedRule
from sciapp.engine.data.targets.forecast_values import (
    ForecastTargets,
    PastReader,
    measured_reader,
    steps_of,
    to_relative,
)
from sciapp.engine.data.targets.forecast_windows import SPLIT_COLUMN, SeriesSurvey, Windows
from sciapp.engine.data.targets.forecast_words import HORIZON, ForecastWords
from sciapp.engine.data.targets.regression import NumberKind
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.domains.row_input import RowInput, only_part
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import INPUT, PREDICTION_PREFIX, TIME_PREFIX, DatasetCard, ImportRequest, SplitPlan
from sciapp.records.dataset.tasks import TaskFacts

WINDOW, STRIDE = "window", "stride"
_MOST_TARGETS = 400
_BY_COLUMN = ("group", "column", "file")


class ForecastKind(NumberKind):
    """The next values of a series."""

    facts = TaskFacts(
        "forecasting",
        msg("Forecast of a series"),
        msg("The last steps of each series are predicted from those before them."),
        ("mean_squared_error", "huber"),
        order=50,
        is_quantity=True,
        several_targets=True,
        from_input=True,
    )
    phrase = msg("a forecast")
    options = (
        TaskOption(HORIZON, msg("Steps ahead"), msg("how many steps are predicted"), 5, 1, 200),
        TaskOption(
            WINDOW,
            msg("Steps read"),
            msg(
                "steps that are read before them, by windows that slide along each series, which is cut in time into "
                "training, validation and test; 0: each series is one row, all but its last steps are read"
            ),
            0,
            0,
            5000,
        ),
        TaskOption(STRIDE, msg("A window every"), msg("steps from one window to the next"), 1, 1, 5000),
    )

    def reshaped(self, request: ImportRequest, domain: Domain, rows: Callable[[], TableRows]) -> ReshapedTable:
        """The table with a row for each window, or each series: the input is cut, a column follows for each target."""
        if request.roles.second_input:
            raise BadInput(
                msg("One series is predicted from its past, not two."), hint=msg("Leave the second input out.")
            )
        column, read = request.roles.input.strip(), measured_reader(domain)
        horizon, window, stride = (request.task_options.get(option.name, option.default) for option in self.options)
        split = request.split
        by_time = window > 0 and split.method not in _BY_COLUMN
        if by_time and split.folds is not None:  # each fold would be the same cut
            raise BadInput(
                msg("Windows are divided by their time, of which there are no folds."),
                hint=msg("Leave the folds out, or divide by a column of groups."),
            )
        survey = SeriesSurvey.of(rows(), column, read, all_steps=by_time)
        fractions = split.fractions if by_time else None
        windows = Windows(column, read, survey.bands, horizon, window, stride, fractions).cut_in_common(survey)
        windows.must_fill_splits(survey)
        if len(windows.names) > _MOST_TARGETS:
            raise BadInput(
                msg(
                    "{bands} bands of {steps} steps are too many values to predict.",
                    bands=len(survey.bands),
                    steps=horizon,
                ),
                hint=msg("Choose a shorter horizon, or fewer bands."),
            )
        roles = request.roles.model_copy(update={"targets": windows.names})
        if by_time:
            split = SplitPlan(method="column", column=SPLIT_COLUMN, fractions=split.fractions, seed=split.seed)
        notes = (*request.notes, *windows.remarks())
        update = {"roles": roles, "split": split, "notes": notes}
        return ReshapedTable(request.model_copy(update=update), windows.reshaped)

    def constants(self, card: DatasetCard, training_inputs: Callable[[], Sequence[RowInput]]) -> Mapping[str, float]:
        """The smallest step of each band that its targets are counted in."""
        return PastReader.of_training(domain_of(card).name, card.target_names, training_inputs()).least

    def read_input(self, value: RowInput, card: DatasetCard) -> RowInput:
        """The end of a longer series, as long as the windows that were learnt from."""
        window = card.task_options.get(WINDOW, 0)
        if not window:
            return value
        series = measured_reader(domain_of(card))(only_part(value))
        steps = np.unique(series.times)
        return value if len(steps) <= window else series.between(steps[-window], np.inf).text

    def load(self, table: pa.Table, card: DatasetCard) -> Targets:
        values = np.asarray(super().load(table, card))
        return ForecastTargets(values, *PastReader.of_card(card).anchors(table.column(INPUT).to_pylist()))

    def predicted_columns(self, values: RowValues, inputs: Sequence[RowInput], card: DatasetCard) -> Columns:
        """With the times that the steps are expected at, in front."""
        reader = PastReader.of_card(card)
        last, scale = reader.anchors(inputs)
        absolute = last + np.where(scale > 0, np.nan_to_num(np.asarray(values)) * scale, 0.0)
        times = number_columns(TIME_PREFIX, [f"+{step}" for step in steps_of(card.target_names)], reader.ahead(inputs))
        return times | number_columns(PREDICTION_PREFIX, card.target_names, absolute)

    def read_values(self, table: pa.Table, card: DatasetCard) -> RowValues:
        absolute = matrix_of(table, PREDICTION_PREFIX, card.target_names)
        last, scale = PastReader.of_card(card).anchors(table.column(INPUT).to_pylist())
        return ArrayValues(to_relative(absolute, last, scale))

    def read_rule(self, value: Mapping[str, Any]) -> InputRule:
        return FittedRule.from_json(value)


KIND = ForecastKind(ForecastWords())
