"""Actions on runs: list, describe, start, stop, cancel and resume them, compress their model, predict with it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sciapp.errors import RunProblem
from sciapp.jobs.backends.base import HandOver
from sciapp.jobs.backends.registry import backend_named, backend_of
from sciapp.jobs.launch import launcher
from sciapp.jobs.queue import queue
from sciapp.jobs.runs.follow import outcome
from sciapp.jobs.runs.live import LiveNumbers, live_numbers
from sciapp.jobs.runs.summary import summaries, summarise
from sciapp.records.plan.compression import CompressionName
from sciapp.records.plan.plan import CompressPlan, Plan, PredictPlan
from sciapp.records.project.lineage import trained_run
from sciapp.records.project.outputs import check_out
from sciapp.records.project.project import Project
from sciapp.records.project.studies.continuation import continued_from
from sciapp.records.read_options import Reading
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.run import LOCAL, Outcome, Run, RunState, check_model
from sciapp.records.run.summary import RunSummary


@dataclass(frozen=True)
class Start:
    """Time, device and backend of a run's start.

    when: in its turn, which is at once while its device is free; now, beside whatever is on; queued, behind all that
    wait. lane: the device; empty: left to the backend. backend: the name of one; empty: this computer, or the one that
    carried the run out before. hand_over: asks a process that stands by to become the run's.
    """

    when: Literal["in turn", "now", "queued"] = "in turn"
    lane: str = ""
    backend: str = ""
    hand_over: HandOver | None = None

    def check(self) -> None:
        """Raise BadInput for a backend or a device that there is not, before a run is made for it."""
        backend = backend_named(self.backend or LOCAL)
        if self.lane:
            backend.lane(self.lane, ())


IN_TURN = Start()


@dataclass(frozen=True)
class Started:
    """A run that was started, or that waits in the queue for its turn.

    lane: its device; empty where nobody asked for one and it is to begin in its turn.
    """

    run: Run
    lane: str
    queued: bool


def start_run(*, run: Run, start: Start = IN_TURN) -> Started:
    """Let a run begin, as a process that outlives whoever started it. Raises BadInput, RunProblem."""
    backend = start.backend or backend_of(run)
    if start.when == "queued":
        return Started(run, queue.add(run, lane=start.lane, backend=backend).lane, queued=True)
    if start.when == "now":
        lane = queue.start_now(run, lane=start.lane, backend=backend, hand_over=start.hand_over)
        return Started(run, lane, queued=False)
    started = queue.start_or_add(run, lane=start.lane, backend=backend, hand_over=start.hand_over)
    return Started(run, start.lane, queued=not started)


@dataclass(frozen=True)
class RunDetails:
    """All that is known of a run. continued_from: the run whose training it goes on with; empty for none."""

    run: Run
    summary: RunSummary
    plan: Plan
    state: RunState
    outcome: Outcome
    evaluation: Evaluation | None
    pretraining: Pretraining | None
    live: LiveNumbers
    continued_from: str


def list_runs(*, project: Project, before: Sequence[RunSummary] = ()) -> list[RunSummary]:
    """The lines of all runs, oldest first, each with the study that it is listed under.

    before: the lines of a moment ago, of which what has not changed is taken.
    """
    return summaries(project, before)


def describe_run(*, project: Project, run_id: str) -> RunDetails:
    """Takes half a second for a run that is on. Raises NotFound, RunProblem."""
    run = project.run(run_id)
    return RunDetails(
        run=run,
        summary=summarise(run),
        evaluation=run.evaluation(),
        plan=run.plan(),
        pretraining=run.pretraining(),
        state=run.state(),
        live=live_numbers(run),
        outcome=outcome(run),
        continued_from=continued_from(project, run.id),
    )


def stop_run(*, run: Run) -> None:
    """End training now, keep the best model so far and evaluate it."""
    queue.stop(run)


def cancel_run(*, run: Run) -> None:
    """End the run and leave its folder as it stands, or take it out of the queue; it can be resumed."""
    queue.cancel(run)


def resume_run(*, project: Project, run: Run, start: Start = IN_TURN) -> Started:
    """Let a run that was interrupted, cancelled or failed go on from its last checkpoint. Raises RunProblem for any
    other, ProjectProblem, BadInput.
    """
    project.must_be_writable()
    queue.must_be_resumable(run)
    start.check()
    run.clear_request()
    return start_run(run=run, start=start)


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
    out: Path | None = None,
) -> Run:
    """A new run that applies the model of `run_id` to the rows of `file`; columns: where they have another name.

    out: the file that its predictions will be written to. What cannot be predicted is refused before a run is made
    for it: raises BadInput for a place or a file that cannot be, UnknownColumn, NotFound or RunProblem without a model.
    """
    if out is not None:
        check_out(out, project.folder, predicted=file)
    plan = PredictPlan(
        run=project.run(run_id).id,
        file=str(file.absolute()),
        input_column=input_column,
        second_input_column=second_input_column,
        reading=reading or Reading(),
    )
    _check_prediction(project, plan)
    return _started(project, plan)


def _check_prediction(project: Project, plan: PredictPlan) -> None:
    # What reads tables takes its time to load, and most actions on runs read none.
    from sciapp.engine.data.dataset.prediction_reading import check_file

    run, card = project.run(plan.run), trained_run(project, plan.run).card
    check_model(run.model_folder)
    evaluation = None
    with suppress(RunProblem):  # the model predicts without its evaluation, too
        evaluation = run.evaluation()
    features = evaluation.extra_features if evaluation else None
    conditions = features.covariates if features else ()
    check_file(Path(plan.file), plan, card, conditions)


def _started(project: Project, plan: Plan) -> Run:
    run = project.new_run(plan)
    launcher.start(run)
    return run
