"""Settings of the optimiser and of the learning-rate schedule."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import AppliesWhen, ChoiceField, DecimalField, Field, Section, WholeField

OPTIMISER = Section(
    "optimiserSettings",
    msg("How it steps"),
    (
        Field(
            "optimizer",
            msg("Way of stepping"),
            msg(
                "AdamW suits transformers. Adafactor and 8-bit AdamW do the same with less memory. Lion wants a "
                "learning rate three to ten times smaller, SGD one about thirty times higher."
            ),
            ChoiceField(
                (
                    ("adamw", msg("AdamW")),
                    ("adamw_8bit", msg("AdamW with 8-bit memory")),
                    ("adafactor", msg("Adafactor")),
                    ("lion", msg("Lion")),
                    ("sgd", msg("SGD with momentum")),
                ),
                when=(("adamw_8bit", AppliesWhen("bitsandbytes", (True,))),),
            ),
            term=msg("optimiser"),
        ),
        Field(
            "lr_scheduler_type",
            msg("How steps shrink"),
            msg(
                "The course of the learning rate. Linear and cosine fall from the end of the warm-up to zero. "
                "Constant stays. One-cycle rises over the first 30 % of the steps and falls to almost nothing. On "
                "plateau: it falls whenever the validation score stays without gain."
            ),
            ChoiceField(
                (
                    ("linear", msg("Linear")),
                    ("cosine", msg("Cosine")),
                    ("constant_with_warmup", msg("Constant")),
                    ("one_cycle", msg("One-cycle")),
                    ("reduce_lr_on_plateau", msg("Lower on plateau")),
                )
            ),
            term=msg("schedule"),
        ),
        Field(
            "warmup_ratio",
            msg("Gentle start"),
            msg(
                "Share of all steps over which the learning rate rises from zero; keeps the first steps from "
                "spoiling the pre-trained weights."
            ),
            DecimalField(0, 0.99, 0.01, 2),
            term=msg("warm-up, share of all steps"),
        ),
        Field(
            "plateau_patience",
            msg("Plateau"),
            msg(
                "After how many validations without a better score the learning rate falls. Less than the patience "
                "after which training ends."
            ),
            WholeField(1, 10_000),
        ),
        Field(
            "plateau_factor",
            msg("Falls to"),
            msg("What the learning rate is multiplied by each time it falls."),
            DecimalField(0.01, 0.99, 0.1, 2),
        ),
        Field(
            "weight_decay",
            msg("Keep it simple"),
            msg("Pulls weights towards zero; a little of it guards against learning the training rows by heart."),
            DecimalField(0, 1, 0.01, 4),
            term=msg("weight decay"),
        ),
        Field(
            "max_grad_norm",
            msg("Limit single steps"),
            msg("Longer gradients are cut to this length, so that one odd batch cannot throw the model off."),
            DecimalField(0, 1000, 0.5, 2, zero_means=msg("off")),
            term=msg("gradient clipping, norm"),
        ),
    ),
)
