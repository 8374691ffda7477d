"""Report section about the distance of test rows from training rows, as the import measured it."""

from dataclasses import dataclass

import numpy as np

from sciapp.engine.reports.figures.base import BLUE, GREY, ReportFigure, new_figure, picture
from sciapp.records.dataset.card import DatasetFolder
from sciapp.records.dataset.leakage import Leakage, drift_words, read_leakage

_MOST_DRIFTS = 12


@dataclass(frozen=True)
class SplitDistance:
    """A short section of the report."""

    verdict: str
    tone: str
    compared: str
    facts: tuple[tuple[str, str], ...]
    picture: ReportFigure


def apart(folder: DatasetFolder) -> SplitDistance | None:
    """None for a dataset from before leaks were measured."""
    leakage = read_leakage(folder.leakage_file)
    if leakage is None:
        return None
    crossings = [
        (f"In {' and '.join(one.splits)}", f"{one.count:,} × the same {one.what}") for one in leakage.crossings
    ]
    drifts = [(f"{one.target}, {one.split} and training", drift_words(one)) for one in leakage.drifts[:_MOST_DRIFTS]]
    left = len(leakage.drifts) - len(drifts)
    more = [("Not shown", f"{left:,} more tests of targets; `sciapp leaks` lists them")] if left else []
    return SplitDistance(
        leakage.verdict,
        "good" if leakage.level == "clean" else "bad",
        f"{leakage.neighbours.said}, by {leakage.measure}.",
        (*crossings, *drifts, *more),
        _histogram(leakage),
    )


def _histogram(found: Leakage) -> ReportFigure:
    edges, counts = found.neighbours.bins()
    figure, (axis,) = new_figure(width=6.2, height=2.8)
    axis.stairs(counts, edges, fill=True, color=BLUE)
    axis.axvline(found.near, color=GREY, linewidth=1)
    axis.set(xlabel=f"{found.symbol} to the nearest training row", ylabel="test rows", xlim=(0, 1))
    rows = zip(
        found.neighbours.lines,
        found.neighbours.neighbour_lines,
        np.array(found.neighbours.similarities).tolist(),
        strict=True,
    )
    caption = "The nearest training row of each test row; right of the grey line they are nearly the same."
    header = ("line", "line of the nearest training row", found.symbol)
    return picture(figure, "nearest training rows", "Test rows and training rows", caption, header, rows)
