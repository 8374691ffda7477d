"""Facts of molecules that need no RDKit."""

from sciapp.engine.domains.about import About, Recognition, Sample, SplitFacts
from sciapp.i18n import msg

ABOUT = About(
    name="molecule",
    title=msg("a molecule (SMILES)"),
    rows=msg("molecules"),
    order=10,
    starter="molecule-starter",
    # Few different ones, but of some size: no words read like that.
    recognition=Recognition(rank=30, least_fit=0.7),
    splits={
        "scaffold": SplitFacts(
            title=msg("On new ring skeletons"),
            help=msg(
                "Molecules with the same ring skeleton stay in one part, so that the test asks about new chemistry."
            ),
            short=msg("by molecular scaffold"),
            methods=msg("by Bemis–Murcko scaffold, none of which is in two splits"),
            tested=msg("Tested on new ring skeletons"),
        )
    },
    # ESOL (Delaney 2004, J. Chem. Inf. Comput. Sci. 44:1000): measured solubilities of 1,128 molecules.
    sample=Sample(
        file="esol.csv",
        name="ESOL",
        project="Solubility",
        input="smiles",
        targets=("measured log solubility in mols per litre",),
        split="scaffold",
        question=msg("How soluble is a molecule?"),
    ),
)
