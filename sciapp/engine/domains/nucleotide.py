"""DNA and RNA as one-letter base sequences.

Letters: A, C, G, T, U and the ambiguity codes (IUPAC-IUB 1984, Nucleic Acids Res. 13:3021). U stays U: whether a
model was trained on RNA or DNA letters is the model's business.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import product

from sciapp.engine.domains.base import Augmentation, Features, Repair, Splitter
from sciapp.engine.domains.letters import Alphabet
from sciapp.engine.domains.likeness import Likeness
from sciapp.engine.domains.sequence_repairs import ambiguity, gaps, mixed_case
from sciapp.records.dataset import DomainName, SplitMethod

_ALPHABET = Alphabet("ACGTURYSWKMBDHVN", "base")
_LONGEST_KMER = 4


class Nucleotide:
    """Canonical form: upper case, no white space."""

    name: DomainName = "nucleotide"
    unit = "bases"
    tokens_per_unit = 1.0
    costly = False
    simple_features: Features = "letters"
    example = "ACGTACGT"
    descriptors_called = "sequence descriptors (GC content and k-mer frequencies)"
    spelling = ""
    column_names = ("sequence", "dna", "rna", "dna_sequence", "rna_sequence", "seq", "nucleotide", "promoter")
    label_separator = ""
    splits: Mapping[SplitMethod, Splitter] = {}
    augmentations: Mapping[str, Augmentation] = {}
    repairs: Mapping[str, Repair] = {
        "gaps": gaps(),
        "case": mixed_case("bases"),
        "ambiguity": ambiguity("NRYSWKMBDHV", "N", "bases"),
    }

    @property
    def likeness(self) -> Likeness:
        from sciapp.engine.domains.sequences import nucleotide_likeness

        return nucleotide_likeness()

    def clean(self, value: str) -> str:
        return _ALPHABET.checked(value)

    def units(self, value: str) -> list[str]:
        return list(value)

    def descriptors(self, value: str) -> Mapping[str, float]:
        """Length, GC content, and the frequencies of all 1- to 4-mers; U is read as T, ambiguous bases are left out."""
        sequence = value.replace("U", "T")
        known = max(1, sum(sequence.count(base) for base in "ACGT"))
        return {
            "length": float(len(sequence)),
            "gc": (sequence.count("G") + sequence.count("C")) / known,
            **{name: share for k in range(1, _LONGEST_KMER + 1) for name, share in _kmers(sequence, k).items()},
        }

    def depict(self, value: str) -> str | None:
        return None


def _kmers(sequence: str, k: int) -> dict[str, float]:
    """The share of each k-mer among all k-mers of plain bases."""
    counts = Counter(sequence[place : place + k] for place in range(len(sequence) - k + 1))
    found = {kmer: counts[kmer] for kmer in ("".join(letters) for letters in product("ACGT", repeat=k))}
    total = max(1, sum(found.values()))
    return {kmer: count / total for kmer, count in found.items()}


DOMAIN = Nucleotide()
