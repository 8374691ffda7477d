"""Similarity of texts: the cosine of their words' TF-IDF weights, whatever order the words stand in."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from sciapp.engine.domains.base import Clustering, NearestNeighbours, SimilarReferences
from sciapp.engine.domains.sparse_sets import UnionFind, alike_of_rows, best_of_rows, blocks, row_numbers
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg

_WORD = r"(?u)\b\w+\b"


class TextSimilarity:
    """1 is the same words as often. Words count less the more of the texts at hand have them."""

    called = msg("cosine similarity of TF-IDF word weights")
    symbol = msg("TF-IDF cosine")
    alike = 0.6
    near = 0.9

    def nearest(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        weights = _weights([*references, *queries])
        known, query_weights = weights[: len(references)], weights[len(references) :]
        best, index = np.zeros(len(queries)), np.zeros(len(queries), dtype=np.int64)
        for begin, shared in blocks(query_weights, known):
            rows = slice(begin, begin + shared.shape[0])
            best[rows], index[rows] = best_of_rows(shared, np.minimum(shared.data, 1.0))
            progress.report(rows.stop, len(queries))
        return NearestNeighbours(best, index)

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        weights = _weights([*references, *queries])
        results: list[SimilarReferences] = []
        for _, shared in blocks(weights[len(references) :], weights[: len(references)]):
            results += alike_of_rows(shared, np.minimum(shared.data, 1.0))
            progress.report(len(results), len(queries))
        return results

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        """Chains: no two texts that are alike are parted."""
        weights = _weights(values)
        groups = UnionFind(len(values))
        for begin, shared in blocks(weights, weights):
            likely = shared.data >= threshold
            for row, other in zip(row_numbers(shared)[likely], shared.indices[likely], strict=True):
                groups.join(begin + int(row), int(other))
            progress.report(begin + shared.shape[0], len(values))
        return Clustering(
            groups.labels(),
            msg("Clusters: chains of texts at least {threshold:g} alike (TF-IDF cosine).", threshold=threshold),
        )


def _weights(texts: Sequence[str]) -> sparse.csr_matrix:
    """(texts, words) with rows of length 1; a text without a word is like none."""
    try:
        vectorizer = TfidfVectorizer(token_pattern=_WORD, sublinear_tf=True, dtype=np.float32)
        return vectorizer.fit_transform(texts)
    except ValueError:  # scikit-learn's way to say that no text has a word
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
