"""Facts of DNA and RNA that need no library."""

from sciapp.engine.domains.about import About, Recognition

ABOUT = About(
    name="nucleotide",
    title="DNA or RNA (base sequence)",
    rows="DNA or RNA",
    order=30,
    starter="nucleotide-starter",
    recognition=Recognition(rank=10),
)
