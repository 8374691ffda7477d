"""Rows of two values of one domain: premise and hypothesis, two proteins that interact, solute and solvent.

Whatever asks a domain for units, descriptors or a canonical form gets those of both values. `PairDomain.parts` says
which domain each input is of: rows of several domains will differ in that alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import (
    Augmentation,
    Clustering,
    DomainOf,
    Features,
    GeneratedAugmentation,
    Identity,
    NearestNeighbours,
    Policy,
    Rejected,
    Repair,
    Similarity,
    SimilarReferences,
    Splitter,
    nearest_of,
)
from sciapp.engine.domains.row_input import MultiInput, stored_text
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg
from sciapp.records.dataset.card import SplitMethod

WHICH = (msg("first input"), msg("second input"))
_SECOND = "second {}"  # name of a descriptor of the second input
PAIR = " pair"  # behind the name of a domain

_REMEMBERED = 50_000  # values: the same molecule comes in many pairs


def paired(first: str, second: str) -> MultiInput:
    """The row of two values, as they stand in a file or canonical; cards of saved models call it by this name."""
    return MultiInput((first, second))


def part_named(reason: str) -> int:
    """The index of the input that `reason`, of a Rejected, is about; 0 where it names none."""
    return next((index for index, which in enumerate(WHICH) if reason.startswith(which)), 0)


class PairDomain:
    """The pairs of a domain. Groups are those of the first value: see `PairSimilarity` for what that leaves."""

    label_separator: str | None = None
    measured = None

    def __init__(self, each: DomainOf[str]) -> None:
        """each: the domain of both inputs; the facts of a pair are its facts."""
        self.parts = each, each
        self.name = f"{each.name}{PAIR}"
        self.unit, self.tokens_per_unit, self.costly = each.unit, each.tokens_per_unit, each.costly
        self.simple_features: Features = each.simple_features
        self.terms = each.terms
        sets = {title: (*begin, *map(_SECOND.format, begin)) for title, begin in each.inputs.descriptor_sets.items()}
        self.inputs, self.reads_numbers = replace(each.inputs, descriptor_sets=sets), each.reads_numbers
        self.spelling, self.column_names = each.spelling, each.column_names
        self.joins_columns = each.joins_columns
        self.descriptors_called = msg("{descriptors_called} of both inputs", descriptors_called=each.descriptors_called)
        self.example = paired(each.example, each.example)
        self.repairs: Mapping[str, Repair[MultiInput]] = {
            kind: _of_both(repair) for kind, repair in each.repairs.items()
        }
        self.splits: Mapping[SplitMethod, Splitter[MultiInput]] = {
            name: partial(_of_first, splitter) for name, splitter in each.splits.items()
        }
        self.augmentations: Mapping[str, Augmentation[MultiInput]] = {
            name: _of_both_anew(augmentation) for name, augmentation in each.augmentations.items()
        }
        self.variations: Mapping[str, GeneratedAugmentation] = each.variations
        self._described = lru_cache(_REMEMBERED)(lambda part: dict(each.descriptors(part)))

    @property
    def likeness(self) -> Similarity[MultiInput]:
        return PairSimilarity(self.parts[0].likeness)

    def clean(self, value: MultiInput) -> MultiInput:
        """Both values canonical. Raises Rejected, which says which of them is none."""
        cleaned = []
        for which, domain, part in zip(WHICH, self.parts, value.parts, strict=True):
            try:
                cleaned.append(domain.clean(part))
            except Rejected as error:
                raise Rejected(msg("{which}: {reason}", which=which, reason=error.reason)) from error
        return MultiInput(tuple(cleaned))

    def identity(self, value: MultiInput) -> Identity:
        """Whichever way round: who interacts with whom is often measured both ways, or written so."""
        first, second = (domain.identity(part).text for domain, part in self._inputs_of(value))
        return Identity(stored_text(MultiInput(tuple(sorted((first, second))))), first > second)

    def units(self, value: MultiInput) -> list[str]:
        return [unit for domain, part in self._inputs_of(value) for unit in domain.units(part)]

    def descriptors(self, value: MultiInput) -> Mapping[str, float]:
        """Those of the first value, then, called “second …”, those of the other."""
        first, second = map(self._described, value.parts)
        return first | {_SECOND.format(name): number for name, number in second.items()}

    def depict(self, value: MultiInput) -> str | None:
        """The first value's picture; whoever draws both asks the domain for each."""
        return self.parts[0].depict(value.parts[0])

    def _inputs_of(self, value: MultiInput) -> Iterator[tuple[DomainOf[str], str]]:
        """Each input of a row with its domain."""
        return zip(self.parts, value.parts, strict=True)


