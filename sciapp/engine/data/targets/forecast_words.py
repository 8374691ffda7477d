"""Words and examples for the next values of a series, in reports and model cards."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sciapp.engine.data.targets.base import Floats, matrix_of
from sciapp.engine.data.targets.forecast_values import PastReader, band_and_step, bands_of, steps_of, to_relative
from sciapp.engine.data.targets.regression import MEAN_KEY, RegressionWords
from sciapp.engine.data.targets.words import ForecastRow, Trace
from sciapp.i18n import Message, all_of, msg, plural
from sciapp.records.dataset.card import INPUT, LINE, PREDICTION_PREFIX, SPLIT, TARGET_PREFIX, DatasetCard, TargetSummary
from sciapp.records.plan.optimization import Optimization

HORIZON = "horizon"
_LEVEL = 0.9  # of the intervals in a figure
_MOST_STEPS = 10  # in a table
_MOST_BANDS = 3  # with figures of their own
_SPLITS_DRAWN = ("test", "validation")
_EXAMPLES: tuple[tuple[float, Message], ...] = ((0.0, msg("best")), (0.5, msg("median")), (1.0, msg("worst")))
"""Test series to draw: the share of the others whose errors are smaller, and what they are called."""


class ForecastWords(RegressionWords):
    """Words for the next values of a series."""

    together = msg(
        "Scores without a name are over all bands and steps, those named “+1”, “+2” over all bands at that step. MASE "
        "is the mean absolute error in units of the usual step of each series, so below 1 the forecast misses by less "
        "than a step (Hyndman & Koehler 2006)."
    )
    fused_result = "values = model.values({example}{more})  # (rows, targets), in usual steps from the last value"

    def name(self, card: DatasetCard) -> str:
        return msg("forecasting of the next {steps} steps", steps=card.task_options.get(HORIZON, 1))

    def title(self, card: DatasetCard) -> str:
        return plural(
            "{bands}, {n} step ahead",
            "{bands}, {n} steps ahead",
            max(steps_of(card.target_names)),
            bands=all_of(bands_of(card.target_names)),
        )

    def targets(self, card: DatasetCard) -> str:
        return all_of(bands_of(card.target_names))

    def drawn_targets(self, card: DatasetCard) -> tuple[str, ...]:
        """The last step of the first bands."""
        last = max(steps_of(card.target_names))
        return tuple(name for name in card.target_names if band_and_step(name)[1] == last)[:_MOST_BANDS]

    def listed_targets(self, card: DatasetCard) -> tuple[TargetSummary, ...]:
        drawn = self.drawn_targets(card)
        return tuple(target for target in card.targets if target.name in drawn)

    def scored_targets(self, card: DatasetCard) -> tuple[str, ...]:
        """Each band over all steps, and some steps over all bands."""
        bands, steps = bands_of(card.target_names), steps_of(card.target_names)
        listed = [steps[index] for index in np.unique(np.linspace(0, len(steps) - 1, _MOST_STEPS).round().astype(int))]
        return (*bands, *(step_name(step) if len(bands) > 1 else f"{bands[0]} +{step}" for step in listed))

    def loss(self, how: Optimization) -> str:
        if how.loss == "auto":
            return msg("Huber’s loss (delta {delta:g} of the rule’s usual error)", delta=how.huber_delta)
        return super().loss(how)

    def loss_of_targets(self, loss: str) -> str:
        return msg("{loss} of the changes from the last value, counted in usual steps of each series", loss=loss)

    def result(self, loss: str, config: Mapping[str, Any]) -> str:
        scaled = " * model.config.sciapp_target_scale + model.config.sciapp_target_mean" * (MEAN_KEY in config)
        return f"steps = model(**batch).logits{scaled}  # multiples of the series' usual step, from its last value"

    def traces(self, predictions: pa.Table, card: DatasetCard) -> tuple[Trace, ...]:
        """The test series with the smallest, the median and the largest error, with 90 % intervals: the quantile of the
        validation rows' errors in usual steps (split conformal prediction, Lei et al. 2018, J. Am. Stat. Assoc.
        113:1094)."""
        test, validation = (predictions.filter(pc.equal(predictions.column(SPLIT), s)) for s in _SPLITS_DRAWN)
        if not len(test):
            return ()
        reach = _reach(validation, card)
        errors = np.abs(_errors(test, card))
        judged = np.flatnonzero(~np.isnan(errors).all(axis=1))
        if not len(judged):
            return ()
        order = judged[np.argsort(np.nanmean(errors[judged], axis=1), kind="stable")]
        examples = {int(order[round(share * (len(order) - 1))]): word for share, word in _EXAMPLES}
        return tuple(_trace(test, card, row, word, reach) for row, word in examples.items())

    def forecast_rows(self, predictions: pa.Table, card: DatasetCard) -> Iterator[ForecastRow]:
        test = predictions.filter(pc.equal(predictions.column(SPLIT), _SPLITS_DRAWN[0]))
        times = PastReader.of_card(card).ahead(test.column(INPUT).to_pylist())
        steps = steps_of(card.target_names)
        measured, predicted = (
            matrix_of(test, prefix, card.target_names) for prefix in (TARGET_PREFIX, PREDICTION_PREFIX)
        )
        for row, line in enumerate(test.column(LINE).to_pylist()):
            for target, (band, ahead) in enumerate(map(band_and_step, card.target_names)):
                time = float(times[row, steps.index(ahead)])
                yield ForecastRow(line, band, ahead, time, float(measured[row, target]), float(predicted[row, target]))


def step_name(step: int) -> str:
    """The name of scores over all bands at a step."""
    return f"+{step}"


def _errors(table: pa.Table, card: DatasetCard) -> Floats:
    """(rows, targets) in usual steps, NaN where not measured."""
    _, scale = PastReader.of_card(card).anchors(table.column(INPUT).to_pylist())
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


def _trace(test: pa.Table, card: DatasetCard, row: int, word: Message, reach: Floats) -> Trace:
    """The first band of a row that has one."""
    reader = PastReader.of_card(card)
    text = test.column(INPUT)[row].as_py()
    band = next(name for name in reader.bands if len(reader.band(text, name)[1]))
    targets = [index for index, name in enumerate(card.target_names) if band_and_step(name)[0] == band]
    names = [card.target_names[index] for index in targets]
    times, values = reader.band(text, band)
    steps = steps_of(card.target_names)
    ahead = reader.ahead([text])[0][[steps.index(band_and_step(name)[1]) for name in names]]
    scale = reader.anchors([text])[1][0, targets]
    measured, predicted = (
        matrix_of(test.slice(row, 1), prefix, names)[0] for prefix in (TARGET_PREFIX, PREDICTION_PREFIX)
    )
    half = reach[targets] * scale
    return Trace(
        title=msg("{word}: {band}, line {line:,}", word=word, band=band, line=test.column(LINE)[row].as_py()),
        times=times,
        values=values,
        ahead=ahead,
        measured=measured,
        predicted=predicted,
        low=predicted - half,
        high=predicted + half,
    )
