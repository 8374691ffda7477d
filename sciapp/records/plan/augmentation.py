"""The parts of a training plan that keep a model from learning few rows by heart."""

from typing import Literal

from pydantic import Field

from sciapp.errors import BadInput
from sciapp.i18n import all_of, msg
from sciapp.records.base import Frozen

BACK_TRANSLATION, MASKED_SUBSTITUTION = "back_translation", "masked_substitution"
"""Names of the augmentations for which a model writes variants of every training row, once, before training."""


class Augmentations(Frozen):
    """Random changes of training rows in every pass. Validation and test rows never are.

    Which row changes into what follows from (seed, pass, row) alone.
    """

    augmentations: tuple[str, ...] = Field(
        (), description="names of the domain's augmentations; a row that is changed gets one of them"
    )
    augmentation_strength: float = Field(0.5, ge=0, le=1, description="how far a changed row differs")
    augmented_share: float = Field(0.5, gt=0, le=1, description="share of the training rows changed in each pass")
    token_masking: float = Field(
        0.0, ge=0, le=0.9, description="share of each row's tokens that the mask token replaces while training"
    )
    test_time: int = Field(
        0, ge=0, le=100, description="rewritten copies of a row whose predictions are averaged with its own; 0: none"
    )

    augmentation_variants: int = Field(
        3,
        ge=1,
        le=20,
        description="back_translation, masked_substitution: what is made of each training row beforehand",
    )
    translation_there: str = Field(
        "", description="back_translation: MarianMT model into another language; local folder or hub id"
    )
    translation_back: str = Field(
        "", description="back_translation: MarianMT model from there into the rows’ language; local folder or hub id"
    )
    substitution_model: str = Field(
        "", description="masked_substitution: masked language model; empty: the starter for this kind of row"
    )

    @property
    def is_on(self) -> bool:
        """True if training differs from one without this part."""
        return bool(self.augmentations) or self.token_masking > 0


def lacking_models(wanted: Augmentations) -> list[str]:
    """The settings of translation models that are empty although back-translation is wanted."""
    settings = ("translation_there", "translation_back") if BACK_TRANSLATION in wanted.augmentations else ()
    return [name for name in settings if not getattr(wanted, name).strip()]


def check_models(wanted: Augmentations) -> None:
    """Raise BadInput where back-translation is wanted and it is not said which models translate."""
    if lacking := lacking_models(wanted):
        raise BadInput(
            msg("Back-translation needs two translation models: one into another language, and one from there back."),
            hint=msg(
                "Set {lacking} to a folder or a hub id, for example Helsinki-NLP/opus-mt-en-de and "
                "Helsinki-NLP/opus-mt-de-en.",
                lacking=all_of(lacking),
            ),
        )


class Regularization(Frozen):
    """Regularization that makes training harder so that the model generalises. One thing at a time."""

    regularizer: Literal["off", "fgm", "pgd", "r_drop", "mixup"] = Field(
        "off", description="adversarial (fgm: one step, pgd: several), r_drop, or mixup"
    )
    adversarial_epsilon: float = Field(
        0.05, gt=0, le=1, description="length of the disturbance as a share of the row's embeddings"
    )
    adversarial_steps: int = Field(3, ge=1, le=20, description="pgd: steps of the search for the disturbance")
    r_drop_weight: float = Field(1.0, gt=0, le=100, description="weight of the disagreement of two readings")
    mixup_alpha: float = Field(0.2, gt=0, le=10, description="shares are drawn from Beta(alpha, alpha)")
