"""Sequences that are written with one letter per unit: what proteins and nucleotides have in common."""

import re
from collections import Counter
from collections.abc import Iterable

from sciapp.engine.domains.base import Rejected

_WHITE_SPACE = re.compile(r"\s+")

_COMPLEMENT = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")


class Alphabet:
    """The letters that are allowed, and what one of them is called (“residue”, “base”)."""

    def __init__(self, letters: str, called: str) -> None:
        self.letters = letters
        self.called = called
        self._other = re.compile(f"[^{re.escape(letters)}]")

    def checked(self, value: str) -> str:
        """`value` in upper case, without white space (wrapped lines in a cell are one sequence).

        Raises Rejected naming the first wrong letter and its position; positions count from 1, white space left out.
        """
        sequence = _WHITE_SPACE.sub("", value).upper()
        if not sequence:
            raise Rejected("the cell is empty")
        wrong = self._other.search(sequence)
        if wrong:
            raise Rejected(f"“{wrong.group()}” at position {wrong.start() + 1} is no {self.called}")
        return sequence


def composition(sequence: str, letters: Iterable[str], prefix: str) -> dict[str, float]:
    """Length and the fraction of each letter, named `prefix` + letter."""
    counts = Counter(sequence)
    length = len(sequence)
    return {"length": float(length)} | {f"{prefix}{letter}": counts[letter] / length for letter in letters}


def opposite_strand(bases: str) -> str:
    """The reverse complement of DNA in upper case, ambiguous bases included."""
    return bases.translate(_COMPLEMENT)[::-1]
