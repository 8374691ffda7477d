"""Back-translation: into another language and back, the same is said in other words (Sennrich et al. 2016,
arXiv:1511.06709). Words are drawn on the way there and the likeliest taken on the way back; the temperature is what
makes variants differ (Edunov et al. 2018, arXiv:1808.09381; Xie et al. 2020, arXiv:1904.12848).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sciapp.engine.augmentation.translator import Check, Translator

_LOWEST, _RISE = 0.3, 0.6  # temperature near strength 0, and how far it is higher at 1
_BREAK = re.compile(r"(?<=[.!?…])\s+(?![\d(a-z])|(?<=[。！？])\s*|\s*\n\s*")  # not behind the “al.” of “et al. 2019”
_FEWEST_WORDS, _FEWEST_SIGNS = 4, 24  # “e.g.” is no sentence; Chinese has no blanks to count words by


@dataclass(frozen=True)
class BackTranslation:
    """there, back: the two models. Of each text come `count` variants."""

    there: Translator
    back: Translator
    count: int
    strength: float
    seed: int
    rows_at_once: ClassVar[int] = 8
    """Rows whose variants are drawn together; which ones belong together must not depend on what is made already."""

    def variants(self, values: Sequence[str], first: int, check: Check) -> list[list[str]]:
        """first: the number of the first row, which decides the draws. What is no sentence to the models stays."""
        pieces = [sentences(value) for value in values]
        texts = [text for row in pieces for text, _ in row]
        seed = (self.seed * 1_000_003 + first) % 2**63
        temperature = _LOWEST + _RISE * self.strength
        foreign = self.there.translate(texts, copies=self.count, temperature=temperature, seed=seed, check=check)
        flat = [one for copies in foreign for one in copies if one]
        returned = iter(self.back.translate(flat, copies=1, temperature=0, seed=seed, check=check))
        again = [[(next(returned)[0] if one else None) for one in copies] for copies in foreign]
        rewritten, start = [], 0
        for row in pieces:
            own = again[start : start + len(row)]
            start += len(row)
            rewritten.append([_joined(row, [copies[number] for copies in own]) for number in range(self.count)])
        return rewritten


def sentences(text: str) -> list[tuple[str, str]]:
    """Each sentence with the white space behind it; joined again they are the text."""
    parts: list[tuple[str, str]] = []
    current, start = "", 0
    for match in _BREAK.finditer(text):
        current += text[start : match.start()]
        start = match.end()
        if "\n" in match[0] or len(current.split()) >= _FEWEST_WORDS or len(current) >= _FEWEST_SIGNS:
            parts.append((current, match[0]))
            current = ""
        else:
            current += match[0]
    if current + text[start:] or not parts:
        parts.append((current + text[start:], ""))
    return parts


def _joined(row: list[tuple[str, str]], translated: Sequence[str | None]) -> str:
    """A sentence that came back empty or could not be read stays as it was."""
    return "".join(((new or "").strip() or old) + gap for (old, gap), new in zip(row, translated, strict=True))
