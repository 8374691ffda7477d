"""The Results tab: which run is best, how good it is, and what to do with it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from sciapp.actions import results as results_actions
from sciapp.actions.results import RunResults, load_results
from sciapp.i18n import joined, msg
from sciapp.records.plan.kinds import PlanKind
from sciapp.records.read_options import file_filter
from sciapp.records.run.run import Run
from sciapp.records.run.summary import RunSummary, StudySummary
from sciapp.ui.messages import Messages
from sciapp.ui.results.panel import ResultsPanel
from sciapp.ui.results.predict import FilePrediction
from sciapp.ui.results.result_list import NO_PROJECT, NO_RUN, ResultList
from sciapp.ui.session import Session
from sciapp.ui.widgets.bars import BusyBar, SavedBar
from sciapp.ui.widgets.file_dialogs import ask_for_file, ask_where
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_FOLD_OUT = msg("Fold the study out to see the results of its runs.")


class ResultsTab(QWidget):
    """Above the runs, below the results of the one that is chosen."""

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._run: RunSummary | None = None
        self._study: StudySummary | None = None  # shown in place of a run
        self._loading, self._working = LatestQuery(self), LatestQuery(self)
        self._prediction = FilePrediction(self)
        self.runs, self.panel = ResultList(self), ResultsPanel(self)
        self.busy = BusyBar("results", self)
        self._title = QLabel(self)
        self._title.setObjectName("resultTitle")
        self.report_button = self._button(
            msg("Export &report…"), "exportReport", msg("Save an HTML page about this run.")
        )
        self.predict_button = self._button(
            msg("&Predict a file…"), "predictFile", msg("Apply this model to the rows of a table.")
        )
        self.save_button = self._button(
            msg("&Save predictions…"), "savePredictions", msg("Save the file with its predictions.")
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
        if self._study is not None and (study := self.runs.study(self._study.id)) is not None:
            self._show_study(study)
            return
        wanted = self._session.selected_run or (self._run.id if self._run else "")
        now = self.runs.summary(wanted)
        if now is None and self._run is None and (ids := self.runs.ids()):
            now = self.runs.summary(ids[0])
        if now is not None and now != self._run:
            self._show(now)

    def _run_selected(self, id: str) -> None:
        summary = self.runs.summary(id)
        if summary is not None and (self._run is None or summary != self._run):
            self._show(summary)

    def _show(self, summary: RunSummary) -> None:
        project = self._session.project
        if project is None:
            return
        self._run, self._study = summary, None
        self.runs.select(summary.id)
        about = [part for part in (summary.id, *summary.title.split(" · ")[1:]) if part]
        self._title.setText(tr(joined(about, " · ")))
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
        self._title.setText(tr(study.title))
        self.panel.clear(joined((study.text, _FOLD_OUT), "\n\n"))
        self._show_actions()

    def _loaded(self, results: RunResults) -> None:
        if self._run is not None and results.run.id == self._run.id:
            self.panel.show_results(results)

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
        self._title.clear()
        self.panel.clear()
        self._end()
        self.saved.clear()

    def _project_changed(self) -> None:
        self.runs.setRuns([])
        self.runs.placeholder = NO_PROJECT if self._session.project is None else NO_RUN
        self._show_nothing()

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
        self.runs.studyChosen.connect(self._study_chosen)
        self.runs.settingsWanted.connect(session.request_settings)
        self.report_button.clicked.connect(self.export_report)
        self.predict_button.clicked.connect(self.predict)
        self.save_button.clicked.connect(self._save_chosen)
        self.busy.cancelRequested.connect(self._cancel)
        self.panel.failed.connect(self._failed)
        self._loading.failed.connect(self._load_failed)
        for source in (self._working, self._prediction):
            source.progressed.connect(self.busy.show_progress)
            source.failed.connect(self._failed)
            source.cancelled.connect(self._cancelled)
        self._prediction.predicted.connect(self._predicted)

    def _button(self, text: str, name: str, help: str) -> QPushButton:
        button = QPushButton(tr(text), self)
        button.setObjectName(name)
        button.setAccessibleName(tr(text).replace("&", "").replace("…", ""))
        button.setToolTip(tr(help))
        return button

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.addWidget(self._title, 1)
        for part in (self.save_button, self.predict_button, self.report_button):
            tools.addWidget(part)
        lower = QWidget(self)
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(tools)
        column.addWidget(self.busy)
        column.addWidget(self.saved)
        column.addWidget(self.panel, 1)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self.runs)
        splitter.addWidget(lower)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 3)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([150, 520])
        layout = QVBoxLayout(self)
        layout.addWidget(splitter)
