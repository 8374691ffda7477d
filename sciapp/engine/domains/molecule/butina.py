"""Clusters of fingerprints after Butina (1999, J. Chem. Inf. Comput. Sci. 39:747), without ever holding all pairs.

The molecule with most neighbours within the threshold takes them all as its cluster; then the one with most
neighbours, counted at the beginning, of those that are left, and so on. Two walks over the pairs: one counts
neighbours, one hands them out. Beyond `EXACT_UP_TO` molecules, where the first walk would take minutes, neighbours are
counted among a sample of that size only; the second walk stays the same, so every member is still within the threshold
of its cluster's centre.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sciapp.engine.domains.base import Clustering
from sciapp.engine.domains.sparse_sets import blocks, row_numbers
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg

EXACT_UP_TO = 20_000

_TOGETHER = 128  # candidates for the next centre that are compared with everything at once


def butina(prints: sparse.csr_matrix, threshold: float, *, progress: Progress = SILENT) -> Clustering:
    """Clusters of fingerprints (rows, bits) whose centres are at least `threshold` (Tanimoto) alike to all members.

    Reports with twice the rows as the total, of which the first half was done before.
    """
    rows = prints.shape[0]
    sample = _sample(rows)
    counts = np.zeros(rows, dtype=np.int64)
    own = np.diff(prints.indptr).astype(np.float64)
    for begin, shared in blocks(prints, prints[sample]):
        counts[begin : begin + shared.shape[0]] = np.bincount(
            row_numbers(shared)[_within(shared, own[begin : begin + shared.shape[0]], own[sample], threshold)],
            minlength=shared.shape[0],
        )
        progress.report(rows + begin // 2, 2 * rows)
    labels = _handed_out(prints, own, np.argsort(-counts, kind="stable"), threshold, progress)
    if len(sample) < rows:
        how = msg(
            "Clusters: Butina on ECFP4, members at least {threshold:g} (Tanimoto) like the centre; neighbours counted "
            "among {sample:,} of {rows:,}.",
            threshold=threshold,
            sample=len(sample),
            rows=rows,
        )
    else:
        how = msg(
            "Clusters: Butina on ECFP4, members at least {threshold:g} (Tanimoto) like the centre.", threshold=threshold
        )
    return Clustering(labels, how)


def _handed_out(
    prints: sparse.csr_matrix,
    own: npt.NDArray[np.float64],
    order: npt.NDArray[np.int64],
    threshold: float,
    progress: Progress,
) -> npt.NDArray[np.int64]:
    """labels (rows,): the centre of each row. order: the rows as they come up for being a centre."""
    rows = len(order)
    labels = np.full(rows, -1, dtype=np.int64)
    left = np.arange(rows)  # not handed out, or since the last look
    at = 0
    while at < rows:
        candidates: list[int] = []
        while at < rows and len(candidates) < _TOGETHER:
            if labels[order[at]] < 0:
                candidates.append(int(order[at]))
            at += 1
        if not candidates:
            break
        left = left[labels[left] < 0]
        indices = np.array(candidates)
        for begin, shared in blocks(prints[indices], prints[left]):
            near = _within(shared, own[indices[begin : begin + shared.shape[0]]], own[left], threshold)
            for row in range(shared.shape[0]):
                centre = candidates[begin + row]
                if labels[centre] >= 0:  # taken by a centre of this very block
                    continue
                cells = slice(shared.indptr[row], shared.indptr[row + 1])
                members = left[shared.indices[cells][near[cells]]]
                members = members[labels[members] < 0]
                labels[members] = centre
                labels[centre] = centre  # also where it has no bit at all
        progress.report(rows + rows // 2 + at // 2, 2 * rows)
    return labels


def _within(
    shared: sparse.csr_matrix, ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64], threshold: float
) -> npt.NDArray[np.bool_]:
    """Of each stored cell whether the pair is alike enough."""
    common = shared.data.astype(np.float64)
    union = ours[row_numbers(shared)] + theirs[shared.indices] - common
    return np.asarray(common >= threshold * union - 1e-9)


def _sample(rows: int) -> npt.NDArray[np.int64]:
    """All rows, or as many as are counted among, spread evenly."""
    if rows <= EXACT_UP_TO:
        return np.arange(rows)
    return np.linspace(0, rows - 1, EXACT_UP_TO).astype(np.int64)
