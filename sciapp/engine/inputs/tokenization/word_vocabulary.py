"""Tokens of a model's vocabulary that may stand where a whole word or a single letter stood."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4  # letters: “not”, “no” and “nor” stay, and what is proposed for a word is none of them either
_BEGINS_WORD = ("Ġ", "▁")  # what byte-level and SentencePiece vocabularies write for the blank in front of a word


@dataclass(frozen=True)
class ReplaceableTokens:
    """tokenizer: a fast one. letters: single letters that may be replaced, and by which; none: whole words."""

    tokenizer: Any
    letters: str = ""

    _rows: dict[tuple[str, str], npt.NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    def positions(self, text: str, offsets: list[tuple[int, int]]) -> list[int]:
        """Positions of the tokens, of which each stands for text[from:to], that may be replaced."""
        if self.letters:
            return [n for n, (a, b) in enumerate(offsets) if b - a == 1 and text[a] in self.letters]
        words = {match.span() for match in _WORD.finditer(text) if _is_word(match[0])}
        return [index for index, span in enumerate(offsets) if tuple(span) in words]

    def allowed(self, token: int, old: str) -> npt.NDArray[np.bool_]:
        """Flags (vocabulary,) of tokens that may stand where `token` stands for `old`: the like, and not the same."""
        key = (self._mark(token), old.casefold())
        if key not in self._rows:
            marks, cores = self._table
            self._rows[key] = (marks == key[0]) & (cores != "") & (cores != key[1])
        return self._rows[key]

    def written(self, token: int, old: str) -> str:
        """The text for `token` in the place of `old`, with a capital where that had one."""
        core = self._core(self._spelt[token])
        if self.letters:
            return core.upper()
        return core.capitalize() if old[:1].isupper() and core.islower() else core

    def _mark(self, token: int) -> str:
        spelt = self._spelt[token]
        return spelt[:1] if spelt.startswith(_BEGINS_WORD) else ""

    def _core(self, spelt: str) -> str:
        """The word or letter of the token; empty where it is none by itself."""
        core = spelt[1:] if spelt.startswith(_BEGINS_WORD) else spelt
        if self.letters:
            return core if core.upper() in set(self.letters) else ""
        return core if _WORD.fullmatch(core) and _is_word(core) else ""

    @cached_property
    def _spelt(self) -> list[str]:
        return [str(one) for one in self.tokenizer.convert_ids_to_tokens(list(range(len(self.tokenizer))))]

    @cached_property
    def _table(self) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]:
        """The mark and, in lower case, the core of every token; special ones say nothing."""
        special = set(self.tokenizer.all_special_ids)
        cores = ["" if n in special else self._core(one).casefold() for n, one in enumerate(self._spelt)]
        return np.array([self._mark(n) for n in range(len(self._spelt))]), np.array(cores)


def _is_word(word: str) -> bool:
    """Long enough, and no abbreviation: DNA, NaCl."""
    return len(word) >= _SHORTEST and not any(map(str.isupper, word[1:]))
