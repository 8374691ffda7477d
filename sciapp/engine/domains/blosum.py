"""Which residue stands for which: substitutions as evolution makes them (BLOSUM62)."""

from collections.abc import Mapping
from functools import cache

from Bio.Align import substitution_matrices

_HALF_BITS = 2.0  # BLOSUM62 gives log odds in half bits


@cache
def blosum62(residues: str) -> Mapping[str, tuple[str, tuple[float, ...]]]:
    """For each of `residues` all the others, and the odds that one of them stands where it stood: 2^(score/2).

    Henikoff & Henikoff 1992, Proc. Natl. Acad. Sci. USA 89:10915.
    """
    matrix = substitution_matrices.load("BLOSUM62")
    found = {}
    for residue in residues:
        others = residues.replace(residue, "")
        found[residue] = (others, tuple(2.0 ** (float(matrix[residue, other]) / _HALF_BITS) for other in others))
    return found
