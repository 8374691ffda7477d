"""Similarity of molecules: Tanimoto of ECFP4 fingerprints (Rogers & Hahn 2010, J. Chem. Inf. Model. 50:742).

Folded to 2,048 bits, radius 2, of the parent: stereoisomers, salts and charged forms of one molecule have similarity 1.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rdkit.Chem import rdFingerprintGenerator
from scipy import sparse

from sciapp.engine.domains.base import Clustering, NearestNeighbours, SimilarReferences
from sciapp.engine.domains.molecule.butina import butina
from sciapp.engine.domains.molecule.parent import parent
from sciapp.engine.domains.molecule.rdkit_log import from_smiles
from sciapp.engine.domains.sparse_sets import alike_of_rows, best_of_rows, blocks, feature_rows, row_numbers
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg

BITS = 2048

_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=BITS)
_REPORT_EVERY = 500  # molecules


class FingerprintSimilarity:
    """1 is the same fingerprint, not always the same molecule. The thresholds are habits of the field.

    alike: DeepChem's Butina splitter parts at a distance of 0.6. near: what people call close analogues.
    """

    called = msg("Tanimoto similarity of ECFP4 fingerprints")
    symbol = msg("Tanimoto similarity")
    alike = 0.4
    near = 0.9

    def nearest(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> NearestNeighbours:
        total = 2 * len(queries) + len(references)
        query_bits = _fingerprints(queries, 0, total, progress)
        known = _fingerprints(references, len(queries), total, progress)
        best, index = np.zeros(len(queries)), np.zeros(len(queries), dtype=np.int64)
        for begin, shared in blocks(query_bits, known):
            rows = slice(begin, begin + shared.shape[0])
            best[rows], index[rows] = best_of_rows(shared, tanimoto(shared, sizes(query_bits)[rows], sizes(known)))
            progress.report(len(queries) + len(references) + rows.stop, total)
        return NearestNeighbours(best, index)

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str], *, progress: Progress = SILENT
    ) -> list[SimilarReferences]:
        total = 2 * len(queries) + len(references)
        query_bits = _fingerprints(queries, 0, total, progress)
        known = _fingerprints(references, len(queries), total, progress)
        results: list[SimilarReferences] = []
        for begin, shared in blocks(query_bits, known):
            own = sizes(query_bits)[begin : begin + shared.shape[0]]
            results += alike_of_rows(shared, tanimoto(shared, own, sizes(known)))
            progress.report(len(queries) + len(references) + len(results), total)
        return results

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        prints = _fingerprints(values, 0, 2 * len(values), progress)
        return butina(prints, threshold, progress=progress)


def sizes(prints: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    """Bits that are set in each fingerprint."""
    return np.asarray(np.diff(prints.indptr), dtype=np.int64)


def tanimoto(
    shared: sparse.csr_matrix, ours: npt.NDArray[np.int64], theirs: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """The similarity behind each stored cell of `shared`, which counts common bits; ours (rows,), theirs (columns,)."""
    common = shared.data.astype(np.float64)
    return np.asarray(common / (ours[row_numbers(shared)] + theirs[shared.indices] - common))


def _fingerprints(values: Sequence[str], done: int, total: int, progress: Progress) -> sparse.csr_matrix:
    sets = []
    for number, value in enumerate(values, start=done + 1):
        molecule = from_smiles(value)
        bits = () if molecule is None else _GENERATOR.GetFingerprint(parent(molecule)).GetOnBits()
        sets.append(np.array(bits, dtype=np.int64))
        if number % _REPORT_EVERY == 0:
            progress.report(number, total)
    return feature_rows(sets, BITS)
