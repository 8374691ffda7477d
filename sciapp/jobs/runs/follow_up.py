"""Begin studies, and find the run that a study carries out after one that has ended."""

from collections.abc import Mapping
from typing import Any

from sciapp.errors import BadInput, RunProblem, SciAppError
from sciapp.i18n import msg
from sciapp.jobs.runs.follow import standing
from sciapp.records.plan.plan import Plan, continuing, is_fine_tuning, with_settings
from sciapp.records.plan.resume_rules import must_go_on_alike
from sciapp.records.project.project import Project
from sciapp.records.project.studies.continuation import Continuation
from sciapp.records.project.studies.registry import STUDY_KINDS, check_design, kind_of
from sciapp.records.project.study import Study, StudyDesign, write_study
from sciapp.records.run.checkpoints import resumable_checkpoints
from sciapp.records.run.run import Run, RunStatus


def begin(project: Project, design: StudyDesign) -> Run:
    """The first run of what was designed, made but not started; its study is on disk. Raises BadInput, ProjectProblem.

    A kill in between leaves a run that was never started, and belongs to no study.
    """
    check_design(project, design)
    return _with_study(project, design, project.new_run(design.plan))


def next_run(run: Run, *, stopped: bool = False) -> Run | None:
    """The run that `run` is to be followed by, made but not started; None when there is none to start.

    stopped: somebody ended `run` by hand; then only what a study carries out all the same follows. A run that was
    killed between making the next one and its own end finds it again. Raises SciAppError.
    """
    project = Project.open(run.project_folder)
    for study in _carried_out(project, run, stopped=stopped):
        following = _first_there(project, study.after(run.id))
        if following is None:
            following = _extended(project, study)
        if following is not None:
            return following if following.state().started is None else None
    return None


def run_after(project: Project, run: Run) -> Run | None:
    """The run that was made to follow on `run`, if there is one."""
    for study in _carried_out(project, run):
        following = _first_there(project, study.after(run.id))
        if following is not None:
            return following
    return None


def left_waiting(run: Run) -> Run | None:
    """The run that was made to follow on `run`, which has ended, and for which no process was started yet.

    The run process starts it within a moment of its own end; a power cut in that moment leaves it here. Raises
    SciAppError.
    """
    now = RunStatus(run.state().status)
    if not now.has_model:
        return None
    project = Project.open(run.project_folder)
    for study in _carried_out(project, run, stopped=now is RunStatus.STOPPED):
        following = _first_there(project, study.after(run.id))
        if following is not None:
            return following if _is_untouched(following) else None
    return None


def follow_text(following: Run, run: Run) -> str:
    """The note in `run` about the run that follows on it."""
    studies = Project.open(run.project_folder).studies_of(following.id)
    kinds = [kind_of(study) for study in studies if run.id in study.runs]
    return kinds[0].follow_text(following) if kinds else msg("Run {id} goes on from here.", id=following.id)


def _carried_out(project: Project, run: Run, *, stopped: bool = False) -> list[Study]:
    """The studies of `run` that go on by themselves after it."""
    studies = [(study, kind_of(study)) for study in project.studies_of(run.id)]
    return [study for study, kind in studies if (kind.follows_stopped if stopped else kind.follows_by_itself)]


def _first_there(project: Project, ids: tuple[str, ...]) -> Run | None:
    known = {run.id: run for run in project.runs()}
    return next((known[id] for id in ids if id in known), None)


def _extended(project: Project, study: Study) -> Run | None:
    """The next run of a study, written into it; None after the last."""
    design = kind_of(study).following(project, study)
    if design is None:
        return None
    run = _unlisted(project, design.plan) or project.new_run(design.plan)
    _with_study(project, design, run)  # first: once the study has the run, nobody looks at what it begins
    write_study(project.folder, study.model_copy(update={"runs": (*study.runs, run.id)}))
    return run


def _unlisted(project: Project, plan: Plan) -> Run | None:
    """The run with this plan that a killed process made for a study and could not write into it any more."""
    followers = {id for study in project.studies() for id in study.runs[1:]}
    runs = (run for run in project.runs() if run.id not in followers and _is_untouched(run))
    return next((run for run in runs if _plan_of(run) == plan), None)


def _with_study(project: Project, design: StudyDesign, run: Run) -> Run:
    """`run`, made from `design`, with the study that begins with it on disk."""
    studies = (study for study in project.studies_of(run.id) if study.kind == design.kind)
    if design.kind and not any(study.runs[0] == run.id for study in studies):
        write_study(project.folder, STUDY_KINDS[design.kind].begin(project, design, run))
    return run


def _is_untouched(run: Run) -> bool:
    """True for a run that waits, and that nobody has started or put into the queue."""
    try:
        state = run.state()
    except SciAppError:
        return False
    return state.status == "waiting" and state.started is None and state.launched is None and not state.queued


def _plan_of(run: Run) -> Plan | None:
    try:
        return run.plan()
    except SciAppError:
        return None


# Training a run for more passes.


def continuation(project: Project, run: Run, epochs: int, settings: Mapping[str, Any] | None = None) -> StudyDesign:
    """The training that goes on where `run` ended, for `epochs` more passes over the data.

    A pass that was broken off is finished first. settings: leaf settings that it has otherwise. Raises RunProblem for a
    run that is on, is no training, or whose checkpoints are gone; BadInput for a number of passes that cannot be, and
    for settings that cannot change on the way.
    """
    plan, now = run.plan(), standing(run)
    if not is_fine_tuning(plan):
        raise RunProblem(
            msg("Run {run} is no fine-tuning, so it cannot be trained on.", run=run.id),
            hint=msg("Choose a training; a training may also begin from the model of a self-supervised run."),
        )
    if not now.is_over:
        raise RunProblem(
            msg("Run {run} is not over yet: it is {now}.", run=run.id, now=now),
            hint=msg("Stop it first, or wait for its end."),
        )
    checkpoints = resumable_checkpoints(run)
    total = checkpoints[0].epochs_begun + epochs
    if epochs < 1 or total > 10_000:
        raise BadInput(
            msg("A training cannot go on for {epochs:,} more passes over the data.", epochs=epochs),
            hint=msg("Choose a number from 1 to {most:,}.", most=10000 - checkpoints[0].epochs_begun),
        )
    longer = with_settings(continuing(plan, total), settings or {})
    must_go_on_alike(longer, plan, run=run.id)
    return StudyDesign(plan=longer, kind=Continuation.name, continues=run.id)
