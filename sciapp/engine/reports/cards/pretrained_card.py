"""The README.md of a self-supervised model: what it learnt from, what that gained, how to go on from it."""

from pathlib import Path
from typing import Any

import yaml

from sciapp.engine.domains.about import rows_of
from sciapp.engine.domains.base import Domain
from sciapp.engine.inputs.registry import input_kind
from sciapp.engine.reports.names import is_public, model_name
from sciapp.i18n import joined, msg, term
from sciapp.records.atomic import write_text
from sciapp.records.plan.plan import PretrainPlan
from sciapp.records.run.pretraining import Pretraining

_USE = """
    from transformers import AutoModelForMaskedLM, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(".")
    model = AutoModelForMaskedLM.from_pretrained(".").eval()
    logits = model(**tokenizer("{example}", return_tensors="pt")).logits
"""


def write_pretrained_card(folder: Path, plan: PretrainPlan, domain: Domain, record: Pretraining) -> None:
    """Write README.md into a model folder. Raises OutOfSpace."""
    metadata: dict[str, Any] = {"library_name": "transformers", "pipeline_tag": "fill-mask"}
    if plan.model and is_public(plan.model):
        metadata["base_model"] = plan.model
    metadata["tags"] = ["sciapp", domain.name, "self-supervised"]
    kind = input_kind(domain.inputs.kind)
    lines = [
        msg("# A model of {rows}, pre-trained without labels", rows=term(rows_of(domain.name))),
        "",
        joined(
            [
                _made(plan, record),
                msg("It has not learnt any measurement: fine-tune it before you ask it for one."),
            ]
        ),
        _USE.format(example=domain.example) if kind.plain else f"\n    sciapp train PROJECT --model {folder.name}\n",
        *([domain.spelling, ""] if domain.spelling else []),
        msg("## {title}", title=msg("What it learnt")),
        "",
        _objective(plan, record),
        "",
        "| | |",
        "|---|---|",
        msg("| rows | {rows:,} |", rows=record.rows),
        msg("| tokens seen | {tokens:,} |", tokens=record.tokens),
        msg("| steps | {steps:,} |", steps=record.steps),
        msg("| rows held out | {rows:,} |", rows=record.held_out),
        "",
        joined([record.verdict, msg("In brackets: 95 % bootstrap intervals.")]),
        "",
        msg("## {title}", title=msg("The plan")),
        "",
        f"```yaml\n{yaml.safe_dump(_recipe(plan), sort_keys=False, allow_unicode=True)}```",
    ]
    front = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True)
    write_text(folder / "README.md", f"---\n{front}---\n" + "\n".join(lines) + "\n")


def _made(plan: PretrainPlan, record: Pretraining) -> str:
    source = (
        f"`{Path(plan.file).name}`"
        if plan.file
        else msg("the training part of the dataset `{dataset}`", dataset=plan.dataset)
    )
    if plan.model:
        return msg(
            "Pre-trained further from `{model}` on {rows:,} rows of {source} with SciApp.",
            model=model_name(plan.model),
            rows=record.rows,
            source=source,
        )
    return msg("Pre-trained from scratch on {rows:,} rows of {source} with SciApp.", rows=record.rows, source=source)


def _objective(plan: PretrainPlan, record: Pretraining) -> str:
    span = plan.masking.span_length
    share = plan.masking.masked_share
    sentences: list[str] = [
        msg(
            "{share:.0%} of the tokens were hidden, in spans of {span} on average, others in every pass.",
            share=share,
            span=span,
        )
        if span > 1
        else msg("{share:.0%} of the tokens were hidden, one by one, others in every pass.", share=share)
    ]
    if record.described:
        sentences.append(
            msg(
                "What a classifier reads of {rows:,} rows learnt their descriptors (smooth L1, normalised).",
                rows=record.described,
            )
        )
    return joined(sentences)


def _recipe(plan: PretrainPlan) -> dict[str, Any]:
    """The plan without what is nobody else's business: where files lay, and what was done afterwards."""
    value = plan.model_dump(mode="json", exclude={"then"})
    return value | {"file": Path(plan.file).name if plan.file else "", "model": str(model_name(plan.model))}
