"""Predicted against measured, with the line on which both are equal; points can be pointed at and chosen."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from sciapp.i18n import msg
from sciapp.records.formatting import number_text
from sciapp.ui import theme
from sciapp.ui.widgets.plots.style import colours_for, paint, prepare
from sciapp.ui.words import tr

_REACH = 10.0  # px between pointer and point
_POINT, _FAR, _RING = 8, 10, 17  # px


class _ChoosingView(pg.ViewBox):
    """A view where dragging with the left button chooses a rectangle; the wheel zooms, the middle button moves."""

    chosen = Signal(object)  # QRectF, in the units of the axes

    def mouseDragEvent(self, event: object, axis: int | None = None) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            super().mouseDragEvent(event, axis)
            return
        event.accept()  # type: ignore[attr-defined]
        start, end = event.buttonDownPos(), event.pos()  # type: ignore[attr-defined]
        if event.isFinish():  # type: ignore[attr-defined]
            self.rbScaleBox.hide()
            area = QRectF(pg.Point(start), pg.Point(end)).normalized()
            self.chosen.emit(self.childGroup.mapRectFromParent(area))
        else:
            self.updateScaleBox(start, end)


class ParityPlot(pg.PlotWidget):
    """Takes arrays (points,). A row is named by the line of the file that it came from.

    pointedAt: the line under the pointer, or −1. chosen: lines that were clicked or lassoed, none by a click beside.
    """

    pointedAt = Signal(int)
    chosen = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        view = _ChoosingView()
        super().__init__(parent, viewBox=view)
        self.setObjectName("parityPlot")
        self.setAccessibleName(tr(msg("Predicted against measured")))
        prepare(self, mouse=True)
        self._x, self._y, self._lines = np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
        self._far = np.empty(0, dtype=bool)
        self._ends = (0.0, 1.0)
        self._pointed = -1
        self._target = ""
        self._line = pg.PlotDataItem()
        self._points, self._outliers, self._ring = (pg.ScatterPlotItem(pxMode=True) for _ in range(3))
        for item in (self._line, self._points, self._outliers, self._ring):
            self.addItem(item)
        view.chosen.connect(self._choose_within)
        self.scene().sigMouseMoved.connect(self._point_at)
        self.scene().sigMouseClicked.connect(self._clicked)
        self._recolour()

    def show_points(
        self,
        measured: npt.NDArray[np.float64],
        predicted: npt.NDArray[np.float64],
        target: str,
        lines: npt.NDArray[np.int64] | None = None,
        far_off: Collection[int] = (),
    ) -> None:
        """Both axes get the same range. far_off: lines of the rows that are marked as further off than the others."""
        self._x, self._y, self._target = measured, predicted, target.removeprefix("measured ")
        self._lines = np.arange(len(measured)) if lines is None else lines
        self._far = np.isin(self._lines, list(far_off))
        for item, rows in ((self._points, ~self._far), (self._outliers, self._far)):
            item.setData(measured[rows], predicted[rows])
        self._ring.setData([], [])
        self.setLabel("bottom", tr(msg("measured {name}", name=self._target)))
        self.setLabel("left", tr(msg("predicted {name}", name=self._target)))
        self._describe()
        if not len(measured):
            self._line.setData([], [])
            return
        low = float(min(measured.min(), predicted.min()))
        high = float(max(measured.max(), predicted.max()))
        room = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
        self._ends = (low - room, high + room)
        self._line.setData(self._ends, self._ends)
        self.show_all()

    def show_all(self) -> None:
        """Undo every zoom."""
        self.setRange(xRange=self._ends, yRange=self._ends, padding=0)

    def point_count(self) -> int:
        return len(self._x)

    def choose(self, lines: Collection[int]) -> None:
        """Ring the points of these rows, without announcing it."""
        rows = np.isin(self._lines, list(lines))
        self._ring.setData(self._x[rows], self._y[rows])

    def ringed(self) -> list[int]:
        """Lines of the points with a ring."""
        x, y = self._ring.getData()
        return [int(line) for line in self._lines[np.isin(self._x, x) & np.isin(self._y, y)]] if len(x) else []

    def position_of(self, line: int) -> QPointF | None:
        """Where the point of a row is, in this widget; None where it is not drawn."""
        index = np.flatnonzero(self._lines == line)
        if not len(index):
            return None
        at = pg.Point(self._x[index[0]], self._y[index[0]])
        return QPointF(self.mapFromScene(self.getPlotItem().vb.mapViewToScene(at)))

    def table(self) -> list[list[object]]:
        """Its numbers, for a file."""
        head: list[object] = [tr(msg("line")), self._label("bottom"), self._label("left")]
        rows: list[list[object]] = [
            list(row) for row in zip(self._lines.tolist(), self._x.tolist(), self._y.tolist(), strict=True)
        ]
        return [head, *rows]

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; another palette recolours the points."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange} and hasattr(self, "_ring"):
            self._recolour()

    def leaveEvent(self, event: QEvent) -> None:
        self._announce(-1)
        super().leaveEvent(event)

    def _label(self, side: str) -> str:
        return str(self.getPlotItem().getAxis(side).labelText)

    def _nearest(self, at: QPointF) -> int:
        """The line of the point within reach of a position in the scene; −1: none."""
        if not len(self._x):
            return -1
        view = self.getPlotItem().vb
        here, unit = view.mapSceneToView(at), view.viewPixelSize()
        distance = np.hypot((self._x - here.x()) / unit[0], (self._y - here.y()) / unit[1])
        index = int(distance.argmin())
        return int(self._lines[index]) if distance[index] <= _REACH else -1

    def _point_at(self, at: QPointF) -> None:
        inside = self.getPlotItem().vb.sceneBoundingRect().contains(at)
        self._announce(self._nearest(at) if inside else -1)

    def _announce(self, line: int) -> None:
        if line != self._pointed:
            self._pointed = line
            self.pointedAt.emit(line)

    def _clicked(self, event: object) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        if event.double():  # type: ignore[attr-defined]
            self.show_all()
            return
        line = self._nearest(event.scenePos())  # type: ignore[attr-defined]
        self._take([] if line < 0 else [line])

    def _choose_within(self, area: QRectF) -> None:
        inside = (self._x >= area.left()) & (self._x <= area.right())
        inside &= (self._y >= area.top()) & (self._y <= area.bottom())
        self._take([int(line) for line in self._lines[inside]])

    def _take(self, lines: list[int]) -> None:
        self.choose(lines)
        self.chosen.emit(lines)

    def _describe(self) -> None:
        """What the picture shows, for who cannot see it."""
        if not len(self._x):
            self.setAccessibleDescription("")
            return
        miss = float(np.sqrt(np.mean((self._y - self._x) ** 2)))
        text = msg(
            "{points:,} rows of {target}, measured from {low} to {high}; typical miss {miss}; {far:,} of them are off "
            "by more than twice as much. The same rows stand in the table.",
            points=len(self._x),
            target=self._target,
            low=number_text(float(self._x.min()), figures=3),
            high=number_text(float(self._x.max()), figures=3),
            miss=number_text(miss, figures=2),
            far=int(self._far.sum()),
        )
        self.setAccessibleDescription(tr(text))

    def _recolour(self) -> None:
        colours = theme.colours_of(self.palette())
        paint(self, colours_for(self.palette()))
        for item, colour, symbol, size in (
            (self._points, colours.accent, "o", _POINT),
            (self._outliers, colours.second, "d", _FAR),
        ):
            fill = QColor(colour)
            fill.setAlpha(190)
            item.setBrush(fill)
            item.setPen(pg.mkPen(colours.surface, width=1))
            item.setSymbol(symbol)
            item.setSize(size)
        self._ring.setBrush(None)
        self._ring.setPen(pg.mkPen(colours.ink, width=2))
        self._ring.setSymbol("o")
        self._ring.setSize(_RING)
        self._line.setPen(pg.mkPen(colours.ink3, width=1, style=Qt.PenStyle.DashLine))
