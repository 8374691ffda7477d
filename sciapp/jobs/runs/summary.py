"""Sum a run up in one line, for lists."""

from datetime import UTC, datetime
from pathlib import Path

from sciapp.errors import SciAppError
from sciapp.jobs.runs.follow import standing_of
from sciapp.records.run.evaluation import Score
from sciapp.records.run.run import Run, RunStatus
from sciapp.records.run.summary import RunSummary


def summarise(run: Run) -> RunSummary:
    """The run's line; a folder that cannot be read becomes a failed run with the reason as its message."""
    try:
        state, plan = run.state(), run.plan()
    except SciAppError as error:
        moment = _changed(run.folder)
        return RunSummary(
            id=run.id,
            kind=run.id.partition("-")[2],
            subject="",
            model="",
            standing=RunStatus.FAILED,
            created=moment,
            message=error.message,
        )
    score, baseline = _scores(run)
    return RunSummary(
        id=run.id,
        kind=plan.kind,
        subject=plan.subject,
        model=plan.base_text,
        standing=standing_of(run, state),
        created=state.created,
        started=state.started,
        ended=state.ended,
        step=state.step,
        total_steps=state.total_steps,
        score=score,
        baseline=baseline,
        message=state.message,
        queued=state.queued,
    )


def _changed(folder: Path) -> datetime:
    try:
        return datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC)
    except OSError:  # removed since it was listed
        return datetime.now(UTC)


def _scores(run: Run) -> tuple[Score | None, Score | None]:
    try:
        evaluation, learnt = run.evaluation(), run.pretraining()
    except SciAppError:
        return None, None
    if learnt is not None:
        return learnt.after.get("masked_loss"), None
    if evaluation is None:
        return None, None
    simple = evaluation.simple_baseline
    return evaluation.model.get(evaluation.main_score), simple.get(evaluation.main_score) if simple else None
