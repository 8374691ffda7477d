"""Bars over bins or over names; takes numbers that are counted already."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from sciapp.ui.widgets.plot_style import colours_for, paint, prepare

_NAMES_SHOWN = 30
_LETTERS = 14


class Histogram(pg.PlotWidget):
    """Counts over bins (numbers) or bars over names (classes, splits)."""

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setMinimumSize(240, 190)
        prepare(self, mouse=False)
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self.addItem(self._bars)
        self._counts: list[int] = []
        self._above: list[pg.TextItem] = []
        self._recolour()

    def show_bins(self, edges: Sequence[float], counts: Sequence[int], x_label: str, title: str = "") -> None:
        """edges (n + 1,), counts (n,)."""
        self.getPlotItem().getAxis("bottom").setTicks(None)
        self._draw(np.asarray(edges[:-1], float), np.asarray(edges[1:], float), counts, x_label, title)
        self._write_above([])

    def show_names(self, names: Sequence[str], counts: Sequence[int], x_label: str, title: str = "") -> None:
        """One bar a name, its count above it; of many names the most frequent."""
        order = (
            sorted(range(len(names)), key=lambda i: -counts[i])[:_NAMES_SHOWN] if len(names) > _NAMES_SHOWN else None
        )
        kept = range(len(names)) if order is None else order
        said = [names[i] if len(names[i]) <= _LETTERS else names[i][: _LETTERS - 1] + "…" for i in kept]
        places = np.arange(len(said), dtype=float)
        label = x_label if order is None else f"{x_label} (the {_NAMES_SHOWN} most frequent of {len(names):,})"
        every = max(1, -(-len(said) // 10))
        self.getPlotItem().getAxis("bottom").setTicks([[(i, name) for i, name in enumerate(said) if i % every == 0]])
        self._draw(places - 0.38, places + 0.38, [counts[i] for i in kept], label, title)
        self._write_above(self._counts if len(said) <= 12 else [])

    def counts(self) -> list[int]:
        """What is drawn."""
        return list(self._counts)

    def _draw(self, left: np.ndarray, right: np.ndarray, counts: Sequence[int], x_label: str, title: str) -> None:
        self._counts = list(counts)
        self._bars.setOpts(x0=left, x1=right, height=np.asarray(counts, float))
        self.setLabel("bottom", x_label)
        self.setLabel("left", "rows")
        self.setTitle(title or None, size="10pt", color=self.palette().text().color())
        if len(left):
            margin = 0.02 * (right[-1] - left[0]) or 0.5
            self.setXRange(left[0] - margin, right[-1] + margin, padding=0)
            self.setYRange(0, max(1, *counts) * 1.2, padding=0)

    def _write_above(self, counts: Sequence[int]) -> None:
        for item in self._above:
            self.removeItem(item)
        self._above = []
        for place, count in enumerate(counts):
            item = pg.TextItem(f"{count:,}", anchor=(0.5, 1.0), color=colours_for(self.palette()).text)
            item.setPos(place, count)
            self.addItem(item)
            self._above.append(item)

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; another palette recolours the bars."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_bars"):
            self._recolour()

    def _recolour(self) -> None:
        colours = colours_for(self.palette())
        paint(self, colours)
        self._bars.setOpts(brush=colours.bar, pen=pg.mkPen(colours.base, width=1))
        for item in getattr(self, "_above", []):
            item.setColor(colours.text)
        if (title := self.getPlotItem().titleLabel).text:
            title.setText(title.text, color=colours.text)
