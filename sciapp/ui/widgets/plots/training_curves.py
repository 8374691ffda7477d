"""Live curves of a run: losses, the validation score and the learning rate over steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QWidget

from sciapp.i18n import joined, msg
from sciapp.ui import theme
from sciapp.ui.widgets.plots.series import Floats, Series, smoothed
from sciapp.ui.widgets.plots.style import PlainAxis
from sciapp.ui.words import local_digits, tr

_LARGEST = 1e100  # what lies beyond is left out: axes end before numbers do
_FRAME_MS = 34  # a little under 30 repaints a second, each of one plot
_TRAIN, _TRAIN_SMOOTH, _VALIDATION, _SCORE, _RATE = "train", "train_smooth", "validation", "score", "rate"
_SCORE_TITLE = msg("validation score")
_KEY = (
    (_TRAIN, "━", msg("training")),
    (_TRAIN_SMOOTH, "━", msg("training, smoothed")),
    (_VALIDATION, "●", msg("validation")),
)
_AXIS_WIDTH, _TICK_WIDTH = 92, 56  # pixels beside a plot, and what of them the numbers may take


@dataclass(frozen=True)
class CursorReadout:
    """The step under the cross-hair, and the value of each curve there."""

    step: float
    values: dict[str, float]

    def __str__(self) -> str:
        named = {
            "train": msg("training loss"),
            "validation": msg("validation loss"),
            "score": msg("score"),
            "rate": msg("learning rate"),
        }
        values = [
            msg("{curve} {value:.4g}", curve=named[key], value=value)
            for key, value in self.values.items()
            if key in named
        ]
        return tr(joined([msg("step {step:,}", step=round(self.step)), *values], "   "))


class LossPlot(pg.GraphicsLayoutWidget):
    """Takes arrays, draws curves; knows nothing of runs.

    Rows of arrays go in through `append_steps` and `append_validation`; repainting happens at most 30 times a second
    however often that is called, with a few thousand points a curve however long it is. The plots take turns, so that
    the window is never away for longer than one of them needs.
    """

    readOutChanged = Signal(object)  # ReadOut, None while the mouse is elsewhere

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossPlot")
        self.setAccessibleName(tr(msg("Training curves")))
        self._series = {name: Series() for name in (_TRAIN, _TRAIN_SMOOTH, _VALIDATION, _SCORE, _RATE)}
        self._log = False
        self._stale: dict[str, None] = {}  # curves that no longer show their series, in the order they became so
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._repaint_one)
        self._paint_colours()
        self._show_nothing_yet()

    # --- what goes in ---------------------------------------------------------------------------------------------

    def append_steps(self, steps: Floats, losses: Floats, rates: Floats) -> None:
        """Training loss and learning rate of further optimiser steps; arrays (points,)."""
        smooth = self._series[_TRAIN_SMOOTH]
        previous = float(smooth.y[-1]) if len(smooth) else None
        self._series[_TRAIN].extend(steps, losses)
        smooth.extend(steps, smoothed(previous, len(smooth), losses))
        self._series[_RATE].extend(steps, rates)
        self._soon(_TRAIN, _TRAIN_SMOOTH, _RATE)

    def append_validation(self, steps: Floats, losses: Floats, scores: Floats) -> None:
        """Loss and score on the validation rows; arrays (points,)."""
        self._series[_VALIDATION].extend(steps, losses)
        self._series[_SCORE].extend(steps, scores)
        self._soon(_VALIDATION, _SCORE)

    def drop_after(self, step: float) -> None:
        """Forget what lies right of `step`: a resumed run trains it again."""
        for series in self._series.values():
            series.drop_after(step)
        self._soon(*self._series)

    def clear_curves(self) -> None:
        self._read_nothing()
        for series in self._series.values():
            series.clear()
        self.set_score_name(_SCORE_TITLE)
        self.draw_all()  # at once: what is left of the curves before would decide about the axes
        self.show_everything()
        self._show_nothing_yet()

    def set_score_name(self, name: str) -> None:
        """The label of the middle plot, e.g. “validation RMSE”."""
        self._plots[1].setLabel("left", tr(name))

    def set_log_scale(self, on: bool) -> None:
        """Loss on a logarithmic axis; values that are not positive are left out there."""
        self._log = on
        self._plots[0].getAxis("left").setLogMode(on)
        self._plots[0].enableAutoRange(axis="y")
        self._soon(_TRAIN, _TRAIN_SMOOTH, _VALIDATION)

    def show_everything(self) -> None:
        """Undo zooming and panning."""
        for plot in self._plots:
            plot.getViewBox().fitAgain()
        self._follow()
        self._soon(*self._series)

    def draw_all(self) -> None:
        """Draw what waits for its frame, now."""
        self._draw(*self._series)

    @property
    def last_step(self) -> float:
        """The newest step with a training loss; 0 while there is none."""
        steps = self._series[_TRAIN].x
        return float(steps[-1]) if len(steps) else 0.0

    def point_counts(self) -> dict[str, int]:
        """Number of points of each curve."""
        return {name: len(series) for name, series in self._series.items()}

    # --- drawing --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        axes = [{"left": SparseLogAxis("left"), "bottom": PlainAxis("bottom")} for _ in range(3)]
        self._plots = [self.addPlot(row=row, col=0, viewBox=SteadyView(), axisItems=axes[row]) for row in range(3)]
        for plot, stretch in zip(self._plots, (4, 3, 2), strict=True):
            # No grid: its lines took 24 of the 34 ms of a frame. The cross-hair reads values out.
            plot.getAxis("left").setWidth(_AXIS_WIDTH)
            # Else the tick numbers take the whole width and are written over the title.
            plot.getAxis("left").setStyle(autoExpandTextSpace=False, tickTextWidth=_TICK_WIDTH)
            plot.setClipToView(False)
            plot.setMenuEnabled(False)
            plot.hideButtons()
            plot.getAxis("left").enableAutoSIPrefix(False)
            plot.getAxis("bottom").enableAutoSIPrefix(False)
            plot.setMouseEnabled(x=True, y=True)
            self.ci.layout.setRowStretchFactor(self._plots.index(plot), stretch)
        for plot in self._plots[1:]:
            plot.setXLink(self._plots[0])
        self._plots[0].getViewBox().sigXRangeChanged.connect(self._range_changed)
        self._plots[0].setLabel("left", tr(msg("loss")))
        self._plots[1].setLabel("left", tr(_SCORE_TITLE))
        self._plots[2].setLabel("left", tr(msg("learning rate")))
        self._plots[2].setLabel("bottom", tr(msg("optimiser step")))
        self._curves = {
            _TRAIN: self._plots[0].plot(skipFiniteCheck=False),
            _TRAIN_SMOOTH: self._plots[0].plot(),
            _VALIDATION: self._plots[0].plot(symbol="o", symbolSize=5),
            _SCORE: self._plots[1].plot(symbol="o", symbolSize=5),
            _RATE: self._plots[2].plot(),
        }
        self._hairs = [pg.InfiniteLine(angle=90, movable=False) for _ in self._plots]
        for plot, hair in zip(self._plots, self._hairs, strict=True):
            hair.setVisible(False)
            plot.addItem(hair, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._read_out)

    def _soon(self, *names: str) -> None:
        self._stale |= dict.fromkeys(names)
        if not self._timer.isActive():
            self._timer.start()

    def _range_changed(self) -> None:
        """Other points are in sight, unless all of them always are."""
        if self._visible() != (-np.inf, np.inf):
            self._soon(*self._series)

    def _repaint_one(self) -> None:
        """Draw the plot that has waited longest; the next frame is the next one's."""
        if self.closed or not self._stale:  # a closed view has lost its curves
            return
        first = self._curves[next(iter(self._stale))]
        plot = next(plot for plot in self._plots if first in plot.curves)
        self._draw(*(name for name in [*self._stale] if self._curves[name] in plot.curves))
        if self._stale:
            self._timer.start()

    def _draw(self, *names: str) -> None:
        low, high = self._visible()
        for name in names:
            self._stale.pop(name, None)
            x, y = self._series[name].between(low, high)
            curve = self._curves[name]
            if self._log and curve in self._plots[0].curves:
                with np.errstate(divide="ignore", invalid="ignore"):
                    y = np.log10(np.where(y > 0, y, np.nan))
            y = np.where(np.abs(y) < _LARGEST, y, np.nan)
            curve.setData(x, y, connect="finite" if len(y) and not np.isfinite(y).all() else "all")

    def _show_nothing_yet(self) -> None:
        """Axes from 0 to 1 until there is something to draw: a range about 0 would show negative steps."""
        for plot in self._plots:
            plot.setRange(xRange=(0, 1), yRange=(0, 1), padding=0)
        self._follow()

    def _follow(self) -> None:
        """Automatic ranges; steps are the first plot's, or one of the others would get its own."""
        self._plots[0].enableAutoRange()
        for plot in self._plots[1:]:
            plot.enableAutoRange(axis="y")
            plot.getViewBox().linkedXChanged()

    def _visible(self) -> tuple[float, float]:
        view = self._plots[0].getViewBox()
        if view.autoRangeEnabled()[0]:
            return -np.inf, np.inf
        low, high = view.viewRange()[0]
        return low, high

    def _read_out(self, position: QPointF) -> None:
        plot = next((plot for plot in self._plots if plot.sceneBoundingRect().contains(position)), None)
        if plot is None:
            self._read_nothing()
            return
        step = plot.getViewBox().mapSceneToView(position).x()
        nearest_points = {
            name: point for name, series in self._series.items() if (point := series.nearest(step)) is not None
        }
        if not nearest_points:
            return
        anchor = nearest_points.get(_TRAIN, next(iter(nearest_points.values())))[0]
        for hair in self._hairs:
            hair.setVisible(True)
            hair.setPos(anchor)
        self.readOutChanged.emit(CursorReadout(anchor, {name: value for name, (_, value) in nearest_points.items()}))

    def _read_nothing(self) -> None:
        """Forget the points under the cross-hair: their curves are gone, or the pointer has left."""
        for hair in self._hairs:
            hair.setVisible(False)
        self.readOutChanged.emit(None)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt calls this when the mouse has left."""
        super().leaveEvent(event)
        self._read_nothing()

    # --- colours --------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; a new palette (light, dark) recolours the curves."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_curves"):
            self._paint_colours()

    def _paint_colours(self) -> None:
        tokens = theme.colours_of(self.palette())
        colours, text = _curve_colours(tokens), QColor(tokens.ink2)
        self.setBackground(tokens.surface)
        for plot in self._plots:
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(QColor(tokens.line))
                plot.getAxis(side).setTextPen(text)
        # A line of its own above the plot: a legend inside lies over the curves wherever they end.
        key = (f'<span style="color: {colours[name]}">{sign}</span>&nbsp;{tr(title)}' for name, sign, title in _KEY)
        self._plots[0].setTitle("&nbsp;&nbsp; ".join(key), color=text.name(), size="9pt")
        for name, curve in self._curves.items():
            # Width 1 and no antialiasing: at 100,000 points a pen of width 2 takes eight times as long.
            curve.setPen(pg.mkPen(colours[name], width=1))
            curve.setSymbolBrush(colours[name])
            curve.setSymbolPen(None)
        for hair in self._hairs:
            hair.setPen(pg.mkPen(text, style=Qt.PenStyle.DashLine))


def _curve_colours(colours: theme.Colours) -> dict[str, str]:
    """Each curve's colour by name; the raw training loss is there to be looked through."""
    first, second, third, *_ = colours.data
    return {_TRAIN: colours.outline, _TRAIN_SMOOTH: first, _VALIDATION: second, _SCORE: first, _RATE: third}


