"""The README.md of a saved model: what it is, how it was judged, how to use it without SciApp."""

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import yaml

from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.domains.row_input import parts_of
from sciapp.engine.inputs.registry import input_kind
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.base import PartDescription
from sciapp.engine.reports.names import is_public, model_name, one_line
from sciapp.engine.reports.text.dataset import counts_of
from sciapp.i18n import joined, msg, term
from sciapp.records.atomic import write_text
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.formatting import number_text
from sciapp.records.model.info import method_name
from sciapp.records.plan.compression import compression_facts
from sciapp.records.plan.plan import Plan, TrainPlan
from sciapp.records.regular import json_object_in
from sciapp.records.run.evaluation import Evaluation, ExtraFeatures
from sciapp.records.run.score_format import score_title, with_interval

_USE = """
    from transformers import {network}, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(".")
    model = {network}.from_pretrained(".").eval()
    batch = tokenizer({example}, truncation=True, padding=True, return_tensors="pt")
    {result}
"""
_FUSED_USE = """
    from pathlib import Path
    from sciapp.engine.models.saved_model import SavedModel{more}
    model = SavedModel.open(Path("."))
    {result}
"""
_HOW_TO_USE = msg("How to use it")


def write_model_card(
    folder: Path,
    plan: Plan,
    card: DatasetCard,
    evaluation: Evaluation,
    *,
    training: TrainPlan,
    before: Sequence[Plan] = (),
) -> None:
    """Write README.md into a model folder.

    training: the plan of the training that the model comes from; `plan` itself unless that is a compression. before:
    the compressions between the two. Raises OutOfSpace.
    """
    parts = ModelFolder(folder).describe()
    use = (
        _use(card, training.optimization.loss, parts, json_object_in(folder / "config.json"))
        if evaluation.extra_features is None
        else _use_joined(card, evaluation.extra_features)
    )
    notes = [part.note for part in parts if part.note]
    lines = [*_about(plan, card, evaluation, before), *use, *_tuning(plan, evaluation), *notes, *_limits(card)]
    write_text(folder / "README.md", "\n".join([_front_matter(plan, card, parts), *lines]) + "\n")


def _front_matter(plan: Plan, card: DatasetCard, parts: list[PartDescription]) -> str:
    """The metadata of a model card that the hub reads."""
    metadata: dict[str, Any] = {"library_name": "transformers", "pipeline_tag": _pipeline(card)}
    if plan.fits_labels and is_public(plan.origin):
        metadata["base_model"] = plan.origin
    metadata["tags"] = ["sciapp", card.domain, card.task, *(tag for part in parts for tag in part.tags)]
    return f"---\n{yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True)}---\n"


def _pipeline(card: DatasetCard) -> str:
    return target_kind(card.task).words.pipeline


def _about(plan: Plan, card: DatasetCard, evaluation: Evaluation, before: Sequence[Plan]) -> list[str]:
    names = one_line(target_kind(card.task).words.title(card))
    counts = counts_of(card.split_counts, ", ")
    return [
        f"# {names}",
        "",
        joined(
            [
                msg(
                    "Predicts {names} from {columns} ({domain}).",
                    names=names,
                    columns=_columns(card),
                    domain=card.domain,
                ),
                _made(plan, card, before),
            ]
        ),
        "",
        msg("## {title}", title=msg("Data")),
        "",
        msg(
            "{rows:,} of {all:,} rows were used ({counts}; {method} split, seed {seed}).",
            rows=card.rows_kept,
            all=card.rows_read,
            counts=counts,
            method=term(card.split.method),
            seed=card.split.seed,
        ),
        *(
            [msg("Training rows counted by the column “{column}”.", column=one_line(card.roles.weight))]
            if card.roles.weight
            else []
        ),
        msg(
            "SHA-256 of the file: `{sha256}`; fingerprint of the used rows: `{fingerprint}`.",
            sha256=card.source.sha256,
            fingerprint=card.fingerprint,
        ),
        "",
        msg("## {title}", title=msg("How well")),
        "",
        evaluation.verdict,
        "",
        *_score_table(evaluation, target_kind(card.task).words.scored_targets(card)),
        "",
        msg("In brackets: 95 % bootstrap intervals; Wilson’s where all redrawn rows gave the same score.")
        if evaluation.has_wilson
        else msg("In brackets: 95 % bootstrap intervals."),
        "",
    ]


