"""Follow-up runs: the fine-tuning after a self-supervised run, the same training without augmentation, the next
fold, and training on."""

from collections.abc import Mapping
from typing import Any

from sciapp.errors import BadInput, RunProblem, SciAppError
from sciapp.i18n import msg
from sciapp.jobs.runs.follow import standing
from sciapp.records.model.reference import model_of_run
from sciapp.records.plan.plan import (
    Plan,
    PretrainPlan,
    TrainPlan,
    continuing,
    is_fine_tuning,
    with_settings,
    without_augmentation,
)
from sciapp.records.plan.resume_rules import must_go_on_alike
from sciapp.records.project.cross_validation import next_fold
from sciapp.records.project.project import Project
from sciapp.records.run.checkpoints import places_to_go_on_from
from sciapp.records.run.run import Run, RunStatus


def next_run(run: Run, *, stopped: bool = False) -> Run | None:
    """The run that `run` is to be followed by, made but not started; None when there is none to start.

    stopped: somebody ended `run` by hand; nothing is compared with it then, and no other fold follows. A run that was
    killed between making the next one and its own end finds it again. Raises SciAppError.
    """
    plan = run.plan()
    if not _wants_another(plan, stopped=stopped):
        return None
    project = Project.open(run.project_folder)
    following = run_after(project, run)
    if following is not None:
        return following if following.state().started is None else None
    after = _next_plan(project, run, plan)
    return project.new_run(after) if after is not None else None


def run_after(project: Project, run: Run) -> Run | None:
    """The first training that was made to follow on `run` or begins from its model, if there is one."""
    runs = project.runs()
    later = runs[next((place for place, other in enumerate(runs) if other.id == run.id), len(runs)) + 1 :]
    return next((other for other in later if _follows(other, run)), None)


def left_waiting(run: Run) -> Run | None:
    """The run that was made to follow on `run`, which has ended, and for which no process was started yet.

    The run process starts it within a moment of its own end; a power cut in that moment leaves it here. Raises
    SciAppError.
    """
    now = RunStatus(run.state().status)
    if not now.has_model or not _wants_another(run.plan(), stopped=now is RunStatus.STOPPED):
        return None
    following = run_after(Project.open(run.project_folder), run)
    if following is None:
        return None
    state = following.state()
    return following if state.started is None and state.launched is None and not state.queued else None


def _wants_another(plan: Plan, *, stopped: bool) -> bool:
    if isinstance(plan, PretrainPlan):
        return plan.then is not None
    if not is_fine_tuning(plan) or stopped:
        return False
    return plan.all_folds or (plan.compare_augmentation and plan.augmentation.is_on)


def _next_plan(project: Project, run: Run, plan: Plan) -> TrainPlan | None:
    if isinstance(plan, PretrainPlan):
        return plan.then.model_copy(update={"model": model_of_run(run.id)}) if plan.then else None
    assert isinstance(plan, TrainPlan)
    return next_fold(project, run, plan) if plan.all_folds else without_augmentation(plan, run.id)


def _follows(other: Run, run: Run) -> bool:
    try:
        plan: Plan = other.plan()
    except SciAppError:
        return False
    if not is_fine_tuning(plan):
        return False
    before = run.plan()
    if is_fine_tuning(before) and before.all_folds:
        return plan.first_fold == (before.first_fold or run.id)
    return run.id == plan.compared_with or (isinstance(before, PretrainPlan) and plan.model == model_of_run(run.id))


# Training a run for more passes: the plan of the run that goes on from it.


def continued_plan(project: Project, run: Run, epochs: int, settings: Mapping[str, Any] | None = None) -> TrainPlan:
    """The plan of a training that goes on where `run` ended, for `epochs` more passes over the data.

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
    places = places_to_go_on_from(run)
    total = places[0].epochs_begun + epochs
    if epochs < 1 or total > 10_000:
        raise BadInput(
            msg("A training cannot go on for {epochs:,} more passes over the data.", epochs=epochs),
            hint=msg("Choose a number from 1 to {most:,}.", most=10000 - places[0].epochs_begun),
        )
    longer = with_settings(continuing(plan, run.id, total), settings or {})
    must_go_on_alike(longer, plan)
    return longer
