"""A figure as SVG text for a page, with the numbers behind it as CSV."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sciapp.engine.reports.names import one_line

BLUE, ORANGE, GREEN, GREY = "#1f6fb2", "#c2501a", "#2b8a5e", "#8a9099"
_PAGE_COLOURS = {BLUE: "blue", ORANGE: "orange", GREEN: "green", GREY: "grey"}


@dataclass(frozen=True)
class ReportFigure:
    """A figure ready for the page."""

    name: str
    title: str
    caption: str
    svg: str
    csv: str


def new_figure(columns: int = 1, *, width: float = 4.6, height: float = 3.6) -> tuple[Figure, list[Axes]]:
    """A figure with `columns` axes in a row; sizes in inches. No pyplot: no display, no global state."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes: list[Axes] = list(figure.subplots(1, columns, squeeze=False)[0])
    figure.patch.set_visible(False)
    for axis in axes:
        axis.patch.set_visible(False)
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def picture(
    figure: Figure, name: str, title: str, caption: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> ReportFigure:
    """`figure` and its numbers; `name` is what the CSV file will be called. title, header: as they are shown."""
    return ReportFigure(name, title, caption, _svg(figure, name, title), _csv(header, rows))


def label(text: str, most: int = 34) -> str:
    """Other people's names as matplotlib takes them: a dollar sign would start mathematics."""
    return one_line(text, most).replace("$", r"\$")


def inline(svg: str) -> str:
    """Without the XML declaration, which a page cannot hold."""
    return svg[svg.index("<svg") :]


def _svg(figure: Figure, name: str, title: str) -> str:
    buffer = io.StringIO()
    # Text stays text: smaller, can be searched, and the reader's fonts have the signs that matplotlib's lacks.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        FigureCanvasSVG(figure).print_svg(
            buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    text = re.sub(r"<metadata>.*?</metadata>", "", inline(buffer.getvalue()), flags=re.DOTALL)
    text = text.replace("<svg ", f'<svg role="img" aria-label="{_attribute(title)}" ', 1)
    return _in_page_colours(_with_own_ids(text, re.sub(r"\W+", "-", name)))


def _with_own_ids(svg: str, prefix: str) -> str:
    """Every figure calls its parts axes_1, line2d_1, …; on one page names must differ."""
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}-", svg)


def _in_page_colours(svg: str) -> str:
    """Black lines take the page's text colour and data its palette, so that a dark page stays readable."""
    svg = svg.replace("#000000", "currentColor")
    for colour, name in _PAGE_COLOURS.items():
        svg = svg.replace(colour, f"var(--{name}, {colour})")
    return svg


def _attribute(text: str) -> str:
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([f"{cell:.12g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return buffer.getvalue()
