"""The style of plots: colours for light and dark, axes without surprises."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from sciapp.records.formatting import number_text
from sciapp.ui.words import local_digits, tr

# Blue, orange and bluish green of Okabe & Ito (2008), which colour-blind people tell apart; lighter on a dark base.
_LIGHT, _DARK = ("#0072b2", "#d55e00", "#009e73"), ("#56b4e9", "#ff9e64", "#5fd3ae")


@dataclass(frozen=True)
class PlotColours:
    """Colours of a plot as hex; `series` for up to three things side by side."""

    bar: str
    point: str
    line: str
    faint: str
    text: str
    base: str
    series: tuple[str, str, str]


def colours_for(palette: QPalette) -> PlotColours:
    """The colours that are readable on the palette's base."""
    base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
    if base.lightness() < 128:
        return PlotColours("#4a9bd9", "#6db7f2", "#ff9e64", "#5a6068", text.name(), base.name(), _DARK)
    return PlotColours("#3f8fd0", "#1f6fb2", "#c2501a", "#c3c8cf", text.name(), base.name(), _LIGHT)


class PlainAxis(pg.AxisItem):
    """Writes numbers out until neighbours differ: 1000000.5 beside 1000001, and not 1e+06 twice."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """pyqtgraph calls this."""
        ticks: list[str] = super().tickStrings(values, scale, spacing)
        if self.logMode or len(set(ticks)) == len(ticks):
            return [local_digits(tick) for tick in ticks]
        return [tr(number_text(value * scale, spacing * scale, figures=2)) for value in values]


def prepare(plot: pg.PlotWidget, *, mouse: bool) -> None:
    """Plain axes with the numbers as they are (no “x 1e3”), no menu, no surprise zoom unless `mouse`."""
    item = plot.getPlotItem()
    item.setAxisItems({side: PlainAxis(side) for side in ("left", "bottom")})
    item.setMenuEnabled(False)
    item.hideButtons()
    item.setMouseEnabled(x=mouse, y=mouse)
    for side in ("left", "bottom"):
        item.getAxis(side).enableAutoSIPrefix(False)
    if not mouse:
        plot.wheelEvent = lambda event: event.ignore()  # scroll the page, not the plot


def paint(plot: pg.PlotWidget, colours: PlotColours) -> None:
    """Background and axes in the palette's colours."""
    plot.setBackground(colours.base)
    for side in ("left", "bottom"):
        axis = plot.getPlotItem().getAxis(side)
        axis.setPen(QColor(colours.faint))
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
