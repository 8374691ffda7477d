"""Texts: sentences, abstracts, notes. Kept as they were written but for white space at both ends."""

import random
import re
import unicodedata
from collections.abc import Mapping

from sciapp.engine.domains.base import (
    Augmentation,
    Features,
    GeneratedAugmentation,
    Identity,
    Rejected,
    Similarity,
)
from sciapp.engine.domains.columns import TEXTS, ColumnJoiner
from sciapp.engine.domains.inputs import Inputs, TokenInputs, WordPieceVocabulary
from sciapp.engine.domains.terms import WORDS, TermKind
from sciapp.engine.domains.usual import UsualDomain
from sciapp.i18n import msg
from sciapp.records.dataset.card import DomainName
from sciapp.records.plan.augmentation import BACK_TRANSLATION, MASKED_SUBSTITUTION

# Noise in texts that needs no data: words that change places, fall away or are mistyped. All follows from a seed.
#
# Swaps and dropout as in EDA (Wei & Zou 2019, arXiv:1901.11196), typing errors as in Belinkov & Bisk (2018,
# arXiv:1711.02173). Each takes (canonical text, seed, strength 0..1) and gives a canonical text of at least one word.


_MOST_SWAPPED = 0.15  # share of the words, at strength 1
_MOST_DROPPED = 0.15
_MOST_MISTYPED = 0.15
_WORDS = re.compile(r"(\s+)")  # with a group, `split` keeps what stands between the words


def words_swapped(text: str, seed: int, strength: float) -> str:
    """Some neighbouring words change places; what stands between them stays where it is."""
    rng, parts = random.Random(seed), _WORDS.split(text)
    index = 0
    while index + 2 < len(parts):
        if rng.random() < _MOST_SWAPPED * strength:
            parts[index], parts[index + 2] = parts[index + 2], parts[index]
            index += 2  # a word is moved once
        index += 2
    return "".join(parts)


def words_dropped(text: str, seed: int, strength: float) -> str:
    """Some words are left out, with the white space behind them; one stays in any case."""
    rng, parts = random.Random(seed), _WORDS.split(text)
    words = range(0, len(parts), 2)
    remaining = [index for index in words if rng.random() >= _MOST_DROPPED * strength] or [rng.choice(words)]
    return "".join(part for index in remaining for part in parts[index : index + 2]).strip()


def mistyped(text: str, seed: int, strength: float) -> str:
    """Some words have two neighbouring letters the wrong way round, or another case; there are as many words as before.

    First and last letters of a word stay, as they mostly do when people type.
    """
    rng, parts = random.Random(seed), _WORDS.split(text)
    for index in range(0, len(parts), 2):
        if rng.random() < _MOST_MISTYPED * strength:
            parts[index] = _case_turned(parts[index]) if rng.random() < 0.5 else _letters_turned(parts[index], rng)
    return "".join(parts)


def _case_turned(word: str) -> str:
    """“Word” for “word” and the other way round."""
    return word[:1].swapcase() + word[1:]


