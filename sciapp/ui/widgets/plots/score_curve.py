"""The one large curve of a run: the score that chooses the best model, beside the line of the simple method."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from sciapp.i18n import joined, msg
from sciapp.records.run.story import RunStory, ScorePoint, off_by
from sciapp.ui import theme
from sciapp.ui.widgets.plots.style import prepare
from sciapp.ui.words import tr

_PEN, _POINT, _BEST = 2, 5, 10  # px
_DASH = (5.0, 3.0)
_LEAST_PASSES = 1.0


class ScorePlot(pg.PlotWidget):
    """Score over passes; labels stand at the curves instead of in a legend."""

    readOutChanged = Signal(str)  # of the point under the mouse; empty while it is elsewhere

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scorePlot")
        self.setAccessibleName(tr(msg("The score that chooses the best model, over the passes")))
        self._points: Sequence[ScorePoint] = ()
        self._name = ""
        prepare(self, mouse=False)
        item = self.getPlotItem()
        item.getAxis("left").setWidth(56)
        item.setLabel("bottom", tr(msg("passes over the data")))
        self._curve = item.plot(symbol="o", symbolSize=_POINT, antialias=True)
        self._best = item.plot(symbol="o", symbolSize=_BEST, antialias=True)
        self._simple = pg.InfiniteLine(angle=0, movable=False)
        self._simple_label = pg.TextItem(anchor=(1, 1))
        self._best_label = pg.TextItem(anchor=(0, 0))
        for part in (self._simple, self._simple_label, self._best_label):
            item.addItem(part, ignoreBounds=True)
        self.setMinimumHeight(240)
        self.scene().sigMouseMoved.connect(self._read_out)
        self._paint()

    def show_story(self, story: RunStory) -> None:
        """Draw what is known so far; nothing of it is forecast."""
        self._points, self._name = story.points, story.score_name
        x = np.array([point.passes for point in story.points])
        y = np.array([point.score for point in story.points])
        self._curve.setData(x, y)
        right = max([_LEAST_PASSES, story.all_passes, *x.tolist()])
        best = story.best
        self._best.setData([best.passes] if best else [], [best.score] if best else [])
        self._best_label.setVisible(best is not None)
        if best is not None:
            self._best_label.setText(tr(msg("this model: {score}", score=off_by(story.score_name, best.score))))
            self._best_label.setPos(best.passes, best.score)
            self._best_label.setAnchor((1, 0) if best.passes > right / 2 else (0, 0))
        simple = story.baseline if story.is_ahead is not None else None
        for part in (self._simple, self._simple_label):
            part.setVisible(simple is not None)
        if simple is not None:
            self._simple.setPos(simple.score)
            self._simple_label.setText(tr(msg("simple method: {score}", score=off_by(simple.score_name, simple.score))))
            self._simple_label.setPos(right, simple.score)
        self._set_range(right, y, [simple.score] if simple is not None else [])
        self._paint()
        self.setAccessibleDescription(tr(joined([story.headline, story.detail])))

    def _set_range(self, right: float, scores: np.ndarray, others: list[float]) -> None:
        values = [value for value in [*scores.tolist(), *others] if np.isfinite(value)]
        if not values:
            return
        low, high = min(values), max(values)
        margin = 0.12 * (high - low) or 0.05 * abs(high) or 0.5
        self.setRange(xRange=(0, right), yRange=(low - margin, high + margin), padding=0)

    def _read_out(self, position: QPointF) -> None:
        text = ""
        if self._points and self.sceneBoundingRect().contains(position):
            passes = self.getPlotItem().vb.mapSceneToView(position).x()
            nearest = min(self._points, key=lambda point: abs(point.passes - passes))
            score = off_by(self._name, nearest.score)
            text = msg("after {passes:.1f} passes: {score}", passes=nearest.passes, score=score)
        self.readOutChanged.emit(text)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.readOutChanged.emit("")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_best_label"):
            self._paint()

    def _paint(self) -> None:
        colours = theme.colours_of(self.palette())
        self.setBackground(colours.surface)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(QColor(colours.line))
            axis.setTextPen(QColor(colours.ink2))
            axis.setStyle(tickLength=0)
        self._curve.setPen(pg.mkPen(colours.accent, width=_PEN))
        self._curve.setSymbolBrush(colours.accent)
        self._curve.setSymbolPen(None)
        self._best.setSymbolBrush(colours.accent)
        self._best.setSymbolPen(pg.mkPen(colours.surface, width=2))
        pen = pg.mkPen(colours.second, width=_PEN, style=Qt.PenStyle.CustomDashLine)
        pen.setDashPattern(list(_DASH))
        self._simple.setPen(pen)
        self._simple_label.setColor(QColor(colours.second))
        self._best_label.setColor(QColor(colours.accent_text))
