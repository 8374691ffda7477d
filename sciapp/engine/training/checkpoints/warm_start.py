"""Going on from another run: its last weights, optimiser, random states, order of data and best model are taken over.

They become checkpoints of the new run, which then resumes as any run does. The schedule is that of the longer training:
the learning rate goes on as it would have been at that step, had so many passes been planned from the start. Where a
schedule had fallen to zero the rate rises again; with a constant one the two runs end as one long run would. Averaged
weights go on too, except a mean of SWA that would begin later in the longer training: it is forgotten.
"""

import shutil
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sciapp.engine.training.optim.schedule import learning_rate
from sciapp.engine.training.state import TrainerState
from sciapp.errors import NotFound, RunProblem
from sciapp.i18n import joined, msg
from sciapp.records.atomic import new_folder, write_json
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.plan.resume_rules import must_go_on_alike
from sciapp.records.project.project import Project
from sciapp.records.project.studies.continuation import continued_from
from sciapp.records.regular import json_in
from sciapp.records.run.checkpoints import StoredCheckpoint, resumable_checkpoints
from sciapp.records.run.events import Event, RunStarted, StepTaken, Validated
from sciapp.records.run.run import Run


def take_over(run: Run, plan: TrainPlan) -> Iterator[Event]:
    """Make what the other run left the beginning of this one, its curve too. Leaves the other run as it is.

    Nothing for a run that goes on from no other, or when it has been done. Raises RunProblem when there is nothing left
    to go on from, BadInput for a plan that changes what cannot change, OutOfSpace.
    """
    if run.continued_file.is_file():
        return
    other = _other(run)
    if other is None:
        return
    before, checkpoints = other.training_plan(), resumable_checkpoints(other)
    must_go_on_alike(plan, before, run=other.id)
    shutil.rmtree(run.checkpoints, ignore_errors=True)  # what a kill in the middle of this left
    run.checkpoints.mkdir()
    for best in other.checkpoints.glob("best-*"):
        shutil.copytree(best, run.checkpoints / best.name)
    for checkpoint in checkpoints:
        _copy(checkpoint, run)
    if other.feature_selection_file.is_file():
        shutil.copy2(other.feature_selection_file, run.feature_selection_file)
    yield from islice(_curve(other, checkpoints[0].step), _curve_length(run), None)
    step, total = checkpoints[0].step, other.state().total_steps
    share = TrainerState.read(checkpoints[0].folder / "state.json").rate_share
    rate = share * learning_rate(max(0, step - 1), total, before.optimization)
    record = {"run": other.id, "step": step, "total_steps": total, "rate_share": share, "learning_rate": rate}
    write_json(run.continued_file, record)  # last: all of it has been done


def going_on(run: Run, plan: TrainPlan, total_steps: int) -> str:
    """A sentence on the warm start, with the learning rate before and after; empty for a run without one."""
    if not run.continued_file.exists():
        return ""
    record, step = _read_record(run)
    sentence = msg(
        "It goes on from run {run} after step {step:,}, with its last weights, optimiser and order of data.",
        run=record["run"],
        step=step,
    )
    if plan.optimization.lr_scheduler_type == "reduce_lr_on_plateau" or "learning_rate" not in record:
        return sentence
    following = record.get("rate_share", 1.0) * learning_rate(step, total_steps, plan.optimization)
    schedule = msg(
        "The learning rate follows the schedule of the longer training: it was {last:.3g} at the last step and is "
        "{following:.3g} at the next.",
        last=record["learning_rate"],
        following=following,
    )
    return joined([sentence, schedule])


def _read_record(run: Run) -> tuple[dict[str, Any], int]:
    """The record that `take_over` wrote, and its step. Raises RunProblem for a damaged file."""
    try:
        record: dict[str, Any] = json_in(run.continued_file)
        return record | {"run": str(record["run"])}, int(record["step"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise RunProblem(
            msg("What this run went on from cannot be read any more."),
            hint=msg("Start a new run."),
            context=f"{run.continued_file}: {error}",
        ) from error


def _other(run: Run) -> Run | None:
    project = Project.open(run.project_folder)
    before = continued_from(project, run.id)
    if not before:
        return None
    try:
        return project.run(before)
    except NotFound as error:
        raise RunProblem(
            msg("Run {run}, which this one goes on from, is gone.", run=before),
            hint=msg("Start a new training instead."),
        ) from error


def _copy(checkpoint: StoredCheckpoint, run: Run) -> None:
    """The training is not over any more, and patience begins anew."""
    with new_folder(run.checkpoints / checkpoint.folder.name) as draft:
        for file in checkpoint.folder.iterdir():
            shutil.copy2(file, draft / file.name)
        state = json_in(draft / "state.json")
        write_json(draft / "state.json", state | {"over": False, "validations_without_gain": 0})


def _curve_length(run: Run) -> int:
    """The number of steps and validations of the other run's curve in this one's; a kill may have come in between."""
    return sum(isinstance(event, StepTaken | Validated) for event in run.events())


def _curve(other: Run, last: int) -> Iterator[Event]:
    """Steps and validations of the other run up to a step; those that were trained again after a kill once."""
    curve: list[StepTaken | Validated] = []
    for event in other.events():
        if isinstance(event, RunStarted):
            resumed = event.resumed_at_step or 0
            curve = [one for one in curve if one.step <= resumed] if event.resumed_at_step is not None else []
        elif isinstance(event, StepTaken | Validated) and event.step <= last:
            curve.append(event)
    yield from curve
