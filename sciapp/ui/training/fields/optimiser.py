"""Settings of the optimiser and of the learning-rate schedule."""

from sciapp.ui.forms.fields import AppliesWhen, ChoiceField, DecimalField, Field, Section, WholeField

OPTIMISER = Section(
    "optimiserSettings",
    "Optimiser and schedule",
    (
        Field(
            "optimizer",
            "Optimiser",
            "AdamW suits transformers. Adafactor and 8-bit AdamW do the same with less memory. Lion wants a learning "
            "rate three to ten times smaller, SGD one about thirty times higher.",
            ChoiceField(
                (
                    ("adamw", "AdamW"),
                    ("adamw_8bit", "AdamW with 8-bit memory"),
                    ("adafactor", "Adafactor"),
                    ("lion", "Lion"),
                    ("sgd", "SGD with momentum"),
                ),
                when=(("adamw_8bit", AppliesWhen("bitsandbytes", (True,))),),
            ),
        ),
        Field(
            "lr_scheduler_type",
            "Schedule",
            "The course of the learning rate. Linear and cosine fall from the end of the warm-up to zero. Constant "
            "stays. One-cycle rises over the first 30 % of the steps and falls to almost nothing. On plateau: it falls "
            "whenever the validation score stays without gain.",
            ChoiceField(
                (
                    ("linear", "Linear"),
                    ("cosine", "Cosine"),
                    ("constant_with_warmup", "Constant"),
                    ("one_cycle", "One-cycle"),
                    ("reduce_lr_on_plateau", "Lower on plateau"),
                )
            ),
        ),
        Field(
            "warmup_ratio",
            "Warm-up (share)",
            "Share of all steps over which the learning rate rises from zero; keeps the first steps from spoiling the "
            "pre-trained weights.",
            DecimalField(0, 0.99, 0.01, 2),
        ),
        Field(
            "plateau_patience",
            "Plateau",
            "After how many validations without a better score the learning rate falls. Less than the patience after "
            "which training ends.",
            WholeField(1, 10_000),
        ),
        Field(
            "plateau_factor",
            "Falls to",
            "What the learning rate is multiplied by each time it falls.",
            DecimalField(0.01, 0.99, 0.1, 2),
        ),
        Field(
            "weight_decay",
            "Weight decay",
            "Pulls weights towards zero; a little of it guards against learning the training rows by heart.",
            DecimalField(0, 1, 0.01, 4),
        ),
        Field(
            "max_grad_norm",
            "Clip gradients (norm)",
            "Longer gradients are cut to this length, so that one odd batch cannot throw the model off.",
            DecimalField(0, 1000, 0.5, 2, zero_means="off"),
        ),
    ),
)
