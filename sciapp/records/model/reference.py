"""Names of models in plans: a starter, a folder, a hub id, or “run:003-pretrain”, the model of a run.

A run of another project is named by its folder, `…/solubility/runs/003-train`.
"""

from pathlib import Path

_PREFIX = "run:"


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
    if not run and (folder := run_folder_behind(model)) is not None:
        return f"run {folder.name} of {folder.absolute().parent.parent.name}"
    return f"run {run}" if run else model
