"""Report section about the distance of test rows from training rows, as the import measured it."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from sciapp.engine.reports.figures.base import BLUE, GREY, ReportFigure, new_figure, picture
from sciapp.i18n import ENGLISH, Translator, all_of, msg, render, term
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


def apart(folder: DatasetFolder, translator: Translator = ENGLISH) -> SplitDistance | None:
    """None for a dataset from before leaks were measured."""
    leakage = read_leakage(folder.leakage_file)
    if leakage is None:
        return None
    crossings = [
        (
            msg("In {splits}", splits=all_of(map(term, one.splits))),
            msg("{count:,} × the same {what}", count=one.count, what=term(one.what)),
        )
        for one in leakage.crossings
    ]
    drifts = [
        (msg("{target}, {split} and training", target=one.target, split=term(one.split)), drift_words(one))
        for one in leakage.drifts[:_MOST_DRIFTS]
    ]
    left = len(leakage.drifts) - len(drifts)
    more = (
        [(msg("Not shown"), msg("{left:,} more tests of targets; `sciapp leaks` lists them", left=left))]
        if left
        else []
    )
    return SplitDistance(
        leakage.verdict,
        "good" if leakage.level == "clean" else "bad",
        msg("{said}, by {measure}.", said=leakage.neighbours.summary, measure=leakage.measure),
        (*crossings, *drifts, *more),
        _histogram(leakage, translator),
    )


def _histogram(leakage: Leakage, translator: Translator) -> ReportFigure:
    say = partial(render, translator=translator)
    edges, counts = leakage.neighbours.bins()
    figure, (axis,) = new_figure(width=6.2, height=2.8)
    axis.stairs(counts, edges, fill=True, color=BLUE)
    axis.axvline(leakage.near, color=GREY, linewidth=1)
    axis.set(
        xlabel=say(msg("{symbol} of a test row and its nearest training row", symbol=leakage.symbol)),
        ylabel=say(msg("test rows")),
        xlim=(0, 1),
    )
    rows = zip(
        leakage.neighbours.lines,
        leakage.neighbours.neighbour_lines,
        np.array(leakage.neighbours.similarities).tolist(),
        strict=True,
    )
    caption = msg("The nearest training row of each test row; right of the grey line they are nearly the same.")
    header = (say(msg("line")), say(msg("line of the nearest training row")), leakage.symbol)
    title = say(msg("Test rows and training rows"))
    return picture(figure, "nearest training rows", title, caption, header, rows)
