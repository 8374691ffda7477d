"""Spellings of one name: what differs in case, blanks, or in signs that look alike."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sciapp.engine.data.values.cells import is_binary, is_undecided, yes_or_no

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ALIKE = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−﹣－", "-"), **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″", '"'), "ı": "i"}
)
_PARTED = re.compile(r"(?<=[^\W\d_])[-_](?=[^\W\d_])")  # wild-type; in “CD4-” or “1-2” the sign has a meaning
_AROUND_SIGNS = re.compile(r"\s*([.,;:/()&+])\s*")
_DOTTED = "i\u0307"  # a Turkish İ in small letters


def plain_spelling(name: str) -> str:
    """The same for all spellings of a name: letters without case, single blanks, none at the ends or beside signs, one
    kind of hyphen and quote, and a blank for a hyphen or underscore between letters.
    """
    if name.isascii() and name.isalnum():
        return name.lower()
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", name).translate(_ALIKE)).casefold().replace(_DOTTED, "i")
    return " ".join(_PARTED.sub(" ", _AROUND_SIGNS.sub(r"\1", plain)).split())


def plain_names(names: Iterable[str]) -> Mapping[str, str]:
    """Name → what it shares with its other spellings. Where all say yes or no, the words for it are one name too."""
    known = list(names)
    if is_binary(frozenset(known)):
        answers = {name: "yes" if yes_or_no(name, marks=True) else "no" for name in known if not is_undecided(name)}
        return answers | {name: plain_spelling(name) for name in known if name not in answers}
    return {name: _without_padding(plain_spelling(name)) for name in known}


def _without_padding(plain: str) -> str:
    """A name of digits without the zeros before them: 007 may be another 07, or the same."""
    return plain.lstrip("0") or "0" if plain.isdecimal() else plain


def several_spellings(counts: Mapping[str, int], plain: Mapping[str, str] | None = None) -> list[list[str]]:
    """Names that are spelt in several ways, each with the commonest spelling first. counts: rows of each spelling.

    plain: name → what it shares with its other spellings, `plain_names` where None.
    """
    alike = defaultdict(list)
    for name, shared in (plain_names(counts) if plain is None else plain).items():
        alike[shared].append(name)
    return [sorted(names, key=lambda name: usual_first(name, counts)) for names in alike.values() if len(names) > 1]


def usual_first(name: str, counts: Mapping[str, int]) -> tuple[int, bool, int, str]:
    """A sorting key of spellings: the commonest first; of as common ones small letters, then the whole word."""
    return -counts[name], not name.islower(), -len(name), name
