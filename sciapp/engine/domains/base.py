"""The domain interface: all that is known of molecules, proteins, nucleotides or texts as inputs.

A domain reads and writes values: strings, or a row's several inputs where it is one of pairs. `Domain` is what all of
the engine asks, whatever the rows are; a domain in a folder here is a `DomainOf[str]`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Literal, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.columns import ColumnJoiner
from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.measured import Measured
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.domains.terms import TermKind
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import SplitMethod

V = TypeVar("V", bound=RowInput)
V_contra = TypeVar("V_contra", bound=RowInput, contravariant=True)

# Similarity of two values of a domain: clusters are made by it, and leaks are measured with it.


MOST_ALIKE = 1_000


@dataclass(frozen=True)
class NearestNeighbours:
    """For each query its most alike reference; both arrays (queries,).

    similarity: 0 to 1. index: the reference's position. at_least: not all references were compared, so that a more
    alike one may have been missed.
    """

    similarity: npt.NDArray[np.float64]
    index: npt.NDArray[np.int64]
    at_least: bool = False


@dataclass(frozen=True)
class SimilarReferences:
    """The references that one query was compared with and found to have something in common with.

    indices (found,): their positions; similarities (found,): 0 to 1. at_least: as of `NearestNeighbours`.
    """

    indices: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float64]
    at_least: bool = False


def nearest_of(results: Iterable[SimilarReferences]) -> NearestNeighbours:
    """Of each query the most alike; similarity 0 and place 0 where nothing was found."""
    best, indices, at_least = [], [], False
    for one in results:
        top = int(one.similarities.argmax()) if len(one.indices) else 0
        best.append(float(one.similarities[top]) if len(one.indices) else 0.0)
        indices.append(int(one.indices[top]) if len(one.indices) else 0)
        at_least |= one.at_least
    return NearestNeighbours(np.array(best), np.array(indices, dtype=np.int64), at_least)


@dataclass(frozen=True)
class Clustering:
    """labels (values,): the cluster of each value, any whole numbers. how: a sentence on what they were made with."""

    labels: npt.NDArray[np.int64]
    how: str


class Similarity(Protocol[V_contra]):
    """A measure between 0 (nothing in common) and 1 (the same) on canonical values."""

    @property
    def called(self) -> str:
        """Name of the measure, in the middle of a sentence: “Tanimoto similarity of ECFP4 fingerprints”."""

    @property
    def symbol(self) -> str:
        """The same in a word or two, for an axis: “Tanimoto”, “identity”."""

    @property
    def alike(self) -> float:
        """From here on two values are too alike to be parted: the usual threshold of clusters."""

    @property
    def near(self) -> float:
        """From here on two values are nearly the same."""

    def alike_to(
        self, queries: Sequence[V_contra], references: Sequence[V_contra], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        """For every query the references that have something in common with it, at most `MOST_ALIKE` of them."""

    def nearest(
        self, queries: Sequence[V_contra], references: Sequence[V_contra], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        """The most alike reference of every query; there is at least one reference. Raises Cancelled."""

    def clusters(self, values: Sequence[V_contra], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        """Groups of values that are at least `threshold` alike; values are all different and sorted.

        Memory grows with the number of values, never with its square.
        """


Splitter = Callable[[V], str]
"""Names the group of a canonical value. Values of one group never come into different splits."""

Rewriting = Callable[[V, int, float], V]
"""Another row from (canonical value, seed, strength 0..1) for which the label stays true; at 0 the value itself."""

Features = str
"""Name of a recipe of the simple baseline, a file in `engine/tasks/baselines/recipes`."""


class Rejected(SciAppError):
    """A value is no member of the domain; `reason` is a phrase without the value's whole text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OtherNotation(Rejected):
    """A value is written in a way that people know by name and that the domain cannot read: a reaction, a key."""


@dataclass(frozen=True)
class Policy(Generic[V]):
    """One way to deal with what a repair finds in a value. `mend` may raise Rejected: the row is set aside."""

    title: str
    mend: Callable[[V], V]


@dataclass(frozen=True)
class Repair(Generic[V]):
    """Something that values of a domain often have and that people may want to have changed.

    detects: whether a value has it. policies: by name; the first is followed without being asked, `proposed` is what
    most people want. canonical: it is looked for in the canonical form instead of in the cell as it was written.
    """

    title: str
    consequence: str
    detects: Callable[[V], bool]
    policies: Mapping[str, Policy[V]]
    proposed: str
    canonical: bool = False


def as_it_is(value: V) -> V:
    """The mending of a policy that leaves values alone; the domain's `clean` has the last word."""
    return value


def set_aside(reason: str) -> Policy[str]:
    """The policy that sets rows aside for `reason`."""

    def mend(value: str) -> str:
        raise Rejected(reason)

    return Policy(msg("Set the rows aside"), mend)


