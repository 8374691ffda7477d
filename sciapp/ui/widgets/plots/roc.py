"""ROC plot: one curve for each class or target."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QWidget

from sciapp.i18n import msg
from sciapp.records.run.evaluation import Curve
from sciapp.ui import theme
from sciapp.ui.widgets.plots.style import colours_for, paint, prepare
from sciapp.ui.words import tr

_LETTERS = 24
_NEAR = 0.05  # of the height: as far a curve may be from the pointer


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
        self.scene().sigMouseMoved.connect(self._point_at)
        self._recolour()

    def show_curves(self, curves: Sequence[Curve]) -> None:
        self._curves = tuple(curves)
        for item in self._items:
            self._legend.removeItem(item)
            self.removeItem(item)
        self._items = []
        for index, curve in enumerate(self._curves):
            look = theme.colours_of(self.palette()).data_style(index)
            pen = pg.mkPen(look.colour, width=2, dash=list(look.dash) or None)
            item = pg.PlotDataItem(list(curve.x), list(curve.y), pen=pen, name=curve.label)
            self.addItem(item)
            self._legend.removeItem(item)  # the plot lists it by its whole name
            self._legend.addItem(item, _short(curve.label))
            self._items.append(item)
        named = ", ".join(curve.label for curve in self._curves)
        text = msg("ROC curves of {named}; the scores stand on the overview.", named=named)
        self.setAccessibleDescription(tr(text) if self._curves else "")

    def curve_count(self) -> int:
        return len(self._items)

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; another palette recolours the curves."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_items"):
            self._recolour()

    def _point_at(self, at: QPointF) -> None:
        """The curve below the pointer in words."""
        here, best, text = self.getPlotItem().vb.mapSceneToView(at), _NEAR, ""
        for curve in self._curves:
            height = float(np.interp(here.x(), curve.x, curve.y))
            if 0 <= here.x() <= 1 and abs(height - here.y()) < best:
                best = abs(height - here.y())
                text = msg(
                    "{name}: {hits:.0%} of its rows found where {false:.0%} of the others are taken for them",
                    name=curve.label,
                    hits=height,
                    false=float(here.x()),
                )
        self.setToolTip(tr(text))

    def _recolour(self) -> None:
        colours = colours_for(self.palette())
        paint(self, colours)
        self._chance.setPen(pg.mkPen(colours.faint, width=1, style=Qt.PenStyle.DashLine))
        self._legend.setLabelTextColor(colours.text)
        self.show_curves(self._curves)


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"