@dataclass(frozen=True)
class PairSimilarity:
    """Two pairs are as alike as their less alike values, the better way round.

    Whether the values of a test pair were seen in other training pairs is another question, and `partners` answers it
    (Park & Marcotte 2012, Nat. Methods 9:1134): a pair is no copy of a training pair for that.
    """

    each: Similarity[str]

    @property
    def called(self) -> str:
        return msg("{called}, of the less alike of two pairs’ inputs, the better way round", called=self.each.called)

    @property
    def symbol(self) -> str:
        return self.each.symbol

    @property
    def alike(self) -> float:
        return self.each.alike

    @property
    def near(self) -> float:
        return self.each.near

    def nearest(
        self, queries: Sequence[MultiInput], references: Sequence[MultiInput], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        return nearest_of(self.alike_to(queries, references, progress=progress))

    def alike_to(
        self, queries: Sequence[MultiInput], references: Sequence[MultiInput], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        """Only the most alike of each query."""
        distinct = list(dict.fromkeys(half for value in queries for half in value.parts))
        known = list(dict.fromkeys(half for value in references for half in value.parts))
        rows = dict(zip(distinct, self.each.alike_to(distinct, known, progress=progress), strict=True))
        at = {value: index for index, value in enumerate(known)}
        firsts, seconds = (
            np.array([at[value.parts[turn]] for value in references], dtype=np.int64) for turn in range(2)
        )
        results = []
        for query in queries:
            one, other = (rows[half] for half in query.parts)
            ours, theirs = _spread(one, len(known)), _spread(other, len(known))
            straight = np.minimum(ours[firsts], theirs[seconds])
            whole = np.maximum(straight, np.minimum(ours[seconds], theirs[firsts]))
            best = int(whole.argmax())
            results.append(SimilarReferences(np.array([best]), whole[[best]], one.at_least or other.at_least))
            progress.report(len(results), len(queries))
        return results

    def clusters(self, values: Sequence[MultiInput], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        firsts = [value.parts[0] for value in values]
        different = sorted(set(firsts))
        clustering = self.each.clusters(different, threshold, progress=progress)
        label_of = dict(zip(different, clustering.labels.tolist(), strict=True))
        return Clustering(np.array([label_of[first] for first in firsts], dtype=np.int64), clustering.how)


def _spread(similar: SimilarReferences, count: int) -> npt.NDArray[np.float64]:
    """Similarities (count,) of all references, 0 for those that were not found."""
    similarities = np.zeros(count)
    similarities[similar.indices] = similar.similarities
    return similarities


def _of_first(splitter: Splitter[str], value: MultiInput) -> str:
    return splitter(value.parts[0])


def _of_both_anew(augmentation: Augmentation[str]) -> Augmentation[MultiInput]:
    """The augmentation that writes both values anew, each by draws of its own."""

    def rewrite(value: MultiInput, seed: int, strength: float) -> MultiInput:
        draws = (augmentation.rewrite(part, (seed + n) % 2**32, strength) for n, part in enumerate(value.parts))
        return MultiInput(tuple(draws))

    return Augmentation(
        title=augmentation.title,
        help=augmentation.help,
        source=augmentation.source,
        rewrite=rewrite,
        respells=augmentation.respells,
        averages=augmentation.averages,
        keeps_units=augmentation.keeps_units,
    )


def _of_both(repair: Repair[str]) -> Repair[MultiInput]:
    """The repair of either value of a pair; each that has it is mended."""

    def is_in_either(value: MultiInput) -> bool:
        return any(repair.detects(part) for part in value.parts)

    def mended(policy: Policy[str], value: MultiInput) -> MultiInput:
        after = [policy.mend(part) if repair.detects(part) else part for part in value.parts]
        for which, part in zip(WHICH, after, strict=True):
            if not part.strip():
                raise Rejected(msg("{which}: nothing is left of it ({title})", which=which, title=policy.title.lower()))
        return MultiInput(tuple(after))

    return Repair(
        title=repair.title,
        consequence=repair.consequence,
        detects=is_in_either,
        policies={name: Policy(policy.title, partial(mended, policy)) for name, policy in repair.policies.items()},
        proposed=repair.proposed,
        canonical=repair.canonical,
    )
