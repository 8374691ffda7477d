"""Names and sentences as a reader of a report expects them."""

from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.model.reference import fresh_size, model_words, run_behind, run_folder_behind


def one_line(text: str, most: int = 10_000) -> str:
    """Other people's names, which may hold line breaks, on one line of at most `most` signs."""
    line = " ".join(text.split())
    if line == text and len(line) <= most:
        return text  # a message stays one that can be translated
    return line if len(line) <= most else line[: most - 1] + "…"


def model_name(model: str) -> str:
    """The starter's or the hub's name; of a folder only its last part: where it lay is nobody's business."""
    if run_behind(model) or fresh_size(model) or run_folder_behind(model) is not None:
        return model_words(model)
    if model.startswith(("/", "~", ".")) or "\\" in model or model.count("/") > 1:
        return msg("{folder} (a local folder)", folder=model.replace(chr(92), "/").rstrip("/").rpartition("/")[2])
    return model


def is_public(model: str) -> bool:
    """True if other people can find the model by its name."""
    return model_name(model) == model


def inputs_named(card: DatasetCard) -> str:
    """The column of the inputs, or both of them: “solute and solvent”."""
    roles = card.roles
    return (
        msg("{input} and {second_input}", input=roles.input, second_input=roles.second_input)
        if roles.second_input
        else roles.input
    )
