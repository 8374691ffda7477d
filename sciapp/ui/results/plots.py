"""The picture of an evaluation: a parity plot of numbers, a confusion matrix of classes, ROC curves of yes and no."""

from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from sciapp.actions.prediction_rows import PointDetails
from sciapp.actions.results import POINTS_DRAWN
from sciapp.actions.tables import Parity
from sciapp.i18n import joined, msg, term
from sciapp.records.run.evaluation import Confusion, Curve
from sciapp.ui.results.point_card import PointCard
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.plots.style import Square
from sciapp.ui.words import tr

_NOTHING = msg("No picture for this run: it has no measured values to compare with.")


class PlotPane(QWidget):
    """The plot library is loaded when something is first drawn; that takes a while.

    chosen: lines of the points that were chosen. cellChosen: measured and predicted class.
    """

    chosen = Signal(list)
    cellChosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parities: tuple[Parity, ...] = ()
        self._rows, self._far_off = 0, frozenset[int]()
        self._details: dict[int, PointDetails] = {}
        self._domain = ""
        self._card: PointCard | None = None
        self.parity: QWidget | None = None
        self.confusion: QWidget | None = None
        self.roc: QWidget | None = None
        self._target = QComboBox(self)
        self._target.setObjectName("parityTarget")
        self._target.setAccessibleName(tr(msg("Target")))
        self._target.setToolTip(tr(msg("Which of the measured values the plot shows.")))
        self._summary = TextLabel("", self, type="caption", tone="caption", wrap=True, name="plotText")
        self._reset = Button(msg("Show everything"), self, kind="quiet", dense=True, name="resetPlot")
        self._reset.setToolTip(tr(msg("Undo every zoom. The wheel zooms, dragging chooses rows.")))
        self._reset.clicked.connect(self._show_all)
        self._empty = QLabel(tr(_NOTHING), self)
        self._empty.setWordWrap(True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._target.currentIndexChanged.connect(self._show_target)
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
        top.addWidget(self._target)
        top.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self.clear()

    def clear(self) -> None:
        self._parities = ()
        self._details = {}
        if self._card is not None:
            self._card.hide()
        self._target.setVisible(False)
        self._reset.setVisible(False)
        self._summary.clear()
        self._stack.setCurrentWidget(self._empty)

    def show_parities(
        self,
        parities: Sequence[Parity],
        rows: int,
        *,
        details: dict[int, PointDetails] | None = None,
        far_off: Collection[int] = (),
        domain: str = "",
    ) -> None:
        """rows: how many there are in all, of which the points may be a sample. details: line → its row."""
        chosen = self._target.currentText()
        self._parities, self._rows = tuple(parities), rows
        self._details, self._far_off, self._domain = details or {}, frozenset(far_off), domain
        blocked = self._target.blockSignals(True)
        self._target.clear()
        self._target.addItems([parity.target for parity in parities])
        self._target.setCurrentIndex(max(0, self._target.findText(chosen)))
        self._target.blockSignals(blocked)
        self._target.setVisible(len(parities) > 1)
        self._reset.setVisible(True)
        self._show_target()

    def choose(self, lines: Collection[int]) -> None:
        """Ring the points of these rows."""
        if self.parity is not None and self._parities:
            self.parity.choose(lines)  # type: ignore[attr-defined]

    def show_confusion(self, confusion: Confusion) -> None:
        from sciapp.ui.widgets.plots.confusion import ConfusionPlot

        if not isinstance(self.confusion, ConfusionPlot):
            self.confusion = ConfusionPlot(self)
            self.confusion.chosen.connect(self.cellChosen)
            self._confusion_page = Square(self.confusion, self)
            self._stack.addWidget(self._confusion_page)
        self._target.setVisible(False)
        self._reset.setVisible(False)
        rows = sum(map(sum, confusion.counts))
        counted = msg("{rows:,} test rows. Tinted by the share of the measured class.", rows=rows)
        if confusion.counted != "rows":
            counted = msg(
                "{count:,} {units} of the test rows. Tinted by the share of the measured class.",
                count=rows,
                units=term(confusion.counted),
            )
        self._summary.setText(tr(counted))
        self.confusion.show_confusion(confusion)
        self._stack.setCurrentWidget(self._confusion_page)

    def show_roc(self, curves: Sequence[Curve]) -> None:
        from sciapp.ui.widgets.plots.roc import RocPlot

        if not isinstance(self.roc, RocPlot):
            self.roc = RocPlot(self)
            self._roc_page = Square(self.roc, self)
            self._stack.addWidget(self._roc_page)
        self._target.setVisible(False)
        self._reset.setVisible(False)
        self._summary.setText(
            tr(msg("Test rows, one curve a target. The dashed line is chance; the corner on top left is perfect."))
        )
        self.roc.show_curves(curves)
        self._stack.setCurrentWidget(self._roc_page)

    def _show_target(self) -> None:
        from sciapp.ui.widgets.plots.parity import ParityPlot

        index = self._target.currentIndex()
        if not 0 <= index < len(self._parities):
            return
        if not isinstance(self.parity, ParityPlot):
            self.parity = ParityPlot(self)
            self.parity.chosen.connect(self.chosen)
            self.parity.pointedAt.connect(self._point_at)
            self._card = PointCard(self.window())  # of which no plot is too small for it
            self._parity_page = Square(self.parity, self)
            self._stack.addWidget(self._parity_page)
        parity = self._parities[index]
        drawn, several = len(parity.measured), len(self._parities) > 1
        points = msg("{rows:,} test rows", rows=drawn)
        if self._thinned(drawn):
            points = msg(
                "A random {drawn:,} of {rows:,} test rows",
                drawn=drawn,
                rows=self._rows,
            )
        far = () if several else self._far_off
        mark = msg("◆ {n:,} off by more than twice the typical miss", n=len(far)) if far else ""
        self._summary.setText(tr(joined((points, mark, msg("drag to choose rows")), " · ")))
        self.parity.show_points(parity.measured, parity.predicted, parity.target, parity.lines, far)
        if self._card is not None:
            self._card.set_domain(self._domain)
            self._card.hide()
        self._stack.setCurrentWidget(self._parity_page)

    def _point_at(self, line: int) -> None:
        from sciapp.ui.widgets.plots.parity import ParityPlot

        if self._card is None or not isinstance(self.parity, ParityPlot):
            return
        point, at = self._details.get(line), self.parity.position_of(line)
        if line < 0 or at is None:
            self._card.hide()
            return
        parity = self._parities[self._target.currentIndex()]
        row = int(np.flatnonzero(parity.lines == line)[0])
        self._card.show_point(
            point or PointDetails(line, "", ""),
            float(parity.measured[row]),
            float(parity.predicted[row]),
            far_off=line in self._far_off,
            at=self.parity.mapTo(self.window(), at.toPoint()),
        )

    def _show_all(self) -> None:
        if self.parity is not None:
            self.parity.show_all()  # type: ignore[attr-defined]

    def _thinned(self, drawn: int) -> bool:
        return drawn >= POINTS_DRAWN and self._rows > drawn
