"""The README.md of a self-supervised model: what it learnt from, what that gained, how to go on from it."""

from pathlib import Path
from typing import Any

import yaml

from sciapp.engine.domains.base import Domain
from sciapp.engine.reports.names import is_public, model_name
from sciapp.records.atomic import write_text
from sciapp.records.plan.plan import PretrainPlan
from sciapp.records.run.pretraining import Pretraining

_CARD = """# A model of {domain}s, pre-trained without labels

{made} on {rows:,} rows of {source} with SciApp. It has not learnt any measurement: fine-tune it before you ask it
for one.

    from transformers import AutoModelForMaskedLM, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(".")
    model = AutoModelForMaskedLM.from_pretrained(".").eval()
    logits = model(**tokenizer("{example}", return_tensors="pt")).logits

{spelling}
## What it learnt

{lesson}

| | |
|---|---|
| rows | {rows:,} |
| tokens seen | {tokens:,} |
| steps | {steps:,} |
| rows held out | {held_out:,} |

{verdict} In brackets: 95 % bootstrap intervals.

## The plan

```yaml
{plan}```
"""


def write_pretrained_card(folder: Path, plan: PretrainPlan, domain: Domain, record: Pretraining) -> None:
    """Write README.md into a model folder. Raises OutOfSpace."""
    metadata: dict[str, Any] = {"library_name": "transformers", "pipeline_tag": "fill-mask"}
    if plan.model and is_public(plan.model):
        metadata["base_model"] = plan.model
    metadata["tags"] = ["sciapp", domain.name, "self-supervised"]
    card = _CARD.format(
        domain=domain.name,
        made=f"Pre-trained further from `{model_name(plan.model)}`" if plan.model else "Pre-trained from scratch",
        rows=record.rows,
        source=f"`{Path(plan.file).name}`" if plan.file else f"the training part of the dataset `{plan.dataset}`",
        example=domain.example,
        spelling=f"{domain.spelling}\n" if domain.spelling else "",
        lesson=_lesson(plan, record),
        tokens=record.tokens,
        steps=record.steps,
        held_out=record.held_out,
        verdict=record.verdict,
        plan=yaml.safe_dump(_recipe(plan), sort_keys=False, allow_unicode=True),
    )
    front = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True)
    write_text(folder / "README.md", f"---\n{front}---\n{card}")


def _lesson(plan: PretrainPlan, record: Pretraining) -> str:
    span = plan.masking.span_length
    how = f"in spans of {span} on average" if span > 1 else "one by one"
    sentences = [f"{plan.masking.masked_share:.0%} of the tokens were hidden, {how}, others in every pass."]
    if record.described:
        sentences.append(
            f"What a classifier reads of {record.described:,} rows learnt their descriptors (smooth L1, normalised)."
        )
    return " ".join(sentences)


def _recipe(plan: PretrainPlan) -> dict[str, Any]:
    """The plan without what is nobody else's business: where files lay, and what was done afterwards."""
    value = plan.model_dump(mode="json", exclude={"then"})
    return value | {"file": Path(plan.file).name if plan.file else "", "model": model_name(plan.model)}
