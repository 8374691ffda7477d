"""The three pages of training under one question: the new run, the run that is watched, all runs."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg, plural
from sciapp.records.plan.efforts import effort_of
from sciapp.records.plan.plan import Plan, is_fine_tuning
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.project.run_list import RunList
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.page import EmptyState, PageHeader
from sciapp.ui.words import tr

NEW_RUN, WATCHING, ALL_RUNS = range(3)
_QUESTIONS = (
    (msg("Train a model on your data"), msg("Three choices; SciApp has made a good first one of each.")),
    (msg("Is it learning?"), ""),
    (msg("All runs of this project"), msg("Double-click a run to look at it.")),
)


class TrainingPages(QWidget):
    """Header, tabs, and the page that is chosen."""

    backWanted = Signal()
    runChosen = Signal(str)
    settingsWanted = Signal(str)

    def __init__(self, new_run: QWidget, watching: QWidget, run_bar: QWidget, parent: QWidget | None = None) -> None:
        """run_bar: what can be done to the watched run."""
        super().__init__(parent)
        self._header = PageHeader(*_QUESTIONS[NEW_RUN], self)
        self._back = Button(msg("Back to simple"), self, name="backToSimple", icon="arrow-left")
        self._run_bar = run_bar
        for action in (self._back, run_bar):
            self._header.add_action(action)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("trainingTabs")
        self.tabs.setAccessibleName(tr(msg("Training")))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for _ in range(3):
            self.tabs.addTab("")
        self.runs = RunList(self)
        self._no_runs = EmptyState("activity", msg("Runs that are started stand here, with their scores."), self)
        lists = QStackedWidget(self)
        lists.addWidget(self._no_runs)
        lists.addWidget(self.runs)
        self._lists = lists
        self._stack = QStackedWidget(self)
        for page in (new_run, watching, lists):
            self._stack.addWidget(page)
        self._all_settings, self._watched_text = False, ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MARGIN)
        for part in (self._header, self.tabs, self._stack):
            column.addWidget(part, int(part is self._stack))
        self.tabs.currentChanged.connect(self._show)
        self._back.clicked.connect(self.backWanted)
        self.runs.runChosen.connect(self.runChosen)
        self.runs.settingsWanted.connect(self.settingsWanted)
        self.set_runs([])
        self.set_watched("", None)

    @property
    def page(self) -> int:
        """The page that is shown: NEW_RUN, WATCHING or ALL_RUNS."""
        return self.tabs.currentIndex()

    def show_page(self, page: int) -> None:
        """Show one of NEW_RUN, WATCHING, ALL_RUNS."""
        self.tabs.setCurrentIndex(page)

    def set_all_settings(self, shown: bool) -> None:
        """Whether the new run is shown with all settings."""
        self._all_settings = shown
        self._show(self.page)

    def set_watched(self, name: str, plan: Plan | None) -> None:
        """The run that is watched; an empty name for none."""
        self.tabs.setTabText(WATCHING, tr(msg("Watching: {run}", run=name) if name else msg("Watching")))
        self.tabs.setTabText(NEW_RUN, tr(msg("New run")))
        self._watched_text = _about(name, plan) if name and plan is not None else ""
        self._show(self.page)

    def set_runs(self, runs: list[RunSummary]) -> None:
        self.runs.setRuns(runs)
        self._lists.setCurrentIndex(int(bool(runs)))
        self.tabs.setTabText(ALL_RUNS, tr(msg("All runs ({n})", n=len(runs)) if runs else msg("All runs")))

    def _show(self, page: int) -> None:
        self._stack.setCurrentIndex(page)
        question, sentence = _QUESTIONS[page]
        if page == NEW_RUN and self._all_settings:
            question = msg("All settings of the next run")
            sentence = msg("Whatever is not changed stays at its recommended value.")
        self._header.set_question(question)
        self._header.set_sentence(self._watched_text if page == WATCHING else sentence)
        self._back.setVisible(page == NEW_RUN and self._all_settings)
        self._run_bar.setVisible(page == WATCHING)


def _about(name: str, plan: Plan) -> str:
    """“Run 3 · Normal · molecule-starter on esol-1”."""
    effort = effort_of(plan) if is_fine_tuning(plan) else None
    learns = msg("{model} on {subject}", model=plan.base_text, subject=plan.subject)
    passes = plural("{n:,} pass at most", "{n:,} passes at most", plan.epochs) if plan.epochs else ""
    named = effort.title if effort is not None else ""
    return joined([part for part in (name, named, learns, passes) if part], " · ")
