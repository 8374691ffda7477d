"""A view that follows growing curves without moving at every point."""

import pyqtgraph as pg

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
        """Whether every axis that follows the curves holds them, and not much else."""
        bounds = self.childrenBounds()
        for follows, curves, view in zip(self.autoRangeEnabled(), bounds, self.viewRange(), strict=True):
            if follows is False:
                continue
            if curves is None or not (view[0] <= curves[0] and curves[1] <= view[1]):
                return False
            if curves[1] - curves[0] < _FILLED * (view[1] - view[0]):
                return False
        return True
