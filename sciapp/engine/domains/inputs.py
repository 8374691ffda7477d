"""Descriptions of what a network reads of a domain's values, made of plain values: `engine/inputs` builds the reader,
`engine/models/architectures/networks` the network.

A kind of inputs that is not here is described by a subclass of `Inputs` in the folder of its domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class LetterVocabulary:
    """One token a letter; lower case is read as upper case, and U as T where it is no letter of its own."""

    letters: str
    builder: ClassVar[str] = "letters"


@dataclass(frozen=True)
class PatternVocabulary:
    """Tokens are the matches of `pattern`. words: always in the vocabulary. least: rows in which another token must be
    seen to get a number."""

    pattern: str
    words: tuple[str, ...]
    least: int
    builder: ClassVar[str] = "pattern"


@dataclass(frozen=True)
class WordPieceVocabulary:
    """Word pieces (Wu et al. 2016, arXiv:1609.08144) learnt from the rows, `size` at most."""

    size: int
    builder: ClassVar[str] = "wordpiece"


Vocabulary = LetterVocabulary | PatternVocabulary | WordPieceVocabulary


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """kind: of reader, a file in `engine/inputs/kinds`. network: the untrained one that a training from scratch begins
    with, a name in `engine/models/architectures/networks`. longest: what the network reads of a row, in the reader's
    units (tokens, patches). descriptor_sets: sets of descriptors that a training may choose from, by title → what the
    names of their members begin with; none: all descriptors or none of them.
    """

    kind: str
    network: str
    longest: int
    descriptor_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TokenInputs(Inputs):
    """Token numbers, by a tokenizer that plain transformers loads."""

    vocabulary: Vocabulary
    kind: str = "tokens"
