"""Settings that are always in view: length of the training, learning rate, extra features."""

from sciapp.i18n import msg
from sciapp.ui.forms.fields import ChoiceField, DecimalField, Field, Section, WholeField

BASIC = Section(
    "basic",
    msg("Most asked for"),
    (
        Field(
            "num_train_epochs",
            msg("Passes over the data"),
            msg(
                "How often the model sees every training row (epochs). More passes learn more, until the "
                "validation score stops getting better; early stopping ends the run then."
            ),
            WholeField(1, 10_000),
            term=msg("epochs"),
        ),
        Field(
            "learning_rate",
            msg("Step size"),
            msg(
                "How far the weights move at each step. Too high: the loss jumps or explodes. Too low: nothing is "
                "learnt. Between 1e-5 (large models) and 1e-3 (small ones) is usual."
            ),
            DecimalField(1e-8, 1.0, 1.0, scientific=True),
            term=msg("learning rate"),
        ),
        Field(
            "early_stopping_patience",
            msg("Stop after passes without gain"),
            msg(
                "Training ends when the validation score has not improved for this many validations. The best model is "
                "kept in any case."
            ),
            WholeField(0, 10_000, zero_means=msg("never stop early")),
            term=msg("patience"),
        ),
        Field(
            "descriptors",
            msg("Add computed properties"),
            msg(
                "Joins what is known about each row without any model to what the transformer makes of it: RDKit's "
                "descriptors of a molecule, the composition of a protein, the k-mers of DNA, statistics and "
                "derivatives of a series, properties of the elements of a material. Automatic tries on training "
                "rows that are left out in turn whether they help, and says so."
            ),
            ChoiceField((("auto", msg("Automatic")), ("on", msg("Join them")), ("off", msg("Leave them out")))),
            term=msg("descriptors"),
        ),
        Field(
            "members",
            msg("Simple models answer too"),
            msg(
                "Simple models (linear, support vectors, trees) learn from the same rows and answer beside the "
                "transformer. Rows that none of them learnt from decide how much each counts; the transformer alone "
                "is reported too."
            ),
            ChoiceField((("on", msg("Transformer and simple models")), ("off", msg("Transformer only")))),
            term=msg("ensemble members"),
        ),
        Field(
            "seed",
            msg("Start of chance"),
            msg("Fixes every random choice: the same seed, data and settings on the same machine give the same model."),
            WholeField(0, 2**31 - 1),
            term=msg("seed"),
        ),
    ),
)
