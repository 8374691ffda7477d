"""Follow runs that are on by their events, and sum up how far they are."""

from collections.abc import Sequence
from pathlib import Path

from sciapp.errors import SciAppError
from sciapp.jobs.runs.follow import Follower
from sciapp.records.machine.job import JobProgress
from sciapp.records.machine.queue_view import EntryStatus, QueueView
from sciapp.records.project.project import Project
from sciapp.records.run.events import BaselineMeasured, Event, Progressed, RunStarted, StageBegan, StepTaken, Validated
from sciapp.records.run.progress import RemainingStageTime, RemainingTime
from sciapp.records.run.run import Run

_MOST_SCORES = 400


class JobTracker:
    """Reads the events of one run as they come."""

    def __init__(self, run: Run, project: str) -> None:
        """Raises RunProblem for a run without a readable plan."""
        plan = run.plan()
        self._run, self._follower = run, Follower(run)
        self._time_left, self._stage_left = RemainingTime(), RemainingStageTime()
        self._progress = JobProgress(
            folder=str(run.folder),
            project_folder=str(run.project_folder),
            project=project,
            run=run.id,
            kind=plan.kind,
            subject=plan.subject,
            trains=plan.trains,
            epochs=plan.epochs if plan.trains else 0,
        )

    def read(self) -> JobProgress:
        """The progress now."""
        for event in self._follower.read_new():
            self._take(event)
        self._update(name=self._run.annotation.name)
        return self._progress

    def _take(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._time_left.reset()
                if event.resumed_at_step is None:
                    self._update(scores=())
            case StageBegan():
                self._stage_left.reset()
                self._update(stage=event.title, done=0, total=0, seconds_left=None)
            case Progressed():
                self._update(done=event.done, total=event.total, seconds_left=self._stage_left.update(event))
            case StepTaken():
                left = self._time_left.update(event)
                self._update(stage="", done=event.step, total=event.total_steps, passes=event.epoch, seconds_left=left)
            case Validated():
                scores = (*self._progress.scores, event.score)[-_MOST_SCORES:]
                self._update(score_name=event.score_name, greater_is_better=event.greater_is_better, scores=scores)

            case BaselineMeasured():
                self._update(baseline=event.score)

    def _update(self, **changes: object) -> None:
        self._progress = self._progress.model_copy(update=changes)


class JobTrackers:
    """A tracker for each run that is on."""

    def __init__(self) -> None:
        self._trackers: dict[str, JobTracker] = {}

    def read(self, view: QueueView, others: Sequence[Path] = ()) -> tuple[JobProgress, ...]:
        """Runs of the queue that are on, then `others`: folders of runs that are on without it."""
        names = {line.folder: line.project for line in view.of(EntryStatus.ON)}
        for other in others:
            names.setdefault(str(other), "")
        self._trackers = {folder: tracker for folder, tracker in self._trackers.items() if folder in names}
        for folder, project in names.items():
            if folder not in self._trackers and (made := _tracker(Run(Path(folder)), project)) is not None:
                self._trackers[folder] = made
        return tuple(self._trackers[folder].read() for folder in names if folder in self._trackers)


def _tracker(run: Run, project: str) -> JobTracker | None:
    """None for a run that cannot be read yet, or any more."""
    try:
        return JobTracker(run, project or Project.open(run.project_folder).name)
    except (SciAppError, OSError):
        return None
