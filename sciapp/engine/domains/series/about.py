"""Facts of series that need no numpy."""

from sciapp.engine.domains.about import About, Recognition, Sample
from sciapp.engine.domains.series.summary import summary
from sciapp.i18n import msg

ABOUT = About(
    name="series",
    title=msg("a series (spectrum, light curve, track, sensor trace)"),
    rows=msg("series"),
    order=50,
    gathers=True,
    summary=summary,
    # Numbers in a cell are rarely anything else; a molecule beside columns of features is asked for before.
    recognition=Recognition(rank=40, least_fit=1.5),
    # Near-infrared spectra of meat (Borggaard & Thodberg 1992, Anal. Chem. 64:545), free to copy with their notice.
    sample=Sample(
        file="tecator.csv",
        name="Tecator",
        project="Fat in meat",
        input="x_001 … x_100",
        targets=("fat",),
        question=msg("How much fat is in meat, by its spectrum?"),
        icon="waves",
    ),
)
