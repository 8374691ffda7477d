"""Choice of the training rows that are augmented in a pass over the data: all of it follows from seed, pass and row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sciapp.engine.domains.about import rows_of
from sciapp.engine.domains.base import Augmentation, Domain, GeneratedAugmentation
from sciapp.engine.domains.row_input import RowInput
from sciapp.errors import BadInput, nearest
from sciapp.i18n import msg
from sciapp.records.dataset.tasks import TaskFacts
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
    facts: TaskFacts,
    variants: Mapping[str, GeneratedRows] | None = None,
) -> Rewriter | None:
    """The rewriter that `wanted` asks for; None where no row is to be changed.

    facts: of the task that is learnt. variants: of each variation that is asked for. Raises BadInput for an
    augmentation that the domain lacks, or one that makes the labels of the task false.
    """
    check_augmentations(domain, wanted, facts=facts)
    made = variants or {}
    chosen = {name: domain.augmentations.get(name) or made[name] for name in wanted.augmentations}
    return Rewriter(chosen, wanted.augmentation_strength, wanted.augmented_share, seed) if chosen else None


def check_augmentations(domain: Domain, wanted: Augmentations, *, facts: TaskFacts) -> None:
    """Raise BadInput for what the domain lacks, what such labels do not allow, or a model that is not named."""
    for name in wanted.augmentations:
        known = _known(domain, name)
        if facts.from_input:
            raise BadInput(
                msg(
                    "“{name}” changes the {rows} that labels are a part of, and the labels would be false.",
                    name=name,
                    rows=rows_of(domain.name),
                ),
                hint=msg("For such labels there is token_masking."),
            )
        if facts.per_unit and not known.keeps_units:
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
                    fitting=[*fitting(domain, facts=facts)] or msg("none"),
                ),
            )
    check_models(wanted)


def known_augmentations(domain: Domain) -> dict[str, Augmentation[RowInput] | GeneratedAugmentation]:
    """All that a training of this kind of row may name."""
    return {**domain.augmentations, **domain.variations}


def fitting(domain: Domain, *, facts: TaskFacts) -> tuple[str, ...]:
    """The names of the augmentations that keep the labels of a task true."""
    if facts.from_input:
        return ()
    known = known_augmentations(domain)
    return tuple(name for name, augmentation in known.items() if augmentation.keeps_units or not facts.per_unit)


def _known(domain: Domain, name: str) -> Augmentation[RowInput] | GeneratedAugmentation:
    known = known_augmentations(domain)
    if name not in known:
        raise BadInput(
            msg("A {domain} has no augmentation “{name}”.", domain=domain.name, name=name),
            hint=nearest(name, list(known)) or msg("There are: {known}.", known=[*known]),
        )
    return known[name]
