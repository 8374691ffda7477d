"""How the weights move."""

from sciapp.ui.editors.fields import Choice, Decimal, Field, Section

OPTIMISER = Section(
    "optimiserSettings",
    "Optimiser and schedule",
    (
        Field(
            "optimizer",
            "Optimiser",
            "AdamW suits transformers. SGD needs a much higher learning rate.",
            Choice((("adamw", "AdamW"), ("sgd", "SGD with momentum"))),
        ),
        Field(
            "lr_scheduler_type",
            "Schedule",
            "How the learning rate falls after the warm-up: in a straight line or along a cosine.",
            Choice((("linear", "Linear"), ("cosine", "Cosine"))),
        ),
        Field(
            "warmup_ratio",
            "Warm-up",
            "Share of all steps over which the learning rate rises from zero; keeps the first steps from spoiling the "
            "pre-trained weights.",
            Decimal(0, 0.99, 0.01, 2),
        ),
        Field(
            "weight_decay",
            "Weight decay",
            "Pulls weights towards zero; a little of it guards against learning the training rows by heart.",
            Decimal(0, 1, 0.01, 4),
        ),
        Field(
            "max_grad_norm",
            "Gradient clipping",
            "Longer gradients are cut to this length, so that one odd batch cannot throw the model off.",
            Decimal(0, 1000, 0.5, 2, zero_means="off"),
        ),
    ),
)
