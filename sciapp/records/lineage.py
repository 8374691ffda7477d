"""Which training a run's model comes from."""

from sciapp.errors import NotFound
from sciapp.records.dataset import DatasetCard
from sciapp.records.plan import CompressPlan, TrainPlan
from sciapp.records.project import Project
from sciapp.records.run import Run


def trained_run(project: Project, run_id: str) -> tuple[Run, DatasetCard]:
    """The training that a run's model comes from, through compressions, and the card of its dataset."""
    run = project.run(run_id)
    for _ in range(10):
        plan = run.plan()
        if isinstance(plan, TrainPlan):
            return run, project.dataset(plan.dataset)
        if not isinstance(plan, CompressPlan):
            break
        run = project.run(plan.run)
    raise NotFound(f"Run {run_id} has no model that predicts.", hint="Choose a training or a compression.")
