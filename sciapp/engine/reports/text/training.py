"""Methods text about optimisation, loss and weights."""

from typing import assert_never

from sciapp.engine.tasks.words.registry import task_report
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Averaging, Optimization, TrainPlan, Tuning

_OPTIMIZERS = {
    "adamw": "AdamW",
    "adamw_8bit": "AdamW with 8-bit moments (Dettmers et al. 2022)",
    "sgd": "SGD",
    "adafactor": "Adafactor (Shazeer & Stern 2018)",
    "lion": "Lion (Chen et al. 2023)",
}


def optimizer_words(how: Optimization) -> str:
    """The optimiser with its rate and schedule."""
    return (
        f"{_OPTIMIZERS[how.optimizer]} (learning rate {how.learning_rate:g}, {_schedule(how)}, weight decay "
        f"{how.weight_decay:g})"
    )


def loss_words(training: TrainPlan, card: DatasetCard) -> str:
    how = training.optimization
    weighted = ", every class weighted by the inverse of its share of the training rows"
    smoothed = f" with {how.label_smoothing_factor:.0%} of each label spread over all classes"
    return (
        task_report(card.task).loss(how)
        + smoothed * bool(how.label_smoothing_factor)
        + weighted * (how.class_weights == "balanced")
    )


def trained_words(tuning: Tuning, *, model: str, head: str) -> str:
    """The trained parts, as the beginning of a sentence that goes on with “on” the loss.

    model: of the encoder. head: with its article.
    """
    encoder = f"the pre-trained transformer encoder {model}"
    if not tuning.leaves_encoder:
        return f"{encoder[0].upper()}{encoder[1:]} and {head} were fine-tuned together"
    if tuning.tuning_method == "head":
        return f"To {encoder}, {head} was added and trained"
    return f"To {encoder}, {_ADDED[tuning.tuning_method]} and {head} were added and trained"


_ADDED = {
    "lora": "low-rank adapters",
    "ia3": "factors that scale activations",
    "prefix": "prefixes",
    "prompt": "virtual tokens",
}


def tuning_words(tuning: Tuning) -> list[str]:
    """Sentences about what was trained; none where it was all of the network alike."""
    method = _method(tuning)
    if tuning.leaves_encoder:
        method.append("The encoder’s own weights stayed as they were.")
    if tuning.layerwise_lr_decay < 1:
        method.append(
            f"Each layer learnt at {tuning.layerwise_lr_decay:g} times the rate of the layer above it (Clark et al. "
            "2020)."
        )
    return method


def _method(tuning: Tuning) -> list[str]:
    match tuning.tuning_method:
        case "full":
            return []
        case "head":
            return ["Only the head was trained."]
        case "gradual":
            return [
                "Layers were unfrozen one after the other from the head down, one every "
                f"{tuning.unfreeze_epochs:g} epochs (gradual unfreezing; Howard & Ruder 2018)."
            ]
        case "lora":
            return _lora(tuning)
        case "ia3":
            return [
                "Learned factors scaled the keys, the values and what the second layers of the feed-forward blocks "
                "read (IA³; Liu et al. 2022)."
            ]
        case "prefix":
            return [
                f"In every layer {tuning.num_virtual_tokens:,} learned keys and values stood before those of each row "
                "(prefix tuning; Li & Liang 2021)."
            ]
        case "prompt":
            return [
                f"Each row began with {tuning.num_virtual_tokens:,} virtual tokens whose embeddings were learned "
                "(prompt tuning; Lester et al. 2021)."
            ]
        case unknown:
            assert_never(unknown)


def _lora(tuning: Tuning) -> list[str]:
    where = {"all_linear": "all linear layers", "attention": "the linear layers of attention"}[tuning.lora_target]
    sentences = [
        f"Low-rank adapters of rank {tuning.lora_r} (LoRA; Hu et al. 2021; alpha {tuning.lora_alpha}, dropout "
        f"{tuning.lora_dropout:g}) were learned beside {where} of the encoder and merged into them afterwards."
    ]
    if tuning.use_rslora:
        sentences.append("They were scaled by alpha over the square root of the rank (rsLoRA; Kalajdzievski 2023).")
    if tuning.use_dora:
        sentences.append("Direction and length of the weights were learned apart (DoRA; Liu et al. 2024).")
    if tuning.base_weights != "full":
        held = {
            "int8": "8-bit integers (LLM.int8(); Dettmers et al. 2022)",
            "nf4": "4-bit numbers (nf4, QLoRA; Dettmers et al. 2023)",
        }
        sentences.append(f"While they were learned, the encoder’s weights were held in {held[tuning.base_weights]}.")
    return sentences


def averaging_words(averaging: Averaging) -> list[str]:
    """A sentence about averaged weights; none where they were not."""
    judged = "as soon as there was an average, it was the averaged model that was judged on validation"
    return {
        "none": [],
        "ema": [f"Weights were averaged exponentially over the steps (decay {averaging.ema_decay:g}); {judged}."],
        "swa": [
            f"From {averaging.swa_start:.0%} of the steps on weights were averaged (SWA; Izmailov et al. 2018); "
            f"{judged}."
        ],
    }[averaging.weight_averaging]


def _schedule(how: Optimization) -> str:
    after = f"after a warm-up over {how.warmup_ratio:.0%} of the steps"
    match how.lr_scheduler_type:
        case "one_cycle":
            return "in one cycle (Smith & Topin 2019)"
        case "constant_with_warmup":
            return f"constant {after}"
        case "reduce_lr_on_plateau":
            return (
                f"multiplied by {how.plateau_factor:g} after {how.plateau_patience} validations without a better "
                f"score, {after}"
            )
        case falling:
            return f"{falling} decay {after}"
