"""A confusion matrix: measured classes down, predicted classes across."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from sciapp.i18n import joined, msg
from sciapp.records.formatting import percent_text
from sciapp.records.run.evaluation import Confusion
from sciapp.ui.widgets.plots.style import colours_for, paint, prepare
from sciapp.ui.words import tr

_NUMBERED = 12  # with more classes the cells are too small for numbers
_SHARED = 6  # with more the shares have no room
_NAMED = 20
_LETTERS = 16


class ConfusionPlot(pg.PlotWidget):
    """Cells are tinted by the share of the measured class, and say how many rows they hold.

    chosen: measured and predicted class of the cell that was clicked.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionPlot")
        self.setAccessibleName(tr(msg("Confusion matrix")))
        prepare(self, mouse=False)
        self._confusion: Confusion | None = None
        self._image = pg.ImageItem(axisOrder="row-major")
        self.addItem(self._image)
        self._texts: list[pg.TextItem] = []
        self.getPlotItem().invertY(True)
        self.scene().sigMouseClicked.connect(self._clicked)
        self.scene().sigMouseMoved.connect(self._point_at)
        self.setLabel("bottom", tr(msg("predicted class")))
        self.setLabel("left", tr(msg("measured class")))
        self._recolour()

    def show_confusion(self, confusion: Confusion) -> None:
        self._confusion = confusion
        counts = np.asarray(confusion.counts, dtype=float)
        totals = np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
        self._image.setImage(counts / totals, levels=(0.0, 1.0))
        size = len(confusion.classes)
        every = max(1, -(-size // _NAMED))
        ticks = [(i + 0.5, _short(name)) for i, name in enumerate(confusion.classes) if i % every == 0]
        for side in ("left", "bottom"):
            self.getPlotItem().getAxis(side).setTicks([ticks])
        self.setRange(xRange=(0, size), yRange=(0, size), padding=0.01)
        self._write(counts / totals, counts)
        right, rows = int(np.trace(counts)), int(counts.sum())
        text = msg("{right:,} of {rows:,} right. The same rows stand in the table.", right=right, rows=rows)
        self.setAccessibleDescription(tr(text))

    def table(self) -> list[list[object]]:
        """Its numbers, for a file: a row for each measured class."""
        if self._confusion is None:
            return []
        head: list[object] = [tr(msg("measured \\ predicted")), *self._confusion.classes]
        rows = zip(self._confusion.classes, self._confusion.counts, strict=True)
        return [head, *([name, *counts] for name, counts in rows)]

    def _cell_at(self, at: QPointF) -> tuple[int, int] | None:
        """Indices of the measured and the predicted class at a position in the scene; None beside the cells."""
        if self._confusion is None:
            return None
        here = self.getPlotItem().vb.mapSceneToView(at)
        row, column, size = int(np.floor(here.y())), int(np.floor(here.x())), len(self._confusion.classes)
        return (row, column) if 0 <= row < size and 0 <= column < size else None

    def _clicked(self, event: object) -> None:
        cell = self._cell_at(event.scenePos())  # type: ignore[attr-defined]
        if cell is not None and self._confusion is not None and event.button() is Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            self.chosen.emit(*(self._confusion.classes[index] for index in cell))

    def _point_at(self, at: QPointF) -> None:
        cell = self._cell_at(at)
        if cell is None or self._confusion is None:
            self.setToolTip("")
            return
        row, column = cell
        text = msg(
            "measured {measured}, predicted {predicted}: {count:,} of {whole:,}",
            measured=self._confusion.classes[row],
            predicted=self._confusion.classes[column],
            count=self._confusion.counts[row][column],
            whole=sum(self._confusion.counts[row]),
        )
        self.setToolTip(tr(text))

    def _write(self, shares: np.ndarray, counts: np.ndarray) -> None:
        for item in self._texts:
            self.removeItem(item)
        self._texts = []
        if len(counts) > _NUMBERED:
            return
        colours = colours_for(self.palette())
        for row, column in np.ndindex(*counts.shape):
            strong = shares[row, column] > 0.55
            count = msg("{rows:,}", rows=int(counts[row, column]))
            share = percent_text(float(shares[row, column])) if len(counts) <= _SHARED else ""
            text = tr(joined([count, share], "\n"))
            item = pg.TextItem(text, anchor=(0.5, 0.5), color=colours.on_strong if strong else colours.text)
            _centre(item)
            item.setPos(column + 0.5, row + 0.5)
            self.addItem(item)
            self._texts.append(item)

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; another palette recolours the cells."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_texts"):
            self._recolour()

    def _recolour(self) -> None:
        colours = colours_for(self.palette())
        paint(self, colours)
        self._image.setColorMap(pg.ColorMap([0.0, 1.0], [QColor(colours.base), QColor(colours.strong)]))
        if self._confusion is not None:
            self.show_confusion(self._confusion)


def _centre(item: pg.TextItem) -> None:
    """Both lines in the middle; Qt aligns only what has a width."""
    document = item.textItem.document()
    option = document.defaultTextOption()
    option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    document.setDefaultTextOption(option)
    item.setTextWidth(document.idealWidth())


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"
