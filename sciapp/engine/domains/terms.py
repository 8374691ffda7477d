"""Terms of a value, cut out and counted: letters, words, fragments. Features that need no network."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

_MOST_LETTERS = 5_000_000
_FEW_ROWS = 100  # below, a term that comes once may be all there is


@dataclass(frozen=True)
class TermKind:
    """A way to cut a text into terms that are counted.

    cut: the terms of a text, one as often as it comes. weighting: counts as they are, or TF-IDF (Salton & Buckley
    1988, Inf. Process. Manag. 24:513). rare: a term that only one training row has is learnt as well. aligned: terms
    mean something where all texts have one length alone. most_letters: of all texts together, for what takes minutes
    beyond; 0: any number.
    """

    name: str
    cut: Callable[[str], Sequence[str]]
    weighting: Literal["none", "rarity"] = "none"
    rare: bool = False
    aligned: bool = False
    most_letters: int = 0

    def suits(self, texts: Sequence[str]) -> bool:
        """True if terms of these texts mean the same in each of them, and are counted in seconds."""
        if self.most_letters and sum(map(len, texts)) > self.most_letters:
            return False
        return not self.aligned or (len(texts) > 0 and len({len(text) for text in texts}) == 1)

    def fewest(self, rows: int) -> int:
        """Rows that must have a term for it to be learnt from so many."""
        return 1 if self.rare or rows < _FEW_ROWS else 2


_LONGEST_AT_POSITION = 3
_FIRST, _LAST = 30, 15  # letters of an end
_WORD = re.compile(r"\b\w+\b")


def _letters(text: str, longest: int) -> list[str]:
    return [text[start : start + size] for size in range(1, longest + 1) for start in range(len(text) - size + 1)]


def _letters_at_positions(text: str) -> list[str]:
    """Terms of one to three letters, each with the position at which it begins."""
    sizes = range(1, _LONGEST_AT_POSITION + 1)
    return [f"{start}{text[start : start + size]}" for size in sizes for start in range(len(text) - size + 1)]


def _letters_at_ends(text: str) -> list[str]:
    """Terms of one to three letters among the first and among the last; none of texts that are hardly longer."""
    if len(text) < 2 * (_FIRST + _LAST):
        return []
    first, last = (_letters(part, _LONGEST_AT_POSITION) for part in (text[:_FIRST], text[-_LAST:]))
    return [*(f"^{term}" for term in first), *(f"{term}$" for term in last)]


def _words(text: str) -> list[str]:
    """Words and pairs of neighbours, in lower case."""
    words = _WORD.findall(text.lower())
    return [*words, *map(" ".join, pairwise(words))]


LETTERS = TermKind("letters", partial(_letters, longest=3), rare=True)
LONG_LETTERS = TermKind("long_letters", partial(_letters, longest=6), most_letters=_MOST_LETTERS)
"""For alphabets of four letters, of which there are few terms of three."""

POSITIONS = TermKind("positions", _letters_at_positions, aligned=True, most_letters=_MOST_LETTERS)
"""For sequences that were cut at a landmark, or are variants of one: what stands where."""

ENDS = TermKind("ends", _letters_at_ends)
"""For proteins: what sends them to a place in the cell or out of it stands at their ends (von Heijne 1990, J. Membr.
Biol. 115:195)."""

WORDS = TermKind("words", _words, weighting="rarity")

TERM_KINDS = {kind.name: kind for kind in (LETTERS, LONG_LETTERS, POSITIONS, ENDS, WORDS)}
"""Kinds that any domain may have; those of one domain alone are its own."""
