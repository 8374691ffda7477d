"""The results: how good a model is, where it is wrong, which run is best, and what to do with it."""

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sciapp.actions import results as results_actions
from sciapp.actions.results import RunResults, load_results
from sciapp.i18n import joined, msg, plural
from sciapp.records.plan.kinds import PlanKind
from sciapp.records.read_options import file_filter
from sciapp.records.run.run import Run
from sciapp.records.run.summary import RunSummary, StudySummary
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.results.compare_page import ComparePage
from sciapp.ui.results.next_steps import NextStep
from sciapp.ui.results.panel import COMPARE, OVERVIEW, ROWS, RUNS, ResultsPanel
from sciapp.ui.results.predict import FilePrediction
from sciapp.ui.results.result_list import NO_PROJECT, NO_RUN
from sciapp.ui.results.runs_page import RunPicker, RunsPage
from sciapp.ui.session import Session
from sciapp.ui.widgets.bars import BusyBar, SavedBar
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.file_dialogs import ask_for_file, ask_where
from sciapp.ui.widgets.page import PageHeader
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_QUESTIONS = (
    msg("How good is it?"),
    msg("Where is it wrong?"),
    msg("Which run is best?"),
    msg("What was tried?"),
)
_SENTENCES = {
    COMPARE: msg("Runs of one dataset beside each other, on the same axis."),
    RUNS: msg("Every run with a result. A right-click on a column’s head chooses the columns."),
}
_FOLD_OUT = msg("Fold the study out to see the results of its runs.")


