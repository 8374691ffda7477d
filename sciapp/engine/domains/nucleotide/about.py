"""Facts of DNA and RNA that need no library."""

from sciapp.engine.domains.about import About, Recognition, Sample
from sciapp.i18n import msg

ABOUT = About(
    name="nucleotide",
    title=msg("DNA or RNA (base sequence)"),
    rows=msg("DNA or RNA"),
    order=30,
    starter="nucleotide-starter",
    recognition=Recognition(rank=10),
    # Windows of 60 bases of primate DNA (Towell, Noordewier & Shavlik 1992, UCI Machine Learning Repository).
    sample=Sample(
        file="splice_junctions.csv",
        name="Splice sites",
        project="Splice sites",
        input="sequence",
        targets=("label",),
        question=msg("Where is a gene spliced?"),
        icon="dna",
    ),
)
