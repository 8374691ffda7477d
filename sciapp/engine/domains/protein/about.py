"""Facts of proteins that need no library."""

from sciapp.engine.domains.about import About, Recognition, Sample
from sciapp.i18n import msg

ABOUT = About(
    name="protein",
    title=msg("a protein (amino-acid sequence)"),
    rows=msg("proteins"),
    order=20,
    starter="protein-starter",
    recognition=Recognition(rank=20),
    # GB1 with up to four exchanged residues (Wu et al. 2016, eLife 5:e16965), split as in FLIP (Dallago et al. 2021).
    sample=Sample(
        file="gb1.csv",
        name="GB1",
        project="GB1 mutations",
        input="sequence",
        targets=("target",),
        split="column",
        split_column="split",
        question=msg("What does a mutation do to a protein?"),
        icon="activity",
    ),
)
