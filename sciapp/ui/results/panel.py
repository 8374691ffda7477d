"""The pages of a result: at a glance, plot and table; the pages that compare runs are added by the tab."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from sciapp.actions.results import RunResults
from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.results.next_steps import NextStep
from sciapp.ui.results.overview import OverviewPage
from sciapp.ui.results.plots import PlotPane
from sciapp.ui.results.rows_page import RowsPage
from sciapp.ui.results.scores import ScoresPane
from sciapp.ui.widgets.page import EmptyState
from sciapp.ui.widgets.tables.view import TableView
from sciapp.ui.words import tr

OVERVIEW, ROWS, COMPARE, RUNS = range(4)


class ResultsPanel(QWidget):
    """Takes RunResults."""

    failed = Signal(object)  # SciAppError
    startWanted = Signal()  # there is no result yet: a training is to be begun

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results: RunResults | None = None
        self._hint = QLabel("", self)
        self._hint.setObjectName("resultsHint")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty = EmptyState(
            "target",
            msg("The first finished training appears here: how good it is, where it is wrong, and what to do next."),
            self,
            title=msg("No result yet"),
            button=msg("Start a training"),
            name="startFirstTraining",
        )
        self.empty.requested.connect(self.startWanted)
        self.overview, self.rows = OverviewPage(self), RowsPage(self)
        self._first = QStackedWidget(self)
        for part in (self.empty, self._hint, self.overview):
            self._first.addWidget(part)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("resultTabs")
        self.tabs.setAccessibleName(tr(msg("Parts of the results")))
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._page(self._first), tr(msg("Overview")))
        self.tabs.addTab(self._page(self.rows), tr(msg("Plot and table")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.tabs.currentChanged.connect(self._look)
        self.rows.failed.connect(self.failed)
        self.clear()

    @property
    def run(self) -> str:
        """The id of the run whose results are shown, empty where there is none."""
        return "" if self._results is None else self._results.run.id

    @property
    def results(self) -> RunResults | None:
        return self._results

    @property
    def scores(self) -> ScoresPane:
        return self.overview.scores

    @property
    def plot(self) -> PlotPane:
        return self.rows.plot

    @property
    def table(self) -> TableView:
        return self.rows.table

    def add_page(self, page: QWidget, title: str) -> None:
        self.tabs.addTab(self._page(page), tr(title))

    def clear(self, hint: str = "") -> None:
        """hint: instead of a result; empty: there is none yet."""
        self._results = None
        self._hint.setText(tr(hint))
        self.overview.clear()
        self.rows.clear()
        self.tabs.setTabEnabled(ROWS, False)
        self._first.setCurrentWidget(self._hint if hint else self.empty)

    def show_results(self, results: RunResults, steps: Sequence[NextStep] = ()) -> None:
        judged = results.evaluation is not None
        if not judged and results.predictions is None:
            self.clear(_unjudged(results))
            self._results = results
            return
        self._results = results
        self.tabs.setTabEnabled(ROWS, results.predictions is not None)
        self.rows.show_results(results)
        if judged:
            self.overview.show_results(results, steps)
            self._first.setCurrentWidget(self.overview)
        else:
            self._hint.setText(tr(msg("This run predicted a file: its rows are in the table.")))
            self._first.setCurrentWidget(self._hint)
            if self.tabs.currentIndex() == OVERVIEW:
                self.tabs.setCurrentIndex(ROWS)
        self._look(self.tabs.currentIndex())

    def _look(self, index: int) -> None:
        if index == ROWS:
            self.rows.draw_plot()

    def _page(self, content: QWidget) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, theme.GAP, 0, 0)
        layout.addWidget(content)
        return page


def _unjudged(results: RunResults) -> str:
    """What a run without scores and predictions came to."""
    learnt = results.learnt
    if not learnt:
        return msg("This run has neither scores nor predictions.")
    return msg(
        "{learnt}\n\n{verdict}\n\nChoose this run as the model of a training to make use of it.",
        learnt=learnt,
        verdict=learnt.verdict,
    )
