"""The next values of a series: its last steps, or those behind sliding windows, are the target, what came before is the
input.

A step is a time at which a series was measured. Targets are a column of numbers for each band and step, “x +1” to
“x +5”; one band without a name is called as the column. In memory predictions are multiples of the series' own usual
step, counted from its last known value: so slow and fast, near and far series are learnt alike. Files hold values in
their own units.

With windows each series is cut in time: what trains lies before what validates, and that before what tests, and no
window crosses a cut, so no test window has a time in common with training. Without windows, or divided by a column, a
series is in one split as a whole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sciapp.engine.data.targets.base import (
    ArrayTargets,
    ArrayValues,
    Columns,
    Floats,
    Ints,
    ReshapedTable,
    RowValues,
    TableRow,
    TableRows,
    Targets,
    TaskOption,
    matrix_of,
    number_columns,
)
from sciapp.engine.data.targets.regression import MEAN_KEY, NumberKind, RegressionWords
from sciapp.engine.data.targets.words import Trace
from sciapp.engine.data.values.rejection_reason import RejectionReason
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.row_input import RowInput, only_part
from sciapp.engine.domains.series.values import UNNAMED, Series
from sciapp.errors import BadInput, UnknownColumn
from sciapp.i18n import msg
from sciapp.records.dataset.card import (
    INPUT,
    LINE,
    PREDICTION_PREFIX,
    SPLITS,
    TARGET_PREFIX,
    DatasetCard,
    ImportRequest,
    SplitPlan,
)
from sciapp.records.dataset.tasks import TaskFacts

HORIZON, WINDOW, STRIDE = "horizon", "window", "stride"
SPLIT_COLUMN = "forecast split"
"""Derived column: the split that a window belongs to by its time."""
_FEWEST = 3  # steps of an input: a last value, and two differences
_LOOKED_AT = 5000  # series, for the names of their bands
_MOST_TARGETS = 400
_BY_COLUMN = ("group", "column", "file")
_LEVEL = 0.9  # of the intervals in a figure
_EXAMPLES = 3


@dataclass(frozen=True)
class ForecastTargets(ArrayTargets):
    """values (rows, targets), NaN where not measured. last: the last known value of the target's band in the input,
    scale: its usual step there, the mean absolute difference of neighbours; both (rows, targets), NaN and 0 for none.
    """

    last: Floats
    scale: Floats

    def __getitem__(self, rows: Ints) -> "ForecastTargets":
        return ForecastTargets(self.values[rows], self.last[rows], self.scale[rows])

    @property
    def relative(self) -> Floats:
        """Multiples of the usual step from the last value (rows, targets); NaN where there is neither."""
        return to_relative(self.values, self.last, self.scale)


def to_relative(values: Floats, last: Floats, scale: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(scale > 0, (values - last) / scale, np.nan)


def forecast_targets(targets: object) -> ForecastTargets:
    """Targets of a forecast, as what they are."""
    assert isinstance(targets, ForecastTargets), "a forecast starts from a series"
    return targets


def band_and_step(target: str) -> tuple[str, int]:
    """(“x”, 3) of “x +3”."""
    band, _, step = target.rpartition(" +")
    return band, int(step)


@lru_cache(maxsize=4096)
def _known_of_bands(text: str) -> dict[str, tuple[Floats, Floats]]:
    """Times and values of each band of a canonical series, gaps left out."""
    series = Series.parse(text)
    known = {name: ~np.isnan(channel.values) for name, channel in zip(series.bands, series, strict=True)}
    return {
        name: (channel.times[known[name]], channel.values[known[name]])
        for name, channel in zip(series.bands, series, strict=True)
    }


def band_values(value: RowInput, band: str) -> tuple[Floats, Floats]:
    """Times and known values (n,) of a band; of a series without bands whatever the name is."""
    bands = _known_of_bands(only_part(value))
    return bands[band] if band in bands else bands.get(UNNAMED, (np.zeros(0), np.zeros(0)))


def anchors(inputs: Sequence[RowInput], names: Sequence[str]) -> tuple[Floats, Floats]:
    """Last value and usual step (rows, targets) of each target's band; see `ForecastTargets`."""
    bands = [band_and_step(name)[0] for name in names]
    last, scale = np.full((len(inputs), len(names)), np.nan), np.zeros((len(inputs), len(names)))
    for row, value in enumerate(inputs):
        of_band = {}
        for band in dict.fromkeys(bands):
            values = band_values(value, band)[1]
            step = float(np.abs(np.diff(values)).mean()) if len(values) > 1 else 0.0
            of_band[band] = (values[-1] if len(values) else np.nan, step)
        last[row], scale[row] = zip(*(of_band[band] for band in bands), strict=True)
    return last, scale


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
            msg("Window"),
            msg(
                "steps that are read before them, sliding along each series, which is cut in time into training, "
                "validation and test; 0: each series is one row, all but its last steps are read"
            ),
            0,
            0,
            5000,
        ),
        TaskOption(STRIDE, msg("Every"), msg("steps between two windows"), 1, 1, 5000),
    )

    def reshaped(self, request: ImportRequest, rows: Callable[[], TableRows]) -> ReshapedTable:
        """The table with a row for each window, or each series: the input is cut, a column follows for each target."""
        column = request.roles.input.strip()
        if request.roles.second_input:
            raise BadInput(
                msg("One series is predicted from its past, not two."), hint=msg("Leave the second input out.")
            )
        with closing(rows()) as records:
            header = next(records).cells
            if column not in header:
                raise UnknownColumn(column, header)
            bands = _bands(records, header.index(column), column)
        horizon, window, stride = (request.task_options.get(option.name, option.default) for option in self.options)
        split = request.split
        by_time = window > 0 and split.method not in _BY_COLUMN
        if by_time and split.folds is not None:  # each fold would be the same cut
            raise BadInput(
                msg("Windows are divided by their time, of which there are no folds."),
                hint=msg("Leave the folds out, or divide by a column of groups."),
            )
        plan = _Windows(column, bands, horizon, window, stride, split.fractions if by_time else None)
        if len(plan.names) > _MOST_TARGETS:
            raise BadInput(
                msg("{bands} bands of {steps} steps are too many values to predict.", bands=len(bands), steps=horizon),
                hint=msg("Choose a shorter horizon, or fewer bands."),
            )
        roles = request.roles.model_copy(update={"targets": plan.names})
        if by_time:
            split = SplitPlan(method="column", column=SPLIT_COLUMN, fractions=split.fractions, seed=split.seed)
        notes = (*request.notes, *plan.remarks())
        return ReshapedTable(request.model_copy(update={"roles": roles, "split": split, "notes": notes}), plan.reshaped)

    def read_input(self, value: RowInput, card: DatasetCard) -> RowInput:
        """The end of a longer series, as long as the windows that were learnt from."""
        window = card.task_options.get(WINDOW, 0)
        if not window:
            return value
        series = Series.parse(only_part(value))
        steps = np.unique(series.times)
        return value if len(steps) <= window else _between(series, steps[-window], np.inf).text

    def load(self, table: pa.Table, card: DatasetCard) -> Targets:
        values = np.asarray(super().load(table, card))
        return ForecastTargets(values, *anchors(table.column(INPUT).to_pylist(), card.target_names))

    def predicted_columns(self, values: RowValues, inputs: Sequence[RowInput], card: DatasetCard) -> Columns:
        last, scale = anchors(inputs, card.target_names)
        absolute = last + np.where(scale > 0, np.nan_to_num(np.asarray(values)) * scale, 0.0)
        return number_columns(PREDICTION_PREFIX, card.target_names, absolute)

    def read_values(self, table: pa.Table, card: DatasetCard) -> RowValues:
        absolute = matrix_of(table, PREDICTION_PREFIX, card.target_names)
        return ArrayValues(to_relative(absolute, *anchors(table.column(INPUT).to_pylist(), card.target_names)))


