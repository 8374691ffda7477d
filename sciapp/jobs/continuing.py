"""Training a run for more passes: the plan of the run that goes on from it."""

from sciapp.errors import BadInput, RunProblem
from sciapp.jobs.follow import standing
from sciapp.records.checkpoint_place import checkpoint_places
from sciapp.records.plan import TrainPlan, continuing
from sciapp.records.project import Project
from sciapp.records.run import Run


def continued_plan(project: Project, run: Run, epochs: int) -> TrainPlan:
    """The plan of a training that goes on where `run` ended, for `epochs` more passes over the data.

    A pass that was broken off is finished first. Raises RunProblem for a run that is on, is no training, or whose
    checkpoints are gone; BadInput for a number of passes that cannot be.
    """
    plan, now = run.plan(), standing(run)
    if not isinstance(plan, TrainPlan):
        raise RunProblem(
            f"Run {run.id} is no fine-tuning, so it cannot be trained on.",
            hint="Choose a training; a training may also begin from the model of a self-supervised run.",
        )
    if not now.is_over:
        raise RunProblem(f"Run {run.id} is not over yet: it is {now}.", hint="Stop it first, or wait for its end.")
    places = checkpoint_places(run)
    if not places:
        raise RunProblem(
            f"The checkpoints of run {run.id} are gone, so its training cannot go on where it ended.",
            hint=f"Begin a new training from its model instead: --model run:{run.id}.",
        )
    total = places[0].epochs_begun + epochs
    if epochs < 1 or total > 10_000:
        raise BadInput(
            f"A training cannot go on for {epochs:,} more passes over the data.",
            hint=f"Choose a number from 1 to {10_000 - places[0].epochs_begun:,}.",
        )
    return continuing(plan, run.id, total)
