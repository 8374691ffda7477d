"""Lineage of runs: the training that a model comes from, and the one that a training is compared with."""

from contextlib import suppress
from dataclasses import dataclass

from sciapp.errors import NotFound, SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan, is_fine_tuning
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run


@dataclass(frozen=True)
class TrainedRun:
    """A fine-tuning: its run, its plan, the card of its dataset."""

    run: Run
    plan: TrainPlan
    card: DatasetCard


def trained_run(project: Project, run_id: str) -> TrainedRun:
    """The training that a run's model comes from, through compressions.

    Raises NotFound where it comes from none, or where one of those runs is gone.
    """
    run = project.run(run_id)
    for _ in range(10):
        plan = run.plan()
        if is_fine_tuning(plan):
            return TrainedRun(run, plan, project.dataset(plan.dataset))
        if not plan.compresses:
            break
        run = project.run(plan.source_run)
    raise NotFound(
        msg("Run {run} has no model that predicts.", run=run_id), hint=msg("Choose a training or a compression.")
    )


def compared_runs(project: Project, run: Run) -> tuple[Run, Run] | None:
    """The training with augmentation and the same one without, of which `run` is one; None where it has no other.

    Of several that were made to compare with `run`, the last.
    """
    plan = run.plan()
    if not is_fine_tuning(plan):
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
        return plan.compared_with if is_fine_tuning(plan) else ""
    return ""
