"""What begins by itself when a run has ended: the fine-tuning that a self-supervised run was made for, or the same
training without augmentation, to compare."""

from sciapp.errors import SciAppError
from sciapp.records.base_model import model_of_run
from sciapp.records.plan import Plan, PretrainPlan, TrainPlan, without_augmentation
from sciapp.records.project import Project
from sciapp.records.run import Run


def next_run(run: Run, *, stopped: bool = False) -> Run | None:
    """The run that `run` is to be followed by, made but not started; None when there is none to start.

    stopped: somebody ended `run` by hand; there is nothing fair to compare it with then. A run that was killed between
    making the next one and its own end finds it again. Raises SciAppError.
    """
    plan = _next_plan(run, stopped=stopped)
    if plan is None:
        return None
    project = Project.open(run.project_folder)
    following = run_after(project, run)
    if following is None:
        return project.new_run(plan)
    return following if following.state().started is None else None


def run_after(project: Project, run: Run) -> Run | None:
    """The first training that begins from the model of `run` or is compared with it, if there is one."""
    return next((other for other in project.runs() if _follows(other, run)), None)


def _next_plan(run: Run, *, stopped: bool) -> TrainPlan | None:
    plan = run.plan()
    if isinstance(plan, PretrainPlan) and plan.then is not None:
        return plan.then.model_copy(update={"model": model_of_run(run.id)})
    if isinstance(plan, TrainPlan) and plan.compare_augmentation and plan.augmentation.is_on and not stopped:
        return without_augmentation(plan, run.id)
    return None


def _follows(other: Run, run: Run) -> bool:
    try:
        plan: Plan = other.plan()
    except SciAppError:
        return False
    if not isinstance(plan, TrainPlan):
        return False
    return run.id == plan.compared_with or (isinstance(run.plan(), PretrainPlan) and plan.model == model_of_run(run.id))
