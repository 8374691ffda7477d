"""The README.md of a saved model: what it is, how it was judged, how to use it without SciApp."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.domains.row_input import parts_of
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.base import PartDescription
from sciapp.engine.reports.names import is_public, model_name, one_line
from sciapp.engine.tasks.saved_keys import MEAN_KEY
from sciapp.engine.tasks.words.registry import task_report
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
_JOINED = """
The encoder is a plain one (`AutoModel.from_pretrained(".")`); the head, in `head.safetensors`, {reads}:

    from pathlib import Path
    from sciapp.engine.models.saved_model import SavedModel{more}
    model = SavedModel.open(Path("."))
    {result}

or `sciapp predict PROJECT RUN FILE --out OUT.csv` for a file.
"""
_READS_MORE = "also reads the numbers\nthat `descriptors.json` names. SciApp works them out and joins them"
_READS_MEAN = "reads the mean of\nits output over a row’s tokens. SciApp joins the two"
_WILSON = "; Wilson’s where all redrawn rows gave the same score"


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
        _use(card, training.optimization.loss, parts, standardised=_is_standardised(folder))
        if evaluation.beside is None
        else _use_joined(card, evaluation.beside)
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
    return task_report(card.task).pipeline


def _about(plan: Plan, card: DatasetCard, evaluation: Evaluation, before: Sequence[Plan]) -> list[str]:
    names = ", ".join(one_line(name) for name in card.target_names)
    counts = ", ".join(f"{count:,} {name}" for name, count in card.split_counts.items())
    made = f"Fine-tuned from `{model_name(plan.origin)}`"
    if not plan.fits_labels:
        steps = ", which is ".join(
            f"the model of run `{step.source_run}`, {compression_facts(step.base_text).result}"
            for step in (plan, *reversed(before))
        )
        made = f"{steps[0].upper()}{steps[1:]}; it was fine-tuned"
    return [
        f"# {names}",
        "",
        f"Predicts {names} from {_columns(card)} ({card.domain}). "
        f"{made} on {one_line(card.source.file_name)} with SciApp.",
        "",
        "## Data",
        "",
        f"{card.rows_kept:,} of {card.rows_read:,} rows were used ({counts}; {card.split.method} split, "
        f"seed {card.split.seed}).",
        *([f"Training rows counted by the column “{one_line(card.roles.weight)}”."] if card.roles.weight else []),
        f"SHA-256 of the file: `{card.source.sha256}`; fingerprint of the used rows: `{card.fingerprint}`.",
        "",
        "## How well",
        "",
        one_line(evaluation.verdict),
        "",
        *_score_table(evaluation),
        "",
        f"In brackets: 95 % bootstrap intervals{_WILSON * evaluation.has_wilson}.",
        "",
    ]


def _columns(card: DatasetCard) -> str:
    if card.roles.second_input is None:
        return f"the column “{one_line(card.roles.input)}”"
    return f"the columns “{one_line(card.roles.input)}” and “{one_line(card.roles.second_input)}” together"


def _score_table(evaluation: Evaluation) -> list[str]:
    sides = (evaluation.model, evaluation.before_compression, evaluation.simple_baseline, evaluation.trivial_baseline)
    columns = [side for side in sides if side is not None]
    head = [f"On {evaluation.model.rows:,} test rows", *(side.predictor for side in columns)]
    table = [_line(head), "|---" * len(head) + "|"]
    for score in evaluation.model.scores:
        about = f"{score_title(score.name)}: {score.target}" if score.target else score_title(score.name)
        table.append(_line([about, *(with_interval(side.get(score.name, score.target)) for side in columns)]))
    return table


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(one_line(cell).replace("|", r"\|") for cell in cells) + " |"


def _is_standardised(folder: Path) -> bool:
    """True if the logits are still to be brought into the targets' own units."""
    return MEAN_KEY in json_object_in(folder / "config.json")


def _use(card: DatasetCard, loss: str, parts: list[PartDescription], *, standardised: bool) -> list[str]:
    use = next((part.usage for part in parts if part.usage), _USE)
    report = task_report(card.task)
    result = report.result(loss, standardized=standardised)
    domain = domain_of(card)
    example = _example(domain, plain=use is _USE)
    text = use.format(example=example, result=result, network=report.network, more=_more(domain))
    lines = ["## How to use it", text, *([report.pieces_note] if report.pieces_note and use is _USE else [])]
    return [*lines, f"{domain.spelling}\n"] if domain.spelling else lines


def _use_joined(card: DatasetCard, beside: ExtraFeatures) -> list[str]:
    domain = domain_of(card)
    columns = ", ".join(one_line(name) for name in beside.covariates)
    result = task_report(card.task).fused_result.format(
        example=_example(domain, plain=False), more=", covariates=numpy.array([[…]])" if columns else ""
    )
    reads = _READS_MORE if beside.descriptors or columns else _READS_MEAN
    lines = ["## How to use it", _JOINED.format(result=result, reads=reads, more=_more(domain))]
    if columns:
        lines.append(f"The covariates, one row a molecule or sequence, in this order: {columns}.\n")
    return [*lines, f"{domain.spelling}\n"] if domain.spelling else lines


def _example(domain: Domain, *, plain: bool) -> str:
    """The rows in the example lines of Python. plain: as transformers’ tokenizers take it."""
    parts = [f'"{part}"' for part in parts_of(domain.example)]
    if plain or len(parts) == 1:
        return ", ".join(f"[{part}]" for part in parts)
    return f"[paired({', '.join(parts)})]"


def _more(domain: Domain) -> str:
    """The imports that those lines need as well."""
    return "\n    from sciapp.engine.domains.pair import paired" if len(parts_of(domain.example)) > 1 else ""


def _limits(card: DatasetCard) -> list[str]:
    numbers = [
        f"{one_line(one.name)}: {number_text(one.minimum, one.standard_deviation)} to "
        f"{number_text(one.maximum, one.standard_deviation)}"
        for one in card.targets
        if one.minimum is not None and one.maximum is not None
    ]
    seen = f" Measured values in that file: {'; '.join(numbers)}." if numbers else ""
    return [
        "## Limits",
        "",
        "Trust it only for inputs like those it was trained on, and only as far as the intervals above say. It was "
        "judged on rows of the same file; other laboratories, assays or ranges are another matter."
        f"{seen} Inputs had at most {card.lengths.maximum:,} {card.lengths.unit}.",
    ]


# The section on an adapter in a model card: how few weights learnt, and what became of them.


_MERGED = "What it learnt is merged into the weights: nothing but transformers is needed to read them.\n"
_PROMPT = (
    "What it learnt are {tokens} virtual tokens, new rows of the embedding table; tokenizer.json puts them behind the "
    "start token of every row: use this tokenizer with this model.\n"
)


def _tuning(plan: Plan, evaluation: Evaluation) -> list[str]:
    """For a training; nothing for a model that was trained as a whole."""
    tuning = plan.weights_tuned
    if not tuning.is_adapter:
        return []
    name = method_name(tuning)
    share = [remark for remark in evaluation.remarks if remark.startswith(f"{name} trains")]
    merged = {"prefix": "", "prompt": _PROMPT.format(tokens=tuning.num_virtual_tokens)}
    text = " ".join(filter(None, [*share, merged.get(tuning.tuning_method, _MERGED)]))
    return [f"## How it was tuned\n\n{text}"]
