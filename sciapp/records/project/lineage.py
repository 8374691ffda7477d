"""Lineage of runs: the training that a model comes from, and the one that a training is compared with."""

from contextlib import suppress

from sciapp.errors import NotFound, SciAppError
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run


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


def compared_runs(project: Project, run: Run) -> tuple[Run, Run] | None:
    """The training with augmentation and the same one without, of which `run` is one; None where it has no other.

    Of several that were made to compare with `run`, the last.
    """
    plan = run.plan()
    if not isinstance(plan, TrainPlan):
        return None
    if plan.compared_with:
        with suppress(NotFound):
            return project.run(plan.compared_with), run
        return None
    others = [other for other in project.runs() if _compared_with(other) == run.id]
    return (run, others[-1]) if others else None


def _compared_with(run: Run) -> str:
    with suppress(SciAppError):
        plan = run.plan()
        return plan.compared_with if isinstance(plan, TrainPlan) else ""
    return ""