def _letters_turned(word: str, rng: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():  # 12.5 or C60 would be another thing
        return word
    first = rng.randrange(1, len(word) - 2)
    return word[:first] + word[first + 1] + word[first] + word[first + 2 :]


_SENTENCE_END = re.compile(r"[.!?…。！？]+(?=\s|$)")
_WORD_PIECES = 8000


class Text(UsualDomain):
    """Canonical form: no white space at the ends; what is inside, line breaks too, stays as it is."""

    name: DomainName = "text"
    unit = msg("words")
    tokens_per_unit = 1.6
    inputs: Inputs = TokenInputs(network="bert", longest=512, vocabulary=WordPieceVocabulary(_WORD_PIECES))
    simple_features: Features = "words"
    terms: tuple[TermKind, ...] = (WORDS,)
    example = "A sentence."
    descriptors_called = msg("text statistics (length and readability)")
    column_names = ("text", "sentence", "abstract", "content", "body", "string", "title", "question", "document")
    joins_columns: ColumnJoiner | None = TEXTS
    label_separator = " "

    @property
    def likeness(self) -> Similarity[str]:
        from sciapp.engine.domains.text.tfidf import TextSimilarity  # scikit-learn takes a second

        return TextSimilarity()

    @property
    def augmentations(self) -> Mapping[str, Augmentation[str]]:
        return _AUGMENTATIONS

    @property
    def variations(self) -> Mapping[str, GeneratedAugmentation]:
        return _VARIATIONS

    def clean(self, value: str) -> str:
        text = value.strip()
        if not text:
            raise Rejected(msg("the cell is empty"))
        if "\0" in text:
            raise Rejected(msg("there is a NUL character in the text"))
        return text

    def identity(self, value: str) -> Identity:
        """Texts that differ in blanks, capitals or the Unicode form of their letters alone are the same text."""
        return Identity(" ".join(unicodedata.normalize("NFKC", value).casefold().split()))

    def units(self, value: str) -> list[str]:
        return value.split()

    def descriptors(self, value: str) -> Mapping[str, float]:
        """Length, readability (automated readability index: Smith & Senter 1967, AMRL-TR-66-220), and signs."""
        words = value.split()
        sentences = max(1, len(_SENTENCE_END.findall(value)))
        letters = sum(map(str.isalnum, value))
        return {
            "characters": float(len(value)),
            "words": float(len(words)),
            "sentences": float(sentences),
            "letters_per_word": letters / len(words),
            "words_per_sentence": len(words) / sentences,
            "readability_index": 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43,
            "different_words": len({word.casefold() for word in words}) / len(words),
            "digits": sum(map(str.isdigit, value)) / len(value),
            "capitals": sum(map(str.isupper, value)) / len(value),
            "brackets": sum(map(value.count, "()[]")) / len(value),
            "commas": value.count(",") / len(value),
        }


_AUGMENTATIONS: Mapping[str, Augmentation[str]] = {
    "word_swaps": Augmentation(
        title=msg("Swapped words"),
        help=msg("Some neighbouring words change places. Harmless for topics; not where grammar decides."),
        source="EDA: Wei & Zou 2019, arXiv:1901.11196",
        rewrite=words_swapped,
    ),
    "word_dropout": Augmentation(
        title=msg("Dropped words"),
        help=msg("Some words are left out. A “not” may be among them: not for labels that hang on single words."),
        source="EDA: Wei & Zou 2019, arXiv:1901.11196",
        rewrite=words_dropped,
    ),
    "typing_noise": Augmentation(
        title=msg("Typing errors"),
        help=msg(
            "Some words have two letters the wrong way round, or a capital where none belongs. For notes that "
            "people typed; a model that reads lower case only sees half of it."
        ),
        source="Belinkov & Bisk 2018, arXiv:1711.02173",
        rewrite=mistyped,
        keeps_units=True,
    ),
}

_VARIATIONS: Mapping[str, GeneratedAugmentation] = {
    BACK_TRANSLATION: GeneratedAugmentation(
        title=msg("Back-translation"),
        help=msg(
            "Each text is translated into another language and back, sentence by sentence, once before training: "
            "the same said in other words, as far as the two translation models can. Technical terms may suffer: "
            "look at the preview. A sentence that is too long for a model stays as it is. Slow without a "
            "graphics card."
        ),
        source="Sennrich et al. 2016, arXiv:1511.06709; sampled as in Xie et al. 2020, arXiv:1904.12848",
        by="back_translation",
    ),
    MASKED_SUBSTITUTION: GeneratedAugmentation(
        title=msg("Words by a masked model"),
        help=msg(
            "Up to three in ten words are hidden from a masked language model, and what it proposes stands in "
            "their place, once before training. It knows nothing of the labels: “increases” may become "
            "“decreases”. Not for labels that hang on single words."
        ),
        source="Kobayashi 2018, arXiv:1805.06201; Wu et al. 2019, arXiv:1812.06705; here blind to the label",
        by="masked_model",
        most=0.3,
    ),
}

DOMAIN = Text()
