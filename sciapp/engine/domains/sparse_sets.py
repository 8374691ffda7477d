"""Values as sparse rows of features, and what two sets of rows have in common, a block at a time."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sciapp.engine.domains.base import MOST_ALIKE, SimilarReferences

_BLOCK_CELLS = 4_000_000  # of a product that is in memory at once, about 50 MB when every pair shares something


def feature_rows(sets: Iterable[npt.NDArray[np.int64]], width: int) -> sparse.csr_matrix:
    """(rows, width) of ones where a row has a feature. sets: of each row the numbers of its features, all different."""
    parts = [np.sort(part) for part in sets]
    ends = np.cumsum([0, *map(len, parts)], dtype=np.int64)
    features = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    ones = np.ones(len(features), dtype=np.float32)
    return sparse.csr_matrix((ones, features.astype(np.int32), ends), shape=(len(parts), width))


def blocks(queries: sparse.csr_matrix, references: sparse.csr_matrix) -> Iterator[tuple[int, sparse.csr_matrix]]:
    """(first query, products of some queries with all references): for rows of ones, how many features they share."""
    transposed = references.T.tocsr()
    step = max(1, min(512, _BLOCK_CELLS // max(1, references.shape[0])))
    for begin in range(0, queries.shape[0], step):
        yield begin, (queries[begin : begin + step] @ transposed).tocsr()


def row_numbers(block: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    """The row of each stored cell of `block`."""
    return np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))


def best_of_rows(
    block: sparse.csr_matrix, values: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """The greatest of `values` (one a stored cell) in each row and its column; 0 and column 0 for an empty row."""
    rows = block.shape[0]
    best, index = np.zeros(rows), np.zeros(rows, dtype=np.int64)
    if not len(values):
        return best, index
    # Last of equal rows after sorting is the greatest; among equal values the first column.
    order = np.lexsort((-block.indices, values, row_numbers(block)))
    last = np.flatnonzero(np.r_[np.diff(row_numbers(block)[order]) > 0, True])
    at = order[last]
    filled = row_numbers(block)[at]
    best[filled], index[filled] = values[at], block.indices[at]
    return best, index


def alike_of_rows(block: sparse.csr_matrix, values: npt.NDArray[np.float64]) -> list[SimilarReferences]:
    """Of each row the columns with the greatest of `values` (one a stored cell)."""
    results = []
    for begin, end in pairwise(block.indptr.tolist()):
        own, columns = values[begin:end], block.indices[begin:end]
        if len(own) > MOST_ALIKE:
            top = np.argpartition(-own, MOST_ALIKE)[:MOST_ALIKE]
            own, columns = own[top], columns[top]
        results.append(SimilarReferences(columns.astype(np.int64), own.astype(np.float64)))
    return results


class UnionFind:
    """Groups of things that belong together; joining is all but free (union-find with path halving: Tarjan 1975)."""

    def __init__(self, count: int) -> None:
        self._leader = list(range(count))

    def leader(self, thing: int) -> int:
        """The first thing of the group."""
        leaders = self._leader
        while leaders[thing] != thing:
            leaders[thing] = leaders[leaders[thing]]
            thing = leaders[thing]
        return thing

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.leader(one), self.leader(other)))
        self._leader[second] = first

    def labels(self) -> npt.NDArray[np.int64]:
        return np.fromiter(map(self.leader, range(len(self._leader))), dtype=np.int64, count=len(self._leader))
