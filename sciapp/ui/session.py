"""The open project and what is selected in it; tells everybody about changes."""

from PySide6.QtCore import QObject, Signal

from sciapp.actions import projects as projects_actions
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.damage import DamagedDataset
from sciapp.records.machine.job import JobProgress
from sciapp.records.machine.queue_view import EntryStatus, QueueView
from sciapp.records.project.project import Project, ProjectRecord
from sciapp.records.run.summary import RunSummary
from sciapp.workers.watches import QueueWatch, RunsWatch


class Session(QObject):
    """The state that all tabs share. Tabs read it and ask it to change; they never talk to each other."""

    projectOpened = Signal(object)  # Project
    projectClosed = Signal()
    projectChanged = Signal(object)  # Project whose name or notes were edited
    datasetsChanged = Signal(list)  # list[DatasetCard]
    damageChanged = Signal(list)  # list[DamagedDataset]
    runsChanged = Signal(list)
    datasetSelected = Signal(str)
    runSelected = Signal(str)
    queueChanged = Signal(object)  # QueueView: of the whole computer
    jobsChanged = Signal(tuple)  # tuple[JobProgress, ...]: what is on, of whichever project
    settingsRequested = Signal(str)  # the run whose settings are to be used again
    tabRequested = Signal(str)  # project, data, training, compression, results

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._watch: RunsWatch | None = None
        self._queue_watch: QueueWatch | None = None
        self._always_watching = False
        self._queue = QueueView()
        self._jobs: tuple[JobProgress, ...] = ()
        self._datasets: list[DatasetCard] = []
        self._damaged: list[DamagedDataset] = []
        self._runs: list[RunSummary] = []
        self._dataset = ""
        self._run = ""

    @property
    def project(self) -> Project | None:
        return self._project

    @property
    def datasets(self) -> list[DatasetCard]:
        return self._datasets

    @property
    def damaged(self) -> list[DamagedDataset]:
        """Datasets whose card cannot be read."""
        return self._damaged

    @property
    def runs(self) -> list[RunSummary]:
        return self._runs

    @property
    def queue(self) -> QueueView:
        """The queue of this computer, as it was last seen."""
        return self._queue

    @property
    def jobs(self) -> tuple[JobProgress, ...]:
        """Progress of what is on at this computer, and of what else is on in the open project."""
        return self._jobs

    @property
    def selected_dataset(self) -> str:
        return self._dataset

    @property
    def selected_run(self) -> str:
        return self._run

    @property
    def read_only(self) -> bool:
        return self._project is not None and self._project.read_only

    def open(self, project: Project) -> None:
        """Take `project` over, in place of the one that was open."""
        self.close()
        self._project = project
        self.projectOpened.emit(project)
        watch = RunsWatch(project, self)
        watch.damageChanged.connect(self._take_damage)
        watch.datasetsChanged.connect(self._take_datasets)
        watch.runsChanged.connect(self._take_runs)
        self._watch = watch
        watch.begin()
        self._watch_queue()
        if self._queue.lines:
            self.queueChanged.emit(self._queue)

    def follow_queue(self) -> None:
        """Tell of the computer's queue from now on, with a project or without, until `end`."""
        self._always_watching = True
        self._watch_queue()

    def _watch_queue(self) -> None:
        if self._queue_watch is None:
            self._queue_watch = QueueWatch(self)
            self._queue_watch.queueChanged.connect(self._take_queue)
            self._queue_watch.jobsChanged.connect(self._take_jobs)
            self._queue_watch.begin()

    def end(self) -> None:
        """Give the project back and tell of nothing any more: the window closes."""
        self._always_watching = False
        self.close()
        self._leave_queue()

    def close(self) -> None:
        """Give the project back; runs go on."""
        if self._project is None:
            return
        if self._watch is not None:
            self._watch.halt()
            self._watch = None
        self._project.close()
        self._project, self._datasets, self._runs, self._dataset, self._run = None, [], [], "", ""
        self._damaged = []
        if self._always_watching:
            self._follow_others()
        else:
            self._leave_queue()
        self.projectClosed.emit()

    def edit(self, record: ProjectRecord) -> None:
        """Save an edited name, domain or notes. Raises ProjectProblem."""
        if self._project is not None and record != self._project.record:
            projects_actions.save_project(project=self._project, record=record)
            self.projectChanged.emit(self._project)

    def refresh(self) -> None:
        """Something was just started or imported: look at once."""
        if self._watch is not None:
            self._watch.look_now()
        if self._queue_watch is not None:
            self._queue_watch.look_now()

    def select_dataset(self, id: str) -> None:
        self._dataset = id
        self.datasetSelected.emit(id)

    def select_run(self, id: str) -> None:
        self._run = id
        self.runSelected.emit(id)

    def request_settings(self, id: str) -> None:
        """Fill the Training tab with the settings of a run."""
        self.settingsRequested.emit(id)
        self.tabRequested.emit("training")

    def request_tab(self, name: str) -> None:
        self.tabRequested.emit(name)

    def live_runs(self) -> list[RunSummary]:
        """Runs that are on now; those that wait in the queue are not."""
        return [summary for summary in self._runs if not summary.standing.is_over and not summary.queued]

    def coming_runs(self) -> int:
        """Number of runs of this computer that wait and are started in their turn, with the window closed too."""
        goes_on = self._queue.moving and not self._queue.paused
        return len(self._queue.of(EntryStatus.WAITING)) if goes_on else 0

    def _take_datasets(self, cards: list[DatasetCard]) -> None:
        if self.sender() is not self._watch:
            return  # a last word of a project that was closed meanwhile
        self._datasets = cards
        self.datasetsChanged.emit(cards)
        if cards and self._dataset not in {card.id for card in cards}:
            self.select_dataset(cards[-1].id)

    def _take_queue(self, view: QueueView) -> None:
        if self.sender() is self._queue_watch:
            self._queue = view
            self.queueChanged.emit(view)

    def _take_jobs(self, jobs: tuple[JobProgress, ...]) -> None:
        if self.sender() is self._queue_watch:
            self._jobs = jobs
            self.jobsChanged.emit(jobs)

    def _follow_others(self) -> None:
        """Compressions and predictions of the open project are on without the queue."""
        if self._queue_watch is not None:
            project = self._project
            live = self.live_runs() if project is not None else []
            self._queue_watch.follow([project.runs_folder / run.id for run in live] if project is not None else [])

    def _leave_queue(self) -> None:
        if self._queue_watch is not None:
            self._queue_watch.halt()
            self._queue_watch = None
        self._queue, self._jobs = QueueView(), ()

    def _take_damage(self, damaged: list[DamagedDataset]) -> None:
        if self.sender() is self._watch:
            self._damaged = damaged
            self.damageChanged.emit(damaged)

    def _take_runs(self, runs: list[RunSummary]) -> None:
        if self.sender() is self._watch:
            self._runs = runs
            self._follow_others()
            self.runsChanged.emit(runs)
