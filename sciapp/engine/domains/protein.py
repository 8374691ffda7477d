"""Proteins and peptides as one-letter amino-acid sequences.

Letters: the twenty standard ones, U (selenocysteine), O (pyrrolysine), and the ambiguity codes B, Z and X
(IUPAC-IUB 1984, Eur. J. Biochem. 138:9).
"""

from collections.abc import Mapping

from sciapp.engine.domains.base import Augmentation, Features, Rejected, Splitter
from sciapp.engine.domains.letters import Alphabet, composition
from sciapp.records.dataset import DomainName, SplitMethod

STANDARD = "ACDEFGHIKLMNPQRSTVWY"

_ALPHABET = Alphabet(STANDARD + "UOBZX", "residue")


class Protein:
    """Canonical form: upper case, no white space, without the `*` of the stop codon at the end."""

    name: DomainName = "protein"
    unit = "residues"
    costly = False
    simple_features: Features = "letters"
    example = "MKTAYIAKQR"
    spelling = ""
    column_names = ("sequence", "protein", "protein_sequence", "peptide", "aa_sequence", "seq", "aa", "primary")
    label_separator = ""
    splits: Mapping[SplitMethod, Splitter] = {}
    augmentations: Mapping[str, Augmentation] = {}

    def clean(self, value: str) -> str:
        stripped = value.strip()
        residues = stripped.rstrip("*")
        if stripped and not residues:
            raise Rejected("there is a stop codon and no residue")
        return _ALPHABET.checked(residues)

    def units(self, value: str) -> list[str]:
        return list(value)

    def descriptors(self, value: str) -> Mapping[str, float]:
        return composition(value, STANDARD, "fraction_")

    def depict(self, value: str) -> str | None:
        return None


DOMAIN = Protein()
