"""Facts of DNA and RNA that need no library."""

from sciapp.engine.domains.about import About, Recognition
from sciapp.i18n import msg

ABOUT = About(
    name="nucleotide",
    title=msg("DNA or RNA (base sequence)"),
    rows=msg("DNA or RNA"),
    order=30,
    starter="nucleotide-starter",
    recognition=Recognition(rank=10),
)
