"""Predicted against measured, with the line on which both are equal."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from sciapp.i18n import msg
from sciapp.ui.widgets.plots.style import colours_for, paint, prepare
from sciapp.ui.words import tr


class ParityPlot(pg.PlotWidget):
    """Takes arrays (points,); the wheel zooms, dragging moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parityPlot")
        self.setAccessibleName(tr(msg("Parity plot")))
        prepare(self, mouse=True)
        self.getPlotItem().showGrid(x=True, y=True, alpha=0.15)
        self._line = pg.PlotDataItem()
        self._points = pg.ScatterPlotItem(size=6, pxMode=True)
        self.addItem(self._points)
        self.addItem(self._line)
        self._recolour()

    def show_points(self, measured: np.ndarray, predicted: np.ndarray, target: str) -> None:
        """Both axes get the same range."""
        self._points.setData(measured, predicted)
        name = target.removeprefix("measured ")  # a column may be named so: not “measured measured logS”
        self.setLabel("bottom", tr(msg("measured {name}", name=name)))
        self.setLabel("left", tr(msg("predicted {name}", name=name)))
        if not len(measured):
            self._line.setData([], [])
            return
        low = float(min(measured.min(), predicted.min()))
        high = float(max(measured.max(), predicted.max()))
        margin = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
        ends = [low - margin, high + margin]
        self._line.setData(ends, ends)
        self.setRange(xRange=ends, yRange=ends, padding=0)

    def point_count(self) -> int:
        return len(self._points.data)

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; another palette recolours the points."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_points"):
            self._recolour()

    def _recolour(self) -> None:
        colours = colours_for(self.palette())
        paint(self, colours)
        fill = QColor(colours.point)
        fill.setAlpha(130)
        self._points.setBrush(fill)
        self._points.setPen(None)
        self._line.setPen(pg.mkPen(colours.line, width=1, style=Qt.PenStyle.DashLine))
