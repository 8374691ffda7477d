"""Figures of a training and of the test rows."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.targets.words import ForecastRow, Trace
from sciapp.engine.reports.figures.base import BLUE, GREEN, GREY, ORANGE, ReportFigure, label, new_figure, picture
from sciapp.i18n import ENGLISH, Translator, joined, msg, plural, render
from sciapp.records.run.evaluation import Confusion, Curve, Evaluation
from sciapp.records.run.events import Event, RunStarted, StepTaken, Validated
from sciapp.records.run.score_format import score_title

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_MOST_DRAWN = 2000
_MOST_IN_FILE = 20_000
_MOST_WITH_NUMBERS = 20  # classes: beyond, the counts in the cells cannot be read
_MOST_IN_LEGEND = 12
_MOST_NAMED = 24  # targets along an axis
_LARGEST_DRAWN = 1e100  # a run that went astray may predict anything; axes of matplotlib end before numbers do

_TRAINING, _VALIDATION, _STEP, _LOSS = msg("training"), msg("validation"), msg("optimiser step"), msg("loss")
_MEASURED, _PREDICTED, _TRUE_CLASS = msg("measured"), msg("predicted"), msg("true class")
_FALSE_POSITIVE, _TRUE_POSITIVE = msg("false positive rate"), msg("true positive rate")


def loss_curves(events: Iterable[Event], translator: Translator = ENGLISH) -> ReportFigure | None:
    """Loss of training and validation, and the validation score, as the last sitting left them; None without a step."""
    steps, looks = _steps_and_validations(events)
    if not steps:
        return None
    say = partial(render, translator=translator)
    figure, axes = new_figure(2, width=9, height=3.3)
    drawn = steps[:: max(1, len(steps) // _MOST_DRAWN)]
    axes[0].plot(
        [s.step for s in drawn], _drawable(s.loss for s in drawn), color=BLUE, linewidth=0.8, label=say(_TRAINING)
    )
    name = score_title(looks[0].score_name) if looks else msg("score")
    if looks:
        at = [look.step for look in looks]
        marker = "o" if len(looks) <= 60 else ""
        axes[0].plot(
            at, _drawable(v.loss for v in looks), color=ORANGE, marker=marker, markersize=3, label=say(_VALIDATION)
        )
        axes[1].plot(at, _drawable(v.score for v in looks), color=ORANGE, marker=marker, markersize=3)
        for best in [look for look in looks if look.best][-1:]:
            axes[1].plot(
                [best.step],
                _drawable([best.score]),
                "o",
                markersize=8,
                markerfacecolor="none",
                color=BLUE,
                label=say(msg("kept")),
            )
            axes[1].legend(frameon=False)
    axes[0].set(xlabel=say(_STEP), ylabel=say(_LOSS))
    axes[0].legend(frameon=False)
    axes[1].set(xlabel=say(_STEP), ylabel=say(msg("validation {name}", name=name)))
    rows: list[tuple[Any, ...]] = [
        (say(_TRAINING), s.step, s.loss, "") for s in steps[:: max(1, len(steps) // _MOST_IN_FILE)]
    ]
    rows += [(say(_VALIDATION), v.step, v.loss, v.score) for v in looks]
    caption = msg(
        "Loss on the training and validation rows, and the validation score that selects the model that is kept."
    )
    header = tuple(map(say, (msg("rows"), msg("step"), _LOSS, name)))
    return picture(figure, "training", say(msg("Training")), caption, header, rows)


def _steps_and_validations(events: Iterable[Event]) -> tuple[list[StepTaken], list[Validated]]:
    steps: list[StepTaken] = []
    looks: list[Validated] = []
    for event in events:
        if isinstance(event, RunStarted):
            at = event.resumed_at_step or 0  # later steps were trained again
            steps, looks = [s for s in steps if s.step <= at], [v for v in looks if v.step <= at]
        elif isinstance(event, StepTaken):
            steps.append(event)
        elif isinstance(event, Validated):
            looks.append(event)
    return steps, looks


def parity(
    name: str, lines: Ints, measured: Floats, predicted: Floats, translator: Translator = ENGLISH
) -> ReportFigure:
    """Predicted against measured, and the residuals; lines, measured, predicted: (rows,); measured without gaps."""
    say = partial(render, translator=translator)
    figure, axes = new_figure(2, width=9, height=3.9)
    sane = np.flatnonzero(np.isfinite(_drawable(predicted)))
    drawn = sane[_some(len(sane), _MOST_DRAWN)]
    axes[0].scatter(measured[drawn], predicted[drawn], s=11, color=BLUE, alpha=0.6, linewidths=0)
    values = np.concatenate([measured, predicted[sane]])
    low, high = float(values.min()), float(values.max())
    margin = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
    ends = (low - margin, high + margin)
    axes[0].plot(ends, ends, color=GREY, linewidth=1)
    axes[0].set(xlim=ends, ylim=ends, aspect="equal", xlabel=say(_MEASURED), ylabel=say(_PREDICTED))
    axes[1].hist((predicted - measured)[sane], bins=int(min(40, max(5, 1.5 * len(measured) ** 0.5))), color=BLUE)
    axes[1].axvline(0, color=GREY, linewidth=1)
    axes[1].set(xlabel=say(msg("predicted − measured")), ylabel=say(msg("test rows")))
    for axis in axes:
        axis.set_title(label(name, 48), fontsize="medium")
    caption: str = msg(
        "Left: test rows; on the grey line prediction and measurement agree. Right: how far predictions are off."
    )
    if len(drawn) < len(sane):
        drawn_rows = msg("Drawn: {drawn:,} of {measured:,} rows.", drawn=len(drawn), measured=len(measured))
        caption = joined([caption, drawn_rows])
    if len(sane) < len(measured):
        left_out = msg(
            "Left out: {predictions:,} predictions that are no number, or beyond all measure.",
            predictions=len(measured) - len(sane),
        )
        caption = joined([caption, left_out])
    written = _some(len(measured), _MOST_IN_FILE)
    rows = zip(lines[written].tolist(), measured[written].tolist(), predicted[written].tolist(), strict=True)
    header = tuple(map(say, (msg("line"), _MEASURED, _PREDICTED)))
    title = say(msg("Predicted and measured: {name}", name=name))
    return picture(figure, f"parity {name}", title, caption, header, rows)


def forecasts(traces: Sequence[Trace], rows: Iterable[ForecastRow], translator: Translator = ENGLISH) -> ReportFigure:
    """Each series, what followed, and its forecast with the interval. rows: all values that were forecast, for the
    CSV."""
    say = partial(render, translator=translator)
    figure, axes = new_figure(len(traces), width=3.4 * len(traces), height=3.2)
    for axis, trace in zip(axes, traces, strict=True):
        axis.plot(trace.times, trace.values, color=GREY, marker=".", linewidth=1, label=say(msg("read")))
        axis.plot(trace.ahead, trace.measured, color=GREEN, marker=".", linewidth=1, label=say(_MEASURED))
        axis.plot(trace.ahead, trace.predicted, color=ORANGE, marker=".", linewidth=1, label=say(msg("forecast")))
        if np.isfinite([trace.low, trace.high]).all():
            axis.fill_between(trace.ahead, trace.low, trace.high, color=ORANGE, alpha=0.2, linewidth=0)
        axis.set_title(label(say(trace.title)), fontsize="medium")
        axis.set(xlabel=say(msg("time")))
    axes[0].legend(frameon=False, fontsize="small")
    caption = msg(
        "Test series with the smallest, the median and the largest error. Shaded: 90 % intervals, as wide as the "
        "errors on the validation rows; times ahead follow the usual step. The CSV holds the forecasts of the test "
        "rows, at most {most:,} values.",
        most=_MOST_IN_FILE,
    )
    names = (msg("line"), msg("band"), msg("steps ahead"), msg("time"), _MEASURED, msg("forecast"))
    numbers = islice(rows, _MOST_IN_FILE)
    return picture(figure, "forecasts", say(msg("Series and their forecast")), caption, tuple(map(say, names)), numbers)


def all_scores(evaluation: Evaluation, translator: Translator = ENGLISH) -> ReportFigure:
    """The main score of each target, in order, of the model and its rivals; all other scores are in the CSV."""
    say = partial(render, translator=translator)
    figure, (axis,) = new_figure(width=9, height=3.6)
    model, *rivals = (evaluation.model, *evaluation.baselines)
    single = [target for target in evaluation.target_names if model.get(evaluation.main_score, target) is not None]
    positions = np.arange(len(single))
    for side, colour, width in ((model, ORANGE, 2.0), *((rival, None, 1.0) for rival in rivals)):
        scores = (side.get(evaluation.main_score, target) for target in single)
        heights = _drawable(np.nan if score is None or score.value is None else score.value for score in scores)
        axis.plot(positions, heights, marker=".", color=colour, linewidth=width, label=label(say(side.predictor), 60))
    ticks = positions[:: max(1, -(-len(single) // _MOST_NAMED))]
    axis.set_xticks(ticks, [label(single[index], 18) for index in ticks], rotation=30, ha="right")
    axis.set(ylabel=say(score_title(evaluation.main_score)), yscale="symlog")
    axis.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    rows = [
        (say(side.predictor), score.target, say(score_title(score.name)), score.value, score.low, score.high)
        for side in (model, *rivals)
        for score in side.scores
    ]
    header = tuple(map(say, (msg("model"), msg("target"), msg("score"), msg("value"), msg("low"), msg("high"))))
    caption = msg("Each band and step ahead on the test rows. The CSV holds all scores with their 95 % intervals.")
    return picture(figure, "scores", say(msg("Error by step ahead")), caption, header, rows)


def confusion_matrix(confusion: Confusion, translator: Translator = ENGLISH) -> ReportFigure:
    """Counts of true and predicted classes."""
    say = partial(render, translator=translator)
    counts = np.array(confusion.counts)
    size = min(9.0, 2.6 + 0.5 * len(counts))
    figure, (axis,) = new_figure(width=size + 0.8, height=size)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axis.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1, edgecolors="w", linewidth=1)
    axis.invert_yaxis()
    if len(counts) <= _MOST_WITH_NUMBERS:
        for (row, column), count in np.ndenumerate(counts):
            # Not pure black, which would follow the page's text colour: the cells do not.
            colour = "#ffffff" if shares[row, column] > 0.5 else "#111111"
            axis.text(column + 0.5, row + 0.5, f"{count:,}", ha="center", va="center", color=colour)
    middles, names = np.arange(len(counts)) + 0.5, [label(name, 18) for name in confusion.classes]
    if max(len(name) for name in names) > 6:
        axis.set_xticks(middles, names, rotation=30, ha="right", rotation_mode="anchor")
    else:
        axis.set_xticks(middles, names)
    axis.set_yticks(middles, names)
    axis.tick_params(length=0)
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.set(xlabel=say(msg("predicted class")), ylabel=say(_TRUE_CLASS), aspect="equal")
    rows = [(name, *line) for name, line in zip(confusion.classes, confusion.counts, strict=True)]
    caption = (
        msg("Test rows by true and predicted class; the shade is the share of the true class.")
        if confusion.counted == "rows"
        else msg(
            "{units} of the test rows by true and predicted class; the shade is the share of the true class.",
            units=confusion.counted.capitalize(),
        )
    )
    header = (say(_TRUE_CLASS), *confusion.classes)
    return picture(figure, "confusion", say(msg("Confusion matrix")), caption, header, rows)


def roc(
    curves: Sequence[Curve], of: str = msg("a class against the rest"), translator: Translator = ENGLISH
) -> ReportFigure:
    """Receiver operating characteristic, a curve for each class or target."""
    say = partial(render, translator=translator)
    figure, (axis,) = new_figure(width=5.4, height=4.4)
    axis.plot([0, 1], [0, 1], color=GREY, linewidth=1)
    if len(curves) == 1:
        axis.plot(curves[0].x, curves[0].y, linewidth=1.6, color=BLUE, label=label(curves[0].label, 24))
    else:
        for curve in curves:
            axis.plot(curve.x, curve.y, linewidth=1.4, label=label(curve.label, 24))
    axis.set(xlabel=say(_FALSE_POSITIVE), ylabel=say(_TRUE_POSITIVE), aspect="equal")
    if len(curves) <= _MOST_IN_LEGEND:
        axis.legend(frameon=False, loc="lower right")
    rows = [(curve.label, x, y) for curve in curves for x, y in zip(curve.x, curve.y, strict=True)]
    caption = msg("Receiver operating characteristic on the test rows, {of}; grey: chance.", of=of)
    header = tuple(map(say, (msg("class"), _FALSE_POSITIVE, _TRUE_POSITIVE)))
    title = say(plural("ROC curve", "ROC curves", len(curves)))
    return picture(figure, "roc", title, caption, header, rows)


def _drawable(values: Iterable[float]) -> Floats:
    """The same (points,), with a gap where a value is infinite or beyond all measure."""
    numbers = np.array(list(values), dtype=np.float64)
    return np.where(np.abs(numbers) < _LARGEST_DRAWN, numbers, np.nan)


def _some(rows: int, most: int) -> Ints:
    """All positions, or `most` of them drawn at random, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