def _made(plan: Plan, card: DatasetCard, before: Sequence[Plan]) -> str:
    file = one_line(card.source.file_name)
    if plan.fits_labels:
        return msg("Fine-tuned from `{model}` on {file} with SciApp.", model=model_name(plan.origin), file=file)
    steps = (
        msg("the model of run `{run}`, {result}", run=step.source_run, result=compression_facts(step.base_text).result)
        for step in (plan, *reversed(before))
    )
    return msg(
        "{steps:u}; it was fine-tuned on {file} with SciApp.",
        steps=reduce(lambda step, source: msg("{step}, which is {source}", step=step, source=source), steps),
        file=file,
    )


def _columns(card: DatasetCard) -> str:
    if len(card.roles.inputs) == 1:
        return msg("the column “{name}”", name=one_line(card.roles.input))
    first, second = map(one_line, card.roles.inputs)
    return msg("the columns “{first}” and “{second}” together", first=first, second=second)


def _score_table(evaluation: Evaluation, targets: Collection[str] | None) -> list[str]:
    """targets: those that are listed, of many; None: all."""
    sides = (evaluation.model, evaluation.before_compression, *evaluation.baselines)
    columns = [side for side in sides if side is not None]
    head = [msg("On {rows:,} test rows", rows=evaluation.model.rows), *(side.predictor for side in columns)]
    table = [_line(head), "|---" * len(head) + "|"]
    for score in evaluation.model.scores:
        if targets is not None and score.target and score.target not in targets:
            continue
        about = score_title(score.name)
        if score.target:
            about = msg("{score}: {target}", score=about, target=score.target)
        table.append(_line([about, *(with_interval(side.get(score.name, score.target)) for side in columns)]))
    return table


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(one_line(cell).replace("|", r"\|") for cell in cells) + " |"


def _use(card: DatasetCard, loss: str, parts: list[PartDescription], config: Mapping[str, Any]) -> list[str]:
    use, note = next(((part.usage, part.usage_note) for part in parts if part.usage), (_USE, ""))
    report = target_kind(card.task).words
    if use is _USE and not input_kind(domain_of(card).inputs.kind).plain:
        return _use_here(domain_of(card), report.fused_result)
    result = report.result(loss, config)
    domain = domain_of(card)
    example = _example(domain, plain=use is _USE)
    text = use.format(example=example, result=result, network=report.network, more=_more(domain))
    lines: list[str] = [
        msg("## {title}", title=_HOW_TO_USE),
        *(["", note] if note else []),
        text,
        *([report.pieces_note] if report.pieces_note and use is _USE else []),
    ]
    return [*lines, f"{domain.spelling}\n"] if domain.spelling else lines


def _use_here(domain: Domain, result: str) -> list[str]:
    """Of a model whose inputs and network plain transformers does not know."""
    return [
        msg("## {title}", title=_HOW_TO_USE),
        "",
        msg("SciApp turns rows into what the network reads, as the scale in this folder says:"),
        _FUSED_USE.format(result=result.format(example=_example(domain, plain=False), more=""), more=_more(domain)),
        msg("or `sciapp predict PROJECT RUN FILE --out OUT.csv` for a file."),
        "",
    ]


