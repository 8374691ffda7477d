"""The picture of an evaluation: a parity plot of numbers, a confusion matrix of classes, ROC curves of yes and no."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from sciapp.actions.results import POINTS_DRAWN
from sciapp.actions.tables import Parity
from sciapp.i18n import msg, term
from sciapp.records.run.evaluation import Confusion, Curve
from sciapp.ui.widgets.plots.style import Square
from sciapp.ui.words import tr

_NOTHING = msg("No picture for this run: it has no measured values to compare with.")


class PlotPane(QWidget):
    """The plot library is loaded when something is first drawn; that takes a while."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parities: tuple[Parity, ...] = ()
        self._rows = 0
        self.parity: QWidget | None = None
        self.confusion: QWidget | None = None
        self.roc: QWidget | None = None
        self._target = QComboBox(self)
        self._target.setObjectName("parityTarget")
        self._target.setAccessibleName(tr(msg("Target")))
        self._target.setToolTip(tr(msg("Which of the measured values the plot shows.")))
        self._summary = QLabel(self)
        self._summary.setObjectName("plotText")
        self._empty = QLabel(tr(_NOTHING), self)
        self._empty.setWordWrap(True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._target.currentIndexChanged.connect(self._show_target)
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
        top.addWidget(self._target)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self.clear()

    def clear(self) -> None:
        self._parities = ()
        self._target.setVisible(False)
        self._summary.clear()
        self._stack.setCurrentWidget(self._empty)

    def show_parities(self, parities: Sequence[Parity], rows: int) -> None:
        """rows: how many there are in all, of which the points may be a sample."""
        chosen = self._target.currentText()
        self._parities, self._rows = tuple(parities), rows
        blocked = self._target.blockSignals(True)
        self._target.clear()
        self._target.addItems([parity.target for parity in parities])
        self._target.setCurrentIndex(max(0, self._target.findText(chosen)))
        self._target.blockSignals(blocked)
        self._target.setVisible(len(parities) > 1)
        self._show_target()

    def show_confusion(self, confusion: Confusion) -> None:
        from sciapp.ui.widgets.plots.confusion import ConfusionPlot

        if not isinstance(self.confusion, ConfusionPlot):
            self.confusion = ConfusionPlot(self)
            self._confusion_page = Square(self.confusion, self)
            self._stack.addWidget(self._confusion_page)
        self._target.setVisible(False)
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
            self._parity_page = Square(self.parity, self)
            self._stack.addWidget(self._parity_page)
        parity = self._parities[index]
        drawn = len(parity.measured)
        points = msg("{rows:,} test rows. On the dashed line, prediction and measurement agree.", rows=drawn)
        if self._thinned(drawn):
            points = msg(
                "A random {drawn:,} of {rows:,} test rows. On the dashed line, prediction and measurement agree.",
                drawn=drawn,
                rows=self._rows,
            )
        self._summary.setText(tr(points))
        self.parity.show_points(parity.measured, parity.predicted, parity.target)
        self._stack.setCurrentWidget(self._parity_page)

    def _thinned(self, drawn: int) -> bool:
        return drawn >= POINTS_DRAWN and self._rows > drawn
