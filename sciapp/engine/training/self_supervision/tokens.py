"""Self-supervision of networks that read tokens: hidden tokens, and descriptors of whole rows where there are some."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sciapp.engine.domains.row_input import only_part
from sciapp.engine.inputs.features.descriptor_targets import DescribedRows, are_worth_learning, describe
from sciapp.engine.inputs.tokenization.tokens import TokenRows, tokenize
from sciapp.engine.inputs.tokenization.windows import InputAugmentation, SpecialTokenCounts, Windows
from sciapp.engine.models.architectures.pretraining import PretrainingModel
from sciapp.engine.models.masked_lm import check_mask_token
from sciapp.engine.models.saved_model import pad_of
from sciapp.engine.runtime.progress import StopFlag
from sciapp.engine.tasks.masked_lm import Masker, masked_scores
from sciapp.engine.training.pretraining import HeldOutRows, PretrainingData, pretraining_parts
from sciapp.engine.training.self_supervision.base import PretrainingSetup, StartingModel, UnlabelledTraining
from sciapp.engine.training.setup.fine_tuning import tokenized
from sciapp.i18n import msg
from sciapp.records.atomic import write_json
from sciapp.records.project.project import Project
from sciapp.records.regular import json_object_in
from sciapp.records.run.evaluation import Scores

_WHOLE = 2**30  # tokens: rows are not cut, windows are drawn from them


def check(reader: Any) -> None:
    check_mask_token(reader)


def prepared(training: UnlabelledTraining, start: StartingModel) -> PretrainingSetup:
    """Tokenise and describe. Raises Cancelled."""
    plan, device, progress = training.plan, training.device, training.progress
    tokenizing = progress.stage("tokens", msg("Preparing the rows for the model"))
    read = partial(tokenize, start.tokenizer, max_length=_WHOLE)
    tokens = tokenized(read, training.inputs, tokenizing).rows
    if cropped := int((tokens.lengths > start.longest).sum()):
        progress.note(
            msg(
                "{cropped:,} rows are longer than {longest} tokens; they are read in random windows.",
                cropped=cropped,
                longest=start.longest,
            )
        )
    facts = _facts(training)
    data, seen = _data(training, tokens, start, facts)
    model = PretrainingModel(start.network, facts.targets.shape[1] if facts else 0, plan.seed).to(device.torch_device)
    budget = max(4096, plan.batching.tokens_per_batch)
    held_out = HeldOutRows(seen, plan.seed, budget, device, progress.stop)

    def scores(label: str) -> Scores:
        return masked_scores(label, held_out.row_scores(model), plan.seed)

    described = len(facts.targets) if facts else 0
    return PretrainingSetup(model, start.tokenizer, pretraining_parts(plan, data, held_out, device), scores, described)


def _facts(training: UnlabelledTraining) -> DescribedRows | None:
    plan, run, progress = training.plan, training.run, training.progress
    wanted = are_worth_learning(training.domain) and plan.masking.descriptor_weight
    if not wanted or not learns_descriptors(run.folder / "descriptors.json", progress.stop):
        return None
    dataset = Project.open(run.project_folder).dataset_folder(plan.dataset)
    store = run.folder / "descriptors.parquet" if plan.file else dataset.descriptors_file
    return describe(training.domain, training.inputs, training.learnt, store, progress)


def learns_descriptors(decision: Path, stop: StopFlag) -> bool:
    """True unless the run was stopped before it came to descriptors. decision: the file that keeps it, so that other
    processes of the run, and a later sitting, learn with the same head.
    """
    settled = json_object_in(decision).get("descriptors")
    if isinstance(settled, bool):
        return settled
    describes = not stop.stop_requested()
    write_json(decision, {"descriptors": describes})
    return describes


def _data(
    training: UnlabelledTraining, tokens: TokenRows, start: StartingModel, facts: DescribedRows | None
) -> tuple[PretrainingData, PretrainingData]:
    """Training data, and data for validation alone: one window of each held-out row."""
    plan, domain, inputs = training.plan, training.domain, training.inputs
    tokenizer = start.tokenizer
    frame, pad = SpecialTokenCounts.of(tokenizer, only_part(domain.example)), pad_of(tokenizer)
    spellings = (one for one in domain.augmentations.values() if one.respells)
    spelling = next(spellings, None) if plan.masking.randomize else None
    respelling = InputAugmentation(inputs, spelling, tokenizer) if spelling else None
    special = np.array(tokenizer.all_special_ids, dtype=np.int64)
    ordinary = np.setdiff1d(np.arange(len(tokenizer)), special)
    masker = Masker(plan.masking, int(tokenizer.mask_token_id), ordinary)
    windows = Windows.over(tokens, training.learnt, start.longest, frame, pad, respelling)
    seen = Windows(tokens, training.judged, start.longest, frame, pad)
    return PretrainingData(windows, masker, special, facts), PretrainingData(seen, masker, special, None)
