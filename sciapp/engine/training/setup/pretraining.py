"""From a pretraining plan to what it needs in memory: rows, tokenizer, network, and what there is to learn of them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.ingest.unlabelled import UnlabelledRows, dataset_rows, file_rows, values_for_tests
from sciapp.engine.domains.base import Domain
from sciapp.engine.inputs.registry import input_kind
from sciapp.engine.models.architectures.from_scratch import fresh_network, fresh_reader
from sciapp.engine.models.load import arriving, load_tokenizer, loading, local_folder, longest_input
from sciapp.engine.models.masked_lm import load_masked
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.training.self_supervision.base import (
    PretrainingSetup,
    StartingModel,
    UnlabelledTraining,
    self_supervision,
)
from sciapp.errors import BadInput, RunProblem
from sciapp.i18n import msg
from sciapp.records.atomic import new_folder, write_json
from sciapp.records.plan.plan import PretrainPlan
from sciapp.records.project.project import Project
from sciapp.records.regular import json_in
from sciapp.records.run.run import Run

_HELD_OUT_SHARE, _MOST_HELD_OUT = 0.05, 2000
_FEWEST = 10  # rows


def gather_rows(plan: PretrainPlan, run: Run, progress: RunProgress) -> UnlabelledRows:
    """The rows that the plan names. Raises BadInput for too few, RunProblem when they changed since the run began."""
    reading = progress.stage("data", msg("Reading the rows"))
    project = Project.open(run.project_folder)
    if plan.file:
        rows = file_rows(
            Path(plan.file), project.record.domain, plan.input_column, plan.reading, progress=reading
        ).without(values_for_tests(project, run.state().created))
    else:
        rows = dataset_rows(project, plan.dataset)
    progress.note(str(rows))
    if len(rows.inputs) < _FEWEST:
        hint = msg("Choose a file with more rows or another column, and check that the project’s domain is right.")
        raise BadInput(msg("There are only {rows} rows to learn from.", rows=len(rows.inputs)), hint=hint)
    _check_same(run.folder / "rows.json", rows)
    return rows


def gather(
    plan: PretrainPlan, run: Run, domain: Domain, inputs: list[str], device: Device, progress: RunProgress
) -> PretrainingSetup:
    """Load, or make, and read the rows. Raises BadInput for a model that does not fit, Cancelled."""
    judged, learnt = held_out_and_learnt(len(inputs), plan.seed)
    loading = progress.stage("model", msg("Loading the model") if plan.model else msg("Making a fresh model"))
    for done, total in arriving(plan.model, run.project_folder) if plan.model else ():
        loading.report(done, total)
    initial = _went_on(plan, run) if plan.model else _fresh(plan, run, domain, [inputs[row] for row in learnt])
    if initial.remark:
        progress.note(initial.remark)
    training = UnlabelledTraining(plan, run, domain, inputs, judged, learnt, device, progress)
    return self_supervision(initial.tokenizer).prepared(training, initial)


def held_out_and_learnt(rows: int, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of the rows to judge by (5 %, at most 2,000) and of all others, both in a seeded random order."""
    order = np.random.default_rng(seed).permutation(rows)
    judged = min(_MOST_HELD_OUT, max(1, round(_HELD_OUT_SHARE * rows)))
    return order[:judged], order[judged:]


def _went_on(plan: PretrainPlan, run: Run) -> StartingModel:
    """The model that the plan names. Raises BadInput."""
    folder = local_folder(plan.model, project=run.project_folder)
    tokenizer = load_tokenizer(folder)
    self_supervision(tokenizer).check(tokenizer)
    network, fresh_head = load_masked(folder, plan.seed)
    longest = min(plan.batching.max_length, longest_input(folder, tokenizer))
    remark = msg("The model brings no head for masked tokens; a fresh one is trained with it.") if fresh_head else ""
    return StartingModel(tokenizer, network, longest, remark)


def _fresh(plan: PretrainPlan, run: Run, domain: Domain, learnt: list[str]) -> StartingModel:
    """A network from scratch. Its tokenizer stays in the run's folder: a resumed run must have the very same."""
    name = Project.open(run.project_folder).record.domain
    folder = run.folder / "tokenizer"
    if not folder.is_dir():
        with new_folder(folder, parents=False) as draft:
            fresh_reader(name, learnt).save_pretrained(draft)
    with loading(
        msg("The run’s tokenizer cannot be loaded."), msg("Its files may be damaged: start a new run."), folder
    ):
        tokenizer = input_kind(domain.inputs.kind).load_reader(folder)
    network = fresh_network(name, tokenizer, plan.size, plan.seed)
    size = sum(weight.numel() for weight in network.parameters())
    longest = min(plan.batching.max_length, int(tokenizer.model_max_length))
    return StartingModel(
        tokenizer,
        network,
        longest,
        msg("A fresh network of {size:.1f} million parameters begins.", size=size / 1000000.0),
    )


def _check_same(file: Path, rows: UnlabelledRows) -> None:
    """A resumed run must go on with the rows that it began with."""
    now = {"rows": len(rows.inputs), "fingerprint": rows.fingerprint}
    if not file.exists():
        write_json(file, now)
        return
    try:
        before = json_in(file)
    except (OSError, ValueError) as error:
        raise RunProblem(
            msg("What this run began with cannot be read any more."),
            hint=msg("Start a new run."),
            context=f"{file}: {error}",
        ) from error
    if before != now:
        raise RunProblem(
            msg("The rows have changed since this run began."), hint=msg("Start a new run, or bring the old file back.")
        )
