"""The parts of a training plan that keep a model from learning few rows by heart."""

from typing import Literal

from pydantic import Field

from sciapp.records.frozen import Frozen


class Augmenting(Frozen):
    """How training rows are written anew in every pass. Validation and test rows never are.

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

    @property
    def is_on(self) -> bool:
        """Whether training differs from one without this part."""
        return bool(self.augmentations) or self.token_masking > 0


class Regularization(Frozen):
    """What makes training harder so that the model generalises. One thing at a time."""

    regularizer: Literal["off", "fgm", "pgd", "r_drop", "mixup"] = Field(
        "off", description="adversarial (fgm: one step, pgd: several), r_drop, or mixup"
    )
    adversarial_epsilon: float = Field(
        0.05, gt=0, le=1, description="length of the disturbance as a share of the row's embeddings"
    )
    adversarial_steps: int = Field(3, ge=1, le=20, description="pgd: steps of the search for the disturbance")
    r_drop_weight: float = Field(1.0, gt=0, le=100, description="weight of the disagreement of two readings")
    mixup_alpha: float = Field(0.2, gt=0, le=10, description="shares are drawn from Beta(alpha, alpha)")
