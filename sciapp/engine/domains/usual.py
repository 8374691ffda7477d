"""The usual facts of a domain: a new one states what differs, and what nobody can say for it."""

from collections.abc import Callable, Mapping

from sciapp.engine.domains.base import (
    Augmentation,
    Features,
    GeneratedAugmentation,
    Identity,
    Repair,
    Splitter,
)
from sciapp.engine.domains.columns import ColumnJoiner
from sciapp.engine.domains.measured import Measured
from sciapp.engine.domains.terms import TermKind
from sciapp.records.dataset.card import SplitMethod


class UsualDomain:
    """Values are written in one way, a column each; a token for a unit; no repairs, splits or augmentations of its own,
    and no picture. What each of them means: see `DomainOf`.

    A domain adds name, unit, inputs, example, descriptors_called, likeness, clean, units and descriptors.
    """

    tokens_per_unit = 1.0
    costly = False
    simple_features: Features = "descriptors"
    terms: tuple[TermKind, ...] = ()
    spelling = ""
    column_names: tuple[str, ...] = ()
    label_separator: str | None = None
    joins_columns: ColumnJoiner | None = None
    measured: Callable[[str], Measured] | None = None
    reads_numbers = False

    @property
    def repairs(self) -> Mapping[str, Repair[str]]:
        return {}

    @property
    def splits(self) -> Mapping[SplitMethod, Splitter[str]]:
        return {}

    @property
    def augmentations(self) -> Mapping[str, Augmentation[str]]:
        return {}

    @property
    def variations(self) -> Mapping[str, GeneratedAugmentation]:
        return {}

    def identity(self, value: str) -> Identity:
        return Identity(value)

    def depict(self, value: str) -> str | None:
        return None
