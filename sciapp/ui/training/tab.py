"""The Training page: set up the next run, watch one, see all of them."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sciapp.actions import command_line as commands
from sciapp.actions import models as models_actions
from sciapp.actions import runs as runs_actions
from sciapp.actions import training as training_actions
from sciapp.errors import SciAppError
from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.machine.queue_view import EntryStatus, QueueView
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.studies.registry import follows_when_stopped
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.checkpoints import stored_checkpoints
from sciapp.records.run.events import Event
from sciapp.records.run.preflight import Preflight
from sciapp.records.run.run import Outcome, Run, RunStatus, usual_name
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.forms.settings_editor import SettingsPart
from sciapp.ui.messages import Messages
from sciapp.ui.queue.strip import QueueStrip
from sciapp.ui.session import Session
from sciapp.ui.training.all_settings import AllSettings
from sciapp.ui.training.continue_dialog import ContinueDialog
from sciapp.ui.training.controllers import (
    AugmentationController,
    LoadController,
    PreflightController,
    VariationController,
    design_of,
    why_not,
)
from sciapp.ui.training.monitor.panel import RunPanel
from sciapp.ui.training.new_run.forecast import ForecastController, times_of_efforts
from sciapp.ui.training.new_run.next_run import NextRunCard
from sciapp.ui.training.new_run.page import NewRunPage, SimplePage
from sciapp.ui.training.pages import NEW_RUN, WATCHING, TrainingPages
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.training.presets import PresetController
from sciapp.ui.training.pretrain_editor import PretrainEditor
from sciapp.ui.training.start_bar import ClickGuard, RunBar, StartBar
from sciapp.ui.widgets.command_line import CommandLine
from sciapp.ui.widgets.layout import CollapsibleSection
from sciapp.workers.query import Answer, Query, Work
from sciapp.workers.run_worker import RunWorker
from sciapp.workers.standby_watch import StandbyWatch


class TrainingTab(QWidget):
    """The next run, dashed because it does not exist yet; the run that is watched: the one just started, or one chosen
    from the list; all runs."""

    def __init__(
        self,
        session: Session,
        messages: Messages,
        parent: QWidget | None = None,
        *,
        standby: StandbyWatch | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._in_turn = runs_actions.Start(hand_over=standby.hand_over if standby is not None else None)
        self._worker: RunWorker | None = None
        self._watched: Run | None = None
        self._standing: RunStatus | None = None
        self._seen_on = False
        self._ended_by_hand = False
        self._queries: list[Query] = []
        self._pretrained: list[str] = []
        self._over_before: set[str] = set()
        self.editor = TrainPlanEditor(self)
        self.augmenting = AugmentationController(session, self.editor, self)
        self.checking = PreflightController(session, self.editor, self)
        self.pretraining = PretrainEditor(self)
        self.command_line = CommandLine(self)
        self.variation = VariationController(session, messages, (self.editor, self.pretraining), self)
        guard = ClickGuard()
        self.start_bar, self.run_bar = StartBar(guard, self), RunBar(guard, self)
        self.queue_strip = QueueStrip(self)
        self.panel = RunPanel(self)
        self._load = LoadController(self.panel.load, self)
        self.forecast = ForecastController(session, self)
        self.simple = SimplePage(self.editor, self)
        self.presets = PresetController(session, messages, self.editor, self)
        self.next_run = NextRunCard(self.start_bar, self.queue_strip, self)
        self.pages = TrainingPages(self._new_run_page(), self.panel, self.run_bar, self)
        self._lay_out()
        self._connect()
        self._show_readiness()

    # --- what the menus call as well ------------------------------------------------------------------------------

    def start(self) -> None:
        """Start a run of the plan in the form; first the self-supervised one where that is wanted."""
        design, project = self._design(), self._session.project
        if design is None or project is None:
            return
        self.forecast.pause()  # two processes at once would share the memory
        self.start_bar.set_busy(msg("Starting…"))
        self._ask(
            lambda _: training_actions.start_study(project=project, design=design, start=self._in_turn),
            self._started,
        )

    def stop(self) -> None:
        """End the watched run now, keep its best model, evaluate it."""
        if (run := self._watched) is not None and self._standing is RunStatus.RUNNING:
            self._ended_by_hand = True
            then = msg("The training begins next; Cancel ends that too.") if self._is_followed(run) else ""
            stopping = joined([msg("Stopping after this step…"), then])
            self._ask(lambda _: runs_actions.stop_run(run=run), lambda _: self._is_stopping(stopping))

    def cancel(self) -> None:
        """End the watched run and leave its folder as it stands."""
        if (run := self._watched) is not None and self._standing in {RunStatus.RUNNING, RunStatus.WAITING}:
            self._ended_by_hand = True
            self._ask(lambda _: runs_actions.cancel_run(run=run), lambda _: self._messages.inform(msg("Cancelling…")))

    def ask_to_cancel(self) -> None:
        """Ask whether the watched run is to be ended as it stands, and say what becomes of it."""
        run = self._watched
        if run is None or self._standing not in {RunStatus.RUNNING, RunStatus.WAITING}:
            return
        hint = msg("It is not evaluated. What it learned up to its last checkpoint stays, and it can go on later.")
        answers: dict[str, Callable[[], object] | None] = {
            msg("&Cancel the run"): self.cancel,
            msg("&Keep running"): None,
        }
        self._messages.ask(msg("Cancel run {run}?", run=run.id), hint, answers, self)

    def resume(self) -> None:
        """Go on with the watched run from its last checkpoint."""
        run, project = self._watched, self._session.project
        if run is not None and project is not None and self._standing is not None and self._standing.can_resume:
            self._ask(
                lambda _: runs_actions.resume_run(project=project, run=run, start=self._in_turn),
                lambda _: self.watch(run),
            )

    def ask_to_train_on(self) -> None:
        """Ask for how many more passes the watched run goes on."""
        if (run := self._watched) is not None and self._standing in {RunStatus.FINISHED, RunStatus.STOPPED}:
            checkpoints = stored_checkpoints(run)
            epochs_begun = checkpoints[0].epochs_begun if checkpoints else 0
            dialog = ContinueDialog(run.id, self, epochs_begun=epochs_begun, planned=run.plan().epochs)
            dialog.chosen.connect(lambda epochs: self.train_on(run, epochs))
            dialog.open()

    def train_on(self, run: Run, epochs: int) -> None:
        """Start a run that goes on from `run`."""
        if (project := self._session.project) is not None:
            self.start_bar.set_busy(msg("Starting…"))
            self._ask(
                lambda _: training_actions.train_on(project=project, run=run, epochs=epochs, start=self._in_turn),
                self._started,
            )

    def watch(self, run: Run) -> None:
        """Show `run`: its whole history, then what happens live."""
        self._leave()
        self._watched = run
        self._over_before = {summary.id for summary in self._session.runs if summary.standing.is_over}
        self.panel.begin(run.id, run.plan())
        named = {summary.id: summary.display_name for summary in self._session.runs}
        self.pages.set_watched(named.get(run.id) or usual_name(run.id), run.plan())
        self.run_bar.say_what_follows(training=self._is_followed(run))
        worker = RunWorker(run, self)
        worker.eventsArrived.connect(self._play)
        worker.standingChanged.connect(self._stands)
        worker.runEnded.connect(self._ended)
        self._worker = worker
        worker.begin()

    # --- what happens ---------------------------------------------------------------------------------------------

    def _started(self, started: runs_actions.Started) -> None:
        run = started.run
        self.start_bar.set_busy("")
        self._session.refresh()
        if started.queued:  # what is watched stays in view
            self._messages.inform(msg("Run {id} is in the queue: it begins by itself when its turn comes.", id=run.id))
        else:
            self._session.select_run(run.id)
            self.pages.show_page(WATCHING)

    def _play(self, events: list[Event]) -> None:
        # A slot of the tab's own: Qt drops it with the tab, which it could not do for a plain object's method.
        if self.sender() is self._worker:
            self.panel.play(events)

    def _stands(self, standing: RunStatus) -> None:
        if self.sender() is self._worker:
            self._standing = standing
            self._seen_on = self._seen_on or not standing.is_over
            self._show_standing(standing)
            self._load.watch(self._watched, standing)

    def _show_standing(self, standing: RunStatus) -> None:
        run = self._watched
        tuning = run is not None and run.plan().fits_labels
        stopping = run is not None and standing is RunStatus.RUNNING and run.request() == "stop"
        self.run_bar.show_standing(standing, read_only=self._read_only(), fine_tuning=tuning, stopping=stopping)
        self.panel.show_standing(standing, stopping=stopping)

    def _is_stopping(self, message: str) -> None:
        self._messages.inform(message)
        if self._standing is RunStatus.RUNNING:
            self._show_standing(self._standing)

    def _ended(self, outcome: Outcome) -> None:
        if self.sender() is not self._worker:
            return
        self.panel.show_outcome(outcome)
        self._session.refresh()
        if self._seen_on:  # that a run of last week has finished is no news
            self._messages.inform(str(outcome))
        if next_id := self._began_after_watched():
            self._session.select_run(next_id)

    def _run_selected(self, id: str) -> None:
        project = self._session.project
        if project is None or not id or (self._watched is not None and self._watched.id == id and self._alive()):
            return
        run = project.run(id)
        if run.plan().trains:
            self.watch(run)

    def _project_opened(self, project: object) -> None:
        self._forget()
        self._offer_models()

    def _offer_models(self) -> None:
        if (project := self._session.project) is not None:
            domain = project.record.domain
            self._ask(lambda _: models_actions.models_for(domain=domain, project=project), self.editor.setModels)

    def _forget(self) -> None:
        """Nothing of the project before is left."""
        self._leave()
        self.pages.set_watched("", None)
        self.pages.set_runs([])
        self.pages.show_page(NEW_RUN)
        self._show_all_settings(False)
        self.panel.clear()
        self._pretrained = []
        self.editor.setDatasets([])
        self.editor.reset()
        self.pretraining.setValue(None)

    def _datasets_changed(self, cards: list[DatasetCard]) -> None:
        self.editor.setDatasets(cards)

    def _runs_changed(self, runs: list[RunSummary]) -> None:
        """A project that was opened while a run is on shows that run by itself, and so does a resumed one.

        A training that follows on a self-supervised run is shown when that has ended.
        """
        self.pages.set_runs(runs)
        if self._watched is not None and not self._watched.folder.exists():  # it was removed to free space
            self._leave()
            self.panel.clear()
        trainings = [summary for summary in runs if summary.is_training]
        on = [summary for summary in trainings if summary.standing is RunStatus.RUNNING]
        waiting = [summary for summary in trainings if summary.standing is RunStatus.WAITING]
        if self._watched is not None and self._ended_by_hand and not self._is_followed(self._watched):
            pass  # what came of it is looked at, whatever of the queue begins next
        elif on and (not self._alive() or (self._standing is RunStatus.WAITING and _is_queued(self._watched))):
            self._session.select_run(on[-1].id)
        elif waiting and not self._alive():
            self._session.select_run(waiting[0].id)
        elif next_id := self._began_after_watched():
            self._session.select_run(next_id)
        elif trainings and self._watched is None and self._session.project is not None:
            self.watch(self._session.project.run(trainings[-1].id))  # so that months later its curves are there
        pretrained = [summary.id for summary in runs if summary.is_pretraining and summary.standing.has_model]
        if pretrained != self._pretrained:
            self._pretrained = pretrained
            self._offer_models()

    def _began_after_watched(self) -> str:
        """The latest run of the watched run's study that began since it was watched, if that was seen to end: a short
        one is over before it is seen. Empty where what a person ended is looked at."""
        project, watched = self._session.project, self._watched
        if project is None or watched is None or self._standing is None or not self._standing.is_over:
            return ""
        if not self._seen_on or (self._ended_by_hand and not self._is_followed(watched)):
            return ""
        began = [
            summary.id for summary in self._session.runs if summary.is_training and summary.id not in self._over_before
        ]
        if not set(began) - {watched.id}:
            return ""
        after = {later for study in project.studies_of(watched.id) for later in study.after(watched.id)}
        return next((id for id in reversed(began) if id in after), "")

    def _show_queue(self, view: QueueView) -> None:
        self.queue_strip.setView(view)
        on = bool(view.of(EntryStatus.ON))
        self.start_bar.set_must_wait(view.must_wait, on=on)
        self.forecast.set_others_run(on)

    def _is_followed(self, run: Run) -> bool:
        """True if a training begins by itself when the run is stopped."""
        project = self._session.project
        return project is not None and follows_when_stopped(project, run.id)

    def _design(self) -> StudyDesign | None:
        return design_of(self.editor, self.pretraining)

    def _plan_changed(self, _: object = None) -> None:
        design, project = self._design(), self._session.project
        if design is not None and project is not None:
            self.command_line.setText(commands.as_text(commands.run_arguments(project, design)))
        else:
            self.command_line.setText("")
        self._show_readiness()

    def _show_readiness(self) -> None:
        reason = why_not(self._session.project, self.editor, self.pretraining)
        self.start_bar.set_ready(not reason, reason)
        plan, facts = self.editor.value(), self.editor.model_facts
        named = facts.display_name if facts is not None else plan.model if plan is not None else ""
        first = msg("Reading rows without values first") if self.pretraining.value() is not None else ""
        self.next_run.show_plan(plan, named, first)
        self.simple.efforts.show_times({})
        self.forecast.set_plan(plan if not reason else None)
        if reason:
            self.next_run.show_state("")

    def _show_forecast(self, seen: Preflight, plan: TrainPlan) -> None:
        self.next_run.show_forecast(seen, plan)
        self.simple.efforts.show_times(times_of_efforts(seen.time, plan))

    def find_setting(self, words: str) -> None:
        """Show the settings of the next run that match these words."""
        self.pages.show_page(NEW_RUN)
        self._show_all_settings(True)
        self.all_settings.search.setText(words)
        self.all_settings.search.setFocus()

    def _show_all_settings(self, wanted: bool) -> None:
        self.new_run.show_all(wanted)
        self.pages.set_all_settings(wanted)

    def _open_run(self, id: str) -> None:
        """A run was chosen from the list: a training is watched, any other has results."""
        summary = next((summary for summary in self._session.runs if summary.id == id), None)
        self._session.select_run(id)
        if summary is not None and summary.is_training:
            self.pages.show_page(WATCHING)
        else:
            self._session.request_tab("results")

    def _show_results(self) -> None:
        if self._watched is not None:
            self._session.select_run(self._watched.id)
            self._session.request_tab("results")

    # --- plumbing -------------------------------------------------------------------------------------------------

    def _ask(self, function: Work[Answer], done: Callable[[Answer], None]) -> None:
        query = Query(function, self)
        query.answered.connect(done)
        query.failed.connect(self._failed)
        query.finished.connect(lambda: self._queries.remove(query))
        self._queries.append(query)
        query.begin()

    def _failed(self, error: BaseException) -> None:
        self.start_bar.set_busy("")
        self._messages.error(error, self)

    def _alive(self) -> bool:
        return self._worker is not None and self._worker.isRunning() and not self._worker.halted

    def _leave(self) -> None:
        if self._worker is not None:
            self._worker.stop_following()
            self._load.leave()
        self._worker, self._watched, self._standing, self._seen_on = None, None, None, False
        self._ended_by_hand = False
        self.run_bar.show_standing(None, read_only=self._read_only())

    def _read_only(self) -> bool:
        return self._session.project is not None and self._session.project.read_only

    def _connect(self) -> None:
        self.editor.valueChanged.connect(self._plan_changed)
        self.pretraining.valueChanged.connect(self._plan_changed)
        self.command_line.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))
        self.start_bar.checkRequested.connect(self.checking.check)
        self.checking.startRequested.connect(self.start)
        self.checking.checked.connect(self.forecast.take)
        self.start_bar.startRequested.connect(self.start)
        self.run_bar.stopRequested.connect(self.stop)
        self.run_bar.cancelRequested.connect(self.ask_to_cancel)
        self.run_bar.resumeRequested.connect(self.resume)
        self.run_bar.trainOnRequested.connect(self.ask_to_train_on)
        self.run_bar.resultsRequested.connect(self._show_results)
        self.panel.goOnWanted.connect(self.resume)
        self.panel.newRunWanted.connect(lambda: self.pages.show_page(NEW_RUN))
        self.simple.allSettingsWanted.connect(lambda: self._show_all_settings(True))
        self.simple.importWanted.connect(lambda: self._session.request_tab("data"))
        self.pages.backWanted.connect(lambda: self._show_all_settings(False))
        self.pages.runChosen.connect(self._open_run)
        self.pages.settingsWanted.connect(self._session.request_settings)
        self._session.settingsRequested.connect(lambda _: self.pages.show_page(NEW_RUN))
        self.forecast.measuring.connect(self.next_run.show_measuring)
        self.forecast.measured.connect(self._show_forecast)
        self.forecast.failed.connect(lambda text: self.next_run.show_state(text, wrong=True))
        self.forecast.postponed.connect(self.next_run.show_state)
        self._session.projectOpened.connect(self._project_opened)
        self._session.projectClosed.connect(self._forget)
        self._session.datasetsChanged.connect(self._datasets_changed)
        self._session.datasetSelected.connect(self.editor.select_dataset)
        self._session.runsChanged.connect(self._runs_changed)
        self._session.runSelected.connect(self._run_selected)
        self._session.queueChanged.connect(self._show_queue)
        self.panel.settingsWanted.connect(
            lambda: self.variation.use_settings_of(self._watched.id if self._watched else "")
        )

    def _new_run_page(self) -> NewRunPage:
        command = CollapsibleSection(msg("Command line"), self.command_line, "commandLine", self)
        self.all_settings = AllSettings(
            self.editor,
            (
                SettingsPart(
                    "pretraining",
                    msg("First read rows without values"),
                    self.pretraining,
                    msg("pre-training unlabelled"),
                ),
                SettingsPart("commandLine", msg("Command line"), command, msg("terminal sciapp train")),
            ),
            self,
        )
        self.all_settings.add_below(self.presets.button)
        self.new_run = NewRunPage(self.simple, self.all_settings, self.next_run, self)
        return self.new_run

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE_MARGIN, theme.PAGE_TOP, theme.PAGE_MARGIN, theme.GAP)
        column.addWidget(self.pages)

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.forecast.set_in_sight(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.forecast.set_in_sight(False)


def _is_queued(run: Run | None) -> bool:
    try:
        return run is not None and run.state().queued
    except SciAppError:
        return False
