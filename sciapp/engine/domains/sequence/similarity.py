"""Similarity of sequences: the identity of an alignment, computed only where common words say that it may be high.

Clusters are chains: two sequences of at least the threshold's identity are never parted, unless their common words
did not show it. The longest come first and each is compared with those before it, as CD-HIT does (Li & Godzik 2006,
Bioinformatics 22:1658); unlike there, a sequence that is like two clusters joins them. Up to `EXACT_UP_TO` sequences
they are ours whatever is installed, so that two labs get the same. Beyond, MMseqs2 or CD-HIT make them where one is on
the PATH; without, each sequence is compared with the first member of every cluster only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sciapp.engine.domains.base import Clustering, NearestNeighbours, SimilarReferences, nearest_of
from sciapp.engine.domains.sequence.alignment import LONGEST, Aligner, dna_aligner, protein_aligner
from sciapp.engine.domains.sequence.cluster_tools import CD_HIT, CD_HIT_EST, MMSEQS, ClusterTool, tool_on_path
from sciapp.engine.domains.sequence.kmers import DNA_WORDS, PROTEIN_WORDS, KmerVectorizer
from sciapp.engine.domains.sparse_sets import UnionFind, blocks
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg

EXACT_UP_TO = 20_000

_ALIGNED_FOR_NEAREST = 8
_CELLS_FOR_NEAREST = 8_000_000  # of the first alignments of one query: long ones are compared with fewer
_CELLS_IN_ALL = 2e10  # of all alignments of one search: about 20 seconds
_CELLS_A_CALL = 22_000  # that an alignment costs however short it is
_ALIGNED_A_GROUP, _ALIGNED_A_ROW = 3, 12
_ROWS_TOGETHER = 256
_ENOUGH = 0.2  # of the words expected at the threshold: real changes are not spread evenly
_REPETITIVE = 2.0  # natural sequences repeat words more often than their letters alone would
_UNLIKELY = 1.0  # standard deviations beyond chance


@dataclass(frozen=True)
class SequenceSimilarity:
    """Identity by the length of the shorter sequence, from 0 to 1."""

    called: str
    alike: float
    near: float
    words: KmerVectorizer
    aligner: Aligner
    tools: tuple[ClusterTool, ...] = ()
    symbol: str = field(default="identity", init=False)

    def nearest(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        """The references with most common words beyond chance are aligned, and all others too where none of these is
        so alike that common words could not have missed a better one. Where that would last too long, as many as there
        is time for, and the similarities are lower bounds.
        """
        return nearest_of(self._compared(queries, references, (1 + self.alike) / 2, progress))

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        """All are aligned, or as many as there is time for."""
        return self._compared(queries, references, 2.0, progress)

    def _compared(
        self, queries: Sequence[str], references: Sequence[str], enough: float, progress: Progress
    ) -> list[SimilarReferences]:
        """enough: the likeliest will do where one is so alike."""
        query_words, known = self.words.rows(queries), self.words.rows(references)
        sizes, lengths, chance = np.diff(query_words.indptr), np.diff(known.indptr), self._meeting(references, known)
        affordable = self._affordable(queries, references)
        results: list[SimilarReferences] = []
        for begin, shared in blocks(query_words, known):
            for row in range(shared.shape[0]):
                query = queries[begin + row]
                columns, _, odds = _common(shared, row, int(sizes[begin + row]), lengths, chance)
                ranked = columns[np.lexsort((columns, -odds))]
                most = _CELLS_FOR_NEAREST // max(1, len(query)) ** 2
                first = ranked[: min(_ALIGNED_FOR_NEAREST, max(1, most))].astype(np.int64)
                identities = self._identities(query, references, first)
                if not len(first) or identities.max() < enough:
                    others = _worth_aligning(ranked, len(first), len(references), affordable)
                    identities = np.r_[identities, self._identities(query, references, others)]
                    first = np.r_[first, others]
                    results.append(SimilarReferences(first, identities, at_least=len(first) < len(references)))
                else:
                    results.append(SimilarReferences(first, identities))
                progress.report(len(results), len(queries))
        return results

    def _identities(
        self, query: str, references: Sequence[str], candidates: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        if not len(candidates):
            return np.empty(0)
        return self.aligner.identities(query, [references[i] for i in candidates])

    def _affordable(self, queries: Sequence[str], references: Sequence[str]) -> int:
        """Number of references that each query may be aligned with."""
        ours, theirs = (np.mean([min(len(one), LONGEST) for one in values]) for values in (queries, references))
        strands = 2 if self.aligner.both_strands else 1
        each = strands * (_CELLS_A_CALL + float(ours) * float(theirs))
        return max(_ALIGNED_FOR_NEAREST, int(_CELLS_IN_ALL / (each * len(queries))))

    def _meeting(self, sequences: Sequence[str], rows: sparse.csr_matrix) -> float:
        """Probability that a word drawn from one sequence is one given word of another.

        As often as the words of all sequences meet, but no more than single letters explain: words that all share
        because all are variants of one parent are no chance.
        """
        used = np.asarray(rows.sum(axis=0)).ravel()
        by_words = float(((used / max(1.0, used.sum())) ** 2).sum())
        return min(by_words, _REPETITIVE * self.words.meeting(sequences))

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        tool = tool_on_path(self.tools, threshold) if len(values) > EXACT_UP_TO else None
        if tool is not None:
            return tool.clusters(values, threshold, progress=progress)
        labels = self.linked(values, threshold, progress=progress)
        how = (
            msg("Clusters: chains of at least {threshold:.0%} identity (SciApp’s own).", threshold=threshold)
            if len(values) <= EXACT_UP_TO
            else msg(
                "Clusters: chains of at least {threshold:.0%} identity (SciApp’s own); compared with the first of each "
                "cluster only.",
                threshold=threshold,
            )
        )
        return Clustering(labels, how)

    def linked(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> npt.NDArray[np.int64]:
        """labels (values,) of our own clusters. values: sorted and different."""
        order = sorted(range(len(values)), key=lambda i: (-len(values[i]), values[i]))
        sequences = [values[i] for i in order]
        rows = self.words.rows(sequences)
        counts = np.diff(rows.indptr)
        groups = UnionFind(len(values))
        first_only = len(values) > EXACT_UP_TO
        needed = _ENOUGH * self.words.expected(threshold)
        chance = self._meeting(sequences, rows)
        leading = np.empty(0, dtype=np.int64)
        for begin in range(0, len(values), _ROWS_TOGETHER):
            end = min(begin + _ROWS_TOGETHER, len(values))
            known = np.r_[leading, np.arange(begin, end)] if first_only else np.arange(end)
            for within, shared in blocks(rows[begin:end], rows[known]):
                for row in range(shared.shape[0]):
                    at = begin + within + row
                    columns, share, odds = _common(shared, row, int(counts[at]), counts[known], chance)
                    others = known[columns]
                    likely = np.flatnonzero((others < at) & (odds >= _UNLIKELY) & (share >= needed))
                    best = likely[np.lexsort((others[likely], -odds[likely]))]
                    self._join(groups, at, others[best], sequences, threshold)
            fresh = range(begin, end)
            leading = np.r_[leading, [at for at in fresh if groups.leader(at) == at]].astype(np.int64)
            progress.report(end, len(values))
        labels = np.empty(len(values), dtype=np.int64)
        labels[order] = groups.labels()
        return labels

    def _join(
        self,
        groups: UnionFind,
        at: int,
        others: npt.NDArray[np.int64],
        sequences: Sequence[str],
        threshold: float,
    ) -> None:
        """Put `at` together with each group in which one of `others`, likeliest first, is alike."""
        alignments: dict[int, int] = {}
        chosen: list[int] = []
        for index, other in enumerate(others):
            leader = groups.leader(int(other))
            if alignments.get(leader, 0) < _ALIGNED_A_GROUP:
                alignments[leader] = alignments.get(leader, 0) + 1
                chosen.append(index)
            if len(chosen) == _ALIGNED_A_ROW:
                break
        if not chosen:
            return
        identities = self.aligner.identities(sequences[at], [sequences[i] for i in others[chosen]])
        for other, identity in zip(others[chosen], identities, strict=True):
            if identity >= threshold:
                groups.join(at, int(other))


def _worth_aligning(ranked: npt.NDArray[np.int64], done: int, references: int, most: int) -> npt.NDArray[np.int64]:
    """Places of references beside the first `done` of `ranked`: all, or half of `most` the likeliest, half a sample."""
    left = np.ones(references, dtype=bool)
    left[ranked[:done]] = False
    if left.sum() <= most:
        return np.asarray(np.flatnonzero(left), dtype=np.int64)
    likely = ranked[done:][: most // 2].astype(np.int64)
    left[likely] = False
    others = np.flatnonzero(left)
    spread = np.linspace(0, len(others) - 1, min(len(others), most - len(likely))).astype(np.int64)
    return np.asarray(np.r_[likely, others[spread]], dtype=np.int64)


def _common(
    shared: sparse.csr_matrix, row: int, own: int, theirs: npt.NDArray[np.int64], chance: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Of each stored cell in a row: its column, the share of the words of the one that has fewer which are common, and
    by how many standard deviations that is more than chance gives sequences of such lengths.
    """
    cells = slice(shared.indptr[row], shared.indptr[row + 1])
    columns, common = shared.indices[cells], shared.data[cells].astype(np.float64)
    expected = chance * own * theirs[columns]
    return columns, common / np.minimum(own, theirs[columns]), (common - expected) / np.sqrt(expected + 1)


# What is meant by alike for proteins and for nucleotides.


@cache
def protein_likeness() -> SequenceSimilarity:
    """Alike from 40 %: unrelated proteins of a hundred residues align with 20 to 30 % of the shorter one identical."""
    tools = (MMSEQS, CD_HIT)
    return SequenceSimilarity(msg("identity of aligned sequences"), 0.4, 0.95, PROTEIN_WORDS, protein_aligner(), tools)


@cache
def nucleotide_likeness() -> SequenceSimilarity:
    """Alike from 80 %, on either strand: unrelated bases align with half of them identical."""
    description = msg("identity of aligned sequences, on either strand")
    return SequenceSimilarity(description, 0.8, 0.95, DNA_WORDS, dna_aligner(), (CD_HIT_EST,))
