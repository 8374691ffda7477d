"""The number of weights that a training moves, known before anything is loaded. No torch here: the window shows it."""

from sciapp.records.model.info import ModelFacts
from sciapp.records.plan.tuning import Tuning

# Inputs and outputs of one layer's linear maps in widths, of a BERT: four of attention, two of the feed-forward block
# with its four times wider middle. For models whose own shapes are not known.
_SIDES, _ATTENTION_SIDES, _OUT_SIDES = 18, 8, 9
_IA3 = 6  # keys and values, and the middle of the feed-forward block


def trained_weights(facts: ModelFacts, tuning: Tuning) -> int | None:
    """About how many numbers learn, the head's dense layer included; None: not known.

    LoRA: r · (inputs + outputs) of each linear layer, DoRA outputs more (Hu et al. 2021, sec. 4.1; Liu et al. 2024).
    """
    if facts.parameters is None or facts.layers is None or facts.width is None:
        return None
    if not tuning.leaves_encoder:
        return facts.parameters
    return facts.width * (facts.width + 2) + _added(facts, facts.layers * facts.width, tuning)


def all_weights(facts: ModelFacts, tuning: Tuning) -> int | None:
    """The model's own and what the method adds to them."""
    if facts.parameters is None or facts.layers is None or facts.width is None:
        return None
    return facts.parameters + _added(facts, facts.layers * facts.width, tuning)


def method_weights(facts: ModelFacts, tuning: Tuning) -> int | None:
    """Those that the method puts beside the model's own; what a head has is not known before the run has made it."""
    if facts.layers is None or facts.width is None:
        return None
    return _added(facts, facts.layers * facts.width, tuning)


def _added(facts: ModelFacts, widths: int, tuning: Tuning) -> int:
    """widths: the sum of the widths of all layers."""
    if tuning.tuning_method == "lora":
        everywhere = tuning.lora_target == "all_linear"
        known = facts.linear_sides if everywhere else facts.attention_sides
        sides = known or widths * (_SIDES if everywhere else _ATTENTION_SIDES)
        return tuning.lora_r * sides + (sides * _OUT_SIDES // _SIDES if tuning.use_dora else 0)
    tokens = tuning.num_virtual_tokens
    return {"ia3": _IA3 * widths, "prefix": 2 * tokens * widths, "prompt": tokens * (facts.width or 0)}.get(
        tuning.tuning_method, 0
    )
