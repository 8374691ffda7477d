"""Facts of proteins that need no library."""

from sciapp.engine.domains.about import About, Recognition

ABOUT = About(
    name="protein",
    title="a protein (amino-acid sequence)",
    rows="proteins",
    order=20,
    starter="protein-starter",
    recognition=Recognition(rank=20),
)
