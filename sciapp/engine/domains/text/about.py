"""Facts of texts that need no library."""

from sciapp.engine.domains.about import About, Recognition, Sample
from sciapp.i18n import msg

ABOUT = About(
    name="text",
    title=msg("scientific text"),
    rows=msg("text"),
    order=40,
    starter="text-starter",
    recognition=Recognition(rank=1000, least_fit=0.0),  # everything that is written is a text as well
    # Sentences of papers that cite another (Cohan et al. 2019, SciCite, NAACL).
    sample=Sample(
        file="scicite.csv",
        name="SciCite",
        project="Citations",
        input="text",
        targets=("label",),
        question=msg("What is a citation for?"),
        icon="quote",
    ),
)
