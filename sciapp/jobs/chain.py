"""What begins by itself when a run has ended: the fine-tuning that a self-supervised run was made for."""

from sciapp.errors import SciAppError
from sciapp.records.base_model import model_of_run
from sciapp.records.plan import PretrainPlan, TrainPlan
from sciapp.records.project import Project
from sciapp.records.run import Run


def next_run(run: Run) -> Run | None:
    """The run that `run` is to be followed by, made but not started; None when there is none to start.

    A run that was killed between making it and its own end finds it again. Raises SciAppError.
    """
    plan = run.plan()
    if not isinstance(plan, PretrainPlan) or plan.then is None:
        return None
    project = Project.open(run.project_folder)
    following = run_after(project, run)
    if following is None:
        return project.new_run(plan.then.model_copy(update={"model": model_of_run(run.id)}))
    return following if following.state().started is None else None


def run_after(project: Project, run: Run) -> Run | None:
    """The first training that begins from the model of `run`, if there is one."""
    return next((other for other in project.runs() if _base_of(other) == model_of_run(run.id)), None)


def _base_of(run: Run) -> str:
    try:
        plan = run.plan()
    except SciAppError:
        return ""
    return plan.model if isinstance(plan, TrainPlan) else ""
