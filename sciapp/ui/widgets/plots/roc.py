"""ROC plot: one curve for each class or target."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from sciapp.i18n import msg
from sciapp.records.run.evaluation import Curve
from sciapp.ui.widgets.plots.style import colours_for, paint, prepare
from sciapp.ui.words import tr

_LETTERS = 24


class RocPlot(pg.PlotWidget):
    """Takes curves; on the dashed line is chance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rocPlot")
        self.setAccessibleName(tr(msg("ROC curves")))
        prepare(self, mouse=False)
        self.getPlotItem().showGrid(x=True, y=True, alpha=0.15)
        self._curves: tuple[Curve, ...] = ()
        self._legend = self.getPlotItem().addLegend(offset=(-10, -10))
        self._chance = pg.PlotDataItem([0, 1], [0, 1])
        self.addItem(self._chance)
        self._items: list[pg.PlotDataItem] = []
        self.setLabel("bottom", tr(msg("false positive rate")))
        self.setLabel("left", tr(msg("true positive rate")))
        self.setRange(xRange=(0, 1), yRange=(0, 1), padding=0.02)
        self._recolour()

    def show_curves(self, curves: Sequence[Curve]) -> None:
        self._curves = tuple(curves)
        for item in self._items:
            self._legend.removeItem(item)
            self.removeItem(item)
        self._items = []
        for index, curve in enumerate(self._curves):
            # Pale enough on dark, dark enough on light.
            value, saturation = (255, 130) if self._is_dark() else (165, 255)
            hues = max(6, len(self._curves))
            pen = pg.mkPen(pg.intColor(index, hues=hues, values=1, maxValue=value, sat=saturation), width=1)
            item = pg.PlotDataItem(list(curve.x), list(curve.y), pen=pen)
            self.addItem(item)
            self._legend.addItem(item, _short(curve.label))
            self._items.append(item)

    def curve_count(self) -> int:
        return len(self._items)

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; another palette recolours the curves."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_items"):
            self._recolour()

    def _is_dark(self) -> bool:
        return bool(self.palette().base().color().lightness() < 128)

    def _recolour(self) -> None:
        colours = colours_for(self.palette())
        paint(self, colours)
        self._chance.setPen(pg.mkPen(colours.faint, width=1, style=Qt.PenStyle.DashLine))
        self._legend.setLabelTextColor(colours.text)
        self.show_curves(self._curves)


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"
