"""The model that a run left behind, as something to start from."""

from pathlib import Path

from sciapp.errors import BadInput
from sciapp.records.project import Project
from sciapp.records.run import Run


def run_model_folder(run_id: str, project: Path | None) -> Path:
    """`model/` of the run. Raises NotFound for an unknown run, BadInput for one that has no model."""
    if project is None:
        raise BadInput(
            f"Run {run_id} can only be named inside its project.", hint="Give the run's model folder instead."
        )
    return model_left_by(Project.open(project).run(run_id))


def model_left_by(run: Run) -> Path:
    """`model/` of a run, of whatever project. Raises BadInput for a run that has none."""
    if not (run.model_folder / "config.json").is_file():
        raise BadInput(
            f"Run {run.id} has no model to start from.",
            hint="Choose a run that finished or was stopped, or resume this one.",
            context=str(run.model_folder),
        )
    return run.model_folder
