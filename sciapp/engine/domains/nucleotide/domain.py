"""DNA and RNA as one-letter base sequences.

Letters: A, C, G, T, U and the ambiguity codes (IUPAC-IUB 1984, Nucleic Acids Res. 13:3021). U stays U as it
was written, and is T where sequences are told apart; whether a model was trained on RNA or DNA letters is the model's
business.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import product

from sciapp.engine.domains.base import (
    Augmentation,
    GeneratedAugmentation,
    Identity,
    Repair,
    Similarity,
)
from sciapp.engine.domains.inputs import Inputs, LetterVocabulary, TokenInputs
from sciapp.engine.domains.sequence.augment import Substitution, cropped, shifted
from sciapp.engine.domains.sequence.frames import (
    NUCLEOTIDE_ENDS,
    Frame,
    must_be_forward,
    require_sequence_start,
    surroundings,
)
from sciapp.engine.domains.sequence.letters import (
    Alphabet,
    LetterSequence,
    ambiguity,
    gaps,
    mixed_case,
    opposite_strand,
)
from sciapp.engine.domains.terms import LONG_LETTERS, POSITIONS, TermKind
from sciapp.i18n import msg
from sciapp.records.dataset.card import DomainName
from sciapp.records.plan.augmentation import MASKED_SUBSTITUTION

_LETTERS = "ACGTURYSWKMBDHVN"
_ALPHABET = Alphabet(_LETTERS, "base")
_FRAME = Frame(_LETTERS, NUCLEOTIDE_ENDS)
_LONGEST_KMER = 4
_MOST_SUBSTITUTED = 0.05  # share of the bases, at strength 1
_BASES = "ACGTNRYSWKMBDHV"  # IUPAC, as tokens; U is read as T


class Nucleotide(LetterSequence):
    """Canonical form: upper case, no white space, nothing around it (5'-…-3', numbers of positions)."""

    name: DomainName = "nucleotide"
    unit = msg("bases")
    inputs: Inputs = TokenInputs(network="esm", longest=1024, vocabulary=LetterVocabulary(_BASES))
    terms: tuple[TermKind, ...] = (LONG_LETTERS, POSITIONS)
    example = "ACGTACGT"
    descriptors_called = msg("sequence descriptors (GC content and k-mer frequencies)")
    column_names = ("sequence", "dna", "rna", "dna_sequence", "rna_sequence", "seq", "nucleotide", "promoter")
    repairs: Mapping[str, Repair[str]] = {
        "surroundings": surroundings(_FRAME, "5'-…-3'"),
        "gaps": gaps(),
        "case": mixed_case("bases"),
        "ambiguity": ambiguity("NRYSWKMBDHV", "N", "bases"),
    }

    @property
    def likeness(self) -> Similarity[str]:
        from sciapp.engine.domains.sequence.similarity import nucleotide_likeness

        return nucleotide_likeness()

    @property
    def augmentations(self) -> Mapping[str, Augmentation[str]]:
        return _AUGMENTATIONS

    @property
    def variations(self) -> Mapping[str, GeneratedAugmentation]:
        return _VARIATIONS

    def clean(self, value: str) -> str:
        bare = _FRAME.bare(value)
        must_be_forward(bare)
        require_sequence_start(bare)
        return _ALPHABET.checked(bare)

    def identity(self, value: str) -> Identity:
        """The same RNA is written with U and, by most sequencers, with T."""
        return Identity(value.replace("U", "T"))

    def descriptors(self, value: str) -> Mapping[str, float]:
        """Length, GC content, and the frequencies of all 1- to 4-mers; U is read as T, ambiguous bases are left out."""
        sequence = value.replace("U", "T")
        known = max(1, sum(sequence.count(base) for base in "ACGT"))
        return {
            "length": float(len(sequence)),
            "gc": (sequence.count("G") + sequence.count("C")) / known,
            **{name: share for k in range(1, _LONGEST_KMER + 1) for name, share in _kmers(sequence, k).items()},
        }


def reverse_complement(value: str, seed: int, strength: float) -> str:
    """The other strand, read in its own direction. Either it is or it is not: the strength has no say.

    RNA (a value with U) has no other strand and stays as it is.
    """
    return value if "U" in value else opposite_strand(value)


def point_noise(value: str, seed: int, strength: float) -> str:
    """Some bases are replaced by others of the same kind of nucleic acid; ambiguous ones stay."""
    return _POINT_NOISE["U" in value](value, seed, strength)


def _others(bases: str) -> Substitution:
    drawn = {base: (bases.replace(base, ""), (1.0,) * (len(bases) - 1)) for base in bases}
    return Substitution(drawn, _MOST_SUBSTITUTED)


_POINT_NOISE = (_others("ACGT"), _others("ACGU"))
_AUGMENTATIONS: Mapping[str, Augmentation[str]] = {
    "reverse_complement": Augmentation(
        title=msg("Reverse complement"),
        help=msg(
            "The same double strand, read from its other end, at any strength. Not where the direction decides, "
            "as with splice sites or genes; RNA stays as it is."
        ),
        source="Cao & Zhang 2019, Bioinformatics 35:1837",
        rewrite=reverse_complement,
        averages=True,
    ),
    "shift": Augmentation(
        title=msg("Shifts"),
        help=msg(
            "The sequence begins up to a tenth later or earlier; what falls off one end stands at the other. For "
            "plasmids and for windows whose exact place does not matter."
        ),
        source="Kelley et al. 2018, Genome Res. 28:739",
        rewrite=shifted,
    ),
    "end_crops": Augmentation(
        title=msg("Crops at the ends"),
        help=msg("Up to a tenth of the bases falls away at one end."),
        source="Cao & Zhang 2019, Bioinformatics 35:1837",
        rewrite=cropped,
    ),
    "point_noise": Augmentation(
        title=msg("Point noise"),
        help=msg(
            "Up to a twentieth of the bases are replaced by others. Not where single bases decide, as with variants."
        ),
        source="EvoAug: Lee et al. 2023, Genome Biol. 24:105",
        rewrite=point_noise,
        keeps_units=True,
    ),
}

_VARIATIONS: Mapping[str, GeneratedAugmentation] = {
    MASKED_SUBSTITUTION: GeneratedAugmentation(
        title=msg("Bases by a masked model"),
        help=msg(
            "Up to a twentieth of the bases are hidden from a masked DNA model, and what it proposes stands in "
            "their place, once before training. Not where single bases decide, as with variants; RNA stays as it "
            "is."
        ),
        source="for texts: Kobayashi 2018, arXiv:1805.06201",
        by="masked_model",
        keeps_units=True,
        most=_MOST_SUBSTITUTED,
        letters="ACGT",
        leaves="U",
    ),
}


def _kmers(sequence: str, k: int) -> dict[str, float]:
    """The share of each k-mer among all k-mers of plain bases."""
    counts = Counter(sequence[index : index + k] for index in range(len(sequence) - k + 1))
    columns = {kmer: counts[kmer] for kmer in ("".join(letters) for letters in product("ACGT", repeat=k))}
    total = max(1, sum(columns.values()))
    return {kmer: count / total for kmer, count in columns.items()}


DOMAIN = Nucleotide()
