"""Noise in texts that needs no data: words that change places, fall away or are mistyped. All follows from a seed.

Swaps and dropout as in EDA (Wei & Zou 2019, arXiv:1901.11196), typing errors as in Belinkov & Bisk (2018,
arXiv:1711.02173). Each takes (canonical text, seed, strength 0..1) and gives a canonical text of at least one word.
"""

import random
import re

_MOST_SWAPPED = 0.15  # share of the words, at strength 1
_MOST_DROPPED = 0.15
_MOST_MISTYPED = 0.15
_WORDS = re.compile(r"(\s+)")  # with a group, `split` keeps what stands between the words


def words_swapped(text: str, seed: int, strength: float) -> str:
    """Some neighbouring words change places; what stands between them stays where it is."""
    rng, parts = random.Random(seed), _WORDS.split(text)
    place = 0
    while place + 2 < len(parts):
        if rng.random() < _MOST_SWAPPED * strength:
            parts[place], parts[place + 2] = parts[place + 2], parts[place]
            place += 2  # a word is moved once
        place += 2
    return "".join(parts)


def words_dropped(text: str, seed: int, strength: float) -> str:
    """Some words are left out, with the white space behind them; one stays in any case."""
    rng, parts = random.Random(seed), _WORDS.split(text)
    words = range(0, len(parts), 2)
    kept = [place for place in words if rng.random() >= _MOST_DROPPED * strength] or [rng.choice(words)]
    return "".join(part for place in kept for part in parts[place : place + 2]).strip()


def mistyped(text: str, seed: int, strength: float) -> str:
    """Some words have two neighbouring letters the wrong way round, or another case; there are as many words as before.

    First and last letters of a word stay, as they mostly do when people type.
    """
    rng, parts = random.Random(seed), _WORDS.split(text)
    for place in range(0, len(parts), 2):
        if rng.random() < _MOST_MISTYPED * strength:
            parts[place] = _case_turned(parts[place]) if rng.random() < 0.5 else _letters_turned(parts[place], rng)
    return "".join(parts)


def _case_turned(word: str) -> str:
    """“Word” for “word” and the other way round."""
    return word[:1].swapcase() + word[1:]


def _letters_turned(word: str, rng: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():  # 12.5 or C60 would be another thing
        return word
    first = rng.randrange(1, len(word) - 2)
    return word[:first] + word[first + 1] + word[first] + word[first + 2 :]
