"""How many of a model's weights a training moves, in words."""

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


def share_text(tuning: Tuning, trained: int, all_weights: int, *, about: bool = False) -> str:
    """LoRA trains 0.32 of 3.4 million weights (9.42%). about: an estimate, and said so."""
    few = f"{trained / 1e6:,.2f}" if trained >= 1e5 else f"{trained / 1e6:.3f}"
    of = f"{'about ' if about else ''}{few} of {all_weights / 1e6:,.1f} million weights"
    share = f"({percent_text(trained / max(1, all_weights), 2)})"
    if tuning.tuning_method == "head":
        return f"Only the head learns: {of} {share}"
    return f"{method_name(tuning)} trains {of} {share}"


def before_start_text(tuning: Tuning, trained: int, all_weights: int, megabytes: int) -> str:
    """What is shown before Start: LoRA trains about 0.32 of 3.4 million weights (9.42%), about 1.1 GB of memory…"""
    return f"{share_text(tuning, trained, all_weights, about=True)}, {memory_text(megabytes)}"
