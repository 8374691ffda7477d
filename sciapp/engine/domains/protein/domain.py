"""Proteins and peptides as one-letter amino-acid sequences.

Letters: the twenty standard ones, U (selenocysteine), O (pyrrolysine), and the ambiguity codes B, Z and X
(IUPAC-IUB 1984, Eur. J. Biochem. 138:9).
"""

import math
from collections.abc import Mapping
from functools import cache

from Bio.SeqUtils.ProtParam import ProteinAnalysis

from sciapp.engine.domains.base import (
    Augmentation,
    GeneratedAugmentation,
    Policy,
    Rejected,
    Repair,
    Similarity,
    set_aside,
)
from sciapp.engine.domains.inputs import Inputs, LetterVocabulary, TokenInputs
from sciapp.engine.domains.protein.three_letters import has_caps, is_three_letters, one_letters, uncapped
from sciapp.engine.domains.sequence.augment import Substitution, blosum62, cropped
from sciapp.engine.domains.sequence.frames import AMINO_ENDS, Frame, require_sequence_start, surroundings
from sciapp.engine.domains.sequence.letters import Alphabet, LetterSequence, ambiguity, composition, gaps, mixed_case
from sciapp.engine.domains.terms import ENDS, LETTERS, POSITIONS, TermKind
from sciapp.i18n import msg
from sciapp.records.dataset.card import DomainName
from sciapp.records.plan.augmentation import MASKED_SUBSTITUTION

STANDARD = "ACDEFGHIKLMNPQRSTVWY"

_LETTERS = STANDARD + "UOBZX"
_ALPHABET = Alphabet(_LETTERS, "residue")
_FRAME = Frame(_LETTERS, AMINO_ENDS, flanked=True)
_STOPS = Repair(
    title=msg("Stop codons (*)"),
    consequence=msg(
        "A stop at the end is left out. One inside means a frame shift, a pseudogene or a wrong reading frame."
    ),
    detects=lambda value: "*" in value,
    policies={
        "end": Policy(
            msg("Leave out those at the end, set rows with others aside"),
            lambda value: value.rstrip().rstrip("*") or value,
        ),
        "cut": Policy(msg("Keep what stands before the first one"), lambda value: value.partition("*")[0]),
        "set_aside": set_aside(msg("there is a stop codon")),
    },
    proposed="end",
)
_CAPS = Repair(
    title=msg("Capped ends (Ac-, -NH2)"),
    consequence=msg(
        "Models know no letter for the groups at the ends: a capped peptide is read as the one with free ends."
    ),
    detects=has_caps,
    policies={
        "leave_out": Policy(msg("Leave the groups out"), uncapped),
        "set_aside": set_aside(msg("there are groups at its ends")),
    },
    proposed="leave_out",
)
_THREE_LETTERS = Repair(
    title=msg("Three-letter codes (Ala-Gly-Ser)"),
    consequence=msg(
        "Models read one letter a residue, so the sequences are translated. A code that has no letter (Aib, Nle, "
        "D-Ala) sets its row aside."
    ),
    detects=is_three_letters,
    policies={
        "translate": Policy(msg("Write them in one-letter codes"), one_letters),
        "set_aside": set_aside(msg("it is written in three-letter codes")),
    },
    proposed="translate",
)
_MOST_SUBSTITUTED = 0.1  # share of the residues, at strength 1
_RESIDUES = "LAGVSERTIDPKQNFYMHWCXBUZOJ"  # 20 amino acids, then what UniProt writes for others and for doubt


