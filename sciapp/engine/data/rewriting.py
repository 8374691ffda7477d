"""Which training rows are written anew in a pass over the data, and how: all of it follows from seed, pass and row."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sciapp.engine.domains.base import Augmentation, Domain
from sciapp.errors import BadInput, nearest
from sciapp.records.augmenting import Augmenting

_REWRITING = 1  # tells these draws from others of the same seed, pass and row


@dataclass(frozen=True)
class Rewritten:
    """A row as it is in one pass. augmentation: what changed it."""

    value: str
    augmentation: str


@dataclass(frozen=True)
class Rewriter:
    """chosen: the augmentations by name, of which a changed row gets one. share: of the rows, in each pass."""

    chosen: Mapping[str, Augmentation]
    strength: float
    share: float
    seed: int

    def rewritten(self, value: str, row: int, epoch: int) -> Rewritten | None:
        """The row's canonical value anew; None where it stays as it is in this pass."""
        rng = np.random.default_rng([self.seed, epoch, row, _REWRITING])
        if rng.random() >= self.share:
            return None
        name = list(self.chosen)[rng.integers(len(self.chosen))]
        new = self.chosen[name](value, int(rng.integers(2**32)), self.strength)
        return Rewritten(new, name) if new != value else None


def rewriter_for(domain: Domain, wanted: Augmenting, seed: int, *, per_unit: bool) -> Rewriter | None:
    """What `wanted` asks for; None where no row is to be changed.

    per_unit: every unit has a label of its own. Raises BadInput for an augmentation that the domain lacks, or one that
    moves units away from their labels.
    """
    chosen = {name: _known(domain, name) for name in wanted.augmentations}
    for name, augmentation in chosen.items():
        if per_unit and not augmentation.keeps_units:
            raise BadInput(
                f"“{name}” moves {domain.unit} or removes some, but here each of the {domain.unit} has a label of its "
                "own.",
                hint=f"For such labels there are: {', '.join(fitting(domain, per_unit=True)) or 'none'}; and "
                "token_masking.",
            )
    return Rewriter(chosen, wanted.augmentation_strength, wanted.augmented_share, seed) if chosen else None


def fitting(domain: Domain, *, per_unit: bool) -> tuple[str, ...]:
    """The names of the augmentations that keep such labels true."""
    return tuple(name for name, one in domain.augmentations.items() if one.keeps_units or not per_unit)


def _known(domain: Domain, name: str) -> Augmentation:
    known = domain.augmentations
    if name not in known:
        raise BadInput(
            f"A {domain.name} has no augmentation “{name}”.",
            hint=nearest(name, list(known)) or f"There are: {', '.join(known)}.",
        )
    return known[name]
