"""Sum a run up in one line, for lists."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sciapp.errors import SciAppError
from sciapp.jobs.runs.follow import standing_of
from sciapp.records.project.project import Project
from sciapp.records.project.studies.registry import kind_of
from sciapp.records.project.study import Study
from sciapp.records.run.evaluation import Score
from sciapp.records.run.judgement import paired_difference
from sciapp.records.run.run import Run, RunStatus
from sciapp.records.run.summary import RunSummary, StudySummary


def summaries(project: Project, before: Sequence[RunSummary] = ()) -> list[RunSummary]:
    """The lines of all runs, oldest first; a run of several studies is listed under the first of them.

    before: the lines of a moment ago; a study whose runs stand as they did then is not summed up anew.
    """
    lines = {run.id: summarise(run) for run in project.runs()}
    earlier = {line.id: line for line in before}
    under: dict[str, StudySummary] = {}
    for study in project.studies():
        summary = _unchanged(study, lines, earlier) or study_summary(project, study)
        for id in study.runs:
            under.setdefault(id, summary)
    return [line.model_copy(update={"study": under.get(id)}) for id, line in lines.items()]


def _unchanged(study: Study, lines: Mapping[str, RunSummary], earlier: Mapping[str, RunSummary]) -> StudySummary | None:
    """The earlier line of a study where it has the same runs and each of them stands as it did."""
    known = (line.study for id in study.runs if (line := earlier.get(id)) is not None and line.study is not None)
    summary = next((line for line in known if line.id == study.id), None)
    if summary is None or summary.runs != study.runs:
        return None
    members = [(lines.get(id), earlier.get(id)) for id in study.runs]
    alike = all(
        now is None or (then is not None and (now.standing, now.score) == (then.standing, then.score))
        for now, then in members
    )
    return summary if alike else None


def study_summary(project: Project, study: Study) -> StudySummary:
    """The study's line; without a sentence where its runs or datasets cannot be read."""
    kind = kind_of(study)
    line = StudySummary(id=study.id, kind=study.kind, title=kind.title, runs=study.runs)
    try:
        score = kind.score(project, study)
        sums = {"score": score.text, "value": score.value, "text": kind.summary(project, study)}
    except SciAppError:
        return line
    return line.model_copy(update=sums)


def summarise(run: Run) -> RunSummary:
    """The run's line; a folder that cannot be read becomes a failed run with the reason as its message."""
    annotation = run.annotation.model_dump()
    try:
        state, plan = run.state(), run.plan()
    except SciAppError as error:
        moment = _changed(run.folder)
        return RunSummary(
            id=run.id,
            **annotation,
            kind=run.id.partition("-")[2],
            subject="",
            model="",
            standing=RunStatus.FAILED,
            created=moment,
            message=error.message,
        )
    score, baseline, beats, loses = _scores(run)
    return RunSummary(
        id=run.id,
        **annotation,
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
        beats_baseline=beats,
        loses_to_baseline=loses,
        message=state.message,
        queued=state.queued,
    )


def _changed(folder: Path) -> datetime:
    try:
        return datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC)
    except OSError:  # removed since it was listed
        return datetime.now(UTC)


def _scores(run: Run) -> tuple[Score | None, Score | None, bool | None, bool]:
    """The main score of the model and of the simple baseline; whether it beats or loses to it, beyond chance."""
    try:
        evaluation, learnt = run.evaluation(), run.pretraining()
    except SciAppError:
        return None, None, None, False
    if learnt is not None:
        return learnt.after.get("masked_loss"), None, None, False
    if evaluation is None:
        return None, None, None, False
    simple = evaluation.simple_baseline
    baseline = simple.get(evaluation.main_score) if simple else None
    beats, difference = evaluation.beats_simple_baseline, paired_difference(evaluation)
    loses = beats is False and difference is not None and not difference.may_be_luck
    return evaluation.model.get(evaluation.main_score), baseline, beats, loses
