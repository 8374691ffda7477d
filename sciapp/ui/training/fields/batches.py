"""Settings of batches, number format and device."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import ChoiceField, Field, Section, WholeField

BATCHES = Section(
    "batchSettings",
    msg("Memory and speed"),
    (
        Field(
            "tokens_per_batch",
            msg("Read at once"),
            msg("How much is worked on at once. Larger batches need more memory and take fewer, steadier steps."),
            WholeField(64, 1_048_576, 256),
            term=msg("tokens per batch"),
        ),
        Field(
            "min_steps_per_epoch",
            msg("Fewest steps in a pass"),
            msg(
                "Of a small table a batch takes fewer rows (at least 8) than its tokens would allow, so that the "
                "weights move at least so often in each pass. 1: batches as large as the tokens allow."
            ),
            WholeField(1, 10_000),
        ),
        Field(
            "gradient_accumulation_steps",
            msg("Collect before a step"),
            msg("Batches that are added up before the weights move: the effect of a larger batch without its memory."),
            WholeField(1, 1024),
            term=msg("gradient accumulation"),
        ),
        Field(
            "gradient_checkpointing",
            msg("Less memory, slower"),
            msg(
                "Computes what lies between the layers a second time instead of keeping it (gradient "
                "checkpointing): much less memory for the same numbers, but a third slower. A run that lacks "
                "memory switches it on by itself."
            ),
            ChoiceField(((False, msg("Off")), (True, msg("Gradient checkpointing")))),
            term=msg("gradient checkpointing"),
        ),
        Field(
            "max_length",
            msg("Longest row read"),
            msg("Rows with more tokens than this are cut at the end."),
            WholeField(8, 8192, 8),
            term=msg("tokens"),
        ),
        Field(
            "precision",
            msg("Precision"),
            msg(
                "Automatic takes the fastest that trains well: bf16 where GPU or processor have it, fp16 on older "
                "GPUs, else fp32, the most exact."
            ),
            ChoiceField((("auto", msg("Automatic")), ("fp32", "fp32"), ("bf16", "bf16"), ("fp16", msg("fp16 (GPU)")))),
            term=msg("number format"),
        ),
        Field(
            "threads",
            msg("Processor threads"),
            msg("How many cores the run may use."),
            WholeField(0, 1024, zero_means=msg("all cores")),
        ),
        Field(
            "devices",
            msg("Devices"),
            msg(
                "How many GPUs train together; without a GPU so many processes, which share the cores. The steps "
                "are those of one device."
            ),
            WholeField(1, 64),
        ),
    ),
)
