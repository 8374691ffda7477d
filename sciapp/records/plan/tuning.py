"""The part of a training plan that says which weights a training moves, and how far."""

from typing import Literal

from pydantic import Field

from sciapp.records.base import Frozen

ADAPTERS = ("lora", "ia3", "prefix", "prompt")
"""Methods with few weights of their own, which learn while the pre-trained ones stay as they are."""

BaseWeights = Literal["full", "int8", "nf4"]


class Tuning(Frozen):
    """Weights trained: all of the network, its head, its layers one after the other, or an adapter and the head."""

    tuning_method: Literal["full", "head", "gradual", "lora", "ia3", "prefix", "prompt"] = Field(
        "full",
        description="head: the encoder stays as it is; gradual: unfrozen from the head down (ULMFiT); lora, ia3, "
        "prefix, prompt: a few weights beside the encoder's, which stay as they are, and the head",
    )
    unfreeze_epochs: float = Field(
        1.0, gt=0, le=1000, description="gradual: passes over the data before the next layer is unfrozen"
    )
    layerwise_lr_decay: float = Field(
        1.0, gt=0, le=1, description="each layer learns at this share of the rate of the layer above it; 1: all alike"
    )
    lora_r: int = Field(16, ge=1, le=1024, description="rank of what LoRA adds to each layer")
    lora_alpha: int = Field(32, ge=1, le=8192, description="LoRA: what is added is scaled by lora_alpha / lora_r")
    lora_dropout: float = Field(0.05, ge=0, lt=1, description="LoRA: dropout of what it reads")
    use_rslora: bool = Field(False, description="LoRA: scaled by lora_alpha / √lora_r, for high ranks")
    use_dora: bool = Field(False, description="LoRA: direction and length of the weights learn apart (DoRA)")
    lora_target: Literal["all_linear", "attention"] = Field(
        "all_linear", description="layers of the encoder that LoRA is put beside"
    )
    num_virtual_tokens: int = Field(20, ge=1, le=512, description="prefix and prompt: tokens before every row")
    base_weights: BaseWeights = Field(
        "full", description="LoRA on a CUDA GPU: the frozen weights in eight (int8) or four (nf4) bits, as in QLoRA"
    )

    @property
    def is_adapter(self) -> bool:
        """True if only few weights in addition to the encoder's learn."""
        return self.tuning_method in ADAPTERS

    @property
    def leaves_encoder(self) -> bool:
        """True if the encoder's own weights never change."""
        return self.is_adapter or self.tuning_method == "head"
