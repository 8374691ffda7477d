"""The README.md of a saved model: what it is, how it was judged, how to use it without SciApp."""

from pathlib import Path

from sciapp.records.atomic import write_text
from sciapp.records.dataset import DatasetCard
from sciapp.records.plan import CompressPlan, TrainPlan
from sciapp.records.report import Evaluation, Score

_USE = """
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(".")
    model = AutoModelForSequenceClassification.from_pretrained(".").eval()
    batch = tokenizer(["{example}"], truncation=True, padding=True, return_tensors="pt")
    {result}
"""
_REGRESSION = "values = model(**batch).logits  # (rows, targets), in the targets' own units"
_CLASSES = "probabilities = model(**batch).logits.softmax(-1)  # columns as in model.config.id2label"
_AGAINST_REST = "scores = model(**batch).logits.sigmoid()  # one class against the rest; divide by the row's sum"
_INT8 = """
The weights are in int8 in a layout of SciApp's own (`model_int8.safetensors`: a tensor and one scale per output for
each linear layer, the rest in fp32). Use it through `sciapp predict PROJECT RUN FILE --out OUT.csv`, or from Python:

    from pathlib import Path
    from sciapp.engine.models.saved import SavedModel
    values = SavedModel.open(Path(".")).values(["{example}"])
"""
_EXAMPLES = {"molecule": "CCO", "protein": "MKTAYIAKQR", "nucleotide": "ACGTACGT", "text": "A sentence."}


def write_model_card(
    folder: Path, plan: TrainPlan | CompressPlan, card: DatasetCard, evaluation: Evaluation, *, loss: str = "auto"
) -> None:
    """Write README.md into a model folder."""
    base = plan.model if isinstance(plan, TrainPlan) else plan.run
    loss = plan.optimization.loss if isinstance(plan, TrainPlan) else loss
    head = [
        "---",
        "library_name: transformers",
        "pipeline_tag: text-classification",
        f"base_model: {base if _is_public(base) else 'local'}",
        "tags:",
        "- sciapp",
        f"- {card.domain}",
        f"- {card.task}",
        "---",
        "",
        f"# {', '.join(card.target_names)}",
        "",
        f"Predicts {', '.join(card.target_names)} from the column “{card.roles.input}” ({card.domain}).",
        f"Fine-tuned from `{base}` on {card.rows_kept:,} rows of {card.source.file_name} with SciApp.",
        "",
        "## How well",
        "",
        evaluation.verdict,
        "",
        *_score_table(evaluation),
        "",
        "## How to use it",
    ]
    example = _EXAMPLES[card.domain]
    use = _INT8 if isinstance(plan, CompressPlan) else _USE
    result = _REGRESSION if card.task == "regression" else _AGAINST_REST if "binary" in loss else _CLASSES
    limits = (
        "\n## Limits\n\nTrust it only for inputs like those it was trained on, and only as far as the intervals above "
        "say. It was judged on rows of the same file; other laboratories, assays or ranges are another matter.\n"
    )
    write_text(folder / "README.md", "\n".join(head) + "\n" + use.format(example=example, result=result) + limits)


def _score_table(evaluation: Evaluation) -> list[str]:
    rows = [evaluation.model, evaluation.simple_baseline, evaluation.trivial_baseline]
    names = [score.name for score in evaluation.model.scores if not score.target]
    table = ["| test rows | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for scores in rows:
        if scores is not None:
            cells = [_cell(scores.get(name)) for name in names]
            table.append(f"| {scores.predictor} | " + " | ".join(cells) + " |")
    return table


def _cell(score: Score | None) -> str:
    if score is None or score.value is None:
        return "–"
    interval = f" ({score.low:.3g} to {score.high:.3g})" if score.low is not None and score.high is not None else ""
    return f"{score.value:.3g}{interval}"


def _is_public(model: str) -> bool:
    """A folder's path is nobody's business but the owner's."""
    return model.count("/") <= 1 and not model.startswith(("/", ".", "~")) and "\\" not in model