# A view that follows growing curves without moving at every point.


_FILLED = 0.75  # of the view; curves that fill less of it get a closer view


class SteadyView(pg.ViewBox):
    """A ViewBox whose automatic range stays while the curves lie within it and fill most of it.

    A new range at every point lays out the axes anew, which takes longer than the curves themselves.
    """

    _loose = True

    def fitAgain(self) -> None:
        """Lay the next automatic range closely around the curves."""
        self._loose = True

    def updateAutoRange(self) -> None:
        """pyqtgraph calls this before it paints a view whose curves have changed."""
        if self._loose or not self._stays():
            super().updateAutoRange()
            self._begin_at_the_first_point()
            self._loose = False
        else:
            self._autoRangeNeedsUpdate = False

    def _begin_at_the_first_point(self) -> None:
        """A single point stands at the left: about it there would be steps below the first."""
        bounds = self.childrenBounds()[0]
        if self.autoRangeEnabled()[0] is not False and bounds is not None and bounds[0] == bounds[1]:
            self.setRange(xRange=(bounds[0] - 0.5, bounds[0] + 9.5), padding=0, disableAutoRange=False)

    def _stays(self) -> bool:
        """True if every axis that follows the curves holds them, and not much else."""
        bounds = self.childrenBounds()
        for follows, curves, view in zip(self.autoRangeEnabled(), bounds, self.viewRange(), strict=True):
            if follows is False:
                continue
            if curves is None or not (view[0] <= curves[0] and curves[1] <= view[1]):
                return False
            if curves[1] - curves[0] < _FILLED * (view[1] - view[0]):
                return False
        return True


# A logarithmic axis that can be read when it is short.


class SparseLogAxis(PlainAxis):
    """On a logarithmic scale writes 1, 2 and 5 of each decade: the numbers between would lie over each other."""

    def logTickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        """pyqtgraph calls this. values: logarithms."""
        ticks: list[str] = super().logTickStrings(values, scale, spacing)
        leading = [round(10 ** (value % 1), 3) for value in values]
        return [
            local_digits(tick) if digit in {1, 2, 5, 10} else "" for tick, digit in zip(ticks, leading, strict=True)
        ]

    def resizeEvent(self, event: QGraphicsSceneResizeEvent | None = None) -> None:
        """Qt and pyqtgraph call this; a label longer than the axis goes on in a second line."""
        room, document = self.size().height(), self.label.document()
        option = document.defaultTextOption()
        option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        document.setDefaultTextOption(option)
        self.label.setTextWidth(room if document.idealWidth() > room > 0 else -1)
        super().resizeEvent(event)
