"""Facts of proteins that need no library."""

from sciapp.engine.domains.about import About, Recognition
from sciapp.i18n import msg

ABOUT = About(
    name="protein",
    title=msg("a protein (amino-acid sequence)"),
    rows=msg("proteins"),
    order=20,
    starter="protein-starter",
    recognition=Recognition(rank=20),
)
