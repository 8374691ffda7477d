"""From a pretraining plan to what it needs in memory: rows, tokenizer, network, and what there is to learn of them."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.data.ingest.unlabelled import UnlabelledRows, dataset_rows, file_rows, kept_for_tests
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import only_part
from sciapp.engine.inputs.features.descriptor_targets import DescribedRows, are_worth_learning, describe
from sciapp.engine.inputs.tokenization.tokens import TokenRows, tokenize
from sciapp.engine.inputs.tokenization.windows import InputAugmentation, SpecialTokenCounts, Windows
from sciapp.engine.models.architectures.from_scratch import fresh_network, fresh_reader
from sciapp.engine.models.architectures.pretraining import PretrainingModel
from sciapp.engine.models.load import arriving, load_tokenizer, local_folder, longest_input
from sciapp.engine.models.masked_lm import check_mask_token, load_masked
from sciapp.engine.models.saved_model import pad_of
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.tasks.masked_lm import Masker
from sciapp.engine.training.pretraining import HeldOutRows, PretrainingData
from sciapp.engine.training.setup.fine_tuning import tokenized
from sciapp.errors import BadInput, RunProblem
from sciapp.i18n import msg
from sciapp.records.atomic import new_folder, write_json
from sciapp.records.plan.plan import PretrainPlan
from sciapp.records.project.project import Project
from sciapp.records.regular import json_in
from sciapp.records.run.run import Run

_HELD_OUT_SHARE, _MOST_HELD_OUT = 0.05, 2000
_FEWEST = 10  # rows
_WHOLE = 2**30  # tokens: rows are not cut, windows are drawn from them


@dataclass(frozen=True)
class StartingModel:
    """The model that the training begins from. longest: tokens of a window."""

    tokenizer: PreTrainedTokenizerBase
    network: PreTrainedModel
    longest: int
    remark: str


@dataclass(frozen=True)
class PretrainingSetup:
    """The network on its device, what it learns from, and what it is judged by."""

    model: PretrainingModel
    tokenizer: PreTrainedTokenizerBase
    data: PretrainingData
    held_out: HeldOutRows


def gather_rows(plan: PretrainPlan, run: Run, progress: RunProgress) -> UnlabelledRows:
    """The rows that the plan names. Raises BadInput for too few, RunProblem when they changed since the run began."""
    reading = progress.stage("data", msg("Reading the rows"))
    project = Project.open(run.project_folder)
    if plan.file:
        rows = file_rows(
            Path(plan.file), project.record.domain, plan.input_column, plan.reading, progress=reading
        ).without(kept_for_tests(project, run.state().created))
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
    """Load, tokenise and describe. Raises BadInput for a model that does not fit, Cancelled."""
    judged, learnt = held_out_and_learnt(len(inputs), plan.seed)
    loading = progress.stage("model", msg("Loading the model") if plan.model else msg("Making a fresh model"))
    for done, total in arriving(plan.model, run.project_folder) if plan.model else ():
        loading.report(done, total)
    begun = _went_on(plan, run) if plan.model else _fresh(plan, run, domain, [inputs[row] for row in learnt])
    if begun.remark:
        progress.note(begun.remark)
    tokenizing = progress.stage("tokens", msg("Tokenising"))
    read = partial(tokenize, begun.tokenizer, max_length=_WHOLE)
    tokens = tokenized(read, inputs, tokenizing).rows
    if cropped := int((tokens.lengths > begun.longest).sum()):
        progress.note(
            msg(
                "{cropped:,} rows are longer than {longest} tokens; they are read in random windows.",
                cropped=cropped,
                longest=begun.longest,
            )
        )
    facts: DescribedRows | None = None
    if are_worth_learning(domain) and plan.masking.descriptor_weight and not progress.stop.stop_requested():
        dataset = Project.open(run.project_folder).dataset_folder(plan.dataset)
        store = run.folder / "descriptors.parquet" if plan.file else dataset.descriptors_file
        facts = describe(domain, inputs, learnt, store, progress)
    lesson, seen = _lessons(plan, domain, inputs, tokens, begun, judged, learnt, facts)
    learner = PretrainingModel(begun.network, facts.targets.shape[1] if facts else 0, plan.seed).to(device.torch_device)
    budget = max(4096, plan.batching.tokens_per_batch)
    return PretrainingSetup(
        learner, begun.tokenizer, lesson, HeldOutRows(seen, plan.seed, budget, device, progress.stop)
    )


def held_out_and_learnt(rows: int, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of the rows to judge by (5 %, at most 2,000) and of all others, both in a seeded random order."""
    order = np.random.default_rng(seed).permutation(rows)
    judged = min(_MOST_HELD_OUT, max(1, round(_HELD_OUT_SHARE * rows)))
    return order[:judged], order[judged:]


def _lessons(
    plan: PretrainPlan,
    domain: Domain,
    inputs: list[str],
    tokens: TokenRows,
    begun: StartingModel,
    judged: npt.NDArray[np.int64],
    learnt: npt.NDArray[np.int64],
    facts: DescribedRows | None,
) -> tuple[PretrainingData, PretrainingData]:
    """Training data, and data for validation alone: one window of each held-out row."""
    tokenizer = begun.tokenizer
    frame, pad = SpecialTokenCounts.of(tokenizer, only_part(domain.example)), pad_of(tokenizer)
    spellings = (one for one in domain.augmentations.values() if one.respells)
    spelling = next(spellings, None) if plan.masking.randomize else None
    respelling = InputAugmentation(inputs, spelling, tokenizer) if spelling else None
    special = np.array(tokenizer.all_special_ids, dtype=np.int64)
    ordinary = np.setdiff1d(np.arange(len(tokenizer)), special)
    masker = Masker(plan.masking, int(tokenizer.mask_token_id), ordinary)
    windows = Windows.over(tokens, learnt, begun.longest, frame, pad, respelling)
    seen = Windows(tokens, judged, begun.longest, frame, pad)
    return PretrainingData(windows, masker, special, facts), PretrainingData(seen, masker, special, None)


def _went_on(plan: PretrainPlan, run: Run) -> StartingModel:
    """The model that the plan names. Raises BadInput."""
    folder = local_folder(plan.model, project=run.project_folder)
    tokenizer = load_tokenizer(folder)
    check_mask_token(tokenizer)
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
    tokenizer = load_tokenizer(folder)
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
