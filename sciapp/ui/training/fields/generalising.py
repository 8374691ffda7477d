"""Settings of regularisation."""

from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, Section, WholeField

GENERALISING = Section(
    "generalisingSettings",
    "Dropout and harder training",
    (
        Field(
            "dropout",
            "Dropout",
            "Share of activations that are switched off at random while training; guards against learning by heart.",
            DecimalField(0, 0.99, 0.05, 2),
        ),
        Field(
            "regularizer",
            "Harder training",
            "Makes learning by heart harder; at most one at a time. Adversarial: rows are also learnt from with their "
            "embeddings pushed where the loss grows fastest (FGM one step, PGD several; two to five times slower). "
            "R-Drop: two readings under other dropout must agree (twice as slow). Mixup: rows are mixed in pairs, "
            "labels too.",
            ChoiceField(
                (
                    ("off", "None"),
                    ("fgm", "Adversarial, one step (FGM)"),
                    ("pgd", "Adversarial, several steps (PGD)"),
                    ("r_drop", "R-Drop"),
                    ("mixup", "Mixup"),
                )
            ),
        ),
        Field(
            "adversarial_epsilon",
            "Disturbance",
            "Adversarial training: how far embeddings are pushed, as a share of their own length.",
            DecimalField(0.001, 1, 0.01, 3),
        ),
        Field(
            "adversarial_steps",
            "Disturbance steps",
            "PGD: how many steps look for the worst disturbance.",
            WholeField(1, 20),
        ),
        Field(
            "r_drop_weight",
            "R-Drop weight",
            "How much the disagreement of the two readings counts beside the loss.",
            DecimalField(0.01, 100, 0.5, 2),
        ),
        Field(
            "mixup_alpha",
            "Mixup alpha",
            "Shares are drawn from Beta(alpha, alpha): small values mix little, 1 mixes in all shares alike.",
            DecimalField(0.01, 10, 0.1, 2),
        ),
    ),
)
