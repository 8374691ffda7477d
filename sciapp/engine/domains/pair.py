"""Two values of one domain as one: premise and hypothesis, two proteins that interact, solute and solvent.

A pair is written as its two values with a sign between them that no file holds; whatever asks a domain for units,
descriptors or a canonical form gets those of both. `table.parquet` keeps the two apart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import (
    Augmentation,
    Clustering,
    Domain,
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
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg
from sciapp.records.dataset.card import SplitMethod

SIGN = "\ufdd0"  # a noncharacter: Unicode (section 23.7) keeps it for use inside of programs
WHICH = (msg("first input"), msg("second input"))
PAIR = " pair"  # behind the name of a domain

_REMEMBERED = 50_000  # values: the same molecule comes in many pairs


def paired(first: str, second: str) -> str:
    """Two values, as they stand in a file or canonical, as one."""
    return SIGN.join(part.replace(SIGN, " ") for part in (first, second))


def halves(value: str) -> tuple[str, str]:
    """The two values of a pair."""
    first, _, second = value.partition(SIGN)
    return first, second


def is_pair(value: str) -> bool:
    return SIGN in value


def shown(value: str) -> str:
    """A value, or both of a pair, for people."""
    return value.replace(SIGN, "  |  ")


class PairDomain:
    """The pairs of a domain. Groups are those of the first value: see `PairSimilarity` for what that leaves."""

    label_separator: str | None = None

    def __init__(self, each: Domain) -> None:
        self.each = each
        self.name = f"{each.name}{PAIR}"
        self.unit, self.tokens_per_unit, self.costly = each.unit, each.tokens_per_unit, each.costly
        self.simple_features: Features = each.simple_features
        self.inputs, self.reads_numbers = each.inputs, each.reads_numbers
        self.spelling, self.column_names = each.spelling, each.column_names
        self.joins_columns = each.joins_columns
        self.descriptors_called = msg("{descriptors_called} of both inputs", descriptors_called=each.descriptors_called)
        self.example = paired(each.example, each.example)
        self.repairs: Mapping[str, Repair] = {kind: _of_both(repair) for kind, repair in each.repairs.items()}
        self.splits: Mapping[SplitMethod, Splitter] = {
            name: partial(_of_first, splitter) for name, splitter in each.splits.items()
        }
        self.augmentations: Mapping[str, Augmentation] = {
            name: replace(one, rewrite=partial(_both_anew, one.rewrite)) for name, one in each.augmentations.items()
        }
        self.variations: Mapping[str, GeneratedAugmentation] = each.variations
        self._described = lru_cache(_REMEMBERED)(lambda value: dict(each.descriptors(value)))

    @property
    def likeness(self) -> Similarity:
        return PairSimilarity(self.each.likeness)

    def clean(self, value: str) -> str:
        """Both values canonical. Raises Rejected, which says which of them is none."""
        cleaned = []
        for which, part in zip(WHICH, halves(value), strict=True):
            try:
                cleaned.append(self.each.clean(part))
            except Rejected as error:
                raise Rejected(msg("{which}: {reason}", which=which, reason=error.reason)) from error
        return paired(*cleaned)

    def identity(self, value: str) -> Identity:
        """Whichever way round: who interacts with whom is often measured both ways, or written so."""
        first, second = (self.each.identity(part).text for part in halves(value))
        return Identity(paired(*sorted((first, second))), first > second)

    def units(self, value: str) -> list[str]:
        return [unit for part in halves(value) for unit in self.each.units(part)]

    def descriptors(self, value: str) -> Mapping[str, float]:
        """Those of the first value, then, called “second …”, those of the other."""
        first, second = (self._described(part) for part in halves(value))
        return first | {f"second {name}": number for name, number in second.items()}

    def depict(self, value: str) -> str | None:
        """The first value's picture; whoever draws both asks the domain for each."""
        return self.each.depict(halves(value)[0])


@dataclass(frozen=True)
class PairSimilarity:
    """Two pairs are as alike as their less alike values, the better way round.

    Whether the values of a test pair were seen in other training pairs is another question, and `partners` answers it
    (Park & Marcotte 2012, Nat. Methods 9:1134): a pair is no copy of a training pair for that.
    """

    each: Similarity

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
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        return nearest_of(self.alike_to(queries, references, progress=progress))

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        """Only the most alike of each query."""
        distinct = list(dict.fromkeys(half for value in queries for half in halves(value)))
        known = list(dict.fromkeys(half for value in references for half in halves(value)))
        rows = dict(zip(distinct, self.each.alike_to(distinct, known, progress=progress), strict=True))
        at = {value: index for index, value in enumerate(known)}
        firsts, seconds = (
            np.array([at[halves(value)[turn]] for value in references], dtype=np.int64) for turn in range(2)
        )
        results = []
        for query in queries:
            one, other = (rows[half] for half in halves(query))
            ours, theirs = _spread(one, len(known)), _spread(other, len(known))
            straight = np.minimum(ours[firsts], theirs[seconds])
            whole = np.maximum(straight, np.minimum(ours[seconds], theirs[firsts]))
            best = int(whole.argmax())
            results.append(SimilarReferences(np.array([best]), whole[[best]], one.at_least or other.at_least))
            progress.report(len(results), len(queries))
        return results

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        firsts = [halves(value)[0] for value in values]
        different = sorted(set(firsts))
        clustering = self.each.clusters(different, threshold, progress=progress)
        label_of = dict(zip(different, clustering.labels.tolist(), strict=True))
        return Clustering(np.array([label_of[first] for first in firsts], dtype=np.int64), clustering.how)


def _spread(found: SimilarReferences, count: int) -> npt.NDArray[np.float64]:
    """Similarities (count,) of all references, 0 for those that were not found."""
    similarities = np.zeros(count)
    similarities[found.places] = found.similarities
    return similarities


def _of_first(splitter: Splitter, value: str) -> str:
    return splitter(halves(value)[0])


def _both_anew(rewrite: Callable[[str, int, float], str], value: str, seed: int, strength: float) -> str:
    first, second = halves(value)
    return paired(rewrite(first, seed, strength), rewrite(second, (seed + 1) % 2**32, strength))


def _of_both(repair: Repair) -> Repair:
    """The repair of either value of a pair; each that has it is mended."""

    def either_found(value: str) -> bool:
        return any(repair.found(part) for part in halves(value))

    def mended(policy: Policy, value: str) -> str:
        after = [policy.mend(part) if repair.found(part) else part for part in halves(value)]
        for which, part in zip(WHICH, after, strict=True):
            if not part.strip():
                raise Rejected(msg("{which}: nothing is left of it ({title})", which=which, title=policy.title.lower()))
        return paired(*after)

    policies = {name: Policy(policy.title, partial(mended, policy)) for name, policy in repair.policies.items()}
    return replace(repair, found=either_found, policies=policies)
