"""Facts of braids: a domain that exists for a test."""

from sciapp.engine.domains.about import About, Recognition, SplitFacts

ABOUT = About(
    name="braid",
    title="a braid (word of crossings)",
    rows="braids",
    recognition=Recognition(rank=5),
    splits={
        "length": SplitFacts(
            title="Length",
            help="Braids of the same length stay in one part.",
            short="by length",
            methods="by length, none of which is in two splits",
        )
    },
)
