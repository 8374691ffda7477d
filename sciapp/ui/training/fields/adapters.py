"""Settings of LoRA, IA³, prefix and prompt tuning, each shown with its method."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, WholeField

ADAPTER_FIELDS = (
    Field(
        "lora_r",
        msg("Size of the add-on"),
        msg(
            "How much the small matrices can hold. 8 to 32 is usual; more where the data is far from what the "
            "model knows."
        ),
        WholeField(1, 1024),
        term=msg("LoRA rank"),
    ),
    Field(
        "lora_alpha",
        msg("Weight of the add-on"),
        msg("How strongly what was learnt counts: it is scaled by alpha divided by the rank. Twice the rank is usual."),
        WholeField(1, 8192),
        term=msg("LoRA alpha"),
    ),
    Field(
        "lora_dropout",
        msg("LoRA dropout"),
        msg("Share of what the small matrices read that is switched off at random while training."),
        DecimalField(0, 0.99, 0.05, 2),
    ),
    Field(
        "lora_target",
        msg("Put beside"),
        msg("All linear layers of the encoder learn most; attention alone needs about half of the weights."),
        ChoiceField((("all_linear", msg("All linear layers")), ("attention", msg("Attention only")))),
    ),
    Field(
        "use_rslora",
        msg("Scaling"),
        msg(
            "Rank-stabilised (rsLoRA): scaled by alpha divided by the root of the rank, so that high ranks learn "
            "as fast."
        ),
        ChoiceField(((False, msg("By the rank")), (True, msg("By its root (rsLoRA)")))),
    ),
    Field(
        "use_dora",
        msg("Weights"),
        msg("DoRA teaches direction and length of the weights apart: often a little better at low ranks, and slower."),
        ChoiceField(((False, msg("As one (LoRA)")), (True, msg("Direction and length apart (DoRA)")))),
    ),
    Field(
        "base_weights",
        msg("Base weights"),
        msg(
            "How the weights that do not learn are held. Fewer bits fit larger models on a graphics card (QLoRA); "
            "on the processor only full precision runs."
        ),
        ChoiceField(
            (
                ("full", msg("In full precision")),
                ("int8", msg("In 8 bits (GPU)")),
                ("nf4", msg("In 4 bits (GPU, QLoRA)")),
            )
        ),
    ),
    Field(
        "num_virtual_tokens",
        msg("Virtual tokens"),
        msg("How many learnt tokens stand before every row. More can say more, and make each row longer."),
        WholeField(1, 512),
    ),
)
