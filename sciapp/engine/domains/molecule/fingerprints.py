"""Similarity of molecules: Tanimoto of ECFP4 fingerprints (Rogers & Hahn 2010, J. Chem. Inf. Model. 50:742).

Folded to 2,048 bits, radius 2, of the parent: stereoisomers, salts and charged forms of one molecule have similarity 1.
"""

from collections.abc import Generator, Sequence

import numpy as np
import numpy.typing as npt
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from scipy import sparse

from sciapp.engine.domains.base import Clustering, NearestNeighbours, SimilarReferences, Steps
from sciapp.engine.domains.molecule.butina import butina
from sciapp.engine.domains.molecule.parent import parent
from sciapp.engine.domains.sparse_sets import alike_of_rows, best_of_rows, blocks, feature_rows, row_numbers

BITS = 2048

_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=BITS)
_SAID_EVERY = 500  # molecules


class FingerprintSimilarity:
    """1 is the same fingerprint, not always the same molecule. The thresholds are habits of the field.

    alike: DeepChem's Butina splitter parts at a distance of 0.6. near: what people call close analogues.
    """

    called = "Tanimoto similarity of ECFP4 fingerprints"
    symbol = "Tanimoto similarity"
    alike = 0.4
    near = 0.9

    def nearest(self, queries: Sequence[str], references: Sequence[str]) -> Generator[Steps, None, NearestNeighbours]:
        total = 2 * len(queries) + len(references)
        asked = yield from _fingerprints(queries, 0, total)
        known = yield from _fingerprints(references, len(queries), total)
        best, place = np.zeros(len(queries)), np.zeros(len(queries), dtype=np.int64)
        for begin, shared in blocks(asked, known):
            rows = slice(begin, begin + shared.shape[0])
            best[rows], place[rows] = best_of_rows(shared, tanimoto(shared, sizes(asked)[rows], sizes(known)))
            yield len(queries) + len(references) + rows.stop, total
        return NearestNeighbours(best, place)

    def alike_to(
        self, queries: Sequence[str], references: Sequence[str]
    ) -> Generator[Steps, None, list[SimilarReferences]]:
        total = 2 * len(queries) + len(references)
        asked = yield from _fingerprints(queries, 0, total)
        known = yield from _fingerprints(references, len(queries), total)
        found: list[SimilarReferences] = []
        for begin, shared in blocks(asked, known):
            own = sizes(asked)[begin : begin + shared.shape[0]]
            found += alike_of_rows(shared, tanimoto(shared, own, sizes(known)))
            yield len(queries) + len(references) + len(found), total
        return found

    def clusters(self, values: Sequence[str], threshold: float) -> Generator[Steps, None, Clustering]:
        prints = yield from _fingerprints(values, 0, 2 * len(values))
        return (yield from butina(prints, threshold))


def sizes(prints: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    """Bits that are set in each fingerprint."""
    return np.asarray(np.diff(prints.indptr), dtype=np.int64)


def tanimoto(
    shared: sparse.csr_matrix, ours: npt.NDArray[np.int64], theirs: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """The similarity behind each stored cell of `shared`, which counts common bits; ours (rows,), theirs (columns,)."""
    common = shared.data.astype(np.float64)
    return np.asarray(common / (ours[row_numbers(shared)] + theirs[shared.indices] - common))


def _fingerprints(values: Sequence[str], done: int, total: int) -> Generator[Steps, None, sparse.csr_matrix]:
    sets = []
    for number, value in enumerate(values, start=done + 1):
        molecule = Chem.MolFromSmiles(value)
        bits = () if molecule is None else _GENERATOR.GetFingerprint(parent(molecule)).GetOnBits()
        sets.append(np.array(bits, dtype=np.int64))
        if number % _SAID_EVERY == 0:
            yield number, total
    return feature_rows(sets, BITS)
