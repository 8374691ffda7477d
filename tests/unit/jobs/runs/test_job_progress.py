"""How far a run is, by its newest events."""

from pathlib import Path

import pytest

from sciapp.jobs.runs.job_progress import JobTracker, JobTrackers
from sciapp.records.machine.job import JobProgress, roughly
from sciapp.records.machine.queue_view import EntryStatus, QueueLine, QueueView
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import BaselineMeasured, RunStarted, StageBegan, StepTaken, Validated
from sciapp.records.run.run import Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Project.create(tmp_path / "p", domain="molecule", name="Solubility").new_run(TrainPlan(dataset="d"))


def step(number: int) -> StepTaken:
    return StepTaken(
        step=number, total_steps=60, epoch=number / 2, loss=1, learning_rate=1e-3, gradient_norm=1, tokens=9,
        seconds=2.0 * number,
    )  # fmt: skip


def validated(number: int, score: float) -> Validated:
    return Validated(step=number, epoch=number / 2, loss=score, score_name="rmse", score=score, greater_is_better=False)


def test_steps_tell_the_pass_the_share_and_the_time_left(run: Run) -> None:
    tracker = JobTracker(run, "Solubility")
    assert tracker.read().share is None
    for event in (RunStarted(), StageBegan(stage="load", title="Loading the model")):
        run.append_event(event)
    assert tracker.read().state == "Loading the model"
    for number in (1, 2, 3):
        run.append_event(step(number))
    progress = tracker.read()
    assert (progress.done, progress.total, progress.epochs) == (3, 60, 30)
    assert progress.state.values == {"epoch": 2, "epochs": 30}
    assert progress.seconds_left == pytest.approx(114)
    assert progress.share == pytest.approx(0.05)


def test_scores_come_with_their_direction_and_begin_anew_with_the_run(run: Run) -> None:
    tracker = JobTracker(run, "Solubility")
    for event in (RunStarted(), validated(1, 0.9), validated(2, 0.7), validated(3, 0.8)):
        run.append_event(event)
    progress = tracker.read()
    assert (progress.score_name, progress.scores, progress.best) == ("rmse", (0.9, 0.7, 0.8), 0.7)
    assert progress.baseline is None
    run.append_event(BaselineMeasured(name="Random forest", score_name="rmse", score=0.74, greater_is_better=False))
    assert tracker.read().baseline == 0.74
    run.append_event(RunStarted())
    assert tracker.read().scores == ()


def test_all_runs_that_are_on_are_followed_once_and_left_when_they_end(run: Run) -> None:
    line = QueueLine(folder=str(run.folder), project="Solubility", run=run.id, lane="cpu", turn=EntryStatus.ON)
    trackers = JobTrackers()
    jobs = trackers.read(QueueView(lines=(line,)), [run.folder])
    assert [(job.project, job.run, job.title.values) for job in jobs] == [("Solubility", run.id, {"number": 1})]
    assert [job.project for job in trackers.read(QueueView(), [run.folder])] == ["Solubility"]
    assert trackers.read(QueueView()) == ()
    assert trackers.read(QueueView(), [run.folder.parent / "gone"]) == ()


def test_a_time_is_told_no_finer_than_it_is_known() -> None:
    assert roughly(3).values == {"seconds": 10}
    assert roughly(341).values == {"minutes": 6}
    assert roughly(7790).values == {"hours": 2, "minutes": "10"}


def test_a_run_without_scores_has_no_best() -> None:
    assert JobProgress(folder="/p/runs/x", project_folder="/p", project="p", run="x").best is None