def _bands(records: TableRows, position: int, column: str) -> tuple[str, ...]:
    """The bands of the first series. Raises BadInput where the column holds no series."""
    names, bad = set[str](), ""
    for index, record in enumerate(records):
        if index >= _LOOKED_AT:
            break
        if record.problem or position >= len(record.cells) or not record.cells[position].strip():
            continue
        try:
            names.update(Series.parse(record.cells[position]).bands)
        except Rejected as error:
            bad = bad or msg("line {line:,}: {reason}", line=record.line, reason=error.reason)
    if not names:
        raise BadInput(
            msg("“{column}” holds no series, so there are no next values to predict.", column=column),
            hint=msg("Choose the column of the series, or another task."),
            context=bad,
        )
    return tuple(sorted(names))


def _between(series: Series, first: float, last: float) -> Series:
    """The measurements from the time `first` up to `last`, both included. Raises Rejected for too few."""
    inside = (series.times >= first) & (series.times <= last)
    errors = None if series.errors is None else series.errors[inside]
    bands = [series.bands[index] for index in series.band[inside]]
    return Series.of(series.times[inside], series.values[inside], bands=bands, errors=errors)


@dataclass(frozen=True)
class _Windows:
    """fractions: of each series' time, by split; None: windows are not divided by time."""

    column: str
    bands: tuple[str, ...]
    horizon: int
    window: int
    stride: int
    fractions: tuple[float, float, float] | None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"{band or self.column} +{step}" for band in self.bands for step in range(1, self.horizon + 1))

    def remarks(self) -> tuple[str, ...]:
        if not self.window:
            return (
                msg(
                    "The last {horizon} steps of each series are predicted from all before them.", horizon=self.horizon
                ),
            )
        windows = msg(
            "Windows of {window} steps and the {horizon} behind them, every {stride}",
            window=self.window,
            horizon=self.horizon,
            stride=self.stride,
        )
        if self.fractions is None:
            return (msg("{windows}; the windows of a series stay together as the split says.", windows=windows),)
        train, validation, test = self.fractions
        return (
            msg(
                "{windows}. Each series is cut in time ({train:.0%} training, then {validation:.0%} validation, then "
                "{test:.0%} test), and windows that would cross a cut are left out: no two splits have a time of a "
                "series in common.",
                windows=windows,
                train=train,
                validation=validation,
                test=test,
            ),
        )

    def reshaped(self, records: TableRows) -> TableRows:
        with closing(records):
            header = next(records)
            index = header.cells.index(self.column)
            extra = [*self.names, *([SPLIT_COLUMN] if self.fractions else [])]
            yield header._replace(cells=[*header.cells, *extra])
            for record in records:
                if record.problem or len(record.cells) != len(header.cells):
                    yield record._replace(cells=[*record.cells, *[""] * len(extra)])
                else:
                    yield from self._rows(record, index, len(extra))

    def _rows(self, record: TableRow, index: int, extra: int) -> Iterator[TableRow]:
        """One row for each window; a series that has none says so in `problem`."""

        def rejected(reason: str) -> TableRow:
            return record._replace(cells=[*record.cells, *[""] * extra], problem=reason, reason=RejectionReason.INVALID)

        try:
            series = Series.parse(record.cells[index])
        except Rejected as error:
            yield rejected(msg("“{column}”: {reason}", column=self.column, reason=error.reason))
            return
        steps, made = np.unique(series.times), 0
        for first, last, split in self._spans(len(steps)):
            try:
                past = _between(series, steps[first], steps[last - self.horizon - 1])
            except Rejected:  # all of it is gaps
                continue
            made += 1
            cells = list(record.cells)
            cells[index] = past.text
            future = [self._cell(series, band, steps[last - self.horizon : last]) for band in self.bands]
            named = [SPLITS[split]] if self.fractions else []
            yield record._replace(cells=[*cells, *(cell for band in future for cell in band), *named])
        if not made:
            least = (self.window or _FEWEST) + self.horizon
            yield rejected(msg("the series has {steps} steps; {least} are needed", steps=len(steps), least=least))

    def _spans(self, steps: int) -> Iterator[tuple[int, int, int]]:
        """First step and end of each window with its horizon, and its split."""
        length = (self.window or _FEWEST) + self.horizon
        if not self.window:
            if steps >= length:
                yield 0, steps, 0
            return
        for split, (begin, end) in enumerate(self._parts(steps, length)):
            yield from ((first, first + length, split) for first in range(begin, end - length + 1, self.stride))

    def _parts(self, steps: int, length: int) -> list[tuple[int, int]]:
        """Begin and end of the part of a series that each split has. Of a series that is too short to be cut all
        trains; else validation and test have one window at least."""
        if self.fractions is None or steps < 3 * length:
            return [(0, steps)]
        tested, validated = (max(length, round(steps * share)) for share in reversed(self.fractions[1:]))
        trained = max(length, steps - tested - validated)
        validated = min(validated, steps - trained - length)
        return [(0, trained), (trained, trained + validated), (trained + validated, steps)]

    def _cell(self, series: Series, band: str, times: Floats) -> list[str]:
        """The values of a band at these times; empty where it was not measured."""
        channel = series.channel(band) if band in series.bands else None
        if channel is None:
            return [""] * len(times)
        known = dict(zip(channel.times.tolist(), channel.values.tolist(), strict=True))
        numbers = [known.get(time, np.nan) for time in times.tolist()]
        return ["" if np.isnan(number) else repr(float(number)) for number in numbers]


