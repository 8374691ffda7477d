"""Figures of a training and of the test rows."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.reports.figures.base import BLUE, GREY, ORANGE, ReportFigure, label, new_figure, picture
from sciapp.records.run.evaluation import Confusion, Curve
from sciapp.records.run.events import Event, RunStarted, StepTaken, Validated
from sciapp.records.run.score_format import score_title

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_MOST_DRAWN = 2000
_MOST_IN_FILE = 20_000
_MOST_WITH_NUMBERS = 20  # classes: beyond, the counts in the cells cannot be read
_MOST_IN_LEGEND = 12
_LARGEST_DRAWN = 1e100  # a run that went astray may predict anything; axes of matplotlib end before numbers do


def loss_curves(events: Iterable[Event]) -> ReportFigure | None:
    """Loss of training and validation, and the validation score, as the last sitting left them; None without a step."""
    steps, looks = _steps_and_validations(events)
    if not steps:
        return None
    figure, axes = new_figure(2, width=9, height=3.3)
    drawn = steps[:: max(1, len(steps) // _MOST_DRAWN)]
    axes[0].plot([s.step for s in drawn], _drawable(s.loss for s in drawn), color=BLUE, linewidth=0.8, label="training")
    name = score_title(looks[0].score_name) if looks else "score"
    if looks:
        at = [look.step for look in looks]
        marker = "o" if len(looks) <= 60 else ""
        axes[0].plot(
            at, _drawable(v.loss for v in looks), color=ORANGE, marker=marker, markersize=3, label="validation"
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
                label="kept",
            )
            axes[1].legend(frameon=False)
    axes[0].set(xlabel="optimiser step", ylabel="loss")
    axes[0].legend(frameon=False)
    axes[1].set(xlabel="optimiser step", ylabel=f"validation {name}")
    rows: list[tuple[Any, ...]] = [
        ("training", s.step, s.loss, "") for s in steps[:: max(1, len(steps) // _MOST_IN_FILE)]
    ]
    rows += [("validation", v.step, v.loss, v.score) for v in looks]
    caption = "Loss on the training and validation rows, and the validation score that selects the model that is kept."
    return picture(figure, "training", "Training", caption, ("rows", "step", "loss", name), rows)


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


def parity(name: str, lines: Ints, measured: Floats, predicted: Floats) -> ReportFigure:
    """Predicted against measured, and the residuals; lines, measured, predicted: (rows,); measured without gaps."""
    figure, axes = new_figure(2, width=9, height=3.9)
    sane = np.flatnonzero(np.isfinite(_drawable(predicted)))
    drawn = sane[_some(len(sane), _MOST_DRAWN)]
    axes[0].scatter(measured[drawn], predicted[drawn], s=11, color=BLUE, alpha=0.6, linewidths=0)
    values = np.concatenate([measured, predicted[sane]])
    low, high = float(values.min()), float(values.max())
    margin = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
    ends = (low - margin, high + margin)
    axes[0].plot(ends, ends, color=GREY, linewidth=1)
    axes[0].set(xlim=ends, ylim=ends, aspect="equal", xlabel="measured", ylabel="predicted")
    axes[1].hist((predicted - measured)[sane], bins=int(min(40, max(5, 1.5 * len(measured) ** 0.5))), color=BLUE)
    axes[1].axvline(0, color=GREY, linewidth=1)
    axes[1].set(xlabel="predicted − measured", ylabel="test rows")
    for axis in axes:
        axis.set_title(label(name, 48), fontsize="medium")
    caption = "Left: test rows; on the grey line prediction and measurement agree. Right: how far predictions are off."
    if len(drawn) < len(sane):
        caption += f" Drawn: {len(drawn):,} of {len(measured):,} rows."
    if len(sane) < len(measured):
        caption += f" Left out: {len(measured) - len(sane):,} predictions that are no number, or beyond all measure."
    written = _some(len(measured), _MOST_IN_FILE)
    rows = zip(lines[written].tolist(), measured[written].tolist(), predicted[written].tolist(), strict=True)
    header = ("line", "measured", "predicted")
    return picture(figure, f"parity {name}", f"Predicted and measured: {name}", caption, header, rows)


def confusion_matrix(confusion: Confusion) -> ReportFigure:
    """Counts of true and predicted classes."""
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
    axis.set(xlabel="predicted class", ylabel="true class", aspect="equal")
    rows = [(name, *line) for name, line in zip(confusion.classes, confusion.counts, strict=True)]
    what = "Test rows" if confusion.counted == "rows" else f"{confusion.counted.capitalize()} of the test rows"
    caption = f"{what} by true and predicted class; the shade is the share of the true class."
    return picture(figure, "confusion", "Confusion matrix", caption, ("true class", *confusion.classes), rows)


def roc(curves: Sequence[Curve], of: str = "a class against the rest") -> ReportFigure:
    """Receiver operating characteristic, a curve for each class or target."""
    figure, (axis,) = new_figure(width=5.4, height=4.4)
    axis.plot([0, 1], [0, 1], color=GREY, linewidth=1)
    if len(curves) == 1:
        axis.plot(curves[0].x, curves[0].y, linewidth=1.6, color=BLUE, label=label(curves[0].label, 24))
    else:
        for curve in curves:
            axis.plot(curve.x, curve.y, linewidth=1.4, label=label(curve.label, 24))
    axis.set(xlabel="false positive rate", ylabel="true positive rate", aspect="equal")
    if len(curves) <= _MOST_IN_LEGEND:
        axis.legend(frameon=False, loc="lower right")
    rows = [(curve.label, x, y) for curve in curves for x, y in zip(curve.x, curve.y, strict=True)]
    caption = f"Receiver operating characteristic on the test rows, {of}; grey: chance."
    header = ("class", "false positive rate", "true positive rate")
    return picture(figure, "roc", "ROC curve" + "s" * (len(curves) > 1), caption, header, rows)


def _drawable(values: Iterable[float]) -> Floats:
    """The same (points,), with a gap where a value is infinite or beyond all measure."""
    numbers = np.array(list(values), dtype=np.float64)
    return np.where(np.abs(numbers) < _LARGEST_DRAWN, numbers, np.nan)


def _some(rows: int, most: int) -> Ints:
    """All positions, or `most` of them drawn at random, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
