"""The part of a training plan that says which weights a training moves, and how far."""

from typing import Literal

from pydantic import Field

from sciapp.records.frozen import Frozen


class Tuning(Frozen):
    """What is trained: all of the network, its head, or its layers one after the other."""

    tuning_method: Literal["full", "head", "gradual"] = Field(
        "full", description="head: the encoder stays as it is; gradual: unfrozen from the head down (ULMFiT)"
    )
    unfreeze_epochs: float = Field(
        1.0, gt=0, le=1000, description="gradual: passes over the data before the next layer is unfrozen"
    )
    layerwise_lr_decay: float = Field(
        1.0, gt=0, le=1, description="each layer learns at this share of the rate of the layer above it; 1: all alike"
    )
