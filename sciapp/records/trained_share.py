"""The share of a model's weights that a training moves, in words."""

from sciapp.records.model_facts import memory_text
from sciapp.records.number_words import percent_text
from sciapp.records.tuning import Tuning

_NAMES = {"ia3": "IA³", "prefix": "Prefix tuning", "prompt": "Prompt tuning"}


def method_name(tuning: Tuning) -> str:
    """What the field calls the method."""
    if tuning.tuning_method == "lora":
        name = "DoRA" if tuning.use_dora else "rsLoRA" if tuning.use_rslora else "LoRA"
        return name if tuning.base_weights == "full" else f"{name} ({tuning.base_weights})"
    return _NAMES.get(tuning.tuning_method, "The training")


def share_text(tuning: Tuning, trained: int, all_weights: int) -> str:
    """LoRA trains 0.25 of 3.4 million weights (7.47%), and the head.

    trained: of the method; the head's own, which depend on what it reads, are in neither number. Before the run and
    after it the same.
    """
    if tuning.tuning_method == "head":
        return f"Only the head learns; the {all_weights / 1e6:,.1f} million weights of the model stay as they are"
    few = f"{trained / 1e6:,.2f}" if trained >= 1e5 else f"{trained / 1e6:.3f}"
    share = f"({percent_text(trained / max(1, all_weights), 2)})"
    return f"{method_name(tuning)} trains {few} of {all_weights / 1e6:,.1f} million weights {share}, and the head"


def before_start_text(tuning: Tuning, trained: int, all_weights: int, megabytes: int) -> str:
    """What is shown before Start: the share that learns, and the memory."""
    return f"{share_text(tuning, trained, all_weights)}, {memory_text(megabytes)}"
