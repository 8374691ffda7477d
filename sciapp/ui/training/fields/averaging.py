"""Settings of weight averaging (EMA, SWA)."""

from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, Section

AVERAGING = Section(
    "averagingSettings",
    "Averaged weights",
    (
        Field(
            "weight_averaging",
            "Averaging",
            "The mean of the weights of many steps often does better on new rows than those of any one step. It is the "
            "averaged model that is judged on the validation rows and kept. Moving average: over the latest steps. "
            "SWA: over the passes of the end of training; goes best with a constant schedule.",
            ChoiceField((("none", "None"), ("ema", "Moving average (EMA)"), ("swa", "Mean of the last passes (SWA)"))),
        ),
        Field(
            "ema_decay",
            "Decay",
            "How much of the average each step leaves. 0.99 averages over about 100 steps, 0.999 over about 1,000.",
            DecimalField(0.5, 0.99999, 0.001, 5),
        ),
        Field(
            "swa_start",
            "Averaging begins",
            "After this share of all steps.",
            DecimalField(0, 0.99, 0.05, 2),
        ),
    ),
)
