"""Facts of texts that need no library."""

from sciapp.engine.domains.about import About, Recognition
from sciapp.i18n import msg

ABOUT = About(
    name="text",
    title=msg("scientific text"),
    rows=msg("text"),
    order=40,
    starter="text-starter",
    recognition=Recognition(rank=1000, least_fit=0.0),  # everything that is written is a text as well
)
