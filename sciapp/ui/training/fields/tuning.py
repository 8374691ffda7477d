"""Settings of the weights that learn: all, the head, layer by layer, adapters."""

from sciapp.ui.forms.fields import AppliesWhen, ChoiceField, DecimalField, Field, Section
from sciapp.ui.training.fields.adapters import ADAPTER_FIELDS

TUNING = Section(
    "tuningSettings",
    "What is trained",
    (
        Field(
            "tuning_method",
            "Trained part",
            "The whole network learns most. Only its head: fast, needs little memory, keeps what the model knew; good "
            "for very few rows. Gradually: the head first, then layer after layer from the top, so that the first "
            "rough steps do not spoil what lies below (ULMFiT). LoRA, IA³, prefix and prompt tuning teach the head and "
            "a few weights beside the network: for large models, little memory, few rows. They want a learning rate "
            "about ten times higher.",
            ChoiceField(
                (
                    ("full", "The whole network"),
                    ("head", "Only the head"),
                    ("gradual", "Gradually, from the head down"),
                    ("lora", "LoRA: small added matrices"),
                    ("ia3", "IA³: a factor per channel"),
                    ("prefix", "Prefix: context in each layer"),
                    ("prompt", "Prompt: words before each row"),
                )
            ),
        ),
        Field(
            "unfreeze_epochs",
            "Passes per layer",
            "After how many passes over the data the next layer begins to learn.",
            DecimalField(0.05, 1000, 0.5, 2),
            when=(AppliesWhen("tuning_method", ("gradual",)),),
        ),
        Field(
            "layerwise_lr_decay",
            "Rate of lower layers",
            "Each layer learns at this share of the learning rate of the layer above it. Below 1, lower layers, which "
            "know the most general things, change least; 0.8 to 0.95 is usual.",
            DecimalField(0.01, 1, 0.05, 3),
            when=(AppliesWhen("tuning_method", ("full", "gradual")),),
        ),
        *ADAPTER_FIELDS,
    ),
)
