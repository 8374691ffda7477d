"""The sample that ships with SciApp and how it is imported; demo, start page and bundle test share it."""

from sciapp import settings
from sciapp.records.dataset import ImportRequest, Roles, SplitPlan

_TARGET = "measured log solubility in mols per litre"


def sample_request() -> ImportRequest:
    """ESOL (Delaney 2004): measured solubilities of 1,128 molecules, split by scaffold."""
    return ImportRequest(
        file=str(settings.resources_folder() / "samples" / "esol.csv"),
        roles=Roles(input="smiles", targets=(_TARGET,)),
        split=SplitPlan(method="scaffold"),
        name="ESOL",
    )
