"""Settings of evaluation, checkpoints and early stopping."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import Field, Section, WholeField

CHECKPOINTS = Section(
    "checkpointSettings",
    msg("Saving"),
    (
        Field(
            "eval_steps",
            msg("Look at validation rows every"),
            msg("Steps between two looks at the validation rows."),
            WholeField(0, 1_000_000, 10, zero_means=msg("once a pass")),
            term=msg("validation, steps"),
        ),
        Field(
            "max_steps",
            msg("Stop after so many steps"),
            msg("Ends training after this many steps, whatever the passes say."),
            WholeField(0, 100_000_000, 100, zero_means=msg("none")),
            term=msg("step limit"),
        ),
        Field(
            "save_steps",
            msg("Saved state every"),
            msg("Steps between two checkpoints. A run that is killed goes on from the last one."),
            WholeField(1, 1_000_000, 10),
            term=msg("checkpoint, steps"),
        ),
        Field(
            "save_total_limit",
            msg("Checkpoints kept"),
            msg(
                "The latest ones, beside the best. With AdamW each takes about three times the size of the weights "
                "that learn on disk, less with other optimisers; with LoRA and the like, or the head alone, a few "
                "megabytes."
            ),
            WholeField(1, 100),
        ),
    ),
)
