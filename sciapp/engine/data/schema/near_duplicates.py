"""Rows that have a near twin, by the domain's own likeness: a random split would put one of the two into the test."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sciapp.engine.domains.base import Domain, Similarity
from sciapp.engine.domains.row_input import RowInput, parts_of, stored_text
from sciapp.i18n import msg
from sciapp.records.formatting import percent_text

_ROWS, _ASKED = 400, 60
_LETTERS = 120_000  # of all compared rows together: long sequences take longer
_FEWEST = 30
_MANY = 0.2  # of the rows, from which on a random split flatters
_HARDLY = 0.01
_LARGEST = 0.25  # of the rows in one cluster: with more there may be nothing left to divide
_FEWEST_CLUSTERS = 20
_TOGETHER = 0.9  # of the twins must come into one cluster, or clusters are of no use


@dataclass(frozen=True)
class NearDuplicates:
    """share: of the rows that were looked at. parted: whether clusters of such rows can be divided. asked, others: rows
    that were looked at, and those among which a twin was sought; a large file has more twins than a sample shows."""

    share: float
    parted: bool
    likeness: Similarity[RowInput]
    asked: int
    others: int

    @property
    def many(self) -> bool:
        return self.share >= _MANY

    @property
    def sentence(self) -> str:
        """The measured share, for people who choose how to test."""
        share, symbol, near = percent_text(self.share), self.likeness.symbol, self.likeness.near
        if self.share < _HARDLY:
            return msg(
                "Of {asked} rows that were looked at hardly any has a near twin among {others} others ({symbol} of at "
                "least {near:g}).",
                asked=self.asked,
                others=self.others,
                symbol=symbol,
                near=near,
            )
        return msg(
            "Of {asked} rows that were looked at {share} have a near twin among {others} others ({symbol} of at least "
            "{near:g}).",
            asked=self.asked,
            share=share,
            others=self.others,
            symbol=symbol,
            near=near,
        )

    def reason(self, *, clustered: bool) -> str:
        """Reason for the way rows are divided, in a sentence; clustered: whether by clusters."""
        share, symbol, near = percent_text(self.share), self.likeness.symbol, self.likeness.near
        if clustered:
            return msg(
                "About {share} of the rows have a near twin ({symbol} of at least {near:g}), which a random split "
                "would tear apart, so clusters of like rows stay together.",
                share=share,
                symbol=symbol,
                near=near,
            )
        if self.parted:
            return msg(
                "About {share} of the rows have a near twin ({symbol} of at least {near:g}), which a random split "
                "tears apart; the cluster split keeps them together, and takes longer.",
                share=share,
                symbol=symbol,
                near=near,
            )
        return msg(
            "About {share} of the rows have a near twin ({symbol} of at least {near:g}) and form hardly any clusters, "
            "so rows are divided at random: scores hold for such variants.",
            share=share,
            symbol=symbol,
            near=near,
        )


def near_twins(domain: Domain, inputs: Iterable[RowInput]) -> NearDuplicates | None:
    """From a bounded sample of different canonical inputs; None where there are too few to say."""
    chosen = _sample(list(dict.fromkeys(inputs)))
    if len(chosen) < _FEWEST:
        return None
    likeness = domain.likeness
    query_indices = set(random.Random(1).sample(range(len(chosen)), min(_ASKED, len(chosen) // 2)))
    queries = [chosen[index] for index in sorted(query_indices)]
    others = [value for index, value in enumerate(chosen) if index not in query_indices]
    nearest = likeness.nearest(queries, others)
    share = float((nearest.similarity >= likeness.near).mean())
    if share < _MANY:
        return NearDuplicates(share, True, likeness, len(queries), len(others))
    values = sorted(chosen, key=stored_text)
    labels = dict(zip(values, likeness.clusters(values, likeness.alike).labels.tolist(), strict=True))
    near = np.flatnonzero(nearest.similarity >= likeness.near).tolist()
    together = sum(labels[queries[index]] == labels[others[int(nearest.index[index])]] for index in near)
    sizes = Counter(labels.values())
    parted = len(sizes) >= _FEWEST_CLUSTERS and max(sizes.values()) <= _LARGEST * len(values)
    parted = parted and together >= _TOGETHER * len(near)
    return NearDuplicates(share, parted, likeness, len(queries), len(others))


def _sample(values: list[RowInput]) -> list[RowInput]:
    """Half from the beginning, where twins often stand together, half from everywhere."""
    draw = random.Random(0)
    first, rest = values[: _ROWS // 2], values[_ROWS // 2 :]
    chosen = first + draw.sample(rest, min(len(rest), _ROWS // 2))
    letters, sample = 0, []
    for value in draw.sample(chosen, len(chosen)):
        letters += sum(map(len, parts_of(value)))
        if letters > _LETTERS:
            break
        sample.append(value)
    return sample
