"""Models by size and score: the area of a dot is the time for a row, the recommended one has a ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.widgets.plots.style import colours_for, paint, prepare
from sciapp.ui.words import tr

_LARGEST, _LEAST = 34.0, 12.0  # px: the slowest model's dot, and the smallest that is drawn
_RING = 12.0  # px around the dot
_REACH = 20.0


@dataclass(frozen=True)
class Bubble:
    """One model. x: megabytes; y: its score; slowness: milliseconds for a row. text: all of it in words."""

    label: str
    x: float
    y: float
    slowness: float
    text: str
    ringed: bool = False
    original: bool = False


class BubblePlot(pg.PlotWidget):
    """Smaller models stand at the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compressionPlot")
        self.setAccessibleName(tr(msg("Size, speed and score of the models")))
        prepare(self, mouse=False)
        self._bubbles: tuple[Bubble, ...] = ()
        self._simple: float | None = None
        self._names = ("", "")
        self._dots, self._ring = pg.ScatterPlotItem(pxMode=True), pg.ScatterPlotItem(pxMode=True)
        self._line = pg.InfiniteLine(angle=0)
        self._labels: list[pg.TextItem] = []
        for item in (self._line, self._ring, self._dots):
            self.addItem(item)
        self.scene().sigMouseMoved.connect(self._point_at)

    def bubbles(self) -> tuple[Bubble, ...]:
        return self._bubbles

    def show_bubbles(self, bubbles: Sequence[Bubble], score: str, simple: float | None) -> None:
        """score: name of the axis. simple: of the simple method, drawn as a dashed line."""
        self._bubbles, self._simple = tuple(bubbles), simple
        self.setLabel("bottom", tr(msg("size on disk, MB (smaller is better)")))
        self.setLabel("left", tr(score))
        self.setAccessibleDescription("; ".join(tr(bubble.text) for bubble in bubbles))
        heights = [bubble.y for bubble in bubbles] + ([simple] if simple is not None else [])
        low, high = min(heights), max(heights)
        room = 0.35 * (high - low) or 0.1 * abs(high) or 1.0
        self.setRange(
            xRange=(0, 1.2 * max(bubble.x for bubble in bubbles)), yRange=(low - room, high + room), padding=0
        )
        self._draw()

    def table(self) -> list[list[object]]:
        """Its numbers, for a file."""
        head: list[object] = [tr(msg("model")), "MB", self.getPlotItem().getAxis("left").labelText, "ms"]
        return [head, *([tr(bubble.label), bubble.x, bubble.y, bubble.slowness] for bubble in self._bubbles)]

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; another palette recolours the dots."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_labels") and self._bubbles:
            self._draw()

    def _draw(self) -> None:
        colours = theme.colours_of(self.palette())
        paint(self, colours_for(self.palette()))
        slowest = max(bubble.slowness for bubble in self._bubbles) or 1.0
        sizes = [max(_LEAST, _LARGEST * sqrt(bubble.slowness / slowest)) for bubble in self._bubbles]
        self._dots.setData(
            [
                {
                    "pos": (bubble.x, bubble.y),
                    "size": size,
                    "brush": QColor(colours.outline if bubble.original else colours.accent),
                    "pen": pg.mkPen(colours.surface, width=2),
                }
                for bubble, size in zip(self._bubbles, sizes, strict=True)
            ]
        )
        ringed = [
            {"pos": (bubble.x, bubble.y), "size": size + _RING, "brush": None, "pen": pg.mkPen(colours.accent, width=2)}
            for bubble, size in zip(self._bubbles, sizes, strict=True)
            if bubble.ringed
        ]
        self._ring.setData(ringed) if ringed else self._ring.setData([], [])
        self._line.setVisible(self._simple is not None)
        if self._simple is not None:
            self._line.setPos(self._simple)
        self._line.setPen(pg.mkPen(colours.second, width=2, style=Qt.PenStyle.DashLine))
        self._write(sizes)

    def _write(self, sizes: Sequence[float]) -> None:
        """Labels at the dots and on the line: there is no legend."""
        colours = theme.colours_of(self.palette())
        for item in self._labels:
            self.removeItem(item)
        self._labels = []
        texts = [(tr(bubble.label), bubble.x, bubble.y, colours.ink, (0.5, 1.6)) for bubble in self._bubbles]
        if self._simple is not None:
            right = 1.2 * max(bubble.x for bubble in self._bubbles)
            texts.append((tr(msg("simple method")), right, self._simple, colours.second, (1.05, 1.0)))
        for text, x, y, colour, anchor in texts:
            item = pg.TextItem(text, anchor=anchor, color=colour)
            item.setPos(x, y)
            self.addItem(item)
            self._labels.append(item)

    def _point_at(self, at: QPointF) -> None:
        view = self.getPlotItem().vb
        near = [
            bubble
            for bubble in self._bubbles
            if (view.mapViewToScene(QPointF(bubble.x, bubble.y)) - at).manhattanLength() < _REACH
        ]
        self.setToolTip(tr(near[0].text) if near else "")
