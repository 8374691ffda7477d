"""What a row *is*: the one place that knows how a molecule, a protein, a nucleotide or a text is written."""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from sciapp.engine.domains.likeness import Likeness
from sciapp.errors import SciAppError
from sciapp.records.dataset import DomainName, SplitMethod

Splitter = Callable[[str], str]
"""Names the group of a canonical value. Values of one group never come into different splits."""

Augmentation = Callable[[str, int], str]
"""Another spelling of the same thing from (canonical value, seed); the label stays true. Training rows only."""

Features = Literal["descriptors", "letters", "words"]


class Rejected(SciAppError):
    """A value is no member of the domain; `reason` is a phrase without the value's whole text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Domain(Protocol):
    """One kind of thing that can be measured and written as a string."""

    @property
    def name(self) -> DomainName: ...

    @property
    def unit(self) -> str:
        """What lengths are counted in: atoms, residues, bases, words."""

    @property
    def costly(self) -> bool:
        """Whether cleaning one value takes so long (a fraction of a millisecond) that more processes pay."""

    @property
    def simple_features(self) -> Features:
        """What a classical model reads of a value: the descriptors, counts of letters, or weights of words."""

    @property
    def example(self) -> str:
        """A canonical value to show people."""

    @property
    def spelling(self) -> str:
        """How values must be written for a model that was trained here, where there is more than one way."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """Words that people use, in lower case, when they head a column of this domain; best first."""

    @property
    def label_separator(self) -> str | None:
        """What stands between the labels of a cell that has one for each unit: nothing or a space.

        None: units are not labelled one by one.
        """

    @property
    def splits(self) -> Mapping[SplitMethod, Splitter]:
        """Leak-safe ways to group rows, by name."""

    @property
    def likeness(self) -> Likeness:
        """How alike two values are: what clusters are made by and leaks are measured with."""

    @property
    def augmentations(self) -> Mapping[str, Augmentation]:
        """Label-preserving rewritings, by name."""

    def clean(self, value: str) -> str:
        """The canonical form of `value`, never empty. Raises Rejected."""

    def units(self, value: str) -> list[str]:
        """The atoms, residues, bases or words of a canonical value, in order."""

    @property
    def descriptors_called(self) -> str:
        """What the descriptors are, in a methods section: “RDKit descriptors”."""

    def descriptors(self, value: str) -> Mapping[str, float]:
        """Named numbers that are known about a canonical value without any model; NaN where undefined."""

    def depict(self, value: str) -> str | None:
        """An SVG picture of a canonical value for people, None where there is none."""
