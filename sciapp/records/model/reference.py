"""Names of models in plans: a starter, a folder, a hub id, “run:003-pretrain”, the model of a run, or “fresh:tiny”, an
untrained network.

A run of another project is named by its folder, `…/solubility/runs/003-train`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from sciapp.i18n import msg, term

_PREFIX = "run:"
_FRESH = "fresh:"

NetworkSize = Literal["tiny", "small", "medium"]
NETWORK_SIZES: Mapping[NetworkSize, tuple[int, int]] = {"tiny": (128, 3), "small": (192, 4), "medium": (320, 6)}
_SIZE_WORDS = (msg("tiny"), msg("small"), msg("medium"))  # what `term` finds them by
"""Width and layers of untrained networks: about 0.6, 1.8 and 7.4 million parameters besides the vocabulary."""


def fresh_model(size: NetworkSize) -> str:
    """Reference of a plan to an untrained network of the project's domain."""
    return f"{_FRESH}{size}"


def fresh_size(model: str) -> NetworkSize | None:
    """The size of the untrained network that is meant; None for a model that there is."""
    name = model.strip().removeprefix(_FRESH)
    return next((size for size in NETWORK_SIZES if name == size != model.strip()), None)


def model_of_run(run_id: str) -> str:
    """Reference of a plan to the model of a run of its own project; good wherever the project is moved."""
    return f"{_PREFIX}{run_id}"


def run_behind(model: str) -> str:
    """The run whose model is meant; empty for a model from elsewhere."""
    return model.removeprefix(_PREFIX).strip() if model.startswith(_PREFIX) else ""


def run_folder_behind(model: str) -> Path | None:
    """The folder of the run, of whatever project, whose folder or `model/` is meant; None for any other model."""
    if run_behind(model) or not model.strip():
        return None
    path = Path(model).expanduser()
    folder = path.parent if path.name == "model" else path
    return folder if all((folder / name).is_file() for name in ("plan.json", "state.json")) else None


def model_words(model: str) -> str:
    """The name as people read it: “run 003-pretrain” for run:003-pretrain, “run 003-train of solubility” for the folder
    of another project's run."""
    run = run_behind(model)
    if size := fresh_size(model):
        return msg("a fresh network ({size})", size=term(size))
    if not run and (folder := run_folder_behind(model)) is not None:
        return msg("run {run} of {project}", run=folder.name, project=folder.absolute().parent.parent.name)
    return msg("run {run}", run=run) if run else model
