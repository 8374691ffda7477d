"""Identity of two sequences by alignment, with Opal's SIMD code (Šošić 2015; `pyopal`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyopal
from scoring_matrices import ScoringMatrix

from sciapp.engine.domains.sequence.letters import opposite_strand

LONGEST = 4_000
"""Letters; of a longer sequence only the first so many are aligned: time grows with the product of both lengths."""


@dataclass(frozen=True)
class Aligner:
    """Needleman-Wunsch with free ends. letters: what others are written as (“U” as “T”).

    both_strands: the better of a query and its reverse complement counts.
    """

    matrix: ScoringMatrix
    gap_open: int
    gap_extend: int
    letters: dict[int, int]
    both_strands: bool = False

    def identities(self, query: str, targets: Sequence[str]) -> npt.NDArray[np.float64]:
        """(targets,) identical letters by the length of the shorter sequence, as CD-HIT counts them."""
        database = pyopal.Database([self._plain(target) for target in targets], alphabet=self._alphabet)
        plain = self._plain(query)
        strands = (plain, opposite_strand(plain)) if self.both_strands else (plain,)
        same = np.zeros(len(targets))
        for strand in strands:
            for result in self._opal.align(strand, database, mode="full", algorithm="ov"):
                target_index = result.target_index
                same[target_index] = max(same[target_index], result.alignment.count("M"))
        shorter = np.array([min(len(query), len(target), LONGEST) for target in targets])
        return np.asarray(same / shorter)

    def _plain(self, sequence: str) -> str:
        return sequence[:LONGEST].translate(self.letters)

    @cached_property
    def _alphabet(self) -> pyopal.Alphabet:
        return pyopal.Alphabet(self.matrix.alphabet)

    @cached_property
    def _opal(self) -> pyopal.Aligner:
        return pyopal.Aligner(self.matrix, gap_open=self.gap_open, gap_extend=self.gap_extend)


def protein_aligner() -> Aligner:
    """BLOSUM62, 11 to open a gap and 1 to extend it, as BLASTP has them."""
    return Aligner(ScoringMatrix.from_name("BLOSUM62"), 11, 1, str.maketrans("UO", "CK"))


def dna_aligner() -> Aligner:
    """+2 for the same base, -3 for another, 5 to open a gap and 2 to extend it, as BLASTN has them."""
    letters = "ACGTRYSWKMBDHVN"
    matrix = ScoringMatrix.from_match_mismatch(2.0, -3.0, letters, name="bases")
    return Aligner(matrix, 5, 2, str.maketrans("U", "T"), both_strands=True)
