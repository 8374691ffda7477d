"""What is meant by alike for proteins and for nucleotides."""

from functools import cache

from sciapp.engine.domains.alignment import dna_aligner, protein_aligner
from sciapp.engine.domains.cluster_tools import CD_HIT, CD_HIT_EST, MMSEQS
from sciapp.engine.domains.kmers import DNA_WORDS, PROTEIN_WORDS
from sciapp.engine.domains.sequence_likeness import SequenceLikeness


@cache
def protein_likeness() -> SequenceLikeness:
    """Alike from 40 %: unrelated proteins of a hundred residues align with 20 to 30 % of the shorter one identical."""
    tools = (MMSEQS, CD_HIT)
    return SequenceLikeness("identity of aligned sequences", 0.4, 0.95, PROTEIN_WORDS, protein_aligner(), tools)


@cache
def nucleotide_likeness() -> SequenceLikeness:
    """Alike from 80 %, on either strand: unrelated bases align with half of them identical."""
    said = "identity of aligned sequences, on either strand"
    return SequenceLikeness(said, 0.8, 0.95, DNA_WORDS, dna_aligner(), (CD_HIT_EST,))
