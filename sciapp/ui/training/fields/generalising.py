"""Settings of regularisation."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, Section, WholeField

GENERALISING = Section(
    "generalisingSettings",
    msg("Keep it simple"),
    (
        Field(
            "dropout",
            msg("Parts switched off at random"),
            msg(
                "Share of activations that are switched off at random while training; guards against learning by heart."
            ),
            DecimalField(0, 0.99, 0.05, 2),
            term=msg("dropout"),
        ),
        Field(
            "regularizer",
            msg("Train against disturbance"),
            msg(
                "Makes learning by heart harder; at most one at a time. Adversarial: rows are also learnt from "
                "with their embeddings pushed where the loss grows fastest (FGM one step, PGD several; two to five "
                "times slower). R-Drop: two readings under other dropout must agree (twice as slow). Mixup: rows "
                "are mixed in pairs, labels too."
            ),
            ChoiceField(
                (
                    ("off", msg("None")),
                    ("fgm", msg("Adversarial, one step (FGM)")),
                    ("pgd", msg("Adversarial, several steps (PGD)")),
                    ("r_drop", msg("R-Drop")),
                    ("mixup", msg("Mixup")),
                )
            ),
            term=msg("regulariser"),
        ),
        Field(
            "adversarial_epsilon",
            msg("Disturbance"),
            msg("Adversarial training: how far embeddings are pushed, as a share of their own length."),
            DecimalField(0.001, 1, 0.01, 3),
        ),
        Field(
            "adversarial_steps",
            msg("Disturbance steps"),
            msg("PGD: how many steps look for the worst disturbance."),
            WholeField(1, 20),
        ),
        Field(
            "r_drop_weight",
            msg("R-Drop weight"),
            msg("How much the disagreement of the two readings counts beside the loss."),
            DecimalField(0.01, 100, 0.5, 2),
        ),
        Field(
            "mixup_alpha",
            msg("Mixup alpha"),
            msg("Shares are drawn from Beta(alpha, alpha): small values mix little, 1 mixes in all shares alike."),
            DecimalField(0.01, 10, 0.1, 2),
        ),
    ),
)
