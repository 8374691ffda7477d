"""The five areas of a project, and the state of each in a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sciapp.i18n import joined, msg, plural, term
from sciapp.records.machine.job import JobProgress
from sciapp.records.project.project import Project
from sciapp.records.run.run import RunStatus
from sciapp.records.run.score_format import short_score
from sciapp.records.run.summary import RunSummary, best_training
from sciapp.ui.session import Session

AREAS = {
    "project": msg("Project"),
    "data": msg("Data"),
    "training": msg("Training"),
    "compression": msg("Compression"),
    "results": msg("Results"),
}
AREA_NAMES = tuple(AREAS)
_NOT_YET = msg("not yet")
_UNLUCKY = {RunStatus.FAILED, RunStatus.INTERRUPTED}

AreaStatus = Literal["", "good", "caution", "bad", "busy"]


@dataclass(frozen=True)
class AreaState:
    """One line on an area. status: the icon beside it. share: of what is busy, from 0 to 1; None: not known."""

    line: str = ""
    status: AreaStatus = ""
    share: float | None = None


def area_states(session: Session) -> dict[str, AreaState]:
    """The states of all areas by name; empty ones while no project is open."""
    project = session.project
    if project is None:
        return dict.fromkeys(AREA_NAMES, AreaState())
    return {
        "project": _project_state(session),
        "data": _data_state(session),
        "training": _training_state(session.runs, _own_jobs(session, project)),
        "compression": _compression_state(session.runs),
        "results": _results_state(session.runs),
    }


def _own_jobs(session: Session, project: Project) -> list[JobProgress]:
    return [job for job in session.jobs if job.project_folder == str(project.folder)]


def _project_state(session: Session) -> AreaState:
    if not session.datasets and not session.runs:
        return AreaState(msg("nothing yet"))
    datasets = plural("{n} dataset", "{n} datasets", len(session.datasets))
    runs = plural("{n} run", "{n} runs", len(session.runs)) if session.runs else ""
    return AreaState(joined([datasets, runs], " · "))


def _data_state(session: Session) -> AreaState:
    if not session.datasets:
        return AreaState(msg("cannot be read"), "bad") if session.damaged else AreaState(msg("none yet"))
    chosen = next((card for card in session.datasets if card.id == session.selected_dataset), session.datasets[-1])
    doubtful = any(finding.weight == "problem" and not finding.repaired for finding in chosen.findings)
    rows = msg("{rows:,} rows", rows=chosen.rows_kept)
    return AreaState(rows, "caution" if doubtful or session.damaged else "good")


def _training_state(runs: Sequence[RunSummary], jobs: Sequence[JobProgress]) -> AreaState:
    trainings = [run for run in runs if run.is_training]
    job = next((job for job in jobs if job.trains), None)
    if job is not None:
        return AreaState(job.state, "busy", job.share)
    if any(run.standing is RunStatus.RUNNING for run in trainings):
        return AreaState(term("running"), "busy")
    if any(run.queued for run in trainings):
        return AreaState(term("waiting"))
    if not trainings:
        return AreaState(_NOT_YET)
    if trainings[-1].standing in _UNLUCKY:
        return AreaState(trainings[-1].state, "caution")
    return AreaState(plural("{n} run", "{n} runs", len(trainings)))


def _compression_state(runs: Sequence[RunSummary]) -> AreaState:
    compressions = [run for run in runs if run.facts.compresses]
    if any(not run.standing.is_over for run in compressions):
        return AreaState(term("running"), "busy")
    made = sum(run.standing.has_model for run in compressions)
    return AreaState(plural("{n} smaller model", "{n} smaller models", made)) if made else AreaState(_NOT_YET)


def _results_state(runs: Sequence[RunSummary]) -> AreaState:
    best = best_training(runs)
    if best is None or best.score is None:
        return AreaState(_NOT_YET)
    status: AreaStatus = "" if best.beats_baseline is None else "good" if best.beats_baseline else "caution"
    return AreaState(short_score(best.score), status)
