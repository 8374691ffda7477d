"""DNA and RNA as one-letter base sequences.

Letters: A, C, G, T, U and the ambiguity codes (IUPAC-IUB 1984, Nucleic Acids Res. 13:3021). U stays U: whether a
model was trained on RNA or DNA letters is the model's business.
"""

from collections.abc import Mapping

from sciapp.engine.domains.base import Augmentation, Features, Splitter
from sciapp.engine.domains.letters import Alphabet, composition
from sciapp.records.dataset import DomainName, SplitMethod

_ALPHABET = Alphabet("ACGTURYSWKMBDHVN", "base")


class Nucleotide:
    """Canonical form: upper case, no white space."""

    name: DomainName = "nucleotide"
    unit = "bases"
    costly = False
    simple_features: Features = "letters"
    example = "ACGTACGT"
    spelling = ""
    column_names = ("sequence", "dna", "rna", "dna_sequence", "rna_sequence", "seq", "nucleotide", "promoter")
    label_separator = ""
    splits: Mapping[SplitMethod, Splitter] = {}
    augmentations: Mapping[str, Augmentation] = {}

    def clean(self, value: str) -> str:
        return _ALPHABET.checked(value)

    def units(self, value: str) -> list[str]:
        return list(value)

    def descriptors(self, value: str) -> Mapping[str, float]:
        found = composition(value, "ACGTU", "fraction_")
        return found | {"gc": found["fraction_G"] + found["fraction_C"]}

    def depict(self, value: str) -> str | None:
        return None


DOMAIN = Nucleotide()
