"""Lineage of runs: the training that a model comes from."""

from dataclasses import dataclass

from sciapp.errors import NotFound
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Plan, TrainPlan, is_fine_tuning
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run

_MOST_STEPS = 10  # a plan that names itself must not be followed for ever


@dataclass(frozen=True)
class TrainedRun:
    """A fine-tuning: its run, its plan, the card of its dataset.

    compressions: plans of those that its model went through, in the order in which they were carried out.
    """

    run: Run
    plan: TrainPlan
    card: DatasetCard
    compressions: tuple[Plan, ...] = ()


def trained_run(project: Project, run_id: str) -> TrainedRun:
    """The training that a run's model comes from, through compressions.

    Raises NotFound where it comes from none, or where one of those runs is gone.
    """
    run, compressions = project.run(run_id), list[Plan]()
    for _ in range(_MOST_STEPS):
        plan = run.plan()
        if is_fine_tuning(plan):
            return TrainedRun(run, plan, project.dataset(plan.dataset), tuple(reversed(compressions)))
        if not plan.compresses:
            break
        compressions.append(plan)
        run = project.run(plan.source_run)
    raise NotFound(
        msg("Run {run} has no model that predicts.", run=run_id), hint=msg("Choose a training or a compression.")
    )
