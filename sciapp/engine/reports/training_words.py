"""How weights moved, what was made small and which weights were kept, in the words of a methods section."""

from sciapp.records.dataset import DatasetCard
from sciapp.records.plan import Averaging, Optimization, TrainPlan, Tuning

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
    return _loss(how, card) + smoothed * bool(how.label_smoothing_factor) + weighted * (how.class_weights == "balanced")


def tuning_words(tuning: Tuning) -> list[str]:
    """Sentences about what was trained; none where it was all of the network alike."""
    said = {
        "full": [],
        "head": ["Only the head was trained; the encoder stayed as it was."],
        "gradual": [
            "Layers were unfrozen one after the other from the head down, one every "
            f"{tuning.unfreeze_epochs:g} epochs (gradual unfreezing; Howard & Ruder 2018)."
        ],
    }[tuning.tuning_method]
    if tuning.layerwise_lr_decay < 1:
        said = [
            *said,
            f"Each layer learnt at {tuning.layerwise_lr_decay:g} times the rate of the layer above it (Clark et al. "
            "2020).",
        ]
    return said


def averaging_words(averaging: Averaging) -> list[str]:
    """A sentence about averaged weights; none where they were not."""
    kept = "it was the averaged model that was judged on validation and kept"
    return {
        "none": [],
        "ema": [f"Weights were averaged exponentially over the steps (decay {averaging.ema_decay:g}); {kept}."],
        "swa": [
            f"From {averaging.swa_start:.0%} of the steps on weights were averaged (SWA; Izmailov et al. 2018); {kept}."
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


def _loss(how: Optimization, card: DatasetCard) -> str:
    if how.loss == "huber":
        return f"Huber’s loss (delta {how.huber_delta:g} standard deviations)"
    if how.loss == "binary_cross_entropy" and card.task == "classification":
        return "the binary cross-entropy of each class"
    name = f"focal loss (gamma {how.focal_gamma:g}; Lin et al. 2017)" if how.loss == "focal" else "cross-entropy"
    return {
        "regression": "the mean squared error",
        "classification": f"the {name}",
        "multilabel": f"the binary {name} of each target where it was measured",
        "tagging": f"the {name} of each label that counts",
    }[card.task]