class ResultsTab(QWidget):
    """A question on top with the run that is looked at, below the pages of its result and of all runs."""

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._run: RunSummary | None = None
        self._study: StudySummary | None = None  # shown in place of a run
        self._loading, self._working = LatestQuery(self), LatestQuery(self)
        self._prediction = FilePrediction(self)
        self.runs_page, self.panel = RunsPage(self), ResultsPanel(self)
        self.compare_page = ComparePage(self)
        self.runs = self.runs_page.list
        self.busy = BusyBar("results", self)
        self.header = PageHeader(_QUESTIONS[OVERVIEW], "", self)
        self.picker = RunPicker(self)
        self.report_button = Button(
            msg("&Report…"), self, icon="file-text", name="exportReport", help=msg("Save an HTML page about this run.")
        )
        self.predict_button = Button(
            msg("&Predict a file…"),
            self,
            kind="primary",
            icon="flask-conical",
            name="predictFile",
            help=msg("Apply this model to the rows of a table."),
        )
        self.save_button = Button(
            msg("&Save predictions…"),
            self,
            kind="primary",
            icon="save",
            name="savePredictions",
            help=msg("Save the file with its predictions."),
        )
        self.saved = SavedBar(self)
        self._lay_out()
        self._connect()
        self._show_nothing()

    # --- what the menus call as well ------------------------------------------------------------------------------

    def export_report(self) -> None:
        """Ask where to save the report of the chosen run."""
        project, run = self._session.project, self._run
        if project is None or run is None or not self.report_button.isEnabled():
            return
        proposed = results_actions.report_file(project=project, run_id=run.id)
        title = msg("Export the report of run {id}", id=run.id)
        ask_where(self, "saveResultDialog", title, proposed, lambda out: self.save_report(out, run.id))

    def predict(self) -> None:
        """Ask which file to predict. The model stays the one that was chosen, whatever is shown meanwhile."""
        run = self._run
        if run is None or not self.predict_button.isEnabled():
            return
        title, kinds = msg("Predict a file with run {id}", id=run.id), file_filter(msg("Tables, sequences, molecules"))
        ask_for_file(self, "predictFileDialog", title, kinds, lambda path: self.predict_file(path, run.id))

    def save_report(self, out: Path, run_id: str = "") -> None:
        """Build the report of a run, the one that is shown unless another is named, at `out`."""
        project, id = self._session.project, run_id or (self._run.id if self._run else "")
        if project is None or not id or self._busy():
            return
        self._begin(msg("Building the report…"))
        self._working.ask(
            lambda progress: results_actions.build_report(project=project, run_id=id, out=out, progress=progress),
            self._show_saved,
        )

    def predict_file(self, file: Path, run_id: str = "") -> None:
        """Apply the model of a run, the one that is shown unless another is named, to `file`."""
        project, id = self._session.project, run_id or (self._run.id if self._run else "")
        if project is None or not id or self._busy():
            return
        self._begin(msg("Predicting “{name}” with run {id}…", name=file.name, id=id))
        self._prediction.begin(project, id, file)

    def save_predictions(self, run: Run, out: Path) -> None:
        """Write the table of a prediction run."""
        project = self._session.project
        if project is None or self._busy():
            return
        self._begin(msg("Saving the predictions…"))
        self._working.ask(
            lambda progress: results_actions.export_predictions(
                project=project, run_id=run.id, out=out, progress=progress
            ),
            lambda written: self._show_saved(written.file),
        )

    # --- what happens ---------------------------------------------------------------------------------------------

    def _runs_changed(self, runs: list[RunSummary]) -> None:
        self.runs.setRuns(runs)
        listed = [
            summary for summary in reversed(runs) if summary.standing.has_model
        ]  # whatever the list is filtered by
        self.picker.setRuns(listed)
        self.compare_page.set_runs(self._session.project, listed)
        self._forget_deleted()
        if self._study is not None and (study := self.runs.study(self._study.id)) is not None:
            self._show_study(study)
            return
        wanted = self._session.selected_run or (self._run.id if self._run else "")
        now = self.runs.summary(wanted)
        if now is None and self._run is None and listed:
            now = listed[0]
        if now is not None and now != self._run:
            self._show(now)

    def _forget_deleted(self) -> None:
        """Empty the page if the run or the study on it is no longer there."""
        run, study = self._run, self._study
        run_is_gone = run is not None and self.runs.summary(run.id) is None
        study_is_gone = study is not None and self.runs.study(study.id) is None
        if run_is_gone or study_is_gone:
            self._loading.drop()
            self._run = self._study = None
            self._show_header()
            self.panel.clear()
            self._show_actions()

    def _run_selected(self, id: str) -> None:
        if not self.isVisible():  # chosen on another page: the answer comes first
            self.panel.tabs.setCurrentIndex(OVERVIEW)
        summary = self.runs.summary(id)
        if summary is not None and (self._run is None or summary != self._run):
            self._show(summary)

    def _show(self, summary: RunSummary) -> None:
        project = self._session.project
        if project is None:
            return
        self._run, self._study = summary, None
        self.runs.select(summary.id)
        self.picker.select(summary.id)
        self._show_header()
        self._show_actions()
        id = summary.id
        self._loading.ask(lambda _: load_results(project.run(id)), self._loaded)

    def _study_chosen(self, id: str) -> None:
        if (study := self.runs.study(id)) is not None:
            self._show_study(study)

    def _show_study(self, study: StudySummary) -> None:
        """Its sum; scores, picture and rows are those of its runs."""
        self._loading.drop()
        self._run, self._study = None, study
        self._show_header()
        self.panel.clear(joined((study.text, _FOLD_OUT), "\n\n"))
        self._show_actions()

    def _loaded(self, results: RunResults) -> None:
        if self._run is not None and results.run.id == self._run.id:
            self.panel.show_results(results, self._steps(results))

    def _load_failed(self, error: BaseException) -> None:
        self.panel.clear(msg("The results of this run cannot be read."))
        self._messages.error(error, self)

    def _predicted(self, run: Run) -> None:
        self._end()
        self._session.refresh()
        self._session.select_run(run.id)
        self._messages.inform(msg("Predicted: run {id}. Choose where to save the table.", id=run.id))
        self._ask_to_save(run)

    def _ask_to_save(self, run: Run) -> None:
        file = Path(getattr(run.plan(), "file", run.id))
        proposed = file.with_name(f"{tr(msg('{file} predicted', file=file.stem))}.csv")
        ask_where(
            self, "saveResultDialog", msg("Save predictions"), proposed, lambda out: self.save_predictions(run, out)
        )

    def _save_chosen(self) -> None:
        project = self._session.project
        if project is not None and self._run is not None:
            self._ask_to_save(project.run(self._run.id))

    def _show_nothing(self) -> None:
        self._loading.drop()
        self._working.drop()
        self._prediction.leave()
        self._run = self._study = None
        self._show_header()
        self.panel.clear()
        self._end()
        self.saved.clear()

    def _project_changed(self) -> None:
        self.runs.setRuns([])
        self.picker.setRuns([])
        self.compare_page.set_runs(None, [])
        self.runs.placeholder = NO_PROJECT if self._session.project is None else NO_RUN
        self._show_nothing()

    # --- what is next ---------------------------------------------------------------------------------------------

    def _steps(self, results: RunResults) -> list[NextStep]:
        """Three that lead somewhere, by how good the model is."""
        overview = results.overview
        if overview is None:
            return []
        again = NextStep(
            "trainAgain",
            "refresh-cw",
            msg("Train again"),
            msg("with these settings as a start"),
            lambda: self._train_again(results.run.id),
        )
        worst = NextStep(
            "seeWorstRows",
            "zoom-in",
            plural("See the {n:,} worst row", "See the {n:,} worst rows", len(overview.far_off))
            if overview.far_off
            else msg("See the rows"),
            msg("wrong model or wrong measurement?"),
            lambda: self._see_rows(overview.far_off),
        )
        predict = NextStep(
            "predictNext", "flask-conical", msg("Predict a file"), msg("rows whose answer is not known"), self.predict
        )
        report = NextStep(
            "reportNext", "file-text", msg("Make the report"), msg("scores, figures, methods"), self.export_report
        )
        data = NextStep(
            "lookAtData",
            "table-2",
            msg("Look at the data"),
            msg("what stands out, how it is divided"),
            lambda: self._session.tabRequested.emit("data"),
        )
        by_light = {"good": [predict, worst, report], "bad": [again, worst, data]}
        return by_light.get(overview.judgement.light, [again, worst, predict])

    def _train_again(self, id: str) -> None:
        self._session.request_settings(id)

    def _see_rows(self, lines: tuple[int, ...]) -> None:
        self.panel.tabs.setCurrentIndex(ROWS)
        self.panel.rows.choose(lines)

    def _show_header(self) -> None:
        """The question of the page that is looked at, and what it is asked of."""
        page = self.panel.tabs.currentIndex()
        self.header.set_question(_QUESTIONS[page])
        if page == COMPARE:
            self.compare_page.look()
        summary, study = self._run, self._study
        sentence: str = ""
        if page in {COMPARE, RUNS}:
            sentence = _SENTENCES[page]
        elif study is not None:
            sentence = study.title
        elif summary is not None:
            ended = f"{summary.ended.astimezone():%Y-%m-%d %H:%M}" if summary.ended is not None else ""
            sentence = joined([summary.display_name, summary.title, ended], " · ")
        self.header.set_sentence(sentence)

    # --- long actions ---------------------------------------------------------------------------------------------

    def _busy(self) -> bool:
        return self._working.busy or self._prediction.busy

    def _begin(self, text: str) -> None:
        self.saved.setVisible(False)
        self.busy.begin(text)
        self._show_actions()

    def _end(self) -> None:
        self.busy.end()
        self._show_actions()

    def _cancel(self) -> None:
        self._working.cancel()
        self._prediction.cancel()

    def _cancelled(self) -> None:
        self._end()
        self._session.refresh()
        self._messages.inform(msg("Cancelled."))

    def _failed(self, error: BaseException) -> None:
        self._end()
        self._messages.error(error, self)

    def _show_saved(self, out: Path) -> None:
        self._end()
        self.saved.show_saved(out)
        self._messages.inform(msg("Saved {file}", file=out))

    def _show_actions(self) -> None:
        facts = self._run.facts if self._run is not None else PlanKind
        evaluated, predicted = facts.is_evaluated, facts.predicts_file
        free, writable = not self.busy.busy, not self._session.read_only
        self.report_button.setEnabled(evaluated and free)
        self.predict_button.setEnabled(evaluated and free and writable)
        self.predict_button.setVisible(not predicted)
        self.save_button.setVisible(predicted)
        self.save_button.setEnabled(free)

    # --- plumbing -------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        session = self._session
        session.projectOpened.connect(self._project_changed)
        session.projectClosed.connect(self._project_changed)
        session.runsChanged.connect(self._runs_changed)
        session.runSelected.connect(self._run_selected)
        self.runs.runChosen.connect(session.select_run)
        self.picker.runChosen.connect(session.select_run)
        self.panel.tabs.currentChanged.connect(lambda _: self._show_header())
        self.panel.startWanted.connect(lambda: session.tabRequested.emit("training"))
        self.runs.studyChosen.connect(self._study_chosen)
        self.runs.settingsWanted.connect(session.request_settings)
        self.report_button.clicked.connect(self.export_report)
        self.predict_button.clicked.connect(self.predict)
        self.save_button.clicked.connect(self._save_chosen)
        self.busy.cancelRequested.connect(self._cancel)
        self.panel.failed.connect(self._failed)
        self.compare_page.failed.connect(self._failed)
        self._loading.failed.connect(self._load_failed)
        for source in (self._working, self._prediction):
            source.progressed.connect(self.busy.show_progress)
            source.failed.connect(self._failed)
            source.cancelled.connect(self._cancelled)
        self._prediction.predicted.connect(self._predicted)

    def _lay_out(self) -> None:
        self.panel.add_page(self.compare_page, msg("Compare runs"))
        self.panel.add_page(self.runs_page, msg("All runs"))
        for part in (self.picker, self.report_button, self.save_button, self.predict_button):
            self.header.add_action(part)
        theme.set_ground(self, "page")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PAGE_MARGIN, theme.PAGE_TOP, theme.PAGE_MARGIN, theme.GAP)
        layout.setSpacing(theme.MARGIN)
        for line in (self.header, self.busy, self.saved):
            layout.addWidget(line)
        layout.addWidget(self.panel, 1)
