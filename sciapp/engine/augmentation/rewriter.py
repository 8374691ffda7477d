"""Choice of the training rows that are augmented in a pass over the data: all of it follows from seed, pass and row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sciapp.engine.domains.base import Augmentation, Domain, GeneratedAugmentation
from sciapp.engine.domains.row_input import RowInput
from sciapp.errors import BadInput, nearest
from sciapp.i18n import msg
from sciapp.records.plan.augmentation import Augmentations, check_models

_REWRITING = 1  # tells these draws from others of the same seed, pass and row


class GeneratedRows(Protocol):
    """Variants of the training rows that a model generated before training."""

    def of(self, row: int) -> Sequence[RowInput]:
        """The variants of this row, all different and none the row itself; none where the model found no other."""


@dataclass(frozen=True)
class AugmentedRow:
    """A row as it is in one pass. augmentation: what changed it."""

    value: RowInput
    augmentation: str


@dataclass(frozen=True)
class Rewriter:
    """chosen: the augmentations by name, of which a changed row gets one. share: of the rows, in each pass."""

    chosen: Mapping[str, Augmentation[RowInput] | GeneratedRows]
    strength: float
    share: float
    seed: int

    def rewritten(self, value: RowInput, row: int, epoch: int) -> AugmentedRow | None:
        """The row's canonical value anew; None where it stays as it is in this pass."""
        rng = np.random.default_rng([self.seed, epoch, row, _REWRITING])
        if rng.random() >= self.share:
            return None
        name = list(self.chosen)[rng.integers(len(self.chosen))]
        one, draw = self.chosen[name], int(rng.integers(2**32))
        if isinstance(one, Augmentation):
            new = one(value, draw, self.strength)
        else:
            variants = one.of(row)
            new = variants[draw % len(variants)] if variants else value
        return AugmentedRow(new, name) if new != value else None


def rewriter_for(
    domain: Domain,
    wanted: Augmentations,
    seed: int,
    *,
    per_unit: bool,
    variants: Mapping[str, GeneratedRows] | None = None,
) -> Rewriter | None:
    """The rewriter that `wanted` asks for; None where no row is to be changed.

    per_unit: every unit has a label of its own. variants: of each variation that is asked for. Raises BadInput for an
    augmentation that the domain lacks, or one that moves units away from their labels.
    """
    check_augmentations(domain, wanted, per_unit=per_unit)
    made = variants or {}
    chosen = {name: domain.augmentations.get(name) or made[name] for name in wanted.augmentations}
    return Rewriter(chosen, wanted.augmentation_strength, wanted.augmented_share, seed) if chosen else None


def check_augmentations(domain: Domain, wanted: Augmentations, *, per_unit: bool) -> None:
    """Raise BadInput for what the domain lacks, what such labels do not allow, or a model that is not named."""
    for name in wanted.augmentations:
        known = _known(domain, name)
        if per_unit and not known.keeps_units:
            raise BadInput(
                msg(
                    "“{name}” moves {units} or removes some, but here each of the {units} has a label of its own.",
                    name=name,
                    units=domain.unit,
                )
                if isinstance(known, Augmentation)
                else msg(
                    "“{name}” changes {units}, but here each of the {units} has a label of its own.",
                    name=name,
                    units=domain.unit,
                ),
                hint=msg(
                    "For such labels there are: {fitting}; and token_masking.",
                    fitting=[*fitting(domain, per_unit=True)] or msg("none"),
                ),
            )
    check_models(wanted)


def known_augmentations(domain: Domain) -> dict[str, Augmentation[RowInput] | GeneratedAugmentation]:
    """All that a training of this kind of row may name."""
    return {**domain.augmentations, **domain.variations}


def fitting(domain: Domain, *, per_unit: bool) -> tuple[str, ...]:
    """The names of the augmentations that keep such labels true."""
    return tuple(name for name, one in known_augmentations(domain).items() if one.keeps_units or not per_unit)


def _known(domain: Domain, name: str) -> Augmentation[RowInput] | GeneratedAugmentation:
    known = known_augmentations(domain)
    if name not in known:
        raise BadInput(
            msg("A {domain} has no augmentation “{name}”.", domain=domain.name, name=name),
            hint=nearest(name, list(known)) or msg("There are: {known}.", known=[*known]),
        )
    return known[name]
