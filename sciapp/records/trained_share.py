"""How many of a model's weights a training moves, in words."""

from sciapp.records.tuning import Tuning

_NAMES = {"head": "The head’s training", "ia3": "IA³", "prefix": "Prefix tuning", "prompt": "Prompt tuning"}


def method_name(tuning: Tuning) -> str:
    """What the field calls the method."""
    if tuning.tuning_method == "lora":
        name = "DoRA" if tuning.use_dora else "rsLoRA" if tuning.use_rslora else "LoRA"
        return name if tuning.base_weights == "full" else f"{name} ({tuning.base_weights})"
    return _NAMES.get(tuning.tuning_method, "The training")


def share_text(tuning: Tuning, trained: int, all_weights: int) -> str:
    """LoRA trains 0.32 of 3.4 million weights (9.4 %)."""
    share = trained / max(1, all_weights)
    return f"{method_name(tuning)} trains {_few(trained)} of {all_weights / 1e6:,.1f} million weights ({share:.2%})"


def _few(count: int) -> str:
    return f"{count / 1e6:,.2f}" if count >= 1e5 else f"{count / 1e6:.3f}"
