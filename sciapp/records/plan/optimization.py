"""The parts of a plan that say how the weights move, what is made small, and which weights are kept."""

from typing import Literal

from pydantic import Field

from sciapp.records.base import Frozen
from sciapp.records.dataset.tasks import LossName


class Optimization(Frozen):
    """Optimizer, learning rate and loss of a training."""

    optimizer: Literal["adamw", "adamw_8bit", "sgd", "adafactor", "lion"] = "adamw"
    learning_rate: float = Field(3e-4, gt=0, le=1)
    weight_decay: float = Field(0.01, ge=0, le=1)
    lr_scheduler_type: Literal["linear", "cosine", "constant_with_warmup", "one_cycle", "reduce_lr_on_plateau"] = (
        "linear"
    )
    warmup_ratio: float = Field(0.06, ge=0, lt=1, description="share of all steps; one_cycle has a rise of its own")
    plateau_patience: int = Field(
        2, ge=1, le=10_000, description="reduce_lr_on_plateau: validations without a better score before the rate falls"
    )
    plateau_factor: float = Field(0.5, gt=0, lt=1, description="reduce_lr_on_plateau: what the rate is multiplied by")
    max_grad_norm: float = Field(1.0, ge=0, description="0 switches clipping off")
    loss: LossName = "auto"
    focal_gamma: float = Field(2.0, ge=0, le=10, description="focal: how little what is right already counts")
    huber_delta: float = Field(
        1.0, gt=0, le=100, description="huber: standard deviations of the target above which errors count linearly"
    )
    label_smoothing_factor: float = Field(
        0.0, ge=0, lt=1, description="cross_entropy: share of each label that is spread over all classes"
    )
    class_weights: Literal["none", "balanced"] = Field(
        "none", description="balanced: every class weighs the same in the loss, however many training rows it has"
    )


class Averaging(Frozen):
    """Averaging of the weights over many steps; the averaged model is the one that is judged and saved."""

    weight_averaging: Literal["none", "ema", "swa"] = Field(
        "none", description="ema: exponential moving average; swa: mean over the end of training"
    )
    ema_decay: float = Field(0.99, gt=0, lt=1, description="ema: share of the average that a step leaves")
    swa_start: float = Field(0.75, ge=0, lt=1, description="swa: share of all steps before averaging begins")
