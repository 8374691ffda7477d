"""Settings of the weights that learn: all, the head, layer by layer, adapters."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import AppliesWhen, ChoiceField, DecimalField, Field, Section
from sciapp.ui.training.fields.adapters import ADAPTER_FIELDS

TUNING = Section(
    "tuningSettings",
    msg("What may change"),
    (
        Field(
            "tuning_method",
            msg("What may change"),
            msg(
                "The whole network learns most. Only its head: fast, needs little memory, keeps what the model "
                "knew; good for very few rows. Gradually: the head first, then layer after layer from the top, so "
                "that the first rough steps do not spoil what lies below (ULMFiT). LoRA, IA³, prefix and prompt "
                "tuning teach the head and a few weights beside the network: for large models, little memory, few "
                "rows. They want a learning rate about ten times higher."
            ),
            ChoiceField(
                (
                    ("full", msg("The whole network")),
                    ("head", msg("Only the head")),
                    ("gradual", msg("Gradually, from the head down")),
                    ("lora", msg("LoRA: small added matrices")),
                    ("ia3", msg("IA³: a factor per channel")),
                    ("prefix", msg("Prefix: context in each layer")),
                    ("prompt", msg("Prompt: words before each row")),
                )
            ),
            term=msg("fine-tuning"),
        ),
        Field(
            "unfreeze_epochs",
            msg("Passes per layer"),
            msg("After how many passes over the data the next layer begins to learn."),
            DecimalField(0.05, 1000, 0.5, 2),
            when=(AppliesWhen("tuning_method", ("gradual",)),),
        ),
        Field(
            "layerwise_lr_decay",
            msg("Change deep layers less"),
            msg(
                "Each layer learns at this share of the learning rate of the layer above it. Below 1, lower "
                "layers, which know the most general things, change least; 0.8 to 0.95 is usual."
            ),
            DecimalField(0.01, 1, 0.05, 3),
            when=(AppliesWhen("tuning_method", ("full", "gradual")),),
            term=msg("rate of lower layers"),
        ),
        *ADAPTER_FIELDS,
    ),
)