class ForecastWords(RegressionWords):
    """Words for the next values of a series."""

    together = msg(
        "Scores without a target’s name are over all bands and steps. MASE is the mean absolute error in units of the "
        "usual step of each series, so below 1 the forecast misses by less than a step (Hyndman & Koehler 2006)."
    )
    fused_result = "values = model.values({example}{more})  # (rows, targets), in usual steps from the last value"

    def name(self, card: DatasetCard) -> str:
        return msg("forecasting of the next {steps} steps", steps=card.task_options.get(HORIZON, 1))

    def loss_of_targets(self, loss: str) -> str:
        return msg("{loss} of the changes from the last value, in usual steps of each series, standardised", loss=loss)

    def result(self, loss: str, config: Mapping[str, Any]) -> str:
        scaled = " * model.config.sciapp_target_scale + model.config.sciapp_target_mean" * (MEAN_KEY in config)
        return f"steps = model(**batch).logits{scaled}  # multiples of the series' usual step, from its last value"

    def traces(self, predictions: pa.Table, card: DatasetCard) -> tuple[Trace, ...]:
        """The test series whose errors are nearest to the median, with 90 % intervals: the quantile of the validation
        rows' errors in usual steps (split conformal prediction, Lei et al. 2018, J. Am. Stat. Assoc. 113:1094)."""
        test, validation = (predictions.filter(pc.equal(predictions.column("split"), s)) for s in _SPLITS_DRAWN)
        if not len(test):
            return ()
        reach = _reach(validation, card)
        errors = np.abs(_errors(test, card))
        judged = np.flatnonzero(~np.isnan(errors).all(axis=1))
        if not len(judged):
            return ()
        means = np.nanmean(errors[judged], axis=1)
        nearest = judged[np.argsort(np.abs(means - np.median(means)), kind="stable")]
        return tuple(_trace(test, card, int(row), reach) for row in nearest[:_EXAMPLES])


