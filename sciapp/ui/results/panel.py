"""The results of one run: scores, picture, predictions row by row."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from sciapp.actions.results import RunResults
from sciapp.i18n import msg
from sciapp.ui.results.plots import PlotPane
from sciapp.ui.results.scores import ScoresPane
from sciapp.ui.widgets.tables.view import TableView
from sciapp.ui.words import tr


class ResultsPanel(QWidget):
    """Takes RunResults. The picture is drawn when it is first looked at."""

    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results: RunResults | None = None
        self._undrawn = False
        self._hint = QLabel("", self)
        self._hint.setObjectName("resultsHint")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.scores, self.plot = ScoresPane(self), PlotPane(self)
        self.table = TableView("predictionRows", msg("Predictions, row by row"), msg("No predictions were kept."), self)
        self._counted = QLabel(self)
        self._counted.setObjectName("predictionCount")
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("resultTabs")
        self.tabs.setAccessibleName(tr(msg("Parts of the results")))
        self.tabs.setDocumentMode(True)
        for part, text in ((self.scores, msg("Scores")), (self.plot, msg("Plot")), (self._rows(), msg("Predictions"))):
            self.tabs.addTab(part, tr(text))
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.tabs.currentChanged.connect(self._draw)
        self.table.failed.connect(self.failed)
        self.table.busyChanged.connect(self._count)

    @property
    def run(self) -> str:
        """The id of the run whose results are shown, empty where there is none."""
        return "" if self._results is None else self._results.run.id

    def clear(self, hint: str = "") -> None:
        self._results, self._undrawn = None, False
        self._hint.setText(tr(hint))
        self.scores.clear()
        self.plot.clear()
        self.table.showSource(None)
        self._stack.setCurrentWidget(self._hint)

    def show_results(self, results: RunResults) -> None:
        self._results, self._undrawn = results, True
        judged = results.evaluation is not None
        for tab in (0, 1):
            self.tabs.setTabVisible(tab, judged)
        if results.evaluation is not None:
            self.scores.show_evaluation(results.evaluation, results.folds)
        self.tabs.setTabText(2, tr(msg("Predictions") if results.plan.predicts_file else msg("Test predictions")))
        self.table.showSource(results.predictions)
        self._count("")
        if not judged and results.predictions is None:
            learnt = results.learnt
            hint = msg("This run has neither scores nor predictions.")
            if learnt:
                hint = msg(
                    "{learnt}\n\n{verdict}\n\nChoose this run as the model of a training to make use of it.",
                    learnt=learnt,
                    verdict=learnt.verdict,
                )
            self.clear(hint)
            return
        self._stack.setCurrentWidget(self.tabs)
        self._draw()

    def _draw(self) -> None:
        if not self._undrawn or self._results is None or self.tabs.currentWidget() is not self.plot:
            return
        self._undrawn = False
        evaluation = self._results.evaluation
        if evaluation is not None and evaluation.confusion is not None:
            self.plot.show_confusion(evaluation.confusion)
        elif any(len(parity.measured) for parity in self._results.parities):
            self.plot.show_parities(self._results.parities, self._results.points)
        elif evaluation is not None and evaluation.roc:
            self.plot.show_roc(evaluation.roc)
        else:
            self.plot.clear()

    def _count(self, busy: str) -> None:
        rows = self.table.items.rowCount()
        self._counted.setText(tr(busy or msg("{rows:,} rows. Click a column's head to sort by it.", rows=rows)))

    def _rows(self) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout()
        row.addWidget(self._counted, 1)
        layout = QVBoxLayout(page)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        return page
