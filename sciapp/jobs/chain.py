"""What begins by itself when a run has ended: the fine-tuning that a self-supervised run was made for, the same
training without augmentation, to compare, or the same training on the next fold."""

from sciapp.errors import SciAppError
from sciapp.records.base_model import model_of_run
from sciapp.records.folds import next_fold
from sciapp.records.plan import Plan, PretrainPlan, TrainPlan, without_augmentation
from sciapp.records.project import Project
from sciapp.records.run import Ending, Run


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
    now = Ending(run.state().status)
    if not now.has_model or not _wants_another(run.plan(), stopped=now is Ending.STOPPED):
        return None
    following = run_after(Project.open(run.project_folder), run)
    if following is None:
        return None
    state = following.state()
    return following if state.started is None and state.launched is None and not state.queued else None


def _wants_another(plan: Plan, *, stopped: bool) -> bool:
    if isinstance(plan, PretrainPlan):
        return plan.then is not None
    if not isinstance(plan, TrainPlan) or stopped:
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
    if not isinstance(plan, TrainPlan):
        return False
    before = run.plan()
    if isinstance(before, TrainPlan) and before.all_folds:
        return plan.first_fold == (before.first_fold or run.id)
    return run.id == plan.compared_with or (isinstance(before, PretrainPlan) and plan.model == model_of_run(run.id))
