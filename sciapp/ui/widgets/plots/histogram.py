"""Bars over bins or over names; takes numbers that are counted already."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from sciapp.i18n import msg
from sciapp.ui.widgets.plots.style import colours_for, paint, prepare
from sciapp.ui.words import tr

_NAMES_SHOWN = 30
_LETTERS = 14


class Histogram(pg.PlotWidget):
    """Counts over bins (numbers) or bars over names (classes, splits)."""

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr(accessible))
        self.setMinimumSize(240, 190)
        prepare(self, mouse=False)
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self.addItem(self._bars)
        self._counts: list[int] = []
        self._above: list[pg.TextItem] = []
        self._group_bars: list[pg.BarGraphItem] = []
        self._legend = self.getPlotItem().addLegend(offset=(-10, 5))
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
        drawn = range(len(names)) if order is None else order
        labels = self._name_ticks([names[i] for i in drawn])
        positions = np.arange(len(labels), dtype=float)
        label = (
            x_label
            if order is None
            else msg(
                "{values} (the {shown} most frequent of {all:,})",
                values=x_label,
                shown=_NAMES_SHOWN,
                all=len(names),
            )
        )
        self._draw(positions - 0.38, positions + 0.38, [counts[i] for i in drawn], label, title)
        self._write_above(self._counts if len(labels) <= 12 else [])

    def show_grouped_bins(
        self, edges: Sequence[float], counts: Mapping[str, Sequence[int]], x_label: str, title: str = ""
    ) -> None:
        """In each bin a bar for each group: its share of the group's own rows. edges (n + 1,), counts[group] (n,)."""
        self.getPlotItem().getAxis("bottom").setTicks(None)
        self._draw_groups(np.asarray(edges[:-1], float), np.asarray(edges[1:], float), counts, x_label, title)

    def show_grouped_names(
        self, names: Sequence[str], counts: Mapping[str, Sequence[int]], x_label: str, title: str = ""
    ) -> None:
        """The same over names; of many names the most frequent."""
        totals = [sum(group[index] for group in counts.values()) for index in range(len(names))]
        drawn = sorted(sorted(range(len(names)), key=lambda i: -totals[i])[:_NAMES_SHOWN])
        self._name_ticks([names[i] for i in drawn])
        positions = np.arange(len(drawn), dtype=float)
        counts_drawn = {group: [many[i] for i in drawn] for group, many in counts.items()}
        self._draw_groups(positions - 0.45, positions + 0.45, counts_drawn, x_label, title, counts)

    def counts(self) -> list[int]:
        """Heights of the bars of all rows; empty while groups are drawn."""
        return list(self._counts)

    def shares(self) -> dict[str, list[float]]:
        """Heights of the bars of each group, in % of its rows."""
        return {str(bars.opts["name"]): [float(height) for height in bars.opts["height"]] for bars in self._group_bars}

    def _name_ticks(self, names: Sequence[str]) -> list[str]:
        labels = [name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…" for name in map(tr, names)]
        every = max(1, -(-len(labels) // 10))
        self.getPlotItem().getAxis("bottom").setTicks([[(i, name) for i, name in enumerate(labels) if i % every == 0]])
        return labels

    def _draw_groups(
        self,
        left: np.ndarray,
        right: np.ndarray,
        counts: Mapping[str, Sequence[int]],
        x_label: str,
        title: str,
        wholes: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        """wholes: counts of all that a group has, where only some are shown."""
        self._draw(left, right, [], x_label, title)
        self.setLabel("left", tr(msg("share of the split’s rows (%)")))
        width, highest = (right - left) / max(1, len(counts)), 0.0
        for index, (group, many) in enumerate(counts.items()):
            shares = 100 * np.asarray(many, float) / max(1, sum((wholes or counts)[group]))
            begins = left + index * width
            bars = pg.BarGraphItem(x0=begins, x1=begins + width, height=shares, name=tr(group))
            self.addItem(bars)
            self._group_bars.append(bars)
            highest = max(highest, *shares) if len(shares) else highest
        self.setYRange(0, max(1.0, highest * 1.2), padding=0)
        self._recolour()

    def _draw(self, left: np.ndarray, right: np.ndarray, counts: Sequence[int], x_label: str, title: str) -> None:
        self._counts = list(counts)
        drawn = slice(len(counts))
        self._bars.setOpts(x0=left[drawn], x1=right[drawn], height=np.asarray(counts, float))
        for bars in self._group_bars:
            self.removeItem(bars)
        self._group_bars = []
        self._write_above([])
        self.setLabel("bottom", tr(x_label))
        self.setLabel("left", tr(msg("rows")))
        self.setTitle(tr(title) or None, size="10pt", color=self.palette().text().color())
        if len(left):
            margin = 0.02 * (right[-1] - left[0]) or 0.5
            self.setXRange(left[0] - margin, right[-1] + margin, padding=0)
            self.setYRange(0, max([1, *counts]) * 1.2, padding=0)

    def _write_above(self, counts: Sequence[int]) -> None:
        for item in self._above:
            self.removeItem(item)
        self._above = []
        for index, count in enumerate(counts):
            item = pg.TextItem(
                tr(msg("{count:,}", count=count)), anchor=(0.5, 1.0), color=colours_for(self.palette()).text
            )
            item.setPos(index, count)
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
        for bars, colour in zip(self._group_bars, colours.series, strict=False):
            bars.setOpts(brush=colour, pen=pg.mkPen(colours.base, width=1))
        self._legend.setLabelTextColor(colours.text)
        for _, label in self._legend.items:
            label.setText(label.text, color=colours.text)
        if (title := self.getPlotItem().titleLabel).text:
            title.setText(title.text, color=colours.text)