class Protein(LetterSequence):
    """Canonical form: one-letter codes in upper case, no white space, without the `*` of the stop codon at the end."""

    name: DomainName = "protein"
    unit = msg("residues")
    inputs: Inputs = TokenInputs(network="esm", longest=1024, vocabulary=LetterVocabulary(_RESIDUES))
    terms: tuple[TermKind, ...] = (LETTERS, POSITIONS, ENDS)
    example = "MKTAYIAKQR"
    descriptors_called = msg("sequence descriptors (composition and ProtParam)")
    column_names = ("sequence", "protein", "protein_sequence", "peptide", "aa_sequence", "seq", "aa", "primary")
    repairs: Mapping[str, Repair[str]] = {
        "surroundings": surroundings(_FRAME, "NH2-…-COOH"),
        "caps": _CAPS,
        "three_letters": _THREE_LETTERS,
        "gaps": gaps(),
        "stops": _STOPS,
        "case": mixed_case("residues"),
        "ambiguity": ambiguity("XBZJ", "X", "residues"),
    }

    @property
    def likeness(self) -> Similarity[str]:
        from sciapp.engine.domains.sequence.similarity import protein_likeness

        return protein_likeness()

    @property
    def augmentations(self) -> Mapping[str, Augmentation[str]]:
        return _augmentations()

    @property
    def variations(self) -> Mapping[str, GeneratedAugmentation]:
        return _VARIATIONS

    def clean(self, value: str) -> str:
        bare = _FRAME.bare(value)
        require_sequence_start(bare)
        stripped = one_letters(uncapped(bare)).strip()
        residues = stripped.rstrip("*")
        if stripped and not residues:
            raise Rejected(msg("there is a stop codon and no residue"))
        return _ALPHABET.checked(residues)

    def descriptors(self, value: str) -> Mapping[str, float]:
        """Composition, and ProtParam's numbers (Gasteiger et al. 2005, Proteomics Protocols Handbook, 571)."""
        return composition(value, STANDARD, "fraction_") | _protparam(value)


@cache
def _augmentations() -> Mapping[str, Augmentation[str]]:
    return {
        "blosum_substitutions": Augmentation(
            title=msg("Substitutions (BLOSUM62)"),
            help=msg(
                "Up to a tenth of the residues are replaced by others, those that evolution exchanges most first "
                "of all. For whole families; not for mutants of one protein, whose labels hang on single "
                "residues."
            ),
            source="Henikoff & Henikoff 1992, Proc. Natl. Acad. Sci. USA 89:10915",
            rewrite=Substitution(blosum62(STANDARD), _MOST_SUBSTITUTED),
            keeps_units=True,
        ),
        "end_crops": Augmentation(
            title=msg("Crops at the ends"),
            help=msg(
                "Up to a tenth of the residues falls away at one end. Not where a terminus decides, as with "
                "signal peptides."
            ),
            source="Shen et al. 2021, bioRxiv 2021.02.18.431877",
            rewrite=cropped,
        ),
    }


_VARIATIONS: Mapping[str, GeneratedAugmentation] = {
    MASKED_SUBSTITUTION: GeneratedAugmentation(
        title=msg("Residues by a masked model"),
        help=msg(
            "Up to a tenth of the residues are hidden from a masked protein model, and what it proposes stands "
            "in their place, once before training. For whole families; not for mutants of one protein, whose "
            "labels hang on single residues."
        ),
        source="for texts: Kobayashi 2018, arXiv:1805.06201",
        by="masked_model",
        keeps_units=True,
        most=_MOST_SUBSTITUTED,
        letters=STANDARD,
    ),
}


def _protparam(sequence: str) -> dict[str, float]:
    """Mass, charge, hydrophobicity and the like of the standard residues; NaN where there are none."""
    known = "".join(residue for residue in sequence if residue in STANDARD)
    if not known:
        return dict.fromkeys(_protparam("A"), math.nan)
    analysis = ProteinAnalysis(known)
    helix, turn, sheet = analysis.secondary_structure_fraction()
    reduced, bridged = analysis.molar_extinction_coefficient()
    return {
        "molecular_weight": analysis.molecular_weight(),
        "aromaticity": analysis.aromaticity(),
        "instability_index": analysis.instability_index() if len(known) > 1 else math.nan,
        "isoelectric_point": analysis.isoelectric_point(),
        "charge_at_ph_7": analysis.charge_at_pH(7.0),
        "gravy": analysis.gravy(),
        "helix_fraction": helix,
        "turn_fraction": turn,
        "sheet_fraction": sheet,
        "extinction_reduced": float(reduced),
        "extinction_bridged": float(bridged),
    }


DOMAIN = Protein()
