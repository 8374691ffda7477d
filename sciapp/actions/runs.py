"""Actions on runs: stop, cancel and resume them, compress their model, predict with it."""

from pathlib import Path

from sciapp.jobs.backends.base import HandOver
from sciapp.jobs.launch import launcher
from sciapp.jobs.queue import queue
from sciapp.records.plan.compression import CompressionName
from sciapp.records.plan.plan import CompressPlan, Plan, PredictPlan
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from sciapp.records.run.run import Run


def stop_run(*, run: Run) -> None:
    """End training now, keep the best model so far and evaluate it."""
    queue.stop(run)


def cancel_run(*, run: Run) -> None:
    """End the run and leave its folder as it stands, or take it out of the queue; it can be resumed."""
    queue.cancel(run)


def resume_run(*, project: Project, run: Run, hand_over: HandOver | None = None) -> None:
    """Go on from the last checkpoint, or wait for that in the queue while another run is on."""
    project.must_be_writable()
    queue.resume_or_add(run, hand_over=hand_over)


def compress_run(*, project: Project, run_id: str, method: CompressionName = "quantize") -> Run:
    """A new run that makes the model of `run_id`, a training or a compression, smaller."""
    return _started(project, CompressPlan(run=project.run(run_id).id, method=method))


def predict_file(
    *,
    project: Project,
    run_id: str,
    file: Path,
    input_column: str = "",
    second_input_column: str = "",
    reading: Reading | None = None,
) -> Run:
    """A new run that applies the model of `run_id` to the rows of `file`; columns: where they have another name."""
    plan = PredictPlan(
        run=project.run(run_id).id,
        file=str(file.absolute()),
        input_column=input_column,
        second_input_column=second_input_column,
        reading=reading or Reading(),
    )
    return _started(project, plan)


def _started(project: Project, plan: Plan) -> Run:
    run = project.new_run(plan)
    launcher.start(run)
    return run
