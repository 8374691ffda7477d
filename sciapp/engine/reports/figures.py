"""Figures of a report: SVG text, each with the numbers behind it as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sciapp.records.dataset import DatasetCard
from sciapp.records.events import Event, RunStarted, StepTaken, Validated
from sciapp.records.report import Confusion, Curve

Floats = npt.NDArray[np.float64]

_BLUE, _ORANGE, _GREY = "#1f6fb2", "#c2501a", "#8a9099"
_MOST_POINTS = 2000


@dataclass(frozen=True)
class Picture:
    """A figure ready for the page."""

    name: str
    title: str
    caption: str
    svg: str
    csv: str


def loss_curves(events: Iterable[Event]) -> Picture | None:
    """Training and validation loss over optimiser steps, as the last sitting left them; None without a step."""
    steps: list[tuple[float, float]] = []
    looks: list[tuple[float, float, float]] = []
    score_name = ""
    for event in events:
        if isinstance(event, RunStarted):
            kept = event.resumed_at_step or 0
            steps, looks = [s for s in steps if s[0] <= kept], [v for v in looks if v[0] <= kept]
        elif isinstance(event, StepTaken):
            steps.append((event.step, event.loss))
        elif isinstance(event, Validated):
            looks.append((event.step, event.loss, event.score))
            score_name = event.score_name
    if not steps:
        return None
    figure, axes = _figure(columns=2)
    training, validation = np.array(_thinned(steps)), np.array(looks)
    axes[0].plot(training[:, 0], training[:, 1], color=_BLUE, linewidth=0.7, label="training")
    if len(validation):
        axes[0].plot(validation[:, 0], validation[:, 1], color=_ORANGE, marker="o", markersize=3, label="validation")
        axes[1].plot(validation[:, 0], validation[:, 2], color=_ORANGE, marker="o", markersize=3)
    axes[0].set(xlabel="optimiser step", ylabel="loss")
    axes[0].legend(frameon=False)
    axes[1].set(xlabel="optimiser step", ylabel=f"validation {score_name}")
    rows: list[tuple[Any, ...]] = [("training", step, loss, "") for step, loss in steps]
    rows += [("validation", step, loss, score) for step, loss, score in looks]
    return Picture(
        "curves",
        "Training",
        "Loss on training and validation rows, and the validation score that selects the best model.",
        _svg(figure),
        _csv(("rows", "step", "loss", score_name or "score"), rows),
    )


def parity(name: str, measured: Floats, predicted: Floats) -> Picture:
    """Predicted against measured, and the residuals; measured, predicted: (rows,) without gaps."""
    figure, axes = _figure(columns=2)
    shown = np.arange(len(measured))
    if len(shown) > _MOST_POINTS:
        shown = np.random.default_rng(0).choice(len(measured), _MOST_POINTS, replace=False)
    axes[0].scatter(measured[shown], predicted[shown], s=9, color=_BLUE, alpha=0.6, linewidths=0)
    both = np.concatenate([measured, predicted])
    ends = [float(both.min()), float(both.max())]
    axes[0].plot(ends, ends, color=_GREY, linewidth=1)
    axes[0].set(xlabel=f"measured {_short(name)}", ylabel=f"predicted {_short(name)}")
    axes[1].hist(predicted - measured, bins=30, color=_BLUE)
    axes[1].axvline(0, color=_GREY, linewidth=1)
    axes[1].set(xlabel="predicted − measured", ylabel="test rows")
    return Picture(
        f"parity-{name}",
        f"Predicted and measured: {name}",
        "Test rows. On the grey line prediction and measurement agree.",
        _svg(figure),
        _csv(("measured", "predicted"), zip(measured.tolist(), predicted.tolist(), strict=True)),
    )


def confusion_matrix(confusion: Confusion) -> Picture:
    counts = np.array(confusion.counts)
    figure, axes = _figure(columns=1, width=4.6, height=3.8)
    axis = axes[0]
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        axis.text(column, row, str(count), ha="center", va="center", color="w" if shares[row, column] > 0.5 else "k")
    ticks = range(len(confusion.classes))
    labels = [_short(name, 18) for name in confusion.classes]
    axis.set_xticks(ticks, labels, rotation=30, ha="right")
    axis.set_yticks(ticks, labels)
    axis.set(xlabel="predicted class", ylabel="true class")
    rows = [(name, *line) for name, line in zip(confusion.classes, confusion.counts, strict=True)]
    caption = "Test rows by true and predicted class; the shade is the share of the true class."
    return Picture("confusion", "Confusion", caption, _svg(figure), _csv(("true", *confusion.classes), rows))


def roc(curves: Sequence[Curve]) -> Picture:
    figure, axes = _figure(columns=1, width=4.6, height=3.8)
    for curve in curves:
        axes[0].plot(curve.x, curve.y, linewidth=1.4, label=_short(curve.label, 24))
    axes[0].plot([0, 1], [0, 1], color=_GREY, linewidth=1)
    axes[0].set(xlabel="false positive rate", ylabel="true positive rate")
    axes[0].legend(frameon=False)
    rows = [(curve.label, x, y) for curve in curves for x, y in zip(curve.x, curve.y, strict=True)]
    caption = "Receiver operating characteristic on the test rows, each class against the rest; grey: chance."
    return Picture("roc", "ROC curves", caption, _svg(figure), _csv(("class", "false_positive", "true_positive"), rows))


def targets(card: DatasetCard) -> list[Picture]:
    """How the targets of all used rows are spread."""
    pictures = []
    for target in card.targets:
        figure, axes = _figure(columns=1, width=4.6, height=2.8)
        if target.classes:
            axes[0].barh([_short(name, 24) for name in target.classes], target.class_counts, color=_BLUE)
            axes[0].set(xlabel="rows")
            rows: list[tuple[Any, ...]] = list(zip(target.classes, target.class_counts, strict=True))
            header: tuple[str, ...] = ("class", "rows")
        else:
            axes[0].stairs(target.bin_counts, target.bin_edges, fill=True, color=_BLUE)
            axes[0].set(xlabel=_short(target.name, 60), ylabel="rows")
            rows = list(zip(target.bin_edges[:-1], target.bin_edges[1:], target.bin_counts, strict=True))
            header = ("from", "to", "rows")
        caption = f"{target.measured:,} measured values."
        pictures.append(
            Picture(
                f"target-{target.name}", f"Distribution of {target.name}", caption, _svg(figure), _csv(header, rows)
            )
        )
    return pictures


def _figure(columns: int, width: float = 9.0, height: float = 3.4) -> tuple[Figure, list[Axes]]:
    # Figure without pyplot: no display, no global state.
    figure = Figure(figsize=(width, height), layout="constrained")
    grid = figure.subplots(1, columns, squeeze=False)
    axes: list[Axes] = list(grid[0])
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": "SciApp"})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    every = max(1, len(points) // _MOST_POINTS)
    return points[::every]


def _short(text: str, most: int = 40) -> str:
    # A dollar sign would start mathematics in matplotlib.
    text = text.replace("$", r"\$")
    return text if len(text) <= most else text[: most - 1] + "…"
