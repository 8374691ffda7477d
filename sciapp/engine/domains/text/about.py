"""Facts of texts that need no library."""

from sciapp.engine.domains.about import About, Recognition

ABOUT = About(
    name="text",
    title="scientific text",
    rows="text",
    order=40,
    starter="text-starter",
    recognition=Recognition(rank=1000, least_fit=0.0),  # everything that is written is a text as well
)
