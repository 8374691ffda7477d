"""Facts of materials that need no library."""

from sciapp.engine.domains.about import About, Recognition, Sample, SplitFacts
from sciapp.i18n import msg

ABOUT = About(
    name="material",
    title=msg("a material (chemical formula)"),
    rows=msg("materials"),
    order=60,
    # Behind molecules, whose tables often have a column of formulas too; two elements on average, and no other value.
    recognition=Recognition(rank=35, least_fit=0.8),
    splits={
        "chemical_system": SplitFacts(
            title=msg("Chemical system"),
            help=msg(
                "Materials of the same elements stay in one part, so that the test asks about combinations of "
                "elements that the model has not seen."
            ),
            short=msg("by chemical system"),
            methods=msg("by chemical system (set of elements), none of which is in two splits"),
            tested=msg("Tested on new combinations of elements"),
        )
    },
    # Band gaps measured by experiment (Zhuo et al. 2018, J. Phys. Chem. Lett. 9:1668; Dunn et al. 2020, Matbench).
    sample=Sample(
        file="band_gaps.csv",
        name="Band gaps",
        project="Band gaps",
        input="formula",
        targets=("target",),
        split="chemical_system",
        question=msg("How wide is the band gap of a compound?"),
        icon="atom",
    ),
)
