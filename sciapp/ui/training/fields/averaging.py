"""Settings of weight averaging (EMA, SWA)."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, Section

AVERAGING = Section(
    "averagingSettings",
    msg("Average the last models"),
    (
        Field(
            "weight_averaging",
            msg("Average the last models"),
            msg(
                "The mean of the weights of many steps often does better on new rows than those of any one step. "
                "It is the averaged model that is judged on the validation rows and kept. Moving average: over the "
                "latest steps. SWA: over the passes of the end of training; goes best with a constant schedule."
            ),
            ChoiceField(
                (
                    ("none", msg("None")),
                    ("ema", msg("Moving average (EMA)")),
                    ("swa", msg("Mean of the last passes (SWA)")),
                )
            ),
            term=msg("EMA, SWA"),
        ),
        Field(
            "ema_decay",
            msg("Decay"),
            msg(
                "How much of the average each step leaves at most. 0.99 averages over about 100 steps, 0.999 over "
                "about 1,000; short trainings and the first steps over fewer."
            ),
            DecimalField(0.5, 0.99999, 0.001, 5),
        ),
        Field(
            "swa_start",
            msg("Averaging begins"),
            msg("After this share of all steps."),
            DecimalField(0, 0.99, 0.05, 2),
        ),
    ),
)