_SPLITS_DRAWN = ("test", "validation")


def _errors(table: pa.Table, card: DatasetCard) -> Floats:
    """(rows, targets) in usual steps, NaN where not measured."""
    _, scale = anchors(table.column(INPUT).to_pylist(), card.target_names)
    measured, predicted = (matrix_of(table, prefix, card.target_names) for prefix in (TARGET_PREFIX, PREDICTION_PREFIX))
    return to_relative(predicted, measured, scale)


def _reach(validation: pa.Table, card: DatasetCard) -> Floats:
    """Half the width of the interval of each target, in usual steps; NaN where validation has nothing."""
    if not len(validation):
        return np.full(len(card.target_names), np.nan)
    errors = np.abs(_errors(validation, card))
    with np.errstate(all="ignore"):
        level = [min(1.0, np.ceil((n + 1) * _LEVEL) / max(1, n)) for n in (~np.isnan(errors)).sum(axis=0)]
        return np.array([_quantile(column, share) for column, share in zip(errors.T, level, strict=True)])


def _quantile(column: Floats, share: float) -> float:
    known = column[~np.isnan(column)]
    return float(np.quantile(known, share)) if len(known) else float("nan")


def _trace(test: pa.Table, card: DatasetCard, row: int, reach: Floats) -> Trace:
    """The first band of a row that has one."""
    text = test.column(INPUT)[row].as_py()
    bands = dict.fromkeys(band_and_step(name)[0] for name in card.target_names)
    band = next(name for name in bands if len(band_values(text, name)[1]))
    targets = [index for index, name in enumerate(card.target_names) if band_and_step(name)[0] == band]
    names = [card.target_names[index] for index in targets]
    times, values = band_values(text, band)
    gap = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    _, scale = anchors([text], names)
    measured, predicted = (
        matrix_of(test.slice(row, 1), prefix, names)[0] for prefix in (TARGET_PREFIX, PREDICTION_PREFIX)
    )
    half = reach[targets] * scale[0]
    return Trace(
        title=msg("{band}, line {line:,}", band=band, line=test.column(LINE)[row].as_py()),
        times=times,
        values=values,
        ahead=times[-1] + gap * np.array([band_and_step(name)[1] for name in names]),
        measured=measured,
        predicted=predicted,
        low=predicted - half,
        high=predicted + half,
    )


KIND = ForecastKind(ForecastWords())
