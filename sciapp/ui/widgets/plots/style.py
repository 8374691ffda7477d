"""The style of plots: colours for light and dark, axes without surprises."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from sciapp.records.formatting import number_text
from sciapp.ui import theme
from sciapp.ui.widgets.plots.export import PlotExport
from sciapp.ui.words import local_digits, tr


@dataclass(frozen=True)
class PlotColours:
    """Colours of a plot as hex, from the tokens of the theme; `series` are the data colours in their order."""

    bar: str
    point: str
    line: str
    """Of the line that values are compared with: the simple method, or measured equals predicted."""
    faint: str
    """Of what is only there to be compared with, such as a coin toss; at least 3:1."""
    axis: str
    text: str
    base: str
    strong: str
    on_strong: str
    """Text on `strong`, the ground of a cell that holds most."""
    series: tuple[str, ...]


def colours_for(palette: QPalette) -> PlotColours:
    """The colours that are readable on the palette's base."""
    colours = theme.colours_of(palette)
    return PlotColours(
        bar=colours.accent,
        point=colours.accent,
        line=colours.second,
        faint=colours.outline,
        axis=colours.line,
        text=colours.ink2,
        base=colours.surface,
        strong=colours.accent,
        on_strong=colours.on_accent,
        series=colours.data,
    )


def curve_pen(style: theme.DataStyle, *, width: float = 2.0) -> QPen:
    """The pen of a group's curve: its colour and its dash."""
    pen: QPen = pg.mkPen(style.colour, width=width)
    if style.dash:
        pen.setDashPattern(style.dash)
    return pen


class PlainAxis(pg.AxisItem):
    """Writes numbers out until neighbours differ: 1000000.5 beside 1000001, and not 1e+06 twice. No tick marks."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.setStyle(tickLength=0)
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """pyqtgraph calls this."""
        ticks: list[str] = super().tickStrings(values, scale, spacing)
        if self.logMode or len(set(ticks)) == len(ticks):
            return [local_digits(tick) for tick in ticks]
        return [tr(number_text(value * scale, spacing * scale, figures=2)) for value in values]


def prepare(plot: pg.PlotWidget, *, mouse: bool) -> None:
    """Plain axes with the numbers as they are (no “x 1e3”), no surprise zoom unless `mouse`; a right-click exports."""
    PlotExport(plot)
    item = plot.getPlotItem()
    item.setAxisItems({side: PlainAxis(side) for side in ("left", "bottom")})
    item.setMenuEnabled(False)
    item.hideButtons()
    item.setMouseEnabled(x=mouse, y=mouse)
    if not mouse:
        plot.wheelEvent = lambda event: event.ignore()  # scroll the page, not the plot


def paint(plot: pg.PlotWidget, colours: PlotColours) -> None:
    """Background and axes in the palette's colours."""
    plot.setBackground(colours.base)
    for side in ("left", "bottom"):
        axis = plot.getPlotItem().getAxis(side)
        axis.setPen(QColor(colours.axis))
        axis.setTextPen(QColor(colours.text))


# Keeps a plot square, in the middle of what room there is.


class Square(QWidget):
    """Holds one widget."""

    def __init__(self, content: QWidget, parent: QWidget | None = None, *, wider: float = 1.12) -> None:
        """wider: width over height, so that the plot without its axis labels comes out square."""
        super().__init__(parent)
        self._content, self._wider = content, wider
        content.setParent(self)
        self.setMinimumSize(260, 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = min(self.width(), round(self.height() * self._wider))
        height = min(self.height(), round(width / self._wider))
        self._content.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)
