"""Noise in sequences with one letter per unit, small enough that most labels stay true. All of it follows from a seed.

Each takes (canonical value, seed, strength 0..1) and gives a canonical value of at least one unit.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from Bio.Align import substitution_matrices

_MOST_CROPPED = _MOST_SHIFTED = 0.1  # share of the units, at strength 1


@dataclass(frozen=True)
class Substitution:
    """Letters that may stand for another one, with their weights; `share` of the letters are drawn anew at strength 1.

    Letters without an entry stay.
    """

    drawn: Mapping[str, tuple[Sequence[str], Sequence[float]]]
    share: float

    def __call__(self, value: str, seed: int, strength: float) -> str:
        rng = random.Random(seed)
        return "".join(self._drawn(letter, rng) if rng.random() < self.share * strength else letter for letter in value)

    def _drawn(self, letter: str, rng: random.Random) -> str:
        if letter not in self.drawn:
            return letter
        others, weights = self.drawn[letter]
        return rng.choices(others, weights)[0]


def cropped(value: str, seed: int, strength: float) -> str:
    """Without up to a tenth (at strength 1) of the units at one of its ends."""
    rng = random.Random(seed)
    gone = min(_far(value, rng, _MOST_CROPPED * strength), len(value) - 1)
    return value[gone:] if rng.random() < 0.5 else value[: len(value) - gone]


def shifted(value: str, seed: int, strength: float) -> str:
    """Begun up to a tenth (at strength 1) of the units later or earlier; what falls off one end stands at the other."""
    rng = random.Random(seed)
    far = _far(value, rng, _MOST_SHIFTED * strength) * rng.choice((1, -1))
    return value[far:] + value[:far]


def _far(value: str, rng: random.Random, share: float) -> int:
    """At least one unit, so that short rows change as well."""
    return rng.randint(1, max(1, round(share * len(value))))


# Which residue stands for which: substitutions as evolution makes them (BLOSUM62).


_HALF_BITS = 2.0  # BLOSUM62 gives log odds in half bits


@cache
def blosum62(residues: str) -> Mapping[str, tuple[str, tuple[float, ...]]]:
    """For each of `residues` all the others, and the odds that one of them stands where it stood: 2^(score/2).

    Henikoff & Henikoff 1992, Proc. Natl. Acad. Sci. USA 89:10915.
    """
    matrix = substitution_matrices.load("BLOSUM62")
    scores = {}
    for residue in residues:
        others = residues.replace(residue, "")
        scores[residue] = (others, tuple(2.0 ** (float(matrix[residue, other]) / _HALF_BITS) for other in others))
    return scores