@dataclass(frozen=True)
class Augmentation(Generic[V]):
    """A way to write a training row anew so that its label stays true. Called with (canonical value, seed).

    help: for people who must decide whether it suits their labels. source: the publication.
    respells: the very same thing in another spelling. averages: predictions may be averaged over such rows, because
    nothing is lost or made up. keeps_units: every unit stays in its place, so labels of units stay true as well.
    """

    title: str
    help: str
    source: str
    rewrite: Rewriting[V]
    respells: bool = False
    averages: bool = False
    keeps_units: bool = False

    def __call__(self, value: V, seed: int, strength: float = 1.0) -> V:
        return self.rewrite(value, seed, strength) if strength > 0 else value


@dataclass(frozen=True)
class GeneratedAugmentation:
    """An augmentation for which a model writes variants of every training row, once, before training.

    title, help, source, keeps_units: as of an augmentation. by: what writes them.
    most: masked_model, share of the words or letters at strength 1. letters: those that it may replace, and by which;
    none: whole words. leaves: a row with one of these letters stays as it is.
    """

    title: str
    help: str
    source: str
    by: Literal["back_translation", "masked_model"]
    keeps_units: bool = False
    most: float = 0.0
    letters: str = ""
    leaves: str = ""
    averages: ClassVar[bool] = False


class Identity(NamedTuple):
    """text: the same for values that are the same thing. turned: of a pair, whether its halves stand the other way
    round than in `text`."""

    text: str
    turned: bool = False


class DomainOf(Protocol[V]):
    """One kind of thing that can be measured, written as a value."""

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> str:
        """Unit of lengths: atoms, residues, bases, words."""

    @property
    def tokens_per_unit(self) -> float:
        """About how many tokens the starter's tokenizer makes of one atom, residue, base or word."""

    @property
    def inputs(self) -> Inputs:
        """Input of a network for a value, and the network that a training from scratch begins with."""

    @property
    def repairs(self) -> Mapping[str, Repair[V]]:
        """Repairs of frequent problems of values, by kind; at most 14, in order of mending."""

    @property
    def costly(self) -> bool:
        """True if cleaning one value takes so long (a fraction of a millisecond) that more processes pay."""

    @property
    def simple_features(self) -> Features:
        """Recipe of the simple baseline: “descriptors”, “letters”, “words”, “curves” …"""

    @property
    def terms(self) -> tuple[TermKind, ...]:
        """Terms of a value that are counted for the members of a model; (): none."""

    @property
    def example(self) -> V:
        """A canonical value to show people."""

    @property
    def spelling(self) -> str:
        """Spelling of values for a model that was trained here, where there is more than one way."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """Words that people use, in lower case, when they head a column of this domain; best first."""

    @property
    def label_separator(self) -> str | None:
        """Separator of the labels of a cell that has one for each unit: nothing or a space.

        None: units are not labelled one by one.
        """

    @property
    def joins_columns(self) -> ColumnJoiner | None:
        """The way to make one value of the cells of several columns: title and abstract are a text, two chains a
        sequence, a hundred numbers a spectrum. None: they make none, as two SMILES are no molecule.
        """

    @property
    def measured(self) -> Callable[[str], Measured] | None:
        """Reads a value that is measurements along time or another axis, which can be forecast; raises Rejected. None:
        values are none.
        """

    @property
    def reads_numbers(self) -> bool:
        """True if a number or a list of numbers may be a value; elsewhere a column of them is never the input."""

    @property
    def splits(self) -> Mapping[SplitMethod, Splitter[V]]:
        """Leak-safe ways to group rows, by name."""

    @property
    def likeness(self) -> Similarity[V]:
        """Similarity of two values: what clusters are made by and leaks are measured with."""

    @property
    def augmentations(self) -> Mapping[str, Augmentation[V]]:
        """Label-preserving rewritings, by name."""

    @property
    def variations(self) -> Mapping[str, GeneratedAugmentation]:
        """Label-preserving rewritings that take a model of their own, by names that no augmentation bears."""

    def clean(self, value: V) -> V:
        """The canonical form of `value`, never empty. Raises Rejected."""

    def identity(self, value: V) -> Identity:
        """Identity of a canonical value: two ways to write one thing (an RNA with U or T) share it."""

    def units(self, value: V) -> list[str]:
        """The atoms, residues, bases or words of a canonical value, in order."""

    @property
    def descriptors_called(self) -> str:
        """Name of the descriptors in a methods section: “RDKit descriptors”."""

    def descriptors(self, value: V) -> Mapping[str, float]:
        """Named numbers that are known about a canonical value without any model; NaN where undefined."""

    def depict(self, value: V) -> str | None:
        """An SVG picture of a canonical value for people, None where there is none."""


Domain = DomainOf[RowInput]