def _use_joined(card: DatasetCard, extra: ExtraFeatures) -> list[str]:
    domain = domain_of(card)
    columns = ", ".join(one_line(name) for name in extra.covariates)
    result = target_kind(card.task).words.fused_result.format(
        example=_example(domain, plain=False), more=", covariates=numpy.array([[…]])" if columns else ""
    )
    reads = (
        msg("also reads the numbers that `descriptors.json` names. SciApp works them out and joins them")
        if extra.descriptors or columns
        else msg("reads the mean of its output over a row’s tokens. SciApp joins the two")
    )
    if extra.rule:
        reads = msg(
            "also reads the forecast of a simple rule ({rule:l}), which `descriptors.json` holds. SciApp works it out "
            "and joins it",
            rule=extra.rule,
        )
    lines: list[str] = [
        msg("## {title}", title=_HOW_TO_USE),
        "",
        msg(
            'The encoder is a plain one (`AutoModel.from_pretrained(".")`); the head, in `head.safetensors`, {reads}:',
            reads=reads,
        )
        if input_kind(domain.inputs.kind).plain
        else msg("The encoder is SciApp’s own; the head, in `head.safetensors`, {reads}:", reads=reads),
        _FUSED_USE.format(result=result, more=_more(domain)),
        msg("or `sciapp predict PROJECT RUN FILE --out OUT.csv` for a file."),
        "",
    ]
    if columns:
        lines += (
            msg("The covariates, one row a molecule or sequence, in this order: {columns}.", columns=columns),
            "",
        )
    return [*lines, f"{domain.spelling}\n"] if domain.spelling else lines


def _example(domain: Domain, *, plain: bool) -> str:
    """The rows in the example lines of Python. plain: as transformers’ tokenizers take it."""
    parts = [f"'{part}'" if '"' in part else f'"{part}"' for part in parts_of(domain.example)]
    if plain or len(parts) == 1:
        return ", ".join(f"[{part}]" for part in parts)
    return f"[paired({', '.join(parts)})]"


def _more(domain: Domain) -> str:
    """The imports that those lines need as well."""
    return "\n    from sciapp.engine.domains.pair import paired" if len(parts_of(domain.example)) > 1 else ""


def _limits(card: DatasetCard) -> list[str]:
    numbers = [
        msg(
            "{name}: {minimum} to {maximum}",
            name=one_line(one.name),
            minimum=number_text(one.minimum, one.standard_deviation),
            maximum=number_text(one.maximum, one.standard_deviation),
        )
        for one in target_kind(card.task).words.listed_targets(card)
        if one.minimum is not None and one.maximum is not None
    ]
    return [
        msg("## {title}", title=msg("Limits")),
        "",
        joined(
            [
                msg(
                    "Trust it only for inputs like those it was trained on, and only as far as the intervals above "
                    "say. It was judged on rows of the same file; other laboratories, assays or ranges are another "
                    "matter."
                ),
                msg("Measured values in that file: {numbers}.", numbers=joined(numbers, "; ")) if numbers else "",
                msg(
                    "Inputs had at most {maximum:,} {unit}.",
                    maximum=card.lengths.maximum,
                    unit=term(card.lengths.unit),
                ),
            ]
        ),
    ]


# The section on an adapter in a model card: how few weights learnt, and what became of them.


_MERGED = msg("What it learnt is merged into the weights: nothing but transformers is needed to read them.")


def _tuning(plan: Plan, evaluation: Evaluation) -> list[str]:
    """For a training; nothing for a model that was trained as a whole."""
    tuning = plan.weights_tuned
    if not tuning.is_adapter:
        return []
    name = method_name(tuning)
    share = [remark for remark in evaluation.remarks if remark.startswith(msg("{name} trains", name=name))]
    if tuning.tuning_method == "prefix":
        outcome = ""
    elif tuning.tuning_method == "prompt":
        outcome = msg(
            "What it learnt are {tokens} virtual tokens, new rows of the embedding table; tokenizer.json puts them "
            "behind the start token of every row: use this tokenizer with this model.",
            tokens=tuning.num_virtual_tokens,
        )
    else:
        outcome = _MERGED
    return [msg("## {title}", title=msg("How it was tuned")), "", joined([*share, outcome]), ""]
