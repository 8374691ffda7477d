"""Names and sentences as a reader of a report expects them."""

from sciapp.engine.domains.registry import domain_named
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.model.reference import model_words, run_behind, run_folder_behind

_TOGETHER = {
    "regression": "Scores without a target’s name are over all targets, each in units of its spread in training.",
    "multilabel": "Scores without a target’s name are means over the targets; one of which the rows have no 0 or no 1 "
    "is left out of them.",
}


def together(task: str) -> str:
    """What a score over several targets is, in a sentence."""
    return _TOGETHER.get(task, "")


def task_words(card: DatasetCard) -> str:
    """“multi-label classification”, “classification of single residues”: the field's words for a task."""
    if card.task == "tagging":
        return f"classification of single {domain_named(card.domain).unit}"
    return "multi-label classification" if card.task == "multilabel" else card.task


def one_line(text: str, most: int = 10_000) -> str:
    """Other people's names, which may hold line breaks, on one line of at most `most` signs."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def model_name(model: str) -> str:
    """The starter's or the hub's name; of a folder only its last part: where it lay is nobody's business."""
    if run_behind(model) or run_folder_behind(model) is not None:
        return model_words(model)
    if model.startswith(("/", "~", ".")) or "\\" in model or model.count("/") > 1:
        return f"{model.replace(chr(92), '/').rstrip('/').rpartition('/')[2]} (a local folder)"
    return model


def is_public(model: str) -> bool:
    """Whether other people can find the model by its name."""
    return model_name(model) == model


def inputs_named(card: DatasetCard) -> str:
    """The column of the inputs, or both of them: “solute and solvent”."""
    roles = card.roles
    return f"{roles.input} and {roles.second_input}" if roles.second_input else roles.input
