"""Training a run for more passes: the plan of the run that goes on from it."""

from collections.abc import Mapping
from typing import Any

from sciapp.errors import BadInput, RunProblem
from sciapp.jobs.follow import standing
from sciapp.records.checkpoint_place import places_to_go_on_from
from sciapp.records.going_on import must_go_on_alike
from sciapp.records.plan import TrainPlan, continuing, with_settings
from sciapp.records.project import Project
from sciapp.records.run import Run


def continued_plan(project: Project, run: Run, epochs: int, settings: Mapping[str, Any] | None = None) -> TrainPlan:
    """The plan of a training that goes on where `run` ended, for `epochs` more passes over the data.

    A pass that was broken off is finished first. settings: leaf settings that it has otherwise. Raises RunProblem for a
    run that is on, is no training, or whose checkpoints are gone; BadInput for a number of passes that cannot be, and
    for settings that cannot change on the way.
    """
    plan, now = run.plan(), standing(run)
    if not isinstance(plan, TrainPlan):
        raise RunProblem(
            f"Run {run.id} is no fine-tuning, so it cannot be trained on.",
            hint="Choose a training; a training may also begin from the model of a self-supervised run.",
        )
    if not now.is_over:
        raise RunProblem(f"Run {run.id} is not over yet: it is {now}.", hint="Stop it first, or wait for its end.")
    places = places_to_go_on_from(run)
    total = places[0].epochs_begun + epochs
    if epochs < 1 or total > 10_000:
        raise BadInput(
            f"A training cannot go on for {epochs:,} more passes over the data.",
            hint=f"Choose a number from 1 to {10_000 - places[0].epochs_begun:,}.",
        )
    longer = with_settings(continuing(plan, run.id, total), settings or {})
    must_go_on_alike(longer, plan)
    return longer
