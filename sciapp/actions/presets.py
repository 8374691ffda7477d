"""Actions on presets, the settings that a project keeps under names."""

from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project import presets as stored
from sciapp.records.project.presets import Preset
from sciapp.records.project.project import Project


def list_presets(*, project: Project) -> list[Preset]:
    """Those of the project by name."""
    return stored.presets(project)


def save_preset(*, project: Project, name: str, plan: TrainPlan) -> list[Preset]:
    """Save the settings of a plan; all presets afterwards. Raises BadInput, ProjectProblem."""
    stored.save_preset(project, name, plan)
    return stored.presets(project)


def delete_preset(*, project: Project, name: str) -> list[Preset]:
    """All presets that are left. Raises NotFound, ProjectProblem."""
    stored.delete_preset(project, name)
    return stored.presets(project)
