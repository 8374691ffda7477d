"""Facts of traces, lists of numbers: a domain that exists for a test."""

from sciapp.engine.domains.about import About, Recognition

ABOUT = About(
    name="trace", title="a trace (list of numbers)", rows="traces", recognition=Recognition(rank=6, least_fit=2.0)
)
